"""More or less of a budget, whosever it is, in three steps: type it, look at what it would do, save that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from followup.budget_actions import AlreadyEntered
from followup.budget_forms import AmountsForm
from followup.budget_preview import Preview, ground_text
from followup.editing import NOT_SAVED, UNREADABLE, tell_saved
from followup.register_forms import form_page
from sydit.access import user_of
from sydit.errors import Refused


@dataclass(frozen=True, kw_only=True)
class BudgetChange:
    """One budget's change: its words and addresses, the form, what that would do, and the action that does it.

    ``enter`` takes the form, ``seen`` (the preview's mark) and ``by``, and raises ``AlreadyEntered`` and ``Refused``.
    """

    title: str
    lead: str
    review: str  # the heading of the preview
    back_url: str
    back_label: str
    blank: Callable[[], AmountsForm]
    read: Callable[[QueryDict], AmountsForm]
    preview: Callable[[Any], Preview]
    enter: Callable[..., Any]
    template: str = "followup/budget_change.html"
    beside: Callable[[], dict[str, Any]] = dict  # what its template shows beside the form


def change(request: HttpRequest, page: BudgetChange) -> HttpResponse:
    """The form, the preview, or what became of saving it. The caller has checked the permission."""
    if request.method != "POST":
        return _form_page(request, page, page.blank())
    form = page.read(request.POST)
    if not form.is_valid():
        return _form_page(request, page, form, status=UNREADABLE)
    step = request.POST.get("step")
    if step == "edit":
        return _form_page(request, page, form)
    if step != "save":
        return _preview_page(request, page, form)
    try:
        page.enter(form, seen=request.POST.get("seen", ""), by=user_of(request))
    except AlreadyEntered as done:
        messages.info(request, str(done))
    except Refused as refused:
        return _preview_page(request, page, form, refusal=str(refused))
    else:
        tell_saved(request, "Budgeten är ändrad.")
    return redirect(page.back_url)


def _form_page(request: HttpRequest, page: BudgetChange, form: AmountsForm, *, status: int = 200) -> HttpResponse:
    return form_page(
        request,
        form,
        title=page.title,
        back_url=page.back_url,
        template=page.template,
        status=status,
        page=page,
        **page.beside(),
    )


def _preview_page(request: HttpRequest, page: BudgetChange, form: AmountsForm, *, refusal: str = "") -> HttpResponse:
    context = {
        "page": page,
        "form": form,
        "decision": ground_text(form.ground),
        "preview": page.preview(form),
        "refusal": refusal,
    }
    status = NOT_SAVED if refusal else 200
    return render(request, "followup/budget_change_preview.html", context, status=status)
