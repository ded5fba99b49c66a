"""A list of measures: choose the file and the follow-up, look at what it would do, save it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from followup import file_imports
from followup.list_files import ListImport, OpenFollowUpField
from followup.measures import importing
from followup.measures.importing import MeasureRowForm, Planned
from followup.models import FollowUp
from sydit.access import Permission
from sydit.imports import Effect, ListFileForm, ListPlan, SeenFileForm
from sydit.money import grouped


def _follow_up() -> OpenFollowUpField:
    return OpenFollowUpField(
        empty_label="Välj uppföljning",
        help_text="Den öppna uppföljning vars plan åtgärderna hör till.",
        required="Välj den uppföljning vars plan filen gäller.",
    )


class MeasureFileForm(ListFileForm):
    follow_up = _follow_up()


class SeenMeasureFileForm(SeenFileForm):
    follow_up = _follow_up()


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """The form, and after it what the file would do. Nothing is saved here."""
    return file_imports.upload(request, _page(request.GET.get("uppfoljning", "")))


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Save what was looked at."""
    return file_imports.save(request, _page())


def _page(asked: str = "") -> ListImport:
    open_ones = FollowUp.objects.filter(state=FollowUp.State.OPEN).select_related("fiscal_year")
    chosen = [each for each in open_ones if str(each.period) == asked] or list(open_ones[:1])
    return ListImport(
        permission=Permission.ENTER_FORECASTS,
        title="Läs in åtgärder",
        lead="En lista i Excel eller CSV, till exempel planens egen Excelfil. En åtgärd känns igen på nyckeln, eller "
        "på exakt samma ord; en tom cell ändrar inget. En åtgärd som förts hit från förra uppföljningen bekräftas av "
        "sin rad.",
        heading="Åtgärd",
        columns=(
            "Kostnadskategori",
            "Ansvarig",
            "Klar senast",
            "Status",
            "Effekt i år",
            "Effekt på helår",
            "Effekt hittills",
        ),
        row_form=MeasureRowForm,
        file_form=MeasureFileForm,
        seen_form=SeenMeasureFileForm,
        initial={"follow_up": chosen[0] if chosen else None},
        note=_note,
        plan=importing.plan,
        save=importing.save,
        done=_done,
        upload_url=reverse("measure-import"),
        save_url=reverse("measure-import-save"),
        own_file_url=reverse("measure-register-xlsx"),
        list_url=reverse("measure-register"),
        list_label="Alla åtgärder",
    )


def _note(fields: Mapping[str, Any]) -> str:
    return f"Åtgärderna hör till planen för {fields['follow_up'].period.label}."


def _done(plan: ListPlan[Planned]) -> str:
    added, changed = plan.count(Effect.ADDED), plan.count(Effect.CHANGED)
    return f"Listan är sparad: {grouped(added)} nya åtgärder och {grouped(changed)} ändrade."
