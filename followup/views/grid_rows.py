"""How a grid answers its script: a row at a time, saved or computed, as JSON and without the ledger.

The script sends the rows in which something is typed (with ``underlag``, what the page knows of the rows), and what
to do: ``spara=<row>`` saves that one, ``oppna=<row>`` asks for its months and proposals, ``forslag=<row>:<key>`` for a
proposal; else everything is computed only. ``versioner`` says which versions it has seen, so that it gets what others
have saved.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from followup.editing import NOT_SAVED, UNREADABLE, needed
from followup.forecasts import Conflict, StaleForecasts
from followup.grid import Builder, Entry
from followup.grid_form import RowForm, Typed
from followup.outlook import Outlook
from followup.pages import follow_up_for
from followup.sheet import Sealed, Sheet, SheetRow, amount_text, unseal
from followup.views.grid import OPEN, PROPOSE, SEALED, GridPage, Try, sent
from sydit.access import require, user_of
from sydit.errors import Refused
from sydit.periods import Month
from sydit.templatetags.ui import cell

HEADER = "HTTP_X_GRID"  # X-Grid tells that a script asks; read where it lies, as every save does
SAVE, VERSIONS = "spara", "versioner"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the rows that were to be saved. ``sheet`` is what is stored after that."""

    sheet: Sheet
    saved: frozenset[int] = frozenset()
    status: int = 200
    refusal: str = ""
    conflicts: tuple[Conflict, ...] = ()


def answer_script(request: HttpRequest, month: Month, page: GridPage) -> HttpResponse:
    known = _known(request, month, page)
    this = sent(request, known.follow_up, page, known.rows)
    typed = this.typed()
    outcome = _save(this, typed)
    left = Typed({pk: form for pk, form in typed.forms.items() if pk not in outcome.saved})
    builder = Builder(outcome.sheet, page.design, this.unit, left, conflicts=outcome.conflicts, opened=this.opened())
    return JsonResponse(
        {
            "rows": dict(_rows(this, builder, typed, outcome)),
            "cells": {one.id: cell(one.cell) for one in builder.following_total()},
            "remark": builder.remark(),
            "refusal": outcome.refusal,
        },
        status=outcome.status,
    )


def _known(request: HttpRequest, month: Month, page: GridPage) -> Sealed:
    """What the page knows, from its own sealed text where there is one; else it is read again."""
    permission = needed(request, page.part.permission)
    require(user_of(request), permission)
    if sealed := unseal(request.POST.get(SEALED, ""), month=month):
        return sealed
    follow_up = follow_up_for(request, month, permission, is_kept=True)
    return Sealed(follow_up, page.read(follow_up))


def _save(this: Try, typed: Typed) -> Outcome:
    wanted = {int(pk) for pk in this.data.getlist(SAVE) if pk.isdecimal()}
    if not wanted:
        return Outcome(this.stored())
    chosen = Typed({pk: form for pk, form in typed.forms.items() if pk in wanted})
    if not chosen.is_valid:
        return Outcome(this.stored(), status=UNREADABLE)
    try:
        saved = this.submit(chosen)
    except StaleForecasts as stale:
        return Outcome(this.stored(), status=NOT_SAVED, conflicts=stale.conflicts)
    except Refused as refused:
        return Outcome(this.stored(), status=NOT_SAVED, refusal=str(refused))
    return Outcome(Sheet(this.follow_up.period, this.rows, saved.rows), frozenset(wanted))


def _rows(this: Try, builder: Builder, typed: Typed, outcome: Outcome) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rows that the script must know about: those it sent (also where all that was typed has been taken back) or
    asks for, and those on its page (it tells the version of each) that others have saved since it saw them."""
    seen = dict(one.split(":", 1) for one in this.data.get(VERSIONS, "").split(",") if ":" in one)
    asked = {pk.partition(":")[0] for name in (OPEN, PROPOSE, SAVE) for pk in this.data.getlist(name)}
    for row, outlook in builder.outlooks:
        if row.subject_id is None:
            continue
        stored, pk = outcome.sheet.stored.get(row.subject_id), str(row.subject_id)
        is_newer = pk in seen and str(stored.version if stored else 0) != seen[pk]
        if f"{row.name}-version" in this.data or pk in asked or is_newer:
            yield row.name, _row(this, builder, row, outlook, is_newer) | _year(this, typed.forms.get(row.subject_id))


def _row(this: Try, builder: Builder, row: SheetRow, outlook: Outlook, is_newer: bool) -> dict[str, Any]:
    # A page that shows months of the row must hear that somebody else has taken them away.
    entry = builder.entry(row, outlook, tells_months=is_newer)
    assert entry is not None
    fields = tuple(entry.fields())
    told = {
        "cells": {one.id: cell(one.cell) for one in builder.following(row, outlook)},
        "errors": {field.name: list(field.errors) for field in fields},
        "owed": entry.owed,
        "isCarried": entry.is_carried,
        "byMonth": entry.by_month,
        "conflict": entry.conflict,
        "isNewer": is_newer,
        "version": entry.version,
        "values": {field.name: field.value for field in fields},
        "seen": {field.name: field.seen for field in fields},
    }
    return told | _asked_for(this, builder, row, entry)


def _year(this: Try, form: RowForm | None) -> dict[str, Any]:
    """The year that the months make, as it is to stand in the row's field; none where they make no year."""
    return {"year": amount_text(form.forecast, this.unit)} if form and form.makes_year else {}


def _asked_for(this: Try, builder: Builder, row: SheetRow, entry: Entry) -> dict[str, Any]:
    """The months and proposals of a row, where the script asks for them."""
    pk = entry.subject_id
    proposed, _, kind = this.data.get(PROPOSE, "").partition(":")
    if pk in this.data.getlist(OPEN):
        return {
            "panel": render_to_string(
                "_parts/forecast_grid_panel.html", {"row": row, "entry": entry, "width": builder.width}
            )
        }
    if pk == proposed:
        return {"offer": next((asdict(offer) for offer in entry.offers if offer.key == kind), None)}
    return {}
