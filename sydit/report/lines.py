"""The pages of the lines behind a figure: read, filter, sort them, and take them along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from followup.line_table import LedgerEntryTable, account_names
from followup.lines import LineFilter, LineSet
from followup.models import Account
from sydit.access import Permission, allows, require, user_of
from sydit.money import Unit, grouped, text
from sydit.navigation import Entry
from sydit.periods import Month
from sydit.report import editions
from sydit.report.document import Report
from sydit.report.editions import Edition
from sydit.report.figure import EVERYTHING, LEDGER, Figure, figure_or_404
from sydit.report.line_export import MOST_ROWS, Values, csv_lines, values, workbook
from sydit.report.line_filter import LineFilterForm
from sydit.tables import paged

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Selection:
    """What a page or a file shows: the figure, the filter, and the lines that it lets through."""

    edition: Edition
    report: Report
    figure: Figure
    form: LineFilterForm
    chosen: LineFilter
    table: LedgerEntryTable

    @property
    def lines(self) -> LineSet:
        lines: LineSet = self.table.data.data
        return lines


def _selected(request: HttpRequest, month: Month, table: str, row: str, edition: str = editions.IN_FORCE) -> Selection:
    """As the report has the figure: a published one opens to the lines of its publication."""
    this = editions.edition_for(request, month, edition)
    if table == LEDGER:  # also what no reader of the report needs: the balance accounts, every line of a voucher
        require(user_of(request), Permission.READ_DRAFTS)
    report = this.report
    figure = figure_or_404(report, table, row)
    form = LineFilterForm(request.GET, months=[source.month for source in report.basis.sources])
    chosen = form.chosen
    lines = LineSet(report.basis.sources, report.basis.projects, figure.lines, chosen)
    may_see_all = allows(user_of(request), Permission.READ_DRAFTS)
    everything = this.url("ledger-lines", table=LEDGER, row=EVERYTHING)
    list_of_lines = LedgerEntryTable(
        lines, caption=f"Konteringar: {figure.label}", voucher_url=everything if may_see_all else ""
    )
    return Selection(this, report, figure, form, chosen, list_of_lines)


@require_safe
def ledger_lines(
    request: HttpRequest, month: Month, table: str, row: str, edition: str = editions.IN_FORCE
) -> HttpResponse:
    """The ledger lines that a figure is the sum of, those that the filter lets through."""
    selection = _selected(request, month, table, row, edition)
    here = {"table": table, "row": row}
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return render(
        request,
        "report/ledger_lines.html",
        {
            "follow_up": selection.edition.follow_up,
            "edition": selection.edition,
            "back": selection.edition.url("report"),
            "figure": selection.figure,
            "filter": selection.form,
            "is_filtered": not selection.chosen.is_empty,
            "unfiltered": selection.edition.url("ledger-lines", **here),
            "sort": request.GET.get("sort", ""),
            "total": selection.lines.total,
            "is_sortable": selection.lines.is_sortable,
            "table": paged(selection.table, request),
            "downloads": [
                Entry(label, selection.edition.url(name, **here) + query)
                for label, name in (("Excel", "ledger-lines-xlsx"), ("CSV", "ledger-lines-csv"))
                if name == "ledger-lines-csv" or selection.lines.count <= MOST_ROWS
            ],
            "most_rows": MOST_ROWS,
        },
        status=422 if selection.form.errors else 200,
    )


@require_safe
def ledger_lines_csv(
    request: HttpRequest, month: Month, table: str, row: str, edition: str = editions.IN_FORCE
) -> HttpResponseBase:
    """The lines of the filter as text with columns, however many."""
    selection = _selected(request, month, table, row, edition)
    if selection.form.errors:
        return _page_of(request)
    name = _filename(month, row, "csv")
    return StreamingHttpResponse(
        csv_lines(_values(request, selection)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_safe
def ledger_lines_xlsx(
    request: HttpRequest, month: Month, table: str, row: str, edition: str = editions.IN_FORCE
) -> HttpResponse:
    """The lines of the filter as a workbook, as far as one holds them."""
    selection = _selected(request, month, table, row, edition)
    if selection.form.errors:
        return _page_of(request)
    if selection.lines.count > MOST_ROWS:
        messages.error(
            request,
            f"Urvalet har {grouped(selection.lines.count)} rader och en Excelfil härifrån högst {grouped(MOST_ROWS)}. "
            "Filtrera, eller hämta raderna som CSV.",
        )
        return _page_of(request)
    content = workbook(_values(request, selection), _facts(selection))
    return HttpResponse(
        content,
        content_type=XLSX_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{_filename(month, row, "xlsx")}"'},
    )


def _page_of(request: HttpRequest) -> HttpResponse:
    """From a file to the page of the same lines, which tells what is wrong."""
    page = request.path.rsplit("/", maxsplit=1)[0] + "/"
    return redirect(f"{page}?{request.GET.urlencode()}")


def _filename(month: Month, row: str, ending: str) -> str:
    return f"konteringar-{month}-{row}.{ending}"


def _values(request: HttpRequest, selection: Selection) -> Iterator[Values]:
    RequestConfig(request, paginate=False).configure(selection.table)
    months = {source.ledger_month: source.month for source in selection.report.basis.sources}
    names = account_names(Account.objects.values_list("number", flat=True))
    return values(selection.table.every(), months, names)


def _facts(selection: Selection) -> list[tuple[str, str]]:
    """What the lines are a selection of, for whoever meets the file without the page."""
    form = selection.form
    asked = [(field.label, str(field.value())) for field in form.visible_fields() if field.value()]
    return [
        ("Underlag", selection.figure.label),
        ("Uppföljning", selection.report.title),
        *((str(label), value) for label, value in asked),
        ("Antal rader", grouped(selection.lines.count)),
        ("Summa, kr", text(selection.lines.total, Unit.KR)),
        *{("Fil", f"{source.filename} (SHA-256 {source.sha256})"): None for source in selection.report.basis.sources},
    ]
