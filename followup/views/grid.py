"""How a grid of forecasts answers: the same for categories and investment projects."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from followup.editing import NOT_SAVED, UNREADABLE, editing_page
from followup.forecasts import Conflict, ForecastEntry, StaleForecasts
from followup.grid import NOTHING_TYPED, Sheet, Typed, UnitForm, build_grid, read_typed
from followup.models import FollowUp
from sydit.access import Permission, user_of
from sydit.errors import Refused
from sydit.models import User
from sydit.money import Unit
from sydit.navigation import Entry

RECALCULATE = "rakna-om"  # the name of the button that computes without saving
OTHER_UNIT = {Unit.TKR: Unit.KR, Unit.KR: Unit.TKR}


class Submit(Protocol):
    """The action that saves a grid's entries; returns how many rows changed."""

    def __call__(self, *, follow_up: FollowUp, entries: Iterable[ForecastEntry], by: User) -> int: ...


@dataclass(frozen=True, slots=True)
class GridPage:
    """What differs between the grids."""

    template: str
    read: Callable[[FollowUp], Sheet]
    submit: Submit


@dataclass(frozen=True, slots=True)
class Answer:
    """What a page says after a try, and with which status."""

    status: int = 200
    refusal: str = ""
    is_recalculated: bool = False
    conflicts: tuple[Conflict, ...] = ()


def answer(request: HttpRequest, follow_up: FollowUp, page: GridPage) -> HttpResponse:
    """Show the grid, compute what is typed in it, or save it. Nothing that was typed is lost on the way."""
    unit = _unit(request)
    sheet = page.read(follow_up)
    if request.method != "POST":
        return _show(request, follow_up, page.template, sheet, unit, NOTHING_TYPED, Answer())
    typed = read_typed(sheet, request.POST, unit)
    if not typed.is_valid:
        outcome = Answer(UNREADABLE)
    elif RECALCULATE in request.POST:
        outcome = Answer(is_recalculated=True)
    else:
        try:
            changed = page.submit(follow_up=follow_up, entries=typed.entries(sheet), by=user_of(request))
        except StaleForecasts as stale:
            outcome, sheet = Answer(NOT_SAVED, conflicts=stale.conflicts), page.read(follow_up)
        except Refused as refused:
            outcome = Answer(NOT_SAVED, str(refused))
        else:
            _tell(request, changed)
            return HttpResponseRedirect(request.get_full_path())
    return _show(request, follow_up, page.template, sheet, unit, typed, outcome)


def _show(
    request: HttpRequest, follow_up: FollowUp, template: str, sheet: Sheet, unit: Unit, typed: Typed, outcome: Answer
) -> HttpResponse:
    return editing_page(
        request,
        template,
        follow_up,
        to_write=Permission.ENTER_FORECASTS,
        refusal=outcome.refusal,
        status=outcome.status,
        grid=build_grid(sheet, unit=unit, typed=typed, conflicts=outcome.conflicts),
        is_recalculated=outcome.is_recalculated,
        recalculate=RECALCULATE,
        other_unit=Entry(f"Byt till {OTHER_UNIT[unit]}", f"?enhet={OTHER_UNIT[unit]}"),
    )


def _unit(request: HttpRequest) -> Unit:
    """Raises ``BadRequest``: in which unit an amount is typed is never guessed."""
    form = UnitForm(request.GET)
    if not form.is_valid():
        raise BadRequest("Enheten ska vara tkr eller kr.")
    return Unit(form.cleaned_data["enhet"] or Unit.TKR)


def _tell(request: HttpRequest, changed: int) -> None:
    if changed:
        rows = "1 rad" if changed == 1 else f"{changed} rader"
        messages.success(request, f"Prognosen är sparad: {rows} ändrades.")
    else:
        messages.info(request, "Inget var ändrat, så inget har sparats.")
