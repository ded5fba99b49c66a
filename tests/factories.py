"""What tests put in the database: keyword-only, and through the application's own actions where it has any."""

from __future__ import annotations

import datetime as dt
from itertools import count

from django.utils import timezone

from decisions.models import Decision
from followup import actions
from followup.ledger import load, profiles, unmapped
from followup.ledger.cautions import Concern
from followup.ledger.columns import Kind
from followup.ledger.content import Content
from followup.ledger.preview import preview
from followup.ledger.profile import DELIMITED, Profile, Shape
from followup.models import (
    AccountRule,
    BudgetEntry,
    CostCategory,
    FiscalYear,
    FollowUp,
    ImportProfile,
    LedgerImport,
    UnmappedFile,
)
from followup.parts import Part
from investments.models import InvestmentProject, Municipality, ProjectBudgetEntry
from sydit import master_data
from sydit.access import Role
from sydit.models import Publication, User
from sydit.periods import Month
from sydit.report import readiness
from sydit.report.build import build_report, read_inputs
from sydit.report.checks import all_checks, yellow
from sydit.report.document import checksum

PASSWORD = "a-long-test-password"
OCTOBER = Month(2024, 10)
_numbers = count(1)


def user(*, role: Role | None = Role.ADMINISTRATOR, username: str = "", name: str = "", is_active: bool = True) -> User:
    """Somebody with one role, or none."""
    username = username or f"{role.value if role else 'nobody'}-{next(_numbers)}"
    roles = [role.value] if role else []
    return User.objects.create_user(username, PASSWORD, name=name or username, roles=roles, is_active=is_active)


def fiscal_year(*, year: int = 2024) -> FiscalYear:
    """The year, made the first time it is asked for."""
    return FiscalYear.objects.get_or_create(year=year)[0]


def category(
    *,
    key: str = "costs",
    name: str = "Övriga kostnader",
    prefixes: tuple[str, ...] = (),
    budget: int | None = None,
    position: int = 0,
    year: FiscalYear | None = None,
) -> CostCategory:
    """A category with its account rules and, in öre, its budget."""
    year = year or fiscal_year()
    made = CostCategory.objects.create(fiscal_year=year, key=key, name=name, position=position)
    for prefix in prefixes:
        account_rule(prefix=prefix, category=made)
    if budget is not None:
        BudgetEntry.objects.create(category=made, amount=budget, recorded_by=user())
    return made


def account_rule(
    *, prefix: str, category: CostCategory | None = None, reason: str = "", year: FiscalYear | None = None
) -> AccountRule:
    """Account prefix → category; without a category the accounts do not count, for ``reason``."""
    year = category.fiscal_year if category else year or fiscal_year()
    return AccountRule.objects.create(fiscal_year=year, prefix=prefix, category=category, reason=reason)


def municipality(*, name: str = "Lekeberg") -> Municipality:
    return Municipality.objects.get_or_create(name=name)[0]


def project(
    *,
    code: str = "91002",
    name: str = "IT Invest Lekeberg",
    municipality: Municipality | None = None,
    budget: int | None = None,
    year: FiscalYear | None = None,
    position: int = 0,
) -> InvestmentProject:
    """A registered investment project and, in öre, its budget for the year."""
    made = InvestmentProject.objects.create(code=code, name=name, municipality=municipality, position=position)
    if budget is not None:
        ProjectBudgetEntry.objects.create(
            project=made, fiscal_year=year or fiscal_year(), amount=budget, recorded_by=user()
        )
    return made


def follow_up(
    *, month: Month = OCTOBER, state: FollowUp.State = FollowUp.State.OPEN, by: User | None = None
) -> FollowUp:
    """A follow-up of a year that is set up; ``state`` is set without the checks of approval."""
    fiscal_year(year=month.year)
    made = actions.open_follow_up(month=month, by=by or user(role=Role.CONTROLLER))
    if state != FollowUp.State.OPEN:
        FollowUp.objects.filter(pk=made.pk).update(state=state)
        made.refresh_from_db()
    return made


def reasons(follow_up: FollowUp) -> dict[str, str]:
    """A reason for each thing that asks for one."""
    return {check.name: "Det är meningen." for check in yellow(all_checks(read_inputs(follow_up)))}


def mark_ready(follow_up: FollowUp, *parts: Part) -> FollowUp:
    """Parts, or all, marked ready by somebody with their role; then the follow-up waits for the head."""
    for part in parts or Part:
        follow_up = readiness.mark_ready(
            follow_up=follow_up, part=part, reasons=reasons(follow_up), by=user(role=part.role)
        )
    return follow_up


def published(follow_up: FollowUp, *, version: int = 1, by: User | None = None) -> Publication:
    """Frozen as approval freezes it, without its checks."""
    document = build_report(follow_up).to_json()
    FollowUp.objects.filter(pk=follow_up.pk).update(state=FollowUp.State.APPROVED, corrects=None)
    follow_up.refresh_from_db()
    return Publication.objects.create(
        follow_up=follow_up,
        version=version,
        document=document,
        sha256=checksum(document),
        approved_at=timezone.now(),
        approved_by=by or user(role=Role.HEAD),
    )


def decision(
    *, decided_on: dt.date = dt.date(2024, 1, 30), paragraph: int = 10, text: str = "Förvaltningen ska spara."
) -> Decision:
    made = Decision(decided_on=decided_on, paragraph=paragraph, text=text)
    master_data.save(made, by=user())
    return made


def ledger_csv(*lines: str) -> bytes:
    """A ledger file; each line is ``period;account;amount`` and maybe project, account name, text and counterparty."""
    header = "Period;Konto;Belopp;Projekt;Konto text;Text;Motpart"
    columns = header.count(";")
    return "\r\n".join([header, *(line + ";" * (columns - line.count(";")) for line in lines), ""]).encode()


def uploaded_import(
    *lines: str, by: User | None = None, year: FiscalYear | None = None, filename: str = "huvudbok.csv"
) -> LedgerImport:
    """A file uploaded for preview; see :func:`ledger_csv` for its lines."""
    return load.upload(
        content=Content.of(ledger_csv(*lines)), filename=filename, fiscal_year=year or fiscal_year(), by=by or user()
    )


ODD_CSV = b"Kst;Nr;Tid;Kr;Vad\r\n10;50200;202410;1000,50;Lon\r\n10;50200;202410;-0,50;Lon\r\n"
ODD_KINDS = (Kind.COST_CENTER, Kind.ACCOUNT, Kind.PERIOD, Kind.AMOUNT, Kind.TEXT)


def odd_profile(*, name: str = "Lönesystemet", kinds: tuple[Kind | None, ...] = ODD_KINDS) -> Profile:
    """What the columns of :data:`ODD_CSV` are."""
    return Profile(name, Shape(DELIMITED, ";", ("Kst", "Nr", "Tid", "Kr", "Vad")), kinds)


def import_profile(*, name: str = "Lönesystemet", by: User | None = None) -> ImportProfile:
    """The stored profile of :data:`ODD_CSV`."""
    return profiles.save(profile=odd_profile(name=name), replaces=None, seen_version=0, by=by or user())


def unmapped_file(*, content: bytes = ODD_CSV, filename: str = "loner.csv", by: User | None = None) -> UnmappedFile:
    """A file that waits for somebody to say what its columns are."""
    return unmapped.hold(content=Content.of(content), filename=filename, fiscal_year=fiscal_year(), by=by or user())


def booked_import(
    *lines: str, by: User | None = None, year: FiscalYear | None = None, filename: str = "huvudbok.csv"
) -> LedgerImport:
    """A file uploaded and booked; whatever is asked is confirmed."""
    by = by or user()
    waiting = uploaded_import(*lines, by=by, year=year, filename=filename)
    return load.book(ledger_import=waiting, seen=preview(waiting).replaced, confirmed=frozenset(Concern), by=by)
