"""The ledger's imports: upload a file, look at what it would book, book it or throw it away."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from followup.forms import UploadForm
from followup.ledger import load
from followup.ledger.cautions import cautions
from followup.ledger.labels import encoding_label, format_label, months_text, rows_text
from followup.ledger.load import AlreadyBooked, RefusedFile
from followup.ledger.parsed import MOST_PROBLEMS
from followup.ledger.preview import preview
from followup.models import FiscalYear, LedgerImport
from followup.tables import AccountChangeTable, ImportTable, current_periods
from sydit.access import Permission, require, user_of
from sydit.errors import Refused
from sydit.models import User
from sydit.tables import paged

GONE = "Importen finns inte längre: den har kastats, och inget av den är bokfört."
PARAGRAPHS = "\n\n"  # several sentences in one notice


def _administrator(request: HttpRequest) -> User:
    user = user_of(request)
    require(user, Permission.IMPORT_LEDGER)
    return user


def _import_or_none(pk: int) -> LedgerImport | None:
    return LedgerImport.objects.select_related("fiscal_year", "uploaded_by", "booked_by").filter(pk=pk).first()


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """The imports, and the form that begins a new one."""
    user = _administrator(request)
    if request.method != "POST":
        return _list_page(request, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _list_page(request, form, status=422)
    file = form.cleaned_data["file"]
    try:
        uploaded = load.upload(
            content=file.read(), filename=file.name, fiscal_year=form.cleaned_data["fiscal_year"], by=user
        )
    except RefusedFile as refused:
        return _refused_page(request, refused, form)
    except AlreadyBooked as already:
        messages.info(request, str(already))
        return redirect("import", pk=already.ledger_import.pk)
    return redirect("import", pk=uploaded.pk)


def _list_page(request: HttpRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    rows = LedgerImport.objects.select_related("uploaded_by", "booked_by").prefetch_related("months")
    return render(
        request,
        "followup/imports.html",
        {"form": form, "has_year": FiscalYear.objects.exists(), "table": paged(ImportTable(rows), request)},
        status=status,
    )


def _refused_page(request: HttpRequest, refused: RefusedFile, form: UploadForm) -> HttpResponse:
    """Everything that is wrong with the file, and the form to try again with the same year."""
    parsed = refused.parsed
    return render(
        request,
        "followup/import_refused.html",
        {
            "parsed": parsed,
            "format": _format(parsed.format, parsed.encoding),
            "rows": rows_text(parsed.rows),
            "has_more": len(parsed.problems) >= MOST_PROBLEMS,
            "form": UploadForm(initial={"fiscal_year": form.cleaned_data["fiscal_year"]}),
        },
        status=422,
    )


def _format(name: str, encoding: str) -> str:
    return f"{format_label(name)}, {encoding_label(encoding)}" if encoding else format_label(name)


@require_safe
def ledger_import(request: HttpRequest, pk: int) -> HttpResponse:
    """What an uploaded file would book; after that, the receipt of what it did."""
    _administrator(request)
    shown = _import_or_none(pk)
    if shown is None:
        raise Http404(GONE)
    found = preview(shown)
    return render(
        request,
        "followup/import.html",
        {
            "import": shown,
            "format": _format(shown.format, shown.encoding),
            "months": months_text(month.period for month in shown.months.all()),
            "supplies": months_text(current_periods(shown)),
            "preview": found,
            "cautions": "" if shown.is_booked else PARAGRAPHS.join(cautions(found)),
            "notices": PARAGRAPHS.join(shown.notices),
            "changes": paged(AccountChangeTable(found.changes), request),
        },
    )


@require_POST
def book(request: HttpRequest, pk: int) -> HttpResponse:
    """Book what was previewed; ``seen`` are the months that the preview said would be replaced."""
    user = _administrator(request)
    waiting = _import_or_none(pk)
    if waiting is None:
        return _gone(request)
    seen = [int(value) for value in request.POST.getlist("seen") if value.isdecimal()]
    try:
        booked = load.book(ledger_import=waiting, seen=seen, by=user)
    except AlreadyBooked as already:
        messages.info(request, str(already))
        return redirect("import", pk=already.ledger_import.pk)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("import", pk=pk) if _import_or_none(pk) else redirect("imports")
    months = months_text(month.period for month in booked.months.all())
    messages.success(request, f"{booked.filename} är bokförd: {rows_text(booked.rows)}, {months}.")
    return redirect("import", pk=booked.pk)


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    user = _administrator(request)
    waiting = _import_or_none(pk)
    if waiting is None:
        return _gone(request)
    try:
        load.discard(ledger_import=waiting, by=user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("import", pk=pk)
    messages.success(request, f"{waiting.filename} är kastad. Inget har bokförts.")
    return redirect("imports")


def _gone(request: HttpRequest) -> HttpResponse:
    messages.info(request, GONE)
    return redirect("imports")
