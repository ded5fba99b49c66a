"""Money: whole öre in an ``int``, and the only way in and out of text.

Every amount in the project is an ``int`` of öre with the ledger's sign (debit +, credit −).
Text becomes öre in :func:`parse`, a spreadsheet's number becomes öre in :func:`from_number`,
and öre becomes text in :func:`text`. Nothing else knows the factors 100 and 1000.

Rounding is half away from zero, and happens once, when a cell is printed (docs/decisions.md).
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from decimal import Decimal

MINUS = "\N{MINUS SIGN}"
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
EN_DASH = "\N{EN DASH}"


class Unit(enum.StrEnum):
    """The unit an amount is typed or printed in."""

    ORE = "öre"
    KR = "kr"
    TKR = "tkr"

    @property
    def ore(self) -> int:
        """How many öre one of this unit is."""
        return _ORE[self]


PER_CENT = 100
_KR = Unit.KR  # an enum's member costs a line of a million more than a name
_ORE = {Unit.ORE: 1, Unit.KR: 100, Unit.TKR: 100_000}

# The number format that shows exact kronor in a spreadsheet cell in the same unit as the page. A trailing group
# separator divides by a thousand (ECMA-376 part 1, 18.8.31); the program prints its user's own separators.
SPREADSHEET_FORMATS = {
    Unit.KR: f'#,##0.00;"{MINUS}"#,##0.00',
    Unit.TKR: f'#,##0,;"{MINUS}"#,##0,',
}
SPREADSHEET_PERCENT = f'#,##0;"{MINUS}"#,##0'
# For amounts below zero that round to zero, which the formats above would print with a minus.
SPREADSHEET_ZERO = "0,;0,"
SPREADSHEET_DECIMALS = 2  # to what a spreadsheet's binary sums are rounded, so that they are whole öre again


class AmountError(ValueError):
    """The text is no amount that can be read in only one way; the message is a Swedish sentence."""


class AmbiguousAmountError(AmountError):
    """The text is an amount, but which one hangs on whether a mark parts thousands or decimals."""


# How nearly every ledger writes an amount, read in one step: the speed of an import hangs on it.
_BLANKS = " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
_BLANK = f"[{_BLANKS}]"
_GROUPED = rf"([-{MINUS}]?)([0-9]+|[1-9][0-9]{{0,2}}(?:({_BLANK})[0-9]{{3}})(?:\3[0-9]{{3}})*)"
_PLAIN = {
    mark: re.compile(rf"{_GROUPED}(?:{re.escape(mark)}([0-9]{{1,2}}))?") for mark in (",", ".")
}  # fmt: skip
# The same amounts with both decimals, each on a line of its own.
_KRONOR_LINES = {
    mark: re.compile(
        rf"(?:[-{MINUS}]?(?:[0-9]{{1,15}}|[1-9][0-9]{{0,2}}({_BLANK})[0-9]{{3}}(?:\1[0-9]{{3}})?)"
        rf"{re.escape(mark)}[0-9]{{2}}\n)*+"
    ).fullmatch
    for mark in (",", ".")
}
_NUMBER_LINES = re.compile(r"(?:-?[0-9]{1,13}\.[0-9]{1,2}\n)*+").fullmatch  # a float's shortest text
_SPACES = {ord(c): " " for c in "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}\N{FIGURE SPACE}\t"}
_MINUSES = {ord(c): "-" for c in "\N{MINUS SIGN}\N{EN DASH}\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{FIGURE DASH}"}
_SIGNED = re.compile(
    r"(?P<lead>[-+]?) ?(?P<body>[0-9.,][0-9., '’]*?) ?(?P<unit>kr|sek|tkr|:-)? ?(?P<trail>-?)", re.IGNORECASE
)
# What people write after an amount and no field or column of ours is in.
_OTHER_UNIT = re.compile(
    r"[-+]? ?[0-9][0-9., '’]*(?P<unit>mnkr|mkr|milj\.? ?kr|msek|kkr|ksek|tsek|eur|euro|€|usd|dkk|nok|%|procent) ?-?",
    re.IGNORECASE,
)
# A group of thousands never starts with a zero, so "0.500" is half a krona and not five hundred.
_COMMA_DECIMAL = re.compile(
    r"(?P<whole>[0-9]+|[1-9][0-9]{0,2}(?:(?P<mark>[ .'’])[0-9]{3})(?:(?P=mark)[0-9]{3})*)?(?:,(?P<part>[0-9]+))?"
)
_POINT_DECIMAL = re.compile(
    r"(?P<whole>[0-9]+|[1-9][0-9]{0,2}(?:(?P<mark>[ ,'’])[0-9]{3})(?:(?P=mark)[0-9]{3})*)?(?:\.(?P<part>[0-9]+))?"
)
_MOST_DIGITS = 15  # of whole units: what is longer is no amount
_EITHER = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")


def parse(value: str, *, unit: Unit = Unit.KR, decimal: str | None = None) -> int:
    """The öre that a text says.

    ``value`` may have blanks (also no-break, narrow and thin), points, commas or apostrophes between
    thousands, a decimal comma or point, a minus before or after (``-``, U+2212, en dash) or
    parentheses for a negative amount, and ``kr`` or ``tkr`` after it if that is ``unit``.

    ``decimal`` is ``","`` or ``"."`` where the rest of a column has decided which of them it is. Undecided,
    a text that reads differently either way (``1.234``) is refused.

    Raises :class:`AmountError` with a Swedish sentence; also where the amount is finer than an öre.
    """
    if plain := _PLAIN[decimal or ","].fullmatch(value):
        sign, whole, blank, part = plain.groups()
        if blank:
            whole = whole.replace(blank, "")
        if part and len(part) == 2 and unit is _KR and len(whole) <= _MOST_DIGITS:
            return -int(whole + part) if sign else int(whole + part)
        return _exact(bool(sign), whole, part or "", unit, value)
    negative, body = _split_sign(value, unit)
    if decimal is None and _EITHER.fullmatch(body):
        raise AmbiguousAmountError(
            f"”{body}” kan läsas på två sätt: som tusental eller som decimaler. "
            "Skriv tusental med mellanslag och decimaler med komma."
        )
    for mark, pattern in ((",", _COMMA_DECIMAL), (".", _POINT_DECIMAL)):
        if decimal in (None, mark) and (m := pattern.fullmatch(body)) and (m["whole"] or m["part"]):
            return _exact(negative, m["whole"] or "0", m["part"] or "", unit, value)
    raise AmountError(f"”{shown(value)}” går inte att läsa som ett belopp.")


def parse_all(values: Sequence[str], *, unit: Unit = Unit.KR, decimal: str) -> list[int]:
    """The öre of each of many texts, as :func:`parse` has them: in a third of the time where all are plain."""
    lines = "\n".join(values) + "\n"
    if unit is _KR and _KRONOR_LINES[decimal](lines) and lines.count("\n") == len(values):
        for blank in _BLANKS:
            lines = lines.replace(blank, "")
        return list(map(int, lines.replace(decimal, "").replace(MINUS, "-").split()))
    return [parse(value, unit=unit, decimal=decimal) for value in values]


def written_unit(value: str) -> Unit | None:
    """The unit that a text names after its amount (``2 400 000,00 kr``); None where it names none."""
    match = _SIGNED.fullmatch(value.translate(_SPACES).translate(_MINUSES).strip(" ()"))
    if match is None or not match["unit"]:
        return None
    return Unit.TKR if match["unit"].lower() == Unit.TKR else Unit.KR


def of_digits(whole: str, decimals: str | None) -> int:
    """The öre of kronor and at most two decimals in ASCII digits, where a parser's own pattern has parted them.

    ``whole`` may have a sign. This is :func:`parse` for a line of a million, without its questions.
    """
    return int(whole + (decimals or "").ljust(2, "0"))


def decimal_mark(value: str) -> str | None:
    """The decimal mark (``","`` or ``"."``) that a text is certain to use; ``None`` where it shows none or either.

    What one amount of a column shows decides for those that could be read either way.
    """
    digits = re.sub(r"[^0-9.,]", "", value)
    commas, points = digits.count(","), digits.count(".")
    if commas and points:
        return max(",.", key=digits.rfind)
    if commas + points > 1:
        return "." if commas else ","
    if commas + points == 0 or _EITHER.fullmatch(digits):
        return None
    return "," if commas else "."


def _split_sign(value: str, unit: Unit) -> tuple[bool, str]:
    """Whether the amount is negative, and its digits with separators."""
    cleaned = value.translate(_SPACES).translate(_MINUSES).strip()
    in_parentheses = cleaned.startswith("(") and cleaned.endswith(")")
    if in_parentheses:
        cleaned = cleaned[1:-1].strip()
    match = _SIGNED.fullmatch(cleaned)
    if other := _OTHER_UNIT.fullmatch(cleaned):
        raise AmountError(f"”{shown(value)}” är skrivet i {other['unit'].lower()}, men här anges belopp i {unit}.")
    if not match:
        raise AmountError(f"”{shown(value)}” går inte att läsa som ett belopp." if cleaned else "Beloppet saknas.")
    written_unit = (match["unit"] or "").lower()
    if written_unit and (written_unit == "tkr") != (unit is Unit.TKR):
        raise AmountError(f"”{shown(value)}” är skrivet i {written_unit}, men här anges belopp i {unit}.")
    signs = [in_parentheses, match["lead"] == "-", match["trail"] == "-"]
    if sum(signs) > 1 or (match["lead"] and (in_parentheses or match["trail"])):
        raise AmountError(f"”{shown(value)}” har mer än ett tecken.")
    return any(signs), match["body"]


def _exact(negative: bool, whole: str, part: str, unit: Unit, value: str) -> int:
    digits = whole if whole.isdigit() else re.sub(r"[ .,'’]", "", whole)
    if len(digits) > _MOST_DIGITS:
        raise AmountError(f"”{shown(value)}” är för stort för att vara ett belopp.")
    ore = int(digits) * unit.ore
    if part:
        fraction, rest = divmod(int(part) * unit.ore, 10 ** len(part))
        if rest:
            raise AmountError(f"”{shown(value)}” har delar av ett öre.")
        ore += fraction
    return -ore if negative else ore


def from_number(value: int | float | Decimal, *, unit: Unit = Unit.KR) -> int:
    """The öre of a number that a spreadsheet stores, which is a binary fraction there.

    A float is taken at its shortest decimal text. What differs from a whole öre by no more than the
    noise of binary arithmetic (a thousandth of an öre) is that öre; anything else raises :class:`AmountError`.
    """
    shortest = repr(value) if isinstance(value, float) else str(value)
    exact = Decimal(shortest)
    if not exact.is_finite() or abs(exact) >= 10**15:
        raise AmountError(f"”{value}” är inget belopp.")
    ore = exact * unit.ore
    whole = int(ore.to_integral_value())
    if abs(ore - whole) > Decimal("0.001"):
        raise AmountError(f"”{str(value).replace('.', ',')}” har delar av ett öre.")
    return whole


def from_numbers(values: Sequence[float], *, unit: Unit = Unit.KR) -> list[int]:
    """The öre of each of many numbers, as :func:`from_number` has them: in a third of the time where all are plain."""
    texts = list(map(repr, values))
    if unit is _KR and _NUMBER_LINES("\n".join(texts) + "\n"):
        return [
            of_digits(text[:-3], text[-2:]) if text[-3] == "." else of_digits(text[:-2], text[-1]) for text in texts
        ]
    return [from_number(value, unit=unit) for value in values]


def to_kronor(ore: int) -> Decimal:
    """Exact kronor, as a spreadsheet cell stores an amount."""
    return Decimal(ore).scaleb(-SPREADSHEET_DECIMALS)


def divide(numerator: int, denominator: int) -> int:
    """The quotient as a whole number, rounded half away from zero. Raises ``ZeroDivisionError``."""
    quotient, rest = divmod(abs(numerator), abs(denominator))
    if rest * 2 >= abs(denominator):
        quotient += 1
    return quotient if (numerator < 0) == (denominator < 0) else -quotient


def percent(part: int, whole: int) -> int | None:
    """``part`` as whole percent of ``whole``; ``None`` where ``whole`` is zero: that is not a number."""
    return divide(part * PER_CENT, whole) if whole else None


def text(ore: int, unit: Unit = Unit.TKR, *, exact: bool = False) -> str:
    """The amount as it is printed: ``1 214`` (tkr), ``−1 213 500,00`` (kr).

    No-break spaces between thousands, U+2212 as minus, tkr without decimals (rounded half away from zero),
    kronor with two. ``exact`` prints every öre and no superfluous zero, for a field that will be read again.
    """
    decimals = {Unit.TKR: 5, Unit.KR: 2, Unit.ORE: 0}[unit] if exact or unit is not Unit.TKR else 0
    scaled = ore if decimals else divide(ore, unit.ore)
    if not decimals:
        return _signed(scaled < 0, grouped(abs(scaled)))
    whole, part = divmod(abs(ore), unit.ore)
    digits = f"{part:0{decimals}d}"
    if exact:
        digits = digits.rstrip("0")
    return _signed(ore < 0, f"{grouped(whole)},{digits}" if digits else grouped(whole))


# The units of running text, as it spells them (without blanks and points, in small letters), in öre.
_SPOKEN = {
    **dict.fromkeys(("kr", "krona", "kronor", "sek", ":-", ":\N{EN DASH}"), 100),
    **dict.fromkeys(("tkr", "kkr", "ksek", "tsek", "tusenkr", "tusenkronor"), 100_000),
    **dict.fromkeys(("mnkr", "mkr", "msek", "mnsek", "miljkr", "milj", "miljonkr", "miljonkronor"), 100_000_000),
    **dict.fromkeys(
        ("miljonerkr", "miljonerkronor", "miljkronor", "miljoner", "miljon", "miljonersek", "miljonsek", "miljsek"),
        100_000_000,
    ),
    **dict.fromkeys(("mdkr", "mdrkr", "miljarderkr", "miljarderkronor", "miljardkronor"), 100_000_000_000),
}


def spoken(digits: str, decimals: str, unit: str) -> tuple[int, int]:
    """The öre of an amount in running text, and how finely it is told (the öre of one step of its last digit).

    Whole thousands of kronor are taken as told in thousands, as reports print them. Raises ``KeyError`` where ``unit``
    is none that texts use.
    """
    one = _SPOKEN[re.sub(r"[\s.]", "", unit).lower()]
    step = max(1, one // 10 ** len(decimals))
    ore = int(digits + decimals) * one // 10 ** len(decimals)
    if one == Unit.KR.ore and ore and ore % Unit.TKR.ore == 0:
        step = Unit.TKR.ore
    return ore, step


def grouped(number: int) -> str:
    """A whole number with no-break spaces between thousands: ``12 345``."""
    return f"{number:,}".replace(",", NO_BREAK_SPACE).replace("-", MINUS)


def _signed(negative: bool, digits: str) -> str:
    return f"{MINUS}{digits}" if negative else digits


def shown(value: str, limit: int = 40) -> str:
    """A user's text as it is quoted in a message: on one line, cut where it is long."""
    line = " ".join(value.split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
