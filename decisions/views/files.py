"""An existing list of decisions: choose the file, look at what it would do, save it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from decisions import importing
from decisions.importing import DecisionRowForm, Plan
from followup import file_imports
from followup.list_files import ListImport, OpenFollowUpField
from followup.models import FollowUp
from sydit.access import Permission
from sydit.imports import Effect, ListFileForm, SeenFileForm
from sydit.money import grouped


def _follow_up() -> OpenFollowUpField:
    return OpenFollowUpField(
        empty_label="Filen har ingen status",
        help_text="Den öppna uppföljning som filens status och kommentarer gäller.",
    )


class DecisionFileForm(ListFileForm):
    follow_up = _follow_up()


class SeenDecisionFileForm(SeenFileForm):
    follow_up = _follow_up()


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """The form, and after it what the file would do. Nothing is saved here."""
    return file_imports.upload(request, _page())


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Save what was looked at."""
    return file_imports.save(request, _page())


def _page() -> ListImport:
    return ListImport(
        permission=Permission.UPDATE_DECISIONS,
        title="Läs in beslut",
        lead="En lista som redan finns, i Excel eller CSV. Ett beslut känns igen på datum och paragraf; "
        "en tom cell ändrar inget.",
        heading="Beslut",
        columns=("Vad nämnden beslutade", "Ansvarig", "Förfaller", "Status", "Kommentar"),
        row_form=DecisionRowForm,
        file_form=DecisionFileForm,
        seen_form=SeenDecisionFileForm,
        initial={"follow_up": FollowUp.objects.filter(state=FollowUp.State.OPEN).first()},
        note=_note,
        plan=importing.plan,
        save=importing.save,
        done=_done,
        upload_url=reverse("decision-import"),
        save_url=reverse("decision-import-save"),
        own_file_url=reverse("decision-register-xlsx"),
        list_url=reverse("decision-register"),
        list_label="Alla beslut",
    )


def _note(fields: Mapping[str, Any]) -> str:
    follow_up = fields["follow_up"]
    return f"Status och kommentarer gäller uppföljningen {follow_up.period.label}." if follow_up else ""


def _done(plan: Plan) -> str:
    added, changed = plan.count(Effect.ADDED), plan.count(Effect.CHANGED)
    return f"Listan är sparad: {grouped(added)} nya beslut och {grouped(changed)} ändrade."
