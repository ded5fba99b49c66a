"""What one member municipality is asked to pay for: its projects, year by year, as the follow-ups say it.

Each year shows its last follow-up that the reader may read and that is filled in. Of an approved one that is the
published report itself, so that the page, its workbook and the report never differ.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from django.conf import settings
from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import Http404
from django.urls import reverse
from django.utils.text import slugify

from followup.economy import total
from followup.models import FollowUp
from followup.models.followup import FollowUpQuerySet
from followup.pace import MONTHS
from investments import overview
from investments.economy import FrameLine, ProjectLine, total_of
from investments.models import SHARED, InvestmentProject, Municipality
from investments.sections import investments_table, lines_of
from sydit.bar_chart import Series, bar_chart
from sydit.charts import Chart
from sydit.kept import kept
from sydit.money import Unit
from sydit.navigation import Entry
from sydit.report import archive, cells
from sydit.report.document import Amount, Block, Column, ColumnKind, Paragraph, Report, Row, RowKind, Section, Table


@dataclass(frozen=True, slots=True)
class Year:
    """A municipality's projects in one year, and the follow-up that says so."""

    follow_up: FollowUp
    lines: tuple[ProjectLine, ...]

    def table(self, codes: Collection[str]) -> Table:
        """Some of the projects, and the total of all of them."""
        period = self.follow_up.period
        caption = f"{period.year}, till och med {period.name}"
        return replace(investments_table(self.lines, shown=codes), key=f"ar-{period.year}", caption=caption)


@dataclass(frozen=True, slots=True)
class Statement:
    """Everything that the page and the workbook of a municipality (or of what all share) tell; latest year first.

    The tables are made of the projects whose codes are asked for: the page's are shown a page at a time. Their totals
    are of all projects.
    """

    name: str
    years: tuple[Year, ...]
    frames: dict[str, int | None]  # what is decided for all of a project's years, by code, in öre

    @property
    def is_shared(self) -> bool:
        return self.name == SHARED

    @property
    def paces(self) -> Iterator[str]:
        """The projects whose latest forecast is out of proportion to their pace so far, each in words."""
        return overview.paces(self.years[0].lines, self.years[0].follow_up.period) if self.years else iter(())

    @property
    def labels(self) -> dict[str, str]:
        """The projects that any year tells of, by code in their order, as the latest of them calls them."""
        latest = {line.key: line.label for year in self.years[::-1] for line in year.lines}
        return {code: latest[code] for code in self.frames if code in latest}

    def over_years(self, codes: Iterable[str]) -> Table | None:
        """What is booked on each project year by year; None where there is only one year to tell of."""
        if len(self.years) < 2:
            return None
        oldest_first = self.years[::-1]
        labels = self.labels
        booked = [{line.key: line.booked for line in year.lines} for year in oldest_first]
        sums = [total(of_year.values()) for of_year in booked]
        return Table(
            key="over-aren",
            caption="Bokfört per år",
            label_heading="Projekt",
            unit=Unit.TKR,
            columns=(
                *(Column(f"y{year}", str(year), ColumnKind.AMOUNT) for year in self._calendar[::-1]),
                Column("sum", "Summa", ColumnKind.AMOUNT),
            ),
            rows=(
                *(_booked_row(code, labels[code], [of_year.get(code, 0) for of_year in booked]) for code in codes),
                _booked_row("total", "Totalt", sums, RowKind.TOTAL),
            ),
        )

    def frame_table(self, codes: Iterable[str]) -> Table:
        """Each project over its years: its frame, what the reports show as booked, and what is left."""
        labels, lines = self.labels, self._frame_lines()
        return Table(
            key="ramar",
            caption="Projekten över åren",
            label_heading="Projekt",
            unit=Unit.TKR,
            columns=overview.FRAME_COLUMNS[1:],
            rows=(
                *(Row(code, labels[code], overview.frame_cells(lines[code])) for code in codes),
                Row("total", "Totalt", overview.frame_cells(_sum_of(lines.values())), RowKind.TOTAL),
            ),
        )

    @property
    def frame_note(self) -> str:
        """From when the spent amounts count, and which years they hold only a part of."""
        oldest_first = [year.follow_up.period for year in self.years[::-1]]
        note = f"Förbrukat är summan av vad uppföljningarna visar från och med {oldest_first[0].year}"
        parts = [f"{period.year} till och med {period.name}" for period in oldest_first if period.month < MONTHS]
        note = f"{note}: {', '.join(parts)}." if parts else f"{note}."
        return f"{note} Ramen är den som är beslutad för projektet, annars summan av årens budgetar."

    @property
    def chart(self) -> Chart:
        """Budget, booked and forecast, a group of bars a year."""
        totals = [total_of(year.lines) for year in self.years[::-1]]
        return bar_chart(
            key="ar",
            title=f"Investeringar {self.name}, år för år",
            description="Budget, det som är bokfört och prognosen för helåret, en grupp staplar per år.",
            heading="År",
            groups=tuple(map(str, self._calendar[::-1])),
            series=(
                Series("Budget", tuple(line.budget for line in totals)),
                Series("Bokfört", tuple(line.booked for line in totals)),
                Series("Prognos", tuple(line.forecast for line in totals)),
            ),
        )

    @property
    def report(self) -> Report:
        """The same as a document, for a workbook."""
        codes = list(self.labels)
        whole: list[Block] = [self.frame_table(codes), Paragraph(self.frame_note)]
        if years := self.over_years(codes):
            whole.append(years)
        tables = [(year.follow_up.period, year.table(codes)) for year in self.years]
        return Report(
            follow_up=self.years[0].follow_up.period,
            organisation=settings.ORGANISATION,
            title=f"Investeringar: {self.name}",
            sections=(
                Section("over-aren", "", "Projekten över åren", 1, (*whole, *map(Paragraph, self.paces))),
                *(Section(table.key, "", f"Uppföljning {month.label}", 1, (table,)) for month, table in tables),
            ),
        )

    @property
    def _calendar(self) -> list[int]:
        return [year.follow_up.period.year for year in self.years]

    def _frame_lines(self) -> dict[str, FrameLine]:
        """Every project over its years, by code; without a frame of its own it has the sum of the years' budgets."""
        of_project: dict[str, list[ProjectLine]] = {code: [] for code in self.labels}
        for year in self.years:
            for line in year.lines:
                of_project[line.key].append(line)
        return {code: _frame_line(self.frames[code], lines) for code, lines in of_project.items()}


def _frame_line(frame: int | None, lines: list[ProjectLine]) -> FrameLine:
    budgets = [line.budget for line in lines if line.budget is not None]
    if frame is None and budgets:
        frame = sum(budgets)
    return FrameLine(frame, total(line.booked for line in lines))


def _sum_of(lines: Collection[FrameLine]) -> FrameLine:
    return FrameLine(total(line.frame for line in lines), total(line.spent for line in lines))


def read(slug: str, follow_ups: FollowUpQuerySet) -> Statement:
    """What some follow-ups say of a municipality's projects. Raises ``Http404`` where there is none of that name."""
    name = _name_or_404(slug)
    frames = {code: frame for code, frame, owner in _projects() if owner == name}
    newest_first = follow_ups.select_related("fiscal_year").order_by("-fiscal_year__year", "-month")
    by_year = groupby(newest_first, key=lambda follow_up: follow_up.fiscal_year.year)
    years = (_year(of_year, list(frames)) for _, of_year in by_year)
    return Statement(name, tuple(year for year in years if year), frames)


def _year(follow_ups: Iterable[FollowUp], codes: list[str]) -> Year | None:
    """The last follow-up of a year that is filled in, so that one just begun hides nothing; else what comes nearest."""
    nearest: tuple[int, Year | None] = (-1, None)
    for follow_up in follow_ups:
        lines = _lines(follow_up, codes)
        if not lines:
            continue
        filled = sum(any(amount is not None for amount in amounts) for amounts in _amounts(lines))
        if filled > nearest[0]:
            nearest = (filled, Year(follow_up, lines))
        if filled == len(_amounts(lines)):
            break
    return nearest[1]


def _amounts(lines: tuple[ProjectLine, ...]) -> tuple[list[int | None], list[int | None]]:
    return [line.booked for line in lines], [line.forecast for line in lines]


@kept
def links() -> tuple[Entry, ...]:
    """The pages of the municipalities and of what they share."""
    names = [*Municipality.objects.values_list("name", flat=True), SHARED]
    return tuple(Entry(name, reverse("municipality", kwargs={"slug": slugify(name)})) for name in names)


def _projects() -> QuerySet[InvestmentProject, tuple[str, int | None, str]]:
    """Code, frame (öre) and owner of each, in their order."""
    owned = InvestmentProject.objects.annotate(owner_name=Coalesce("municipality__name", Value(SHARED)))
    return owned.order_by("position", "code").values_list("code", "frame", "owner_name")


def _name_or_404(slug: str) -> str:
    for name in (SHARED, *Municipality.objects.values_list("name", flat=True)):
        if slugify(name) == slug:
            return name
    raise Http404("Det finns ingen sådan kommun.")


def _lines(follow_up: FollowUp, codes: list[str]) -> tuple[ProjectLine, ...]:
    """The projects as the report in force says, exact as they stand there; in a draft, what it is made of."""
    publication = archive.latest(follow_up)
    if publication:
        return _lines_in(archive.document_of(publication), codes)
    draft = {line.key: line for line in lines_of(follow_up)}
    return tuple(draft[code] for code in codes if code in draft)


def _lines_in(report: Report, codes: Iterable[str]) -> tuple[ProjectLine, ...]:
    """The projects' rows of a report."""
    table = report.tables.get("investments")
    if table is None:
        return ()
    rows = {row.key: row for row in table.rows if row.kind is RowKind.LINE}
    keys = [column.key for column in table.columns]

    def ore(row: Row, column: str) -> int | None:
        cell = row.cells[keys.index(column)]
        return cell.ore if isinstance(cell, Amount) else None

    return tuple(
        ProjectLine(code, row.label, ore(row, "budget"), ore(row, "booked"), ore(row, "forecast"))
        for code in codes
        if (row := rows.get(code))
    )


def owned_lines(report: Report) -> tuple[ProjectLine, ...]:
    """The report's projects, each with the municipality that it is registered for now."""
    owners = {code: owner for code, _, owner in _projects()}
    return tuple(replace(line, owner=owners[line.key]) for line in _lines_in(report, owners))


def _booked_row(key: str, label: str, amounts: list[int | None], kind: RowKind = RowKind.LINE) -> Row:
    return Row(key, label, (*(cells.amount(amount) for amount in amounts), cells.amount(total(amounts))), kind)
