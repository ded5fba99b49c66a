"""What one member municipality is asked to pay for: its projects, year by year, as the follow-ups say it.

Each year shows its last follow-up that the reader may read and that is filled in. Of an approved one that is the
published report itself, so that the page, its workbook and the report never differ.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby

from django.conf import settings
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
from investments.sections import investments_table
from sydit.charts import Chart, Series, bar_chart
from sydit.money import Unit
from sydit.navigation import Entry
from sydit.report import cells, publish
from sydit.report.document import Amount, Block, Column, ColumnKind, Paragraph, Report, Row, RowKind, Section, Table


@dataclass(frozen=True, slots=True)
class Year:
    """A municipality's projects in one year, and the follow-up that says so."""

    follow_up: FollowUp
    lines: tuple[ProjectLine, ...]

    @property
    def table(self) -> Table:
        period = self.follow_up.period
        caption = f"{period.year}, till och med {period.name}"
        return replace(investments_table(self.lines), key=f"ar-{period.year}", caption=caption)


@dataclass(frozen=True, slots=True)
class Statement:
    """Everything that the page and the workbook of a municipality (or of what all share) tell; latest year first."""

    name: str
    years: tuple[Year, ...]
    frames: dict[str, int | None]  # what is decided for all of a project's years, by code, in öre

    @property
    def is_shared(self) -> bool:
        return self.name == SHARED

    @property
    def paces(self) -> list[str]:
        """The projects whose latest forecast is out of proportion to their pace so far, each in words."""
        return list(overview.paces(self.years[0].lines, self.years[0].follow_up.period)) if self.years else []

    @property
    def over_years(self) -> Table | None:
        return _over_years(self.years)

    @property
    def frame_table(self) -> Table:
        """Each project over its years: its frame, what the reports show as booked, and what is left."""
        lines = [self._frame_line(code) for code in self._labels]
        return Table(
            key="ramar",
            caption="Projekten över åren",
            label_heading="Projekt",
            unit=Unit.TKR,
            columns=overview.FRAME_COLUMNS[1:],
            rows=(
                *(
                    Row(code, label, overview.frame_cells(line))
                    for (code, label), line in zip(self._labels.items(), lines, strict=True)
                ),
                Row("total", "Totalt", overview.frame_cells(_sum_of(lines)), RowKind.TOTAL),
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
            groups=tuple(str(year.follow_up.period.year) for year in self.years[::-1]),
            series=(
                Series("Budget", tuple(line.budget for line in totals)),
                Series("Bokfört", tuple(line.booked for line in totals)),
                Series("Prognos", tuple(line.forecast for line in totals)),
            ),
        )

    @property
    def report(self) -> Report:
        """The same as a document, for a workbook."""
        whole: list[Block] = [self.frame_table, Paragraph(self.frame_note)]
        if years := self.over_years:
            whole.append(years)
        return Report(
            follow_up=self.years[0].follow_up.period,
            organisation=settings.ORGANISATION,
            title=f"Investeringar: {self.name}",
            sections=(
                Section("over-aren", "", "Projekten över åren", 1, (*whole, *map(Paragraph, self.paces))),
                *(
                    Section(year.table.key, "", f"Uppföljning {year.follow_up.period.label}", 1, (year.table,))
                    for year in self.years
                ),
            ),
        )

    @property
    def _labels(self) -> dict[str, str]:
        """The projects that any year tells of, by code, as the latest of them calls them."""
        latest = {line.key: line.label for year in self.years[::-1] for line in year.lines}
        return {code: latest[code] for code in self.frames if code in latest}

    def _frame_line(self, code: str) -> FrameLine:
        lines = [line for year in self.years for line in year.lines if line.key == code]
        budgets = [line.budget for line in lines if line.budget is not None]
        frame = self.frames[code]
        if frame is None and budgets:
            frame = sum(budgets)
        return FrameLine(frame, total(line.booked for line in lines))


def _sum_of(lines: list[FrameLine]) -> FrameLine:
    return FrameLine(total(line.frame for line in lines), total(line.spent for line in lines))


def read(slug: str, follow_ups: FollowUpQuerySet) -> Statement:
    """What some follow-ups say of a municipality's projects. Raises ``Http404`` where there is none of that name."""
    name = _name_or_404(slug)
    frames = {project.code: project.frame for project in _projects() if project.owner == name}
    newest_first = follow_ups.select_related("fiscal_year").order_by("-fiscal_year__year", "-month")
    by_year = groupby(newest_first, key=lambda follow_up: follow_up.fiscal_year.year)
    years = (_year(of_year, list(frames)) for _, of_year in by_year)
    return Statement(name, tuple(year for year in years if year), frames)


def _year(follow_ups: Iterable[FollowUp], codes: list[str]) -> Year | None:
    """The last follow-up of a year that is filled in, so that one just begun hides nothing; else what comes nearest."""
    nearest: tuple[int, Year | None] = (-1, None)
    for follow_up in follow_ups:
        lines = _lines(publish.report_of(follow_up), codes)
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


def links() -> list[Entry]:
    """The pages of the municipalities and of what they share."""
    names = [*Municipality.objects.values_list("name", flat=True), SHARED]
    return [Entry(name, reverse("municipality", kwargs={"slug": slugify(name)})) for name in names]


def _projects() -> list[InvestmentProject]:
    return list(InvestmentProject.objects.select_related("municipality").order_by("position", "code"))


def _name_or_404(slug: str) -> str:
    for name in (SHARED, *Municipality.objects.values_list("name", flat=True)):
        if slugify(name) == slug:
            return name
    raise Http404("Det finns ingen sådan kommun.")


def _lines(report: Report, codes: list[str]) -> tuple[ProjectLine, ...]:
    """The projects' rows of the report, exact as they stand there."""
    table = report.tables.get("investments")
    if table is None:
        return ()
    rows = {row.key: row for row in table.rows if row.kind is RowKind.LINE}

    def ore(code: str, column: str) -> int | None:
        cell = table.cell(code, column)
        return cell.ore if isinstance(cell, Amount) else None

    return tuple(
        ProjectLine(code, rows[code].label, ore(code, "budget"), ore(code, "booked"), ore(code, "forecast"))
        for code in codes
        if code in rows
    )


def owned_lines(report: Report) -> tuple[ProjectLine, ...]:
    """The report's projects, each with the municipality that it is registered for now."""
    owners = {project.code: project.owner for project in _projects()}
    return tuple(replace(line, owner=owners[line.key]) for line in _lines(report, list(owners)))


def _over_years(years: tuple[Year, ...]) -> Table | None:
    """What is booked on each project year by year; None where there is only one year to tell of."""
    if len(years) < 2:
        return None
    oldest_first = years[::-1]
    labels = {line.key: line.label for year in oldest_first for line in year.lines}
    columns = [Column(f"y{year.follow_up.period.year}", str(year.follow_up.period.year), ColumnKind.AMOUNT)
               for year in oldest_first]  # fmt: skip
    rows = [
        _over_years_row(key, label, [[line for line in year.lines if line.key == key] for year in oldest_first])
        for key, label in labels.items()
    ]
    everything = _over_years_row("total", "Totalt", [list(year.lines) for year in oldest_first])
    return Table(
        key="over-aren",
        caption="Bokfört per år",
        label_heading="Projekt",
        unit=Unit.TKR,
        columns=(*columns, Column("sum", "Summa", ColumnKind.AMOUNT)),
        rows=(*rows, replace(everything, kind=RowKind.TOTAL)),
    )


def _over_years_row(key: str, label: str, years: list[list[ProjectLine]]) -> Row:
    amounts = [total_of(lines).booked for lines in years]
    whole = None if None in amounts else sum(amount for amount in amounts if amount is not None)
    return Row(key, label, (*(cells.amount(amount) for amount in amounts), cells.amount(whole)))
