"""The form of a register, that every register takes alike: a new row, and a change of one that two may edit at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from followup.editing import NOT_SAVED, UNREADABLE, draft_key, tell_saved
from sydit.access import Permission, require, user_of
from sydit.errors import Refused, StaleEdit


@dataclass(frozen=True, kw_only=True)
class RegisterForm:
    """One register's form: its words, addresses and actions.

    ``form`` and ``new_form`` are a :class:`followup.editing.VersionedForm` with ``content``, what was entered, and
    ``of`` and ``stored`` as the registers' forms have them. ``add`` takes that form and ``by`` and gives the row;
    ``edit`` takes the row, ``content``, ``seen_version`` and ``by``, and tells whether anything changed. Both raise
    ``Refused``, ``edit`` also ``StaleEdit``.
    """

    permission: Permission
    form: Any
    new_form: Any
    new_title: str
    title: Callable[[Any], str]
    add: Callable[..., Any]
    edit: Callable[..., bool]
    added: Callable[[Any], str]  # what is told of a new row
    saved: str
    row_url: str
    list_url: str


def add(request: HttpRequest, page: RegisterForm) -> HttpResponse:
    """Register a row."""
    require(user_of(request), page.permission)
    if request.method != "POST":
        return _page(request, page, page.new_form(initial={"version": 0}))
    form = page.new_form(request.POST)
    if not form.is_valid():
        return _page(request, page, form, status=UNREADABLE)
    try:
        row = page.add(form, by=user_of(request))
    except Refused as refused:
        return _page(request, page, form, refusal=str(refused), status=NOT_SAVED)
    tell_saved(request, page.added(row))
    return redirect(page.row_url, pk=row.pk)


def edit(request: HttpRequest, page: RegisterForm, row: Any) -> HttpResponse:
    """Change what the register says of a row. The caller has checked the permission, and found the row."""
    if request.method != "POST":
        return _page(request, page, page.form.of(row), row)
    form = page.form(request.POST)
    if not form.is_valid():
        return _page(request, page, form, row, status=UNREADABLE)
    try:
        changed = page.edit(row, content=form.content, seen_version=form.cleaned_data["version"], by=user_of(request))
    except StaleEdit as stale:
        stored = type(row).objects.get(pk=row.pk)
        renewed = form.seen(stored.version, **page.form.stored(stored))
        return _page(request, page, renewed, stored, refusal=str(stale), status=NOT_SAVED)
    except Refused as refused:
        return _page(request, page, form, row, refusal=str(refused), status=NOT_SAVED)
    if changed:
        tell_saved(request, page.saved)
    else:
        messages.info(request, "Inget var ändrat, så inget har sparats.")
    return redirect(page.row_url, pk=row.pk)


def _page(request: HttpRequest, page: RegisterForm, form: Any, row: Any = None, **answer: Any) -> HttpResponse:
    title = page.title(row) if row else page.new_title
    back_url = reverse(page.row_url, kwargs={"pk": row.pk}) if row else reverse(page.list_url)
    return form_page(request, form, title=title, back_url=back_url, **answer)


def form_page(
    request: HttpRequest,
    form: Any,
    *,
    title: str,
    back_url: str,
    template: str = "followup/register_form.html",
    refusal: str = "",
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """The page of a form. ``refusal`` is why a try was refused; another ``template`` extends the registers' own."""
    context |= {
        "title": title,
        "form": form,
        "back_url": back_url,
        "refusal": refusal,
        "is_answer": request.method == "POST",
        "draft_key": draft_key(request),
    }
    return render(request, template, context, status=status)
