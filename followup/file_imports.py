"""A file of rows in three steps, whatever its rows are: choose it, look at what it would do, save that."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from followup.budget_actions import AlreadyEntered
from followup.editing import NOT_SAVED, UNREADABLE
from sydit.access import Permission, require, user_of
from sydit.errors import Refused
from sydit.imports import ListFileForm, Problem, RefusedRows, RowForm, SeenFileForm

MOST_SHOWN = 200  # problems and rows on a page


@dataclass(frozen=True, kw_only=True)
class FileImport(ABC):
    """One import: its words, addresses and forms, and what it does with a file.

    ``plan`` and ``save`` take the file's ``content`` and what else the two forms ask for, by field name; ``save`` also
    ``seen`` (the mark of what was looked at) and ``by``. Both give a plan with ``mark``, ``unused`` and
    ``changes_anything``, and raise ``Refused``; ``save`` raises ``AlreadyEntered`` for what was sent twice.
    """

    permission: Permission
    title: str
    lead: str
    row_form: type[RowForm]
    needed: str = ""  # without what a file is not read, where its headings do not tell all of it
    plan: Callable[..., Any]
    save: Callable[..., Any]
    upload_url: str
    save_url: str
    list_url: str
    list_label: str
    own_file_url: str = ""  # what is registered, as a file that can be read in again
    own_file_label: str = "registrets egen Excelfil"
    file_form: type[ListFileForm] = ListFileForm
    seen_form: type[SeenFileForm] = SeenFileForm
    initial: dict[str, Any] | None = None  # of the file's form

    preview_template: ClassVar[str]  # extends followup/file_preview.html

    @abstractmethod
    def preview(self, plan: Any, fields: Mapping[str, Any]) -> dict[str, Any]:
        """What the preview shows of a plan; ``fields`` are what was asked for beside the file."""

    @abstractmethod
    def told(self, plan: Any, fields: Mapping[str, Any]) -> str:
        """What is told when it is saved."""

    @property
    def headings(self) -> list[str]:
        """Those that are read."""
        return [str(field.label) for field in self.row_form.base_fields.values()]

    @property
    def needed_told(self) -> str:
        """What must be in a file, as a sentence."""
        if self.needed:
            return self.needed
        *most, last = [str(field.label) for field in self.row_form.base_fields.values() if field.required]
        return f"{', '.join(most)} och {last} måste finnas." if most else f"{last} måste finnas."


def upload(request: HttpRequest, page: FileImport) -> HttpResponse:
    """The form, and after it what the file would do. Nothing is saved here."""
    require(user_of(request), page.permission)
    if request.method != "POST":
        return _form_page(request, page, page.file_form(initial=page.initial))
    form = page.file_form(request.POST, request.FILES)
    if not form.is_valid():
        return _form_page(request, page, form, status=UNREADABLE)
    return _preview_page(request, page, form.cleaned_data["file"].read(), form.others)


def save(request: HttpRequest, page: FileImport) -> HttpResponse:
    """Save what was looked at."""
    user = user_of(request)
    require(user, page.permission)
    form = page.seen_form(request.POST)
    if not form.is_valid():
        told = dict.fromkeys(str(message) for of_field in form.errors.values() for message in of_field)
        messages.error(request, f"{' '.join(told)} Inget har sparats.")
        return redirect(page.upload_url)
    content, others = form.cleaned_data["content"], form.others
    try:
        done = page.save(content=content, seen=form.cleaned_data["seen"], by=user, **others)
    except AlreadyEntered as entered:
        messages.info(request, str(entered))
    except Refused as refused:
        return _preview_page(request, page, content, others, refusal=str(refused))
    else:
        messages.success(request, page.told(done, others))
    return redirect(page.list_url)


def _form_page(
    request: HttpRequest,
    page: FileImport,
    form: ListFileForm,
    *,
    problems: tuple[Problem, ...] = (),
    status: int = 200,
) -> HttpResponse:
    context = {
        "page": page,
        "form": form,
        "problems": problems[:MOST_SHOWN],
        "more_problems": max(len(problems) - MOST_SHOWN, 0),
    }
    return render(request, "followup/file_import.html", context, status=status)


def _preview_page(
    request: HttpRequest, page: FileImport, content: bytes, others: dict[str, Any], *, refusal: str = ""
) -> HttpResponse:
    try:
        plan = page.plan(content=content, **others)
    except Refused as refused:
        problems = refused.problems if isinstance(refused, RefusedRows) else (Problem(None, "", "", str(refused)),)
        return _form_page(request, page, page.file_form(initial=others), problems=problems, status=UNREADABLE)
    context = {
        "page": page,
        "plan": plan,
        "form": page.seen_form(initial={**SeenFileForm.initial_of(content, plan.mark), **others}),
        "refusal": refusal,
        **page.preview(plan, others),
    }
    return render(request, page.preview_template, context, status=NOT_SAVED if refusal else 200)
