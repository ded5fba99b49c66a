"""Who may open what: every URL with every role, and nobody without logging in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from decisions.models import Decision
from followup.models import BudgetEntry, CostCategory, FollowUp, LedgerImport, Measure
from investments.models import InvestmentProject
from sydit.access import GRANTS, Permission, Role
from sydit.models import User
from sydit.report import publish
from tests import factories

USERS = {
    Role.CONTROLLER: "controller",
    Role.SECRETARY: "sekreterare",
    Role.ADMINISTRATOR: "administrator",
    Role.HEAD: "chef",
    Role.READER: "lasare",
}
EVERYBODY = set(Role)
STAFF = EVERYBODY - {Role.READER}
ADMINISTRATOR = {Role.ADMINISTRATOR}
BUDGET = {Role.ADMINISTRATOR, Role.CONTROLLER}
SECRETARY = {Role.SECRETARY}
DETAILS = {Role.CONTROLLER, Role.SECRETARY, Role.HEAD}

# URL name → the roles that get in, while the follow-up is a draft. The others get 403.
PAGES = {
    "start": EVERYBODY,
    "password_change": EVERYBODY,
    "password_change_done": EVERYBODY,
    "report": STAFF,
    "report-xlsx": STAFF,
    "report-json": STAFF,
    "ledger-lines": STAFF,
    "ledger-lines-xlsx": STAFF,
    "ledger-lines-csv": STAFF,
    "reconciliation": STAFF,
    "edition-report": STAFF,
    "edition-report-xlsx": STAFF,
    "edition-report-json": STAFF,
    "edition-reconciliation": STAFF,
    "edition-decision": SECRETARY,
    "edition-difference": STAFF,
    "edition-difference-json": STAFF,
    "edition-ledger-lines": STAFF,
    "edition-ledger-lines-xlsx": STAFF,
    "edition-ledger-lines-csv": STAFF,
    "forecast": STAFF,
    "investments": STAFF,
    "investments-overview": STAFF,
    "project": STAFF,
    "projects": STAFF,
    "projects-xlsx": STAFF,
    "project-page": STAFF,
    "project-add": ADMINISTRATOR,
    "project-edit": ADMINISTRATOR,
    "project-budget": BUDGET,
    "project-import": ADMINISTRATOR,
    "municipality": EVERYBODY,
    "municipality-xlsx": STAFF,
    "forecast-accuracy": STAFF,
    "history": STAFF,
    "history-xlsx": STAFF,
    "decisions": STAFF,
    "decision": STAFF,
    "measures": STAFF,
    "measures-xlsx": STAFF,
    "measure": STAFF,
    "measure-register": STAFF,
    "measure-register-xlsx": STAFF,
    "measure-page": STAFF,
    "measure-import": {Role.CONTROLLER},
    "measure-add": {Role.CONTROLLER},
    "decision-changes": STAFF,
    "decision-register": STAFF,
    "decision-register-xlsx": STAFF,
    "decision-page": STAFF,
    "decision-add": SECRETARY,
    "decision-edit": SECRETARY,
    "decision-import": SECRETARY,
    "opened": STAFF,
    "budget": STAFF,
    "budget-year": STAFF,
    "budget-category": STAFF,
    "budget-xlsx": STAFF,
    "budget-file": STAFF,
    "budget-adjust": BUDGET,
    "budget-transfer": BUDGET,
    "budget-import": BUDGET,
    "new-year": ADMINISTRATOR,
    "texts": STAFF,
    "approval": STAFF,
    "details": DETAILS,
    "imports": ADMINISTRATOR,
    "unassigned-accounts": ADMINISTRATOR,
    "import": ADMINISTRATOR,
    "import-file": ADMINISTRATOR,
    "import-undo": ADMINISTRATOR,
    "import-budget": ADMINISTRATOR,
    "import-columns": ADMINISTRATOR,
    "import-profiles": ADMINISTRATOR,
}
WRITES = {
    "budget-import-save": BUDGET,
    "decision-close": SECRETARY,
    "decision-reopen": SECRETARY,
    "decision-import-save": SECRETARY,
    "open-follow-up": {Role.CONTROLLER},
    "mark-ready": {Role.CONTROLLER, Role.SECRETARY},
    "open-part": {Role.CONTROLLER, Role.SECRETARY},
    "measure-remove": {Role.CONTROLLER},
    "measure-import-save": {Role.CONTROLLER},
    "text-review": {Role.CONTROLLER},
    "text-draft": {Role.CONTROLLER},
    "project-register": ADMINISTRATOR,
    "project-import-save": ADMINISTRATOR,
    "send-back": {Role.HEAD},
    "approve": {Role.HEAD},
    "begin-correction": {Role.HEAD},
    "abandon-correction": {Role.HEAD},
    "import-cancel": ADMINISTRATOR,
    "import-discard": ADMINISTRATOR,
    "import-change": ADMINISTRATOR,
    "import-columns-cancel": ADMINISTRATOR,
    "import-profile-remove": ADMINISTRATOR,
}
WRITES_ON_PAGES = {
    "details": DETAILS,
    "edition-decision": SECRETARY,
    "forecast": {Role.CONTROLLER},
    "investments": {Role.CONTROLLER},
    "texts": {Role.CONTROLLER},
    "measure": {Role.CONTROLLER},
    "measure-add": {Role.CONTROLLER},
    "measure-import": {Role.CONTROLLER},
    "decision": SECRETARY,
    "decision-add": SECRETARY,
    "decision-edit": SECRETARY,
    "decision-import": SECRETARY,
    "project-budget": BUDGET,
    "budget-adjust": BUDGET,
    "budget-transfer": BUDGET,
    "budget-import": BUDGET,
    "new-year": ADMINISTRATOR,
    "imports": ADMINISTRATOR,
    "unassigned-accounts": ADMINISTRATOR,
    "import": ADMINISTRATOR,
    "import-undo": ADMINISTRATOR,
    "import-budget": ADMINISTRATOR,
    "import-columns": ADMINISTRATOR,
}
OPENED = {"ledger-lines", "ledger-lines-xlsx", "ledger-lines-csv"}
EDITIONS = {name for name in PAGES if name.startswith("edition-")}  # a version, or the draft
# What has pages of its own, with their rules, is only shown in the admin.
ADDED_ELSEWHERE = ("decision_add", "investmentproject_add", "budgetentry_add")
WITHOUT_ROLE = {"login", "logout"}
READ_WHEN_PUBLISHED = {"municipality-xlsx", "report", "report-xlsx", "report-json", "reconciliation", *OPENED}

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry, f"{prefix}{entry.namespace or ''}{':' if entry.namespace else ''}")
        elif isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name}", str(entry.pattern)


def address(name: str, edition: str = "utkast") -> str:
    month = {"month": FollowUp.objects.get().period}
    known = {
        **{name: {**month, "table": "result", "row": "intakter"} for name in OPENED},
        **{name: {**month, "edition": edition} for name in EDITIONS},
        **{f"edition-{name}": {**month, "table": "result", "row": "intakter", "edition": edition} for name in OPENED},
        "project": {**month, "pk": InvestmentProject.objects.earliest("pk").pk},
        "municipality": {"slug": "laxa"},
        "municipality-xlsx": {"slug": "laxa"},
        "measure-page": {"key": measure_in_the_plan().key},
        "measure": {**month, "pk": measure_in_the_plan().pk},
        "measure-remove": {**month, "pk": measure_in_the_plan().pk},
        "decision": {**month, "pk": Decision.objects.earliest("decided_on").pk},
    }
    register = (
        "decision-register",
        "decision-register-xlsx",
        "decision-add",
        "decision-import",
        "decision-import-save",
        "projects",
        "projects-xlsx",
        "measure-register",
        "measure-register-xlsx",
        "measure-import",
        "measure-import-save",
        "project-add",
        "project-import",
        "project-import-save",
    )
    for of_decision in ("decision-page", "decision-edit", "decision-close", "decision-reopen"):
        known[of_decision] = {"pk": Decision.objects.earliest("decided_on").pk}
    for of_project in ("project-page", "project-edit", "project-budget"):
        known[of_project] = {"pk": InvestmentProject.objects.earliest("pk").pk}
    outside = (
        "start",
        "forecast-accuracy",
        "password_change",
        "password_change_done",
        "imports",
        "unassigned-accounts",
        "open-follow-up",
    )
    known |= {name: {} for name in (*outside, *register, "login", "logout")}
    steps = ("import-file", "import-cancel", "import-undo", "import-budget", "import-discard", "import-change")
    for of_import in ("import", *steps):
        known[of_import] = {"pk": LedgerImport.objects.get().pk}
    for of_file in ("import-columns", "import-columns-cancel"):
        known[of_file] = {"pk": factories.unmapped_file(by=User.objects.get(username="administrator")).pk}
    known["budget"] = known["new-year"] = {}
    known["budget-file"] = {"year": 2024, "pk": entry_of_a_file().pk}
    known["budget-category"] = {"year": 2024, "key": "intakter"}
    for of_year in (
        "budget-year",
        "budget-adjust",
        "budget-transfer",
        "budget-xlsx",
        "budget-import",
        "budget-import-save",
    ):
        known[of_year] = {"year": 2024}
    known |= {"import-profiles": {}, "import-profile-remove": {"pk": 1}}
    return reverse(name, kwargs=known.get(name, month))


def entry_of_a_file() -> BudgetEntry:
    """The demonstration's budget is entered by hand."""
    category, file = CostCategory.objects.get(key="intakter"), LedgerImport.objects.get().file
    by = User.objects.get(username="controller")
    entry = {"category": category, "amount": 0, "file": file, "filename": "budget.csv", "recorded_by": by}
    return BudgetEntry.objects.filter(file=file).first() or BudgetEntry.objects.create(**entry)


def measure_in_the_plan() -> Measure:
    """The demonstration's plan has none, as the committee's document."""
    return Measure.objects.first() or Measure.objects.create(follow_up=FollowUp.objects.get(), what="Spara")


def test_every_url_is_in_this_walk() -> None:
    names = {name for name, _ in patterns(get_resolver()) if not name.startswith("admin:")}
    assert names == set(PAGES) | set(WRITES) | WITHOUT_ROLE


def test_nobody_sees_a_page_without_logging_in(october: FollowUp, client: Client) -> None:
    for name in PAGES:
        answer = client.get(address(name))
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/logga-in/?next={address(name)}"), name
    for name in WRITES:
        assert client.post(address(name)).status_code == 302, name
    assert client.get("/admin/").status_code == 302
    assert FollowUp.objects.get().is_open


@pytest.mark.parametrize("role", Role)
def test_each_role_opens_its_pages_and_no_others(october: FollowUp, client: Client, role: Role) -> None:
    client.force_login(User.objects.get(username=USERS[role]))
    got = {name: client.get(address(name)).status_code for name in PAGES}
    assert got == {name: 200 if role in roles else 403 for name, roles in PAGES.items()}


@pytest.mark.parametrize("role", Role)
def test_a_role_that_may_not_write_is_told_so_and_changes_nothing(
    october: FollowUp, client: Client, role: Role
) -> None:
    client.force_login(User.objects.get(username=USERS[role]))
    for name, roles in {**WRITES, **WRITES_ON_PAGES}.items():
        if role not in roles:
            assert client.post(address(name)).status_code == 403, name
    assert FollowUp.objects.get().version == october.version


@pytest.mark.parametrize("name", WRITES)
def test_a_write_is_never_a_get(october: FollowUp, client: Client, name: str) -> None:
    (role, *_) = WRITES[name]
    client.force_login(User.objects.get(username=USERS[role]))
    answer = client.get(address(name))
    assert answer.status_code == 405
    assert "Sidan går inte att öppna så här" in answer.content.decode()


@pytest.mark.parametrize("role", Role)
def test_the_admin_is_for_whoever_keeps_master_data(october: FollowUp, client: Client, role: Role) -> None:
    client.force_login(User.objects.get(username=USERS[role]))
    expected = 200 if Permission.KEEP_MASTER_DATA in GRANTS[role] else 403
    for name, pattern in patterns(get_resolver()):
        if name.startswith("admin:") and name.endswith(("_changelist", "_add", "index")) and "<" not in pattern:
            refused = name.endswith(ADDED_ELSEWHERE)
            assert client.get(reverse(name)).status_code == (403 if refused else expected), name


def test_a_reader_reads_what_is_published_and_nothing_else(october: FollowUp, client: Client) -> None:
    FollowUp.objects.update(state=FollowUp.State.READY)
    publish.approve(follow_up=FollowUp.objects.get(), by=User.objects.get(username="chef"))
    client.force_login(User.objects.get(username="lasare"))
    got = {name for name in PAGES if client.get(address(name)).status_code == 200}
    assert got == READ_WHEN_PUBLISHED | {"start", "municipality", "password_change", "password_change_done"}
    versions = {name for name in EDITIONS if client.get(address(name, "version/1")).status_code == 200}
    assert versions == EDITIONS - {"edition-decision"}
    assert {client.get(address(name, "version/2")).status_code for name in versions} == {404}


def test_an_inactive_user_may_do_nothing() -> None:
    user = User(username="x", roles=[Role.ADMINISTRATOR.value], is_active=False)
    assert not user.is_staff


def test_permissions_of_several_roles_add_up() -> None:
    user = User(username="x", roles=[Role.READER.value, Role.ADMINISTRATOR.value])
    assert user.is_staff


def test_the_content_security_policy_forbids_inline_script_and_style(october: FollowUp, client: Client) -> None:
    policy = client.get("/logga-in/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
