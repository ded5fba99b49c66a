"""Which pages a user can go to, from their permissions: the main menu and the tabs of a follow-up."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from sydit.access import Permission, allows
from sydit.periods import Month


@dataclass(frozen=True, slots=True)
class Entry:
    label: str
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class _Page:
    label: str
    url_name: str
    permission: Permission
    also: tuple[str, ...] = ()  # other URL names that belong under it
    is_frozen: bool = False  # an approved follow-up's page shows what was published; otherwise how things stand now

    def holds(self, view_name: str) -> bool:
        return view_name in (self.url_name, *self.also)


_IMPORTS = (
    "import", "import-budget", "import-columns", "import-profiles", "import-undo", "unassigned-accounts",
)  # fmt: skip
_REGISTER = tuple(f"decision-{page}" for page in ("page", "add", "edit", "close", "import", "import-save"))
_PROJECTS = tuple(f"project-{page}" for page in ("page", "add", "edit", "budget", "import", "import-save"))
_MEASURES = tuple(f"measure-{page}" for page in ("page", "import", "import-save"))
_BUDGET = tuple(f"budget-{page}" for page in ("year", "category", "adjust", "transfer", "import", "import-save"))
_APPROVAL = ("details", "mark-ready", "open-part", "send-back", "approve", "begin-correction", "abandon-correction")
_REPORT = ("ledger-lines", "edition-report", "edition-ledger-lines", "edition-difference", "edition-decision")
_MENU = (
    _Page("Översikt", "start", Permission.READ_PUBLISHED),
    _Page("Budget", "budget", Permission.READ_DRAFTS, (*_BUDGET, "new-year")),
    _Page("Prognossäkerhet", "forecast-accuracy", Permission.READ_DRAFTS),
    _Page("Beslut", "decision-register", Permission.READ_DRAFTS, _REGISTER),
    _Page("Investeringar", "projects", Permission.READ_DRAFTS, _PROJECTS),
    _Page("Åtgärder", "measure-register", Permission.READ_DRAFTS, _MEASURES),
    _Page("Huvudbok", "imports", Permission.IMPORT_LEDGER, _IMPORTS),
    _Page("Grunddata", "admin:index", Permission.KEEP_MASTER_DATA),
)
_TABS = (
    _Page("Rapport", "report", Permission.READ_PUBLISHED, _REPORT, is_frozen=True),
    _Page("Avstämning", "reconciliation", Permission.READ_PUBLISHED, ("edition-reconciliation",), is_frozen=True),
    _Page("Prognos", "forecast", Permission.READ_DRAFTS),
    _Page("Investeringar", "investments", Permission.READ_DRAFTS, ("investments-overview", "project")),
    _Page("Beslut", "decisions", Permission.READ_DRAFTS, ("decision", "decision-changes")),
    _Page("Åtgärder", "measures", Permission.READ_DRAFTS, ("measure", "measure-add")),
    _Page("Texter", "texts", Permission.READ_DRAFTS, ("text-review", "text-draft"), is_frozen=True),
    _Page("Godkännande", "approval", Permission.READ_DRAFTS, _APPROVAL, is_frozen=True),
    _Page("Historik", "history", Permission.READ_DRAFTS, is_frozen=True),
)


def navigation(request: HttpRequest) -> dict[str, object]:
    """Context processor: ``navigation`` for the main menu, and ``follow_up_tabs`` on a follow-up's pages.

    ``shows_today`` tells that a follow-up's page shows how things stand now, also after it was published.
    """
    if not hasattr(request, "user"):  # an error page, before the middleware has run
        return {"navigation": []}
    match = request.resolver_match
    month = match.kwargs.get("month") if match else None
    entries: dict[str, object] = {"navigation": _entries(request, _MENU, {})}
    if match and isinstance(month, Month):
        entries["follow_up_tabs"] = _entries(request, _TABS, {"month": month})
        entries["shows_today"] = any(page.holds(match.view_name) and not page.is_frozen for page in _TABS)
    return entries


def _entries(request: HttpRequest, pages: tuple[_Page, ...], kwargs: dict[str, object]) -> list[Entry]:
    here = request.resolver_match.view_name if request.resolver_match else ""
    return [
        Entry(page.label, reverse(page.url_name, kwargs=kwargs), page.holds(here))
        for page in pages
        if allows(request.user, page.permission)
    ]
