"""The files as they came, to be saved again: what an auditor compares with what was read."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from followup.ledger import files
from followup.models import BudgetEntry, LedgerImport
from followup.views.imports import administrator_of
from followup.views.year_budget import year_for


@require_safe
def of_import(request: HttpRequest, pk: int) -> FileResponse:
    """The file of a ledger import."""
    administrator_of(request)
    imported = get_object_or_404(LedgerImport, pk=pk)
    return _sent(imported.file_id, imported.filename)


@require_safe
def of_budget(request: HttpRequest, year: int, pk: int) -> FileResponse:
    """The file that an entry of the year's budget was read from."""
    entry = get_object_or_404(BudgetEntry, pk=pk, category__fiscal_year=year_for(request, year), file__isnull=False)
    assert entry.file_id is not None
    return _sent(entry.file_id, entry.filename)


def _sent(sha256: str, filename: str) -> FileResponse:
    content = files.original(sha256).opened()
    return FileResponse(content, as_attachment=True, filename=filename, content_type="application/octet-stream")
