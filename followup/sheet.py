"""What a grid of forecasts is about: its rows with what is known of them, and the columns that stand beside the field.

One mechanism for categories and investment projects. What is known is read once, when the page is made, and goes with
it as a sealed text: a row is then saved and computed on the very figures that stand on the page, without the ledger.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter

from django.core import signing
from django.db import DEFAULT_DB_ALIAS

from followup.accuracy import Observation
from followup.forecasts import Stored
from followup.models import FiscalYear, FollowUp
from followup.outlook import Known, Outlook
from followup.parts import Part
from sydit.money import Unit, text
from sydit.periods import Month
from sydit.report.document import Cell

FORECAST = "forecast"  # the key of the column that is typed in

Reasons = tuple[tuple[str, str], ...]  # why a forecast may differ from the budget: what is stored, what is shown


@dataclass(frozen=True, slots=True)
class GridColumn:
    """A column beside the row's name. ``group`` is what it can be hidden with; ``follows`` from what is typed."""

    key: str
    label: str
    cell: Callable[[Outlook, Unit], Cell]
    group: str = ""
    is_text: bool = False
    follows: bool = False
    in_total: bool = True


@dataclass(frozen=True, slots=True)
class Design:
    """What differs between the grids. ``remark`` is what the forecasts mean together, in a sentence; ``earlier`` is how
    the rows' earlier forecasts came true, asked for when a row is opened."""

    part: Part
    caption: str
    label_heading: str
    total_label: str
    columns: Callable[[Month], tuple[GridColumn, ...]]
    remark: Callable[[Outlook], str]
    earlier: Callable[[], tuple[Observation, ...]]
    reasons: Reasons = ()


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A category or a project. One without ``subject_id`` (Ej fördelat) cannot be typed in; its forecast is 0."""

    key: str
    label: str
    subject_id: int | None
    known: Known

    @property
    def name(self) -> str:
        """What the row and its fields are called on the page."""
        return name_of(self.subject_id) if self.subject_id is not None else f"rad-{self.key}"


def name_of(subject_id: int) -> str:
    return f"rad-{subject_id}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a grid, and the forecasts that are stored by subject."""

    period: Month
    rows: tuple[SheetRow, ...]
    stored: Mapping[int, Stored]

    def outlooks(self, typed: Mapping[int, int | None]) -> list[Outlook]:
        """The rows with what is stored, or typed instead of it (öre by subject)."""
        return [Outlook(row.known, self._forecast(row, typed), self.period.month) for row in self.rows]

    def _forecast(self, row: SheetRow, typed: Mapping[int, int | None]) -> int | None:
        if row.subject_id is None:
            return 0
        if row.subject_id in typed:
            return typed[row.subject_id]
        stored = self.stored.get(row.subject_id)
        return stored.amount if stored else None


def amount_text(ore: int | None, unit: Unit) -> str:
    """An amount as it stands in a field, to the öre."""
    return "" if ore is None else text(ore, unit, exact=True)


_AMOUNTS = attrgetter(*(field.name for field in fields(Known)))  # in the order in which they make one


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a page knows of its rows, and the follow-up that they belong to: its identity and its month. What else is
    asked of it is read when it is asked."""

    follow_up: FollowUp
    rows: tuple[SheetRow, ...]


def seal(rows: Sequence[SheetRow], *, follow_up: FollowUp) -> str:
    """What is known of the rows of a follow-up, as a text that only this application can have written."""
    plain = [[row.key, row.label, row.subject_id, *_AMOUNTS(row.known)] for row in rows]
    known = [follow_up.pk, follow_up.fiscal_year_id, plain]
    return signing.dumps(known, salt=_salt(follow_up.period), compress=True)


def unseal(sealed: str, *, month: Month) -> Sealed | None:
    """What a sealed text of the month's follow-up says; None where there is none, or not from here."""
    try:
        pk, fiscal_year, rows = _opened(sealed, _salt(month))
    except signing.BadSignature:
        return None
    follow_up = FollowUp.from_db(DEFAULT_DB_ALIAS, ["id", "fiscal_year_id", "month"], [pk, fiscal_year, month.month])
    follow_up.fiscal_year = FiscalYear.from_db(DEFAULT_DB_ALIAS, ["id", "year"], [fiscal_year, month.year])
    return Sealed(follow_up, rows)


@functools.lru_cache(maxsize=64)
def _opened(sealed: str, salt: str) -> tuple[int, int, tuple[SheetRow, ...]]:
    """The identities of follow-up and year, and the rows; raises ``BadSignature``. A page sends the same text with each
    row that is saved, so what the last ones say is remembered."""
    pk, fiscal_year, plain = signing.loads(sealed, salt=salt)
    return pk, fiscal_year, tuple(SheetRow(key, label, subject, Known(*known)) for key, label, subject, *known in plain)


def _salt(month: Month) -> str:
    return f"followup.sheet:{month}"
