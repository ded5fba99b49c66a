"""What one member municipality is asked to pay for: its projects, year by year, as the follow-ups say it.

Each year shows its last follow-up that the reader may read. Of an approved one that is the published report itself,
so that the page and the report never differ.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from followup.models import FollowUp
from investments.economy import ProjectLine, total_of
from investments.models import SHARED, InvestmentProject, Municipality
from investments.sections import investments_table
from sydit.access import Permission, allows, require, user_of
from sydit.money import Unit
from sydit.navigation import Entry
from sydit.report import cells, publish
from sydit.report.document import Amount, Column, ColumnKind, Report, Row, RowKind, Table


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


@require_safe
def municipality(request: HttpRequest, slug: str) -> HttpResponse:
    user = user_of(request)
    require(user, Permission.READ_PUBLISHED)
    name = _name_or_404(slug)
    codes = [project.code for project in _projects() if project.owner == name]
    follow_ups = FollowUp.objects.select_related("fiscal_year").order_by("-fiscal_year__year", "-month")
    if not allows(user, Permission.READ_DRAFTS):
        follow_ups = follow_ups.approved()
    years = [
        Year(follow_up, lines)
        for follow_up in _last_of_each_year(list(follow_ups))
        if (lines := _lines(publish.report_of(follow_up), codes))
    ]
    return render(
        request,
        "report/municipality.html",
        {"name": name, "is_shared": name == SHARED, "years": years, "over_years": _over_years(years)},
    )


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


def _last_of_each_year(follow_ups: list[FollowUp]) -> list[FollowUp]:
    """``follow_ups`` stand latest first."""
    last: dict[int, FollowUp] = {}
    for follow_up in follow_ups:
        last.setdefault(follow_up.fiscal_year.year, follow_up)
    return list(last.values())


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


def _over_years(years: list[Year]) -> Table | None:
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
