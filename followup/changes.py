"""What has changed in the ledger since the reports that the committee was given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from followup import actuals, basis
from followup.actuals import YearToDate
from followup.classify import UNASSIGNED, AccountMap, Kind, Place, Placed, place_sums
from followup.ledger.labels import months_text
from followup.models import CostCategory, Project
from sydit.money import Unit
from sydit.periods import Month
from sydit.report import cells
from sydit.report.document import (
    Block,
    Column,
    ColumnKind,
    Difference,
    LedgerSource,
    Paragraph,
    ParagraphKind,
    Report,
    Row,
    RowKind,
    Section,
    Table,
)

TITLE = "Ändrat sedan föregående rapport"
COLUMNS = (
    Column("before", "I föregående rapport", ColumnKind.AMOUNT),
    Column("now", "Nu", ColumnKind.AMOUNT),
    Column("change", "Ändring", ColumnKind.AMOUNT, Difference("now", "before")),
)


@dataclass(frozen=True, slots=True)
class Change:
    """A category or a project over the previous report's months: öre as reported, and as they are booked now."""

    key: str
    label: str
    before: int
    now: int


def sections(previous: Report | None, year_before: Report | None, booked: YearToDate) -> tuple[Section, ...]:
    """The months of earlier reports, as they reported them and as they stand now; nothing where they agree.

    ``previous`` is the last report of the year, ``year_before`` that of the year before, whose ledger may be corrected
    long after its December was reported. What ``previous`` has told of it already is not told again.
    """
    blocks: list[Block] = []
    if previous:
        sources = [source for source in booked.sources if source.month <= previous.follow_up]
        blocks += _since(previous, sources, booked.account_map, Named("changes", TITLE))
    if year_before:
        year = year_before.follow_up.year
        named = Named(f"changes-{year}", f"{TITLE}: {year}")
        sources = list(actuals.ledger_sources(year_before.follow_up))
        later = _since(year_before, sources, actuals.account_map(year), named)
        is_told = previous is not None and previous.tables.get(named.key) in later
        blocks += [] if is_told else later
    return (Section("changes", "", TITLE, 1, tuple(blocks)),) if blocks else ()


@dataclass(frozen=True, slots=True)
class Named:
    """A table's key and caption."""

    key: str
    caption: str


def _since(report: Report, sources: Sequence[LedgerSource], mapping: AccountMap, named: Named) -> list[Block]:
    """What differs between the report's own lines and ``sources``, placed by ``mapping``: why, and a table."""
    before = place_sums(actuals.account_sums(_ids(report.basis.sources)), basis.account_map(report))
    now = place_sums(actuals.account_sums(_ids(sources)), mapping)
    changes = list(_changes(before, now, report.follow_up.year))
    if not changes:
        return []
    return [_explanation(report, _changed_months(report.basis.sources, sources)), _table(changes, named)]


def _ids(sources: Iterable[LedgerSource]) -> list[int]:
    return [source.ledger_month for source in sources]


def _changes(before: Placed, now: Placed, year: int) -> Iterator[Change]:
    """What differs of the economy, categories in their order first; what has lost its name since is told by its key."""
    names = _names(year)
    places = [place for place in {**names, **before.amounts, **now.amounts} if place.is_booked]
    for place in places:
        then, today = before.amounts.get(place, 0), now.amounts.get(place, 0)
        if then != today:
            key = f"{place.kind.name.lower()}-{place.key}".strip("-")
            yield Change(key, names.get(place, place.key), then, today)


def _names(year: int) -> dict[Place, str]:
    categories = CostCategory.objects.filter(fiscal_year__year=year).order_by("position", "id")
    return {
        **{Place(Kind.CATEGORY, key): name for key, name in categories.values_list("key", "name")},
        UNASSIGNED: "Ej fördelat",
        **{Place(Kind.PROJECT, code): name for code, name in Project.objects.values_list("code", "name")},
    }


def _changed_months(before: Sequence[LedgerSource], now: Sequence[LedgerSource]) -> list[Month]:
    """The months whose lines are others by account or project; a month imported again with the same sums is not one."""
    same = set(_ids(before)) & set(_ids(now))
    sums = [
        set(actuals.sums_by_month(source.ledger_month for source in sources if source.ledger_month not in same).items())
        for sources in (before, now)
    ]
    return sorted({month for (month, _, _), _ in sums[0] ^ sums[1]})


def _explanation(previous: Report, months: Sequence[Month]) -> Paragraph:
    """Why the figures differ; account rules or registered projects are all that is left where no month does."""
    report = f"rapporten ”{previous.title}”"
    if months:
        why = f"Huvudboken för {months_text(months)} har ändrats sedan {report} publicerades."
    else:
        why = f"Kontoregler eller investeringsprojekt har ändrats sedan {report} publicerades; huvudboken är densamma."
    through = f"Beloppen gäller januari till och med {previous.follow_up.label}."
    return Paragraph(f"{why} {through}", ParagraphKind.NOTICE)


def _table(changes: Sequence[Change], named: Named) -> Table:
    total = Change("total", "Summa", sum(c.before for c in changes), sum(c.now for c in changes))
    return Table(
        key=named.key,
        caption=named.caption,
        label_heading="Post",
        unit=Unit.KR,
        columns=COLUMNS,
        rows=(*map(_row, changes), _row(total, RowKind.TOTAL)),
    )


def _row(change: Change, kind: RowKind = RowKind.LINE) -> Row:
    amounts = (change.before, change.now, change.now - change.before)
    return Row(change.key, change.label, tuple(cells.amount(ore, Unit.KR) for ore in amounts), kind)
