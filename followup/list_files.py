"""A list as a file, in three steps that every register takes alike: choose it, look at what it would do, save that."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from followup.editing import NOT_SAVED, UNREADABLE
from followup.models import FollowUp
from sydit.access import Permission, require, user_of
from sydit.errors import Refused
from sydit.imports import Effect, ListFileForm, ListPlan, Problem, RefusedRows, RowForm, SeenFileForm

MOST_SHOWN = 200  # problems and rows on a page
OWN_FIELDS = {*ListFileForm.base_fields, *SeenFileForm.base_fields}


class OpenFollowUpField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """The follow-up that a file's rows belong to; ``required`` is what is told where none is chosen, if one must be."""

    def __init__(self, *, empty_label: str, help_text: str, required: str = "") -> None:
        super().__init__(
            FollowUp.objects.filter(state=FollowUp.State.OPEN).select_related("fiscal_year"),
            label="Uppföljning",
            required=bool(required),
            empty_label=empty_label,
            help_text=help_text,
            error_messages={"invalid_choice": "Uppföljningen är inte öppen. Välj en annan.", "required": required},
        )


@dataclass(frozen=True, kw_only=True)
class ListImport:
    """One register's import: its words, addresses and forms, and what it does with a file.

    ``plan`` and ``save`` take the file's ``content`` and what else the two forms ask for, by field name; ``save`` also
    ``seen`` (the mark of what was looked at) and ``by``. Both raise ``Refused``.
    """

    permission: Permission
    title: str
    lead: str
    heading: str  # of the preview's first column: what a row is about
    columns: tuple[str, ...]  # of the preview's other columns, as ``PlannedRow.cells``
    row_form: type[RowForm]
    plan: Callable[..., ListPlan[Any]]
    save: Callable[..., ListPlan[Any]]
    done: Callable[[ListPlan[Any]], str]  # what is told when it is saved
    upload_url: str
    save_url: str
    list_url: str
    list_label: str
    file_form: type[ListFileForm] = ListFileForm
    seen_form: type[SeenFileForm] = SeenFileForm
    initial: dict[str, Any] | None = None  # of the file's form
    note: Callable[[Mapping[str, Any]], str] = lambda fields: ""  # noqa: ARG005 - what the preview says of the fields

    @property
    def needed(self) -> str:
        """The headings without which a file is not read."""
        *most, last = [str(field.label) for field in self.row_form.base_fields.values() if field.required]
        return f"{', '.join(most)} och {last}" if most else last


def upload(request: HttpRequest, page: ListImport) -> HttpResponse:
    """The form, and after it what the file would do. Nothing is saved here."""
    require(user_of(request), page.permission)
    if request.method != "POST":
        return _form_page(request, page, page.file_form(initial=page.initial))
    form = page.file_form(request.POST, request.FILES)
    if not form.is_valid():
        return _form_page(request, page, form, status=UNREADABLE)
    return _preview_page(request, page, form.cleaned_data["file"].read(), _others(form))


def save(request: HttpRequest, page: ListImport) -> HttpResponse:
    """Save what was looked at."""
    user = user_of(request)
    require(user, page.permission)
    form = page.seen_form(request.POST)
    if not form.is_valid():
        told = dict.fromkeys(str(message) for of_field in form.errors.values() for message in of_field)
        messages.error(request, f"{' '.join(told)} Inget har sparats.")
        return redirect(page.upload_url)
    content, others = form.cleaned_data["content"], _others(form)
    try:
        done = page.save(content=content, seen=form.cleaned_data["seen"], by=user, **others)
    except Refused as refused:
        return _preview_page(request, page, content, others, refusal=str(refused))
    messages.success(request, page.done(done))
    return redirect(page.list_url)


def _others(form: forms.Form) -> dict[str, Any]:
    """What the form asks for beside the file."""
    return {name: value for name, value in form.cleaned_data.items() if name not in OWN_FIELDS}


def _form_page(
    request: HttpRequest, page: ListImport, form: forms.Form, *, problems: tuple[Problem, ...] = (), status: int = 200
) -> HttpResponse:
    context = {
        "page": page,
        "form": form,
        "headings": [str(field.label) for field in page.row_form.base_fields.values()],
        "problems": problems[:MOST_SHOWN],
        "more_problems": max(len(problems) - MOST_SHOWN, 0),
    }
    return render(request, "followup/list_import.html", context, status=status)


def _preview_page(
    request: HttpRequest, page: ListImport, content: bytes, others: dict[str, Any], *, refusal: str = ""
) -> HttpResponse:
    try:
        plan = page.plan(content=content, **others)
    except Refused as refused:
        problems = refused.problems if isinstance(refused, RefusedRows) else (Problem(None, "", "", str(refused)),)
        return _form_page(request, page, page.file_form(initial=others), problems=problems, status=UNREADABLE)
    rows = plan.changing
    context = {
        "page": page,
        "plan": plan,
        "counts": [(effect.value, plan.count(effect)) for effect in Effect],
        "rows": rows[:MOST_SHOWN],
        "more_rows": max(len(rows) - MOST_SHOWN, 0),
        "note": page.note(others),
        "form": page.seen_form(initial={**SeenFileForm.initial_of(content, plan.mark), **others}),
        "refusal": refusal,
    }
    status = NOT_SAVED if refusal else 200
    return render(request, "followup/list_import_preview.html", context, status=status)
