"""The ledger's imports: the list, a new file, and a file that is thrown away."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from followup.forms import UploadForm
from followup.ledger import load, mapping, unmapped
from followup.ledger.content import Content
from followup.ledger.labels import encoding_label, format_label, is_ledger_format, rows_text
from followup.ledger.load import AlreadyBooked, RefusedFile
from followup.ledger.parsed import MOST_PROBLEMS
from followup.models import FiscalYear, LedgerImport, UnmappedFile
from followup.tables import ImportTable
from sydit.access import Permission, require, user_of
from sydit.errors import Refused
from sydit.models import User
from sydit.progress import Cancelled, Progress, answered
from sydit.tables import paged

GONE = "Importen finns inte längre: den har kastats, och inget av den är bokfört."


def administrator_of(request: HttpRequest) -> User:
    user = user_of(request)
    require(user, Permission.IMPORT_LEDGER)
    return user


def import_or_none(pk: int) -> LedgerImport | None:
    people = ("fiscal_year", "uploaded_by", "booked_by", "undone_by")
    return LedgerImport.objects.select_related(*people).filter(pk=pk).first()


def gone(request: HttpRequest) -> HttpResponse:
    messages.info(request, GONE)
    return redirect("imports")


def format_text(name: str, encoding: str) -> str:
    return f"{format_label(name)}, {encoding_label(encoding)}" if encoding else format_label(name)


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponseBase:
    """The imports, and the form that begins a new one."""
    user = administrator_of(request)
    if request.method != "POST":
        return _list_page(request, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _list_page(request, form, status=422)
    return answered(request, lambda progress: _upload(request, form, user, progress))


def _upload(request: HttpRequest, form: UploadForm, user: User, progress: Progress) -> HttpResponse:
    file, year = form.cleaned_data["file"], form.cleaned_data["fiscal_year"]
    content = Content.copied(file.chunks())
    unmapped.remove_abandoned(by=user)
    try:
        uploaded = load.upload(content=content, filename=file.name, fiscal_year=year, by=user, progress=progress)
    except RefusedFile as refused:
        held = None
        if refused.parsed.is_askable and mapping.tables(content):
            held = unmapped.hold(content=content, filename=file.name, fiscal_year=year, by=user)
        return refused_page(request, refused, year, held)
    except AlreadyBooked as already:
        messages.info(request, str(already))
        return redirect("import", pk=already.ledger_import.pk)
    except Cancelled:
        return redirect("imports")  # whoever broke it off is told by the page they are on
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("imports")
    return redirect("import", pk=uploaded.pk)


def _list_page(request: HttpRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    rows = LedgerImport.objects.select_related("uploaded_by", "booked_by").prefetch_related("months")
    return render(
        request,
        "followup/imports.html",
        {
            "form": form,
            "has_year": FiscalYear.objects.exists(),
            "held": UnmappedFile.objects.kept(),
            "table": paged(ImportTable(rows), request),
        },
        status=status,
    )


def refused_page(
    request: HttpRequest, refused: RefusedFile, fiscal_year: FiscalYear, held: UnmappedFile | None
) -> HttpResponse:
    """Everything that is wrong with the file, and the form to try again with the same year.

    ``held`` is the file where somebody can say what its columns are.
    """
    parsed = refused.parsed
    return render(
        request,
        "followup/import_refused.html",
        {
            "parsed": parsed,
            "is_ledger": is_ledger_format(parsed.format),
            "format": format_text(parsed.format, parsed.encoding),
            "rows": rows_text(parsed.rows),
            "has_more": len(parsed.problems) >= MOST_PROBLEMS,
            "held": held,
            "form": UploadForm(initial={"fiscal_year": fiscal_year}),
        },
        status=422,
    )


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    user = administrator_of(request)
    waiting = import_or_none(pk)
    if waiting is None:
        return gone(request)
    try:
        load.discard(ledger_import=waiting, by=user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("import", pk=pk)
    messages.success(request, f"{waiting.filename} är kastad. Inget har bokförts.")
    return redirect("imports")
