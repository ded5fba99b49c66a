"""Where every öre of the imported months has gone: read, or left out and why, and that together they are the file.

The same for a draft and for a published report, whose document names its ledger months, accounts and rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from followup import actuals, basis
from followup.classify import AccountSum, Kind, Place, Placed, place_sums
from followup.economy import UNASSIGNED_KEY
from sydit.money import Unit
from sydit.periods import Month
from sydit.report import cells
from sydit.report.document import Column, ColumnKind, Report, Row, RowKind, Table
from sydit.report.figure import BALANCE, SET_ASIDE

WHOLE = "period"  # the column over all months
READ = (Kind.CATEGORY, Kind.UNASSIGNED, Kind.PROJECT)
LEFT_OUT = (Kind.SET_ASIDE, Kind.BALANCE)


@dataclass(frozen=True, slots=True)
class Proof:
    """The sums of all months in öre; ``difference`` is 0 where read and left out are the file."""

    read: int
    left_out: int
    file: int

    @property
    def together(self) -> int:
        return self.read + self.left_out

    @property
    def difference(self) -> int:
        return self.file - self.together


@dataclass(frozen=True, slots=True)
class Reconciliation:
    table: Table
    proof: Proof
    missing: tuple[Month, ...]  # of the follow-up's months, those that no import reports


def reconcile(report: Report) -> Reconciliation:
    """Of the months in the report's basis, as the report placed their lines."""
    sources = report.basis.sources
    placed = _by_month(report)
    months = [source.month for source in sources]
    amounts = _Amounts({month: placed.get(month, Placed({}, {})) for month in months})
    file = {source.month: source.total for source in sources}
    table = Table(
        key="reconciliation",
        caption="Månad för månad",
        label_heading="Post",
        unit=Unit.KR,
        columns=(
            Column(WHOLE, "Hela perioden", ColumnKind.AMOUNT),
            *(Column(str(month), month.name.capitalize(), ColumnKind.AMOUNT) for month in months),
        ),
        rows=(*_lines(report, amounts), *_totals(amounts, file)),
    )
    proof = Proof(amounts.total(READ), amounts.total(LEFT_OUT), sum(file.values()))
    missing = tuple(month for month in report.follow_up.year_to_date() if month not in file)
    return Reconciliation(table, proof, missing)


def _by_month(report: Report) -> dict[Month, Placed]:
    mapping = basis.account_map(report)
    sums: dict[Month, list[AccountSum]] = {}
    booked = actuals.sums_by_month(source.ledger_month for source in report.basis.sources)
    for (month, account, project), ore in booked.items():
        sums.setdefault(month, []).append(AccountSum(account, project, ore))
    return {month: place_sums(of_month, mapping) for month, of_month in sums.items()}


@dataclass(frozen=True, slots=True)
class _Amounts:
    placed: Mapping[Month, Placed]

    def of(self, place: Place) -> list[int]:
        return [placed.amounts.get(place, 0) for placed in self.placed.values()]

    def by_month(self, kinds: tuple[Kind, ...]) -> list[int]:
        return [placed.total(*kinds) for placed in self.placed.values()]

    def total(self, kinds: tuple[Kind, ...]) -> int:
        return sum(self.by_month(kinds))

    def has(self, place: Place) -> bool:
        return any(place in placed.amounts for placed in self.placed.values())

    def places(self, kind: Kind) -> list[Place]:
        found = {place for placed in self.placed.values() for place in placed.of(kind)}
        return sorted(found, key=lambda place: place.key)


def _lines(report: Report, amounts: _Amounts) -> Iterator[Row]:
    """A row a category and project that the report has, and a row a reason for what it leaves out."""
    for row in report.tables["result"].rows:
        if row.kind is RowKind.LINE:
            kind = Kind.UNASSIGNED if row.key == UNASSIGNED_KEY else Kind.CATEGORY
            place = Place(kind, "" if kind is Kind.UNASSIGNED else row.key)
            yield _row(f"result/{row.key}", row.label, amounts.of(place))
    names = {row.key: row.label for row in report.tables["investments"].rows}
    for place in amounts.places(Kind.PROJECT):
        yield _row(f"investments/{place.key}", names.get(place.key, place.key), amounts.of(place))
    numbers = {rule.prefix: number for number, rule in enumerate(report.basis.set_aside, start=1)}
    for place in amounts.places(Kind.SET_ASIDE):
        key = f"{SET_ASIDE}-{numbers[place.key]}" if place.key in numbers else SET_ASIDE
        prefix = f" (konto {place.key}…)" if place.key else ""
        yield _row(f"huvudbok/{key}", f"Räknas inte: {place.reason}{prefix}", amounts.of(place))
    if amounts.has(Place(Kind.BALANCE)):
        yield _row(f"huvudbok/{BALANCE}", "Balanskonton utan investeringsprojekt", amounts.of(Place(Kind.BALANCE)))


def _totals(amounts: _Amounts, file: Mapping[Month, int]) -> Iterator[Row]:
    read, left_out = amounts.by_month(READ), amounts.by_month(LEFT_OUT)
    together = [a + b for a, b in zip(read, left_out, strict=True)]
    yield _row("read", "Läst i rapporten", read, RowKind.TOTAL)
    yield _row("left-out", "Utelämnat", left_out, RowKind.TOTAL)
    yield _row("together", "Läst och utelämnat", together, RowKind.TOTAL)
    yield _row("file", "Filernas summa", file.values(), RowKind.TOTAL)
    yield _row("difference", "Skillnad", [a - b for a, b in zip(file.values(), together, strict=True)], RowKind.TOTAL)


def _row(key: str, label: str, by_month: Iterable[int], kind: RowKind = RowKind.LINE) -> Row:
    amounts = list(by_month)
    return Row(key, label, tuple(cells.amount(ore, Unit.KR) for ore in (sum(amounts), *amounts)), kind)
