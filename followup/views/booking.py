"""One import: what it would book, the booking itself, its receipt, and how it is undone."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from followup.forms import BookForm, ConfirmForm
from followup.ledger import load, undo
from followup.ledger.cautions import cautions, remarks
from followup.ledger.control import DoesNotAgree
from followup.ledger.labels import months_text, rows_text
from followup.ledger.load import AlreadyBooked
from followup.ledger.preview import Preview, preview
from followup.models import LedgerImport
from followup.tables import AccountChangeTable, current_periods
from followup.views.imports import GONE, administrator_of, format_text, gone, import_or_none
from sydit.errors import Refused
from sydit.models import User
from sydit.progress import Progress, answered
from sydit.tables import paged

PARAGRAPHS = "\n\n"  # several sentences in one notice


@require_http_methods(["GET", "HEAD", "POST"])
def ledger_import(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What an uploaded file would book; after that, the receipt of what it did."""
    user = administrator_of(request)
    shown = import_or_none(pk)
    if request.method == "POST":
        return answered(request, lambda progress: _book(request, shown, user, progress)) if shown else gone(request)
    if shown is None:
        raise Http404(GONE)
    found = preview(shown)
    return _page(request, shown, found, BookForm(asked=cautions(found)))


def _book(request: HttpRequest, waiting: LedgerImport, user: User, progress: Progress) -> HttpResponse:
    """Book what was previewed; ``seen`` are the months that the preview said would be replaced."""
    found = preview(waiting)
    form = BookForm(request.POST, asked=() if waiting.is_booked else cautions(found))
    if not form.is_valid():
        return _page(request, waiting, found, form, status=422)
    try:
        booked = load.book(
            ledger_import=waiting,
            seen=[int(value) for value in request.POST.getlist("seen") if value.isdecimal()],
            confirmed=form.confirmed,
            control_total=form.cleaned_data["control_total"],
            by=user,
            progress=progress,
        )
    except AlreadyBooked as already:
        messages.info(request, str(already))
        return redirect("import", pk=already.ledger_import.pk)
    except Refused as refused:
        return _not_booked(request, waiting, refused)
    months = months_text(month.period for month in booked.months.all())
    messages.success(request, f"{booked.filename} är bokförd: {rows_text(booked.rows)}, {months}.")
    return redirect("import", pk=booked.pk)


def _not_booked(request: HttpRequest, waiting: LedgerImport, refused: Refused) -> HttpResponse:
    """The import as it stands now, with the reason and everything that was typed."""
    current = import_or_none(waiting.pk)
    if current is None or current.is_booked:
        messages.error(request, str(refused))
        return redirect("import", pk=current.pk) if current else redirect("imports")
    found = preview(current)
    form = BookForm(request.POST, asked=cautions(found))
    form.add_error("control_total" if isinstance(refused, DoesNotAgree) else None, str(refused))
    return _page(request, current, found, form, status=422)


def _page(
    request: HttpRequest, shown: LedgerImport, found: Preview, form: BookForm, *, status: int = 200
) -> HttpResponse:
    return render(
        request,
        "followup/import.html",
        {
            "import": shown,
            "format": format_text(shown.format, shown.encoding),
            "months": months_text(month.period for month in shown.months.all()),
            "supplies": months_text(current_periods(shown)),
            "preview": found,
            "agrees": found.read == shown.total,
            "form": form,
            "remarks": "" if shown.is_booked else PARAGRAPHS.join(remarks(found)),
            "notices": PARAGRAPHS.join(shown.notices),
            "changes": paged(AccountChangeTable(found.changes), request),
        },
        status=status,
    )


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell what became of an import whose booking the user has broken off, once it has ended either way."""
    administrator_of(request)
    broken_off = import_or_none(pk)
    settled = load.settled(broken_off) if broken_off else None
    if settled is None:
        return gone(request)
    if settled.is_booked:
        messages.warning(request, f"{settled.filename} hann bokföras innan importen avbröts. Den kan ångras.")
    else:
        messages.info(request, "Importen avbröts, inget har ändrats.")
    return redirect("import", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def undo_import(request: HttpRequest, pk: int) -> HttpResponse:
    """What comes back when an import is undone, and the button that does it."""
    user = administrator_of(request)
    shown = import_or_none(pk)
    if shown is None:
        raise Http404(GONE)
    if not shown.is_booked:
        return redirect("import", pk=pk)
    found = preview(shown)
    form = ConfirmForm(request.POST if request.method == "POST" else None, asked=undo.cautions(found))
    if not form.is_valid():
        return _undo_page(request, shown, found, form)
    try:
        undone = undo.undo(ledger_import=shown, confirmed=form.confirmed, by=user)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _undo_page(request, shown, found, form)
    months = months_text(month.period for month in undone.months.all())
    messages.success(request, f"{undone.filename} är ångrad: {months} är som före importen.")
    return redirect("import", pk=pk)


def _undo_page(request: HttpRequest, shown: LedgerImport, found: Preview, form: ConfirmForm) -> HttpResponse:
    return render(
        request,
        "followup/import_undo.html",
        {"import": shown, "preview": found, "form": form, "why_not": undo.why_not(shown)},
        status=422 if form.errors else 200,
    )
