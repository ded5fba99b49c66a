"""What a SIE file says about itself: its fiscal year, the months it covers, names and dimensions.

Source: SIE file format 4B, chapters 7 to 11.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from followup.ledger import values
from followup.ledger.content import Content
from followup.ledger.parsed import Findings
from followup.ledger.sie_lexer import FieldError, decode, fields, fields_and_name, labelled
from sydit import money
from sydit.money import AmountError, shown
from sydit.periods import Month, months_between

LONGEST_YEAR = 18  # months, bokföringslagen 3 kap. 3 §
COST_CENTER, PROJECT = "1", "6"

_AMOUNT = re.compile(r"[-+]?(?:[0-9]+(?:[.,][0-9]+)?|\.[0-9]+)")
_DECIMAL_COMMA = re.compile(r"[-+]?[0-9]+,[0-9]{1,2}")
_DATE = re.compile(r"([0-9]{4})(-?)([0-9]{2})\2([0-9]{2})")
_NO_DATE = ("", "0", "00000000")
_YEAR_NUMBER = re.compile(r"0|-[0-9]{1,2}")


class SieError(ValueError):
    """A field that can't be read: a Swedish sentence, the field's name on the screen and what stands there."""

    def __init__(self, message: str, column: str, value: str) -> None:
        super().__init__(message)
        self.column = column
        self.value = shown(value)


def amount_of(value: str) -> int:
    """The öre of an amount field: a decimal point (or, in some programs, a comma), no thousands separators.

    Raises :class:`SieError`; also for parts of an öre, and for a comma with other than one or two decimals after it.
    """
    try:
        if not _AMOUNT.fullmatch(value) or ("," in value and not _DECIMAL_COMMA.fullmatch(value)):
            raise AmountError(f"”{shown(value)}” går inte att läsa som ett belopp." if value else "Beloppet saknas.")
        return money.parse(value.removeprefix("+"), decimal="," if "," in value else ".")
    except AmountError as error:
        raise SieError(str(error), "Belopp", value) from None


def account_of(value: str, declared: Container[str]) -> str:
    """An account field: digits (``0351`` too), a word (``DIFF``), or anything that ``#KONTO`` has declared.

    Raises :class:`SieError`: a mixture that the file itself does not know is a damaged number.
    """
    account = value.strip()
    if not account:
        raise SieError("Raden har inget konto.", "Konto", "")
    if not (account.isascii() and account.isdigit()) and not account.isalpha() and account not in declared:
        message = f"”{shown(account)}” är inget kontonummer, och filen har inget sådant konto (#KONTO)."
        raise SieError(message, "Konto", account)
    return account


def date_of(value: str, column: str = "Datum") -> dt.date | None:
    """The date written ``20241031`` (or ``2024-10-31``); ``None`` for an empty one. Raises :class:`SieError`."""
    if value.strip() in _NO_DATE:
        return None
    match = _DATE.fullmatch(value)
    try:
        if not match or match[1] < "1900" or match[1] > "2990":
            raise ValueError
        return dt.date(int(match[1]), int(match[3]), int(match[4]))
    except ValueError:
        raise SieError(f"”{shown(value)}” är inget datum (ÅÅÅÅMMDD).", column, value) from None


def project_of(written: str) -> str:
    """A project object's code, "" where it says none: ``DRIFT``, ``NULL``, ``0``, as in a text with columns."""
    code = written.strip()
    try:
        return code if values.project(code).code else ""
    except values.UnreadableError:
        return code


def is_this_year(number: str) -> bool:
    """Whether a year number is 0, the file's own; −1, −2 … are earlier. Raises :class:`SieError` for anything else."""
    if not _YEAR_NUMBER.fullmatch(number):
        raise SieError(f"”{shown(number)}” är inget årsnummer: 0 är filens eget år, -1 året före.", "År", number)
    return number == "0"


class Period(NamedTuple):
    """The days that a file's lines may fall on.

    ``asked`` is the calendar year that is read, where the lines of any other are accepted to be left out.
    """

    start: dt.date
    end: dt.date
    asked: int | None = None

    @property
    def label(self) -> str:
        return f"{self.start} – {self.end}"

    def holds(self, day: dt.date) -> bool:
        return self.start <= day <= self.end or self.asked not in (None, day.year)

    def holds_month(self, month: Month) -> bool:
        return Month.of(self.start) <= month <= Month.of(self.end)


def fiscal_year(content: Content, encoding: str, findings: Findings) -> Period | None:
    """The file's ``#RAR 0``, wherever it stands; ``None`` where it has none or an empty one (type 4 I)."""
    found: Period | None = None
    for line in labelled(content, "RAR"):
        row = line.row
        try:
            number, *dates = [*fields(decode(line.rest.rstrip(b"\x1a"), encoding)), ""]
            if not is_this_year(number or "0") or not any(dates):
                continue
            period = _period(dates)
        except (SieError, FieldError) as error:
            findings.problem(str(error), row=row, column="Räkenskapsår", value=error.value)
            continue
        if found and found != period:
            message = f"Filen anger två olika räkenskapsår: {found.label} och {period.label}."
            findings.problem(message, row=row, column="Räkenskapsår", value=period.label)
        found = found or period
    return found


def _period(dates: list[str]) -> Period:
    start, end = (date_of(value, "Räkenskapsår") for value in dates[:2])
    written = " ".join(dates[:2]).strip()
    if start is None or end is None:
        raise SieError(f"Räkenskapsåret ”{shown(written)}” saknar första eller sista dag.", "Räkenskapsår", written)
    if end < start or Month.of(end) >= Month.of(start).shifted(LONGEST_YEAR):
        reason = "slutar innan det börjar" if end < start else f"är längre än {LONGEST_YEAR} månader"
        raise SieError(f"Räkenskapsåret {start} – {end} {reason}.", "Räkenskapsår", written)
    return Period(start, end)


def allowed_period(found: Period | None, year: int | None, findings: Findings) -> Period | None:
    """The days that lines may fall on, from the file's fiscal year and the one that the user named (where it begins).

    A file that names none is held to the user's: some twelve months that begin in that calendar year.
    """
    if year is None:
        return found
    asked = year if findings.accepts_other_years else None
    if found is None:
        return Period(dt.date(year, 1, 1), dt.date(year + 1, 11, 30), asked)
    if found.start.year != year:
        message = f"Filens räkenskapsår är {found.label} och börjar inte {year}. Välj rätt år, eller rätt fil."
        findings.problem(message, column="Räkenskapsår", value=found.label)
    return found._replace(asked=asked)


@dataclass(slots=True)
class Dimensions:
    """Which dimension is what: 1 and 6 by the standard, the others by the name that ``#DIM`` gives them.

    ``#UNDERDIM`` parts another dimension: an object of one below the projects is a project, where the line has none
    of the projects themselves.
    """

    activity: str = ""
    counterparty: str = ""
    parents: dict[str, str] = field(default_factory=dict)

    def declare(self, number: str, name: str) -> None:
        if number in (COST_CENTER, PROJECT):
            return
        match name.strip().casefold():
            case "verksamhet":
                self.activity = number
            case "motpart":
                self.counterparty = number
            case "projekt":
                self.parents.setdefault(number, PROJECT)

    def declare_below(self, number: str, parent: str, name: str) -> None:
        self.parents[number] = parent
        self.declare(number, name)

    def is_project(self, number: str) -> bool:
        """Whether it is dimension 6 or, at any depth, one below it."""
        seen = set()
        while number in self.parents and number not in seen:
            seen.add(number)
            number = self.parents[number]
        return number == PROJECT

    def read(self, pairs: tuple[str, ...]) -> Objects:
        """The objects of a line's list. Raises :class:`SieError` where it is no list of dimensions and objects."""
        written = " ".join(pairs)
        numbers = pairs[::2]
        if len(pairs) % 2 or not all(number.isascii() and number.isdigit() for number in numbers):
            message = f"Objektlistan {{{shown(written)}}} är inte par av dimension och objekt."
            raise SieError(message, "Objekt", written)
        by_number = {number.lstrip("0"): code.strip() for number, code in zip(numbers, pairs[1::2], strict=True)}
        if len(by_number) * 2 != len(pairs):
            raise SieError(f"Objektlistan {{{shown(written)}}} har två objekt i samma dimension.", "Objekt", written)
        project = by_number.get(PROJECT, "")
        if self.parents and not project:
            project = next((code for number, code in by_number.items() if self.is_project(number)), "")
        return Objects(
            cost_center=by_number.get(COST_CENTER, ""),
            project=project_of(project),
            activity=by_number.get(self.activity, "") if self.activity else "",
            counterparty=by_number.get(self.counterparty, "") if self.counterparty else "",
            dimensions=frozenset(by_number),
        )


class Objects(NamedTuple):
    """What a line is tagged with; "" = nothing."""

    cost_center: str = ""
    project: str = ""
    activity: str = ""
    counterparty: str = ""
    dimensions: frozenset[str] = frozenset()


@dataclass(slots=True)
class Header:
    """Takes the lines that tell of the file and its codes; the others are not its concern."""

    findings: Findings
    dimensions: Dimensions = field(default_factory=Dimensions)
    file_type: str = ""
    covers_through: dt.date | None = None

    def take(self, label: str, line: str, position: int) -> None:
        """Read one line's fields from ``position``. Raises :class:`FieldError` or :class:`SieError`."""
        names = {"KONTO": 1, "OBJEKT": 2}
        match label, fields_and_name(line, position, names[label]) if label in names else fields(line, position):
            case "KONTO", [account, name, *_]:
                self.findings.account_names[account] = name
            case "OBJEKT", [number, code, name, *_] if self.dimensions.is_project(number.lstrip("0")):
                self.findings.project_names[code.strip()] = name
            case "DIM", [number, name, *_]:
                self.dimensions.declare(number.lstrip("0"), name)
            case "UNDERDIM", [number, name, parent, *_]:
                self.dimensions.declare_below(number.lstrip("0"), parent.lstrip("0"), name)
            case "VALUTA", [currency, *_] if currency.strip().upper() not in ("", "SEK"):
                raise SieError("Filen är bokförd i en annan valuta än kronor.", "Valuta", currency)
            case "SIETYP", [number, *_]:
                self.file_type = number
            case "OMFATTN", [day, *_]:
                self.covers_through = date_of(day, "Omfattning")

    def covered(self, period: Period | None) -> Iterable[Month]:
        """The months the file says it covers: the fiscal year's first through ``#OMFATTN``, where that is credible."""
        through = self.covers_through
        if through is None or period is None:
            return ()
        if not period.holds(through):
            self.findings.notices.append(
                f"Filen säger sig omfatta tiden till {through} (#OMFATTN), utanför räkenskapsåret: det används inte."
            )
            return ()
        return months_between(Month.of(period.start), Month.of(through))
