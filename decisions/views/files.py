"""An existing list of decisions: choose the file, look at what it would do, save it."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from decisions import importing
from decisions.importing import DecisionRowForm, Effect
from followup.editing import NOT_SAVED, UNREADABLE
from followup.models import FollowUp
from sydit.access import Permission, require, user_of
from sydit.errors import Refused
from sydit.imports import ListFileForm, Problem, RefusedRows, SeenFileForm
from sydit.money import grouped

MOST_SHOWN = 200  # problems and rows on a page


class _FollowUpField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """The follow-up that the file's statuses belong to."""

    def __init__(self) -> None:
        super().__init__(
            FollowUp.objects.filter(state=FollowUp.State.OPEN).select_related("fiscal_year"),
            label="Uppföljning",
            required=False,
            empty_label="Filen har ingen status",
            help_text="Den öppna uppföljning som filens status och kommentarer gäller.",
            error_messages={"invalid_choice": "Uppföljningen är inte öppen. Välj en annan."},
        )


class DecisionFileForm(ListFileForm):
    follow_up = _FollowUpField()


class SeenDecisionFileForm(SeenFileForm):
    follow_up = _FollowUpField()


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """The form, and after it what the file would do. Nothing is saved here."""
    require(user_of(request), Permission.UPDATE_DECISIONS)
    if request.method != "POST":
        return _form_page(
            request, DecisionFileForm(initial={"follow_up": FollowUp.objects.filter(state="open").first()})
        )
    form = DecisionFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _form_page(request, form, status=UNREADABLE)
    file, follow_up = form.cleaned_data["file"], form.cleaned_data["follow_up"]
    return _preview_page(request, file.read(), follow_up, status=200)


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Save what was looked at."""
    user = user_of(request)
    require(user, Permission.UPDATE_DECISIONS)
    form = SeenDecisionFileForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Filen kom inte fram hel, eller uppföljningen är inte längre öppen. Inget har sparats.")
        return redirect("decision-import")
    content, follow_up = form.cleaned_data["content"], form.cleaned_data["follow_up"]
    try:
        done = importing.save(content=content, follow_up=follow_up, seen=form.cleaned_data["seen"], by=user)
    except Refused as refused:
        return _preview_page(request, content, follow_up, refusal=str(refused), status=NOT_SAVED)
    added, changed = done.count(Effect.ADDED), done.count(Effect.CHANGED)
    messages.success(request, f"Listan är sparad: {grouped(added)} nya beslut och {grouped(changed)} ändrade.")
    return redirect("decision-register")


def _form_page(
    request: HttpRequest, form: forms.Form, *, problems: tuple[Problem, ...] = (), status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "headings": [str(field.label) for field in DecisionRowForm.base_fields.values()],
        "problems": problems[:MOST_SHOWN],
        "more_problems": max(len(problems) - MOST_SHOWN, 0),
    }
    return render(request, "decisions/import.html", context, status=status)


def _preview_page(
    request: HttpRequest, content: bytes, follow_up: FollowUp | None, *, refusal: str = "", status: int
) -> HttpResponse:
    again = DecisionFileForm(initial={"follow_up": follow_up})
    try:
        plan = importing.plan(content, follow_up)
    except RefusedRows as refused:
        return _form_page(request, again, problems=refused.problems, status=UNREADABLE)
    except Refused as refused:
        return _form_page(request, again, problems=(Problem(None, "", "", str(refused)),), status=UNREADABLE)
    initial = {**SeenFileForm.initial_of(content, plan.mark), "follow_up": follow_up.pk if follow_up else ""}
    changing = [row for row in plan.rows if row.effect is not Effect.SAME]
    seen = SeenDecisionFileForm(initial=initial)
    seen.fields["follow_up"].widget = forms.HiddenInput()
    context = {
        "plan": plan,
        "counts": [(effect.value, plan.count(effect)) for effect in Effect],
        "rows": changing[:MOST_SHOWN],
        "more_rows": max(len(changing) - MOST_SHOWN, 0),
        "follow_up": follow_up,
        "form": seen,
        "refusal": refusal,
    }
    return render(request, "decisions/import_preview.html", context, status=status)
