"""How a grid of forecasts answers with a page: the same for categories and investment projects."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.loader import render_to_string

from followup.editing import NOT_SAVED, UNREADABLE, editing_page, needed, tell_saved
from followup.forecasts import Conflict, ForecastEntry, Saved, StaleForecasts, rows_of
from followup.grid import Builder, Grid, Problem
from followup.grid_form import Typed, UnitForm, read_typed, typed_in_rows_that_are_gone
from followup.models import FollowUp, ForecastBase
from followup.outlook import Kind, proposals
from followup.pages import follow_up_for
from followup.parts import Part
from followup.ready import closed_sentence
from followup.sheet import Design, Sheet, SheetRow, amount_text, seal
from sydit import leaves
from sydit.access import allows, user_of
from sydit.errors import Refused
from sydit.kept import kept
from sydit.leaves import Leaf
from sydit.models import User
from sydit.money import Unit
from sydit.navigation import Entry
from sydit.periods import Month

# The names of the buttons that do something else than save the whole grid.
RECALCULATE, OPEN, PROPOSE = "rakna-om", "oppna", "forslag"
OPENED, SEALED = "oppen", "underlag"  # hidden fields: the rows that are open, and what is known of the rows
OTHER_UNIT = {Unit.TKR: Unit.KR, Unit.KR: Unit.TKR}


class Submit(Protocol):
    """The action that saves a grid's entries."""

    def __call__(self, *, follow_up: FollowUp, entries: Iterable[ForecastEntry], by: User) -> Saved: ...


@dataclass(frozen=True, slots=True)
class GridPage:
    """What differs between the grids; ``subject`` is the foreign key of ``model``."""

    template: str
    model: type[ForecastBase]
    subject: str
    read: Callable[[FollowUp], tuple[SheetRow, ...]]
    submit: Submit
    design: Design

    @property
    def part(self) -> Part:
        return self.design.part


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows of a grid: the table as HTML, and what stands around it."""

    unit: Unit
    leaf: Leaf[SheetRow]
    table: str
    remark: str
    groups: tuple[tuple[str, str], ...]
    problems: tuple[Problem, ...]
    closed: str
    sealed: str = field(compare=False)  # holds the moment when it was made


@dataclass(frozen=True, slots=True)
class Answer:
    """What a page says after a try, and with which status."""

    status: int = 200
    refusal: str = ""
    is_recalculated: bool = False
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class Try:
    """A grid that somebody sent, and what is known of its rows."""

    request: HttpRequest
    follow_up: FollowUp
    page: GridPage
    unit: Unit
    rows: tuple[SheetRow, ...]
    data: QueryDict

    def typed(self) -> Typed:
        design, period = self.page.design, self.follow_up.period
        return read_typed(self.rows, self.data, unit=self.unit, reasons=design.reasons, period=period)

    def stored(self) -> Sheet:
        return Sheet(self.follow_up.period, self.rows, rows_of(self.page.model, self.page.subject, self.follow_up))

    def opened(self) -> set[int]:
        """The rows whose months and proposals are shown."""
        asked = [pk.partition(":")[0] for name in (OPENED, OPEN, PROPOSE) for pk in self.data.getlist(name)]
        return {int(pk) for pk in asked if pk.isdecimal()}

    def submit(self, typed: Typed) -> Saved:
        return self.page.submit(follow_up=self.follow_up, entries=typed.entries(), by=user_of(self.request))


def sent(request: HttpRequest, follow_up: FollowUp, page: GridPage, rows: tuple[SheetRow, ...]) -> Try:
    """What was sent, with the proposal that was asked for in its field."""
    unit = unit_of(request)
    data = taking(request.POST, rows, follow_up.month, unit)
    return Try(request, follow_up, page, unit, rows, data)


def taking(data: QueryDict, rows: tuple[SheetRow, ...], month: int, unit: Unit) -> QueryDict:
    """The data with the proposal that a button asked for (``forslag=12:r``) in the row's field; nothing is saved."""
    subject, _, kind = data.get(PROPOSE, "").partition(":")
    row = next((row for row in rows if str(row.subject_id) == subject), None)
    if row is None or kind not in list(Kind):
        return data
    amount = next(one.amount for one in proposals(row.known, month) if one.kind == kind)
    if amount is None:
        return data
    taken = data.copy()
    taken[f"{row.name}-amount"] = amount_text(amount, unit)
    return taken


def answer(request: HttpRequest, month: Month, page: GridPage) -> HttpResponse:
    """Show the grid, compute what is typed in it, or save it. Nothing that was typed is lost on the way."""
    follow_up = follow_up_for(request, month, needed(request, page.part.permission), is_kept=True)
    if request.method != "POST":
        may_write = allows(user_of(request), page.part.permission)
        shown = _as_stored(follow_up, page, unit_of(request), may_write, request.GET.get(leaves.ADDRESS, ""))
        return _page(request, follow_up, page, shown, closed=shown.closed)
    this = sent(request, follow_up, page, page.read(follow_up))
    typed = this.typed()
    if not typed.is_valid:
        return _show(this, typed, Answer(UNREADABLE))
    if not {RECALCULATE, OPEN, PROPOSE}.isdisjoint(this.data):
        return _show(this, typed, Answer(is_recalculated=True))
    if gone := typed_in_rows_that_are_gone(this.rows, this.data):
        return _show(this, typed, Answer(NOT_SAVED, _gone(gone)))
    try:
        saved = this.submit(typed)
    except StaleForecasts as stale:
        return _show(this, typed, Answer(NOT_SAVED, conflicts=stale.conflicts))
    except Refused as refused:
        return _show(this, typed, Answer(NOT_SAVED, str(refused)))
    _tell(request, saved.changed)
    return HttpResponseRedirect(request.get_full_path())


def _gone(typed: list[str]) -> str:
    words = ", ".join(f"”{one}”" for one in typed)
    return f"Det finns inte längre någon rad för {words}. Inget har sparats. Spara igen för att spara de andra raderna."


def _show(this: Try, typed: Typed, outcome: Answer) -> HttpResponse:
    builder = Builder(
        this.stored(),
        this.page.design,
        this.unit,
        typed,
        conflicts=outcome.conflicts,
        opened=this.opened(),
        page=this.request.GET.get(leaves.ADDRESS, ""),
    )
    return _page(
        this.request,
        this.follow_up,
        this.page,
        _shown(this.follow_up, this.rows, builder.grid(), has_fields=True),
        refusal=outcome.refusal,
        status=outcome.status,
        is_recalculated=outcome.is_recalculated,
    )


@kept
def _as_stored(follow_up: FollowUp, page: GridPage, unit: Unit, may_write: bool, number: str) -> Shown:
    """The grid before anybody types in it."""
    closed = closed_sentence(follow_up, page.part) if may_write else ""
    rows = page.read(follow_up)
    sheet = Sheet(follow_up.period, rows, rows_of(page.model, page.subject, follow_up))
    grid = Builder(sheet, page.design, unit, page=number).grid()
    return _shown(follow_up, rows, grid, has_fields=may_write and not closed, closed=closed)


def _shown(follow_up: FollowUp, rows: tuple[SheetRow, ...], grid: Grid, *, has_fields: bool, closed: str = "") -> Shown:
    table = render_to_string("_parts/forecast_grid_table.html", {"grid": grid, "has_fields": has_fields})
    sealed = seal(rows, follow_up=follow_up)
    return Shown(grid.unit, grid.leaf, table, grid.remark, tuple(grid.groups), tuple(grid.problems), closed, sealed)


def _page(request: HttpRequest, follow_up: FollowUp, page: GridPage, shown: Shown, **answer: Any) -> HttpResponse:
    other = OTHER_UNIT[shown.unit]
    address = urlencode({"enhet": other} | ({leaves.ADDRESS: shown.leaf.number} if shown.leaf.number > 1 else {}))
    return editing_page(
        request,
        page.template,
        follow_up,
        part=page.part,
        grid=shown,
        sealed=shown.sealed,
        recalculate=RECALCULATE,
        other_unit=Entry(f"Byt till {other}", f"?{address}"),
        **answer,
    )


def unit_of(request: HttpRequest) -> Unit:
    """Raises ``BadRequest``: in which unit an amount is typed is never guessed."""
    if "enhet" not in request.GET:
        return Unit.TKR
    form = UnitForm(request.GET)
    if not form.is_valid():
        raise BadRequest("Enheten ska vara tkr eller kr.")
    return Unit(form.cleaned_data["enhet"] or Unit.TKR)


def _tell(request: HttpRequest, changed: int) -> None:
    if changed:
        rows = "1 rad" if changed == 1 else f"{changed} rader"
        tell_saved(request, f"Prognosen är sparad: {rows} ändrades.")
    else:
        messages.info(request, "Inget var ändrat, så inget har sparats.")
