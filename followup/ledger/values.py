"""One cell of a ledger export → what it says: a month, a date, an account, a project.

A cell is a text (delimited files) or what a spreadsheet stores: a number, a date, a text. Every reader raises
:class:`UnreadableError` with a Swedish sentence; none of them guesses, and none reads an unreadable code as nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from followup.ledger.totals import label
from sydit.money import shown
from sydit.periods import MONTH_NAMES, Month


class UnreadableError(ValueError):
    """The cell can't be read as what stands in its column; the message is a Swedish sentence."""


class AmbiguousDateError(UnreadableError):
    """The date reads differently in different countries."""


UNCALCULATED = "är ett felvärde eller en formel som inte är beräknad. Räkna om arbetsboken och spara den."


class ErrorCell(str):
    """What a spreadsheet cell shows that holds an error, or a formula that was never calculated; ``UNCALCULATED`` is
    what is said of it."""

    __slots__ = ()


class Coded(NamedTuple):
    """A code and, where the same cell holds it, its name."""

    code: str
    name: str = ""


REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_EXCEL_TEXT = re.compile(r"=\"(.*)\"")  # ="0351": how some systems keep Excel from dropping the zeros
_WHOLE = re.compile(r"([0-9]+)[.,]0+")


def plain(value: object) -> str:
    """A cell as text: blanks trimmed, a whole number without decimals, a date in ISO form."""
    if isinstance(value, str):
        text = value.strip()
        if text.startswith('="') and (quoted := _EXCEL_TEXT.fullmatch(text)):
            return quoted[1].strip()
        return text
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.isoformat(" ")
    return "" if value is None else str(value)


def _text(value: object, what: str) -> str:
    if isinstance(value, ErrorCell):
        raise UnreadableError(f"{what} {UNCALCULATED}")
    text = plain(value)
    if REPLACEMENT in text:
        raise UnreadableError(f"{what} ”{shown(text)}” har tecken som gått förlorade i en tidigare omvandling.")
    return text


# Codes

_ACCOUNT = re.compile(r"[0-9A-Za-zÅÄÖåäö]{3,10}")
_ACCOUNT_AND_NAME = re.compile(r"(?P<code>[0-9]{3,10})\s*[ \t:;,\-–]\s*(?P<name>\S.*)", re.DOTALL)
_CODE_AND_NAME = re.compile(
    r"(?P<code>[0-9A-Za-zÅÄÖåäö./-]*[0-9][0-9A-Za-zÅÄÖåäö./-]*)(?:\s*[:–]\s*|\s+-?\s*)(?P<name>[^\W\d_].*)", re.DOTALL
)
_NO_PROJECT = {"", "null", "drift", "none", "(tom)", "n/a"}
_BETWEEN_WORDS = re.compile(r"[\s:–-]+")
# What a spreadsheet wrote for an error (#N/A, #SAKNAS!), a column too narrow (###) or a large number (9.1001E+04)
_ERROR = re.compile(r"#(?:N/A|[A-ZÅÄÖ0-9/]+[!?]|#+)", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]+)?E[+-]?[0-9]{1,2}", re.IGNORECASE)
_SCIENTIFIC_FOR_SURE = re.compile(r"[0-9](?:[.,][0-9]+E\+?|E\+)[0-9]{1,2}", re.IGNORECASE)
LONGEST_CODE = 40
_AS_TEXT = "Formatera kolumnen som text och exportera på nytt."


def account(value: object) -> Coded | None:
    """The account of a cell: 3–10 digits or letters, perhaps with its name after it. ``None`` where blank."""
    text = _text(value, "Kontot")
    if not text or text.casefold() == "null":
        return None
    if whole := _WHOLE.fullmatch(text):
        text = whole[1]
    if _SCIENTIFIC.fullmatch(text):
        raise UnreadableError(f"”{shown(text)}” är ett avrundat tal och inget konto. {_AS_TEXT}")
    if _ACCOUNT.fullmatch(text) and (any(map(str.isdigit, text)) or (text.isupper() and not label(text))):
        return Coded(text)
    # A name begins with no digit: "351 10" is an account broken in two, not account 351.
    both = _ACCOUNT_AND_NAME.fullmatch(text)
    if both and any(map(str.isalpha, both["name"])) and (len(both["code"]) > 3 or not both["name"][0].isdigit()):
        return Coded(both["code"], " ".join(both["name"].split()))
    raise UnreadableError(f"”{shown(text)}” är inget konto. Ett konto har 3–10 siffror eller bokstäver.")


def project(value: object) -> Coded:
    """The project of a cell; its code is ``""`` where the cell says none: blank, ``NULL``, ``DRIFT``, zeros, a dash."""
    text = _text(value, "Projektet")
    if text.casefold() in _NO_PROJECT or not text.strip("0") or not text.strip("-–—\N{MINUS SIGN} "):
        return Coded("")
    if _ERROR.fullmatch(text):
        raise UnreadableError(f"Projektet ”{shown(text)}” är ett felvärde från ett kalkylprogram. Rätta cellen.")
    if _SCIENTIFIC_FOR_SURE.fullmatch(text):
        raise UnreadableError(f"Projektet ”{shown(text)}” är ett avrundat tal och ingen kod. {_AS_TEXT}")
    if all(word in _NO_PROJECT for word in _BETWEEN_WORDS.split(text.casefold())):
        return Coded("")  # "DRIFT Drift"
    coded = code(text)
    if len(coded.code) > LONGEST_CODE:
        raise UnreadableError(f"Projektet ”{shown(text)}” är längre än {LONGEST_CODE} tecken.")
    if not coded.code.strip("0"):
        return Coded("")  # "0000 Ej projekt"
    return coded


def code(value: object) -> Coded:
    """A code, and the name that stands in the same cell: ``91001 IT Invest``."""
    text = plain(value)
    if whole := _WHOLE.fullmatch(text):
        return Coded(whole[1])
    if both := _CODE_AND_NAME.fullmatch(text):
        return Coded(both["code"], " ".join(both["name"].split()))
    return Coded(" ".join(text.split()))


# Months

_NAMES = {name[:3]: number for number, name in enumerate(MONTH_NAMES, 1)} | {"may": 5, "oct": 10}
_LONG_PERIOD = re.compile(r"((?:19|20)[0-9]{2})[-/. :]?[PpMm]?([0-9]{2})")
_PERIOD_AND_NAME = re.compile(r"((?:19|20)[0-9]{2})[-/ ]?([0-9]{2})\s*[-–:]?\s*([^\W\d_]{3,9})")  # 202410 Oktober
_SPACED_PERIOD = re.compile(r"((?:19|20)[0-9]{2}) ?[-/. :] ?[Pp]?([0-9]{1,2})")
_TURNED_PERIOD = re.compile(r"[Pp]?([0-9]{1,2})[-/. ]((?:19|20)[0-9]{2})")
_SHORT_PERIOD = re.compile(r"([0-9]{2})-?([0-9]{2})")
_LOST_ZERO = re.compile(r"(?:19|20)[0-9]{2}\.1")
_ONE_DECIMAL = re.compile(r"[0-9]{4}\.[0-9]")
_BARE_PERIOD = re.compile(r"[Pp]?([0-9]{1,2})")
_NAMED_PERIOD = re.compile(r"(?:([0-9]{4}) ?)?([^\W\d_]{3,9})\.?[ /-]?'?([0-9]{4}|[0-9]{2})?")


def period(value: object, year: int | None = None) -> Month | None:
    """The month that a period cell says: 202410, 2024-10, 2410, ``okt 2024``, a date; 10 where ``year`` is known.

    ``None`` where blank. The closing and opening periods 13 and 00 are no months: they are asked about.
    """
    if isinstance(value, dt.date):
        return Month.of(value)
    text = _text(value, "Perioden")
    if not text:
        return None
    refuse_lost_zero(value)
    if whole := _WHOLE.fullmatch(text):
        text = whole[1]
    if parts := _year_and_number(text, year):
        return _month(*parts, text)
    if named := _named(text, year):
        return named
    if len(text) >= 8 and (day := _date(_TIME.sub("", text).strip())):
        return Month.of(day)
    if _BARE_PERIOD.fullmatch(text) or text[:3].casefold() in _NAMES:
        raise UnreadableError(
            f"Perioden ”{shown(text)}” saknar år. Ange vilket år filen gäller, eller exportera perioden som ÅÅÅÅMM."
        )
    raise UnreadableError(f"”{shown(text)}” är ingen period. En period skrivs som 202410 eller 2024-10.")


def refuse_lost_zero(value: object) -> None:
    """Raise where a spreadsheet may have dropped a zero at the end: 2024.1 is January, or October as a number."""
    text = plain(value)
    if text == "" or not (_LOST_ZERO if isinstance(value, str) else _ONE_DECIMAL).fullmatch(text):
        return
    raise AmbiguousDateError(
        f"Perioden ”{shown(text)}” kan vara {text[:4]}-01 eller {text[:4]}-10, om en nolla har fallit bort. "
        "Exportera perioden som ÅÅÅÅMM."
        if text.endswith("1")
        else f"Perioden ”{shown(text)}” är ett decimaltal och kan inte läsas säkert. Exportera perioden som ÅÅÅÅMM."
    )


def _year_and_number(text: str, year: int | None) -> tuple[int, int] | None:
    if m := _LONG_PERIOD.fullmatch(text) or _SPACED_PERIOD.fullmatch(text):
        return int(m[1]), int(m[2])
    if (m := _PERIOD_AND_NAME.fullmatch(text)) and _month_named(m[3]) == int(m[2]):
        return int(m[1]), int(m[2])
    if m := _TURNED_PERIOD.fullmatch(text):
        return int(m[2]), int(m[1])
    if m := _SHORT_PERIOD.fullmatch(text):
        return 2000 + int(m[1]), int(m[2])
    if year is not None and (m := _BARE_PERIOD.fullmatch(text)):
        return year, int(m[1])
    return None


def _month(year: int, number: int, text: str) -> Month:
    if number in (0, 13, 14, 15, 16):
        raise UnreadableError(
            f"Perioden ”{shown(text)}” är en ingångs- eller bokslutsperiod och ingen månad. "
            "Exportera filen utan den, eller med den månad som beloppen ska räknas till."
        )
    if not 1 <= number <= 12:
        raise UnreadableError(f"”{shown(text)}” är en okänd månad: det finns ingen månad {number}.")
    return Month(year, number)


def _named(text: str, year: int | None) -> Month | None:
    match = _NAMED_PERIOD.fullmatch(text)
    number = _month_named(match[2]) if match else None
    if match is None or number is None or (match[1] and match[3]):
        return None
    if written := match[1] or match[3]:
        year = int(written) if len(written) == 4 else 2000 + int(written)
    return Month(year, number) if year is not None and 1900 <= year < 2100 else None


def is_bare(value: object) -> bool:
    """Whether a period cell says a month without its year: ``10``, ``P10``, ``oktober``."""
    text = plain(value)
    return _BARE_PERIOD.fullmatch(text) is not None or _month_named(text) is not None


def _month_named(word: str) -> int | None:
    word = word.casefold()
    number = _NAMES.get(word[:3])
    if number is None or len(word) == 3 or word == "sept":
        return number
    return number if MONTH_NAMES[number - 1].startswith(word) else None


# Dates

_ISO_DATE = re.compile(r"((?:19|20)[0-9]{2})([-/. ]?)([0-9]{2})\2([0-9]{2})")
_SHORT_DATE = re.compile(r"([0-9]{2})(-?)([0-9]{2})\2([0-9]{2})")
_POINT_DATE = re.compile(r"([0-9]{1,2})\. ?([0-9]{1,2})\. ?((?:19|20)[0-9]{2})")
_TURNED_DATE = re.compile(r"([0-9]{1,2})([-/])([0-9]{1,2})\2((?:19|20)[0-9]{2})")
_WORD_DATE = re.compile(r"([0-9]{1,2})[ .-]{1,2}([^\W\d_]{3,9})\.?[ -]((?:19|20)[0-9]{2})")
_TIME = re.compile(r"[T ]([0-9]{1,2}[:.][0-9]{2}([:.][0-9]{2}([.,][0-9]+)?)?)Z?$")
_FIRST_SERIAL, _LAST_SERIAL = 32874, 73050  # 1990 and 2099 as a spreadsheet counts days
_SERIAL_ZERO = dt.date(1899, 12, 30)


def date(value: object) -> dt.date | Month | None:
    """The day of a date cell; only its month where that is all it says (202410); ``None`` where blank.

    10/31/2024 and 05/10/2024 read differently in different countries and are refused; 31/10/2024 does not.
    """
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, float | int) and _FIRST_SERIAL <= value < _LAST_SERIAL:
        return _SERIAL_ZERO + dt.timedelta(days=int(value))
    text = _text(value, "Datumet")
    if not text:
        return None
    if whole := _WHOLE.fullmatch(text):
        text = whole[1]
    text = _TIME.sub("", text).strip()
    if day := _date(text):
        return day
    if long := _LONG_PERIOD.fullmatch(text):
        if _SHORT_DATE.fullmatch(text) and 1 <= int(text[2:4]) <= 12:  # 201210: October 2012, or 10 December 2020
            raise AmbiguousDateError(f"”{shown(text)}” kan läsas som olika datum. Exportera datum som 2024-10-31.")
        return _month(int(long[1]), int(long[2]), text)
    if _TURNED_DATE.fullmatch(text):
        raise AmbiguousDateError(f"”{shown(text)}” kan läsas som olika datum. Exportera datum som 2024-10-31.")
    raise UnreadableError(f"”{shown(text)}” är inget datum som kan läsas säkert. Ett datum skrivs som 2024-10-31.")


def _date(text: str) -> dt.date | None:
    try:
        if m := _ISO_DATE.fullmatch(text):
            return dt.date(int(m[1]), int(m[3]), int(m[4]))
        if m := _POINT_DATE.fullmatch(text):
            return dt.date(int(m[3]), int(m[2]), int(m[1]))
        if (m := _TURNED_DATE.fullmatch(text)) and int(m[1]) > 12:
            return dt.date(int(m[4]), int(m[3]), int(m[1]))
        if (m := _WORD_DATE.fullmatch(text)) and (number := _month_named(m[2])):
            return dt.date(int(m[3]), number, int(m[1]))
        if (m := _SHORT_DATE.fullmatch(text)) and not _LONG_PERIOD.fullmatch(text):
            return dt.date(2000 + int(m[1]), int(m[3]), int(m[4]))
    except ValueError:
        raise UnreadableError(f"”{shown(text)}” är inget datum: den dagen finns inte.") from None
    return None
