"""What may be done to investments: permission, lock, version, history and the write in one transaction each."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass

from django.db import IntegrityError, transaction
from django.db.models import Max

from followup import actuals, budget_seen, forecasts, in_force
from followup.actions import open_for_writing, submit_entries
from followup.budget_actions import Ground, refuse_twice
from followup.classify import Kind
from followup.forecasts import ForecastEntry, Saved
from followup.models import FiscalYear, FollowUp
from followup.parts import Part
from investments.models import SHARED, InvestmentProject, Municipality, ProjectBudgetEntry, ProjectForecast
from sydit import master_data
from sydit.access import Permission, require
from sydit.errors import Refused
from sydit.models import User
from sydit.money import Unit, text
from sydit.versions import require_fresh


def submit_forecasts(*, follow_up: FollowUp, entries: Iterable[ForecastEntry], by: User) -> Saved:
    """Save project forecasts and comments, as ``submit_entries`` does."""
    return submit_entries(
        ProjectForecast,
        "project",
        Part.INVESTMENTS,
        follow_up=follow_up,
        entries=entries,
        booked=_booked_by_project,
        by=by,
    )


@transaction.atomic
def carry_forward(*, to: FollowUp, by: User) -> int:
    """Begin a new follow-up with last time's comments on the projects, to be confirmed or rewritten."""
    require(by, Permission.OPEN_FOLLOW_UP)
    return forecasts.carry_comments(ProjectForecast, "project", to=open_for_writing(to, Part.INVESTMENTS), by=by)


def put_back(*, follow_up: FollowUp, moment: dt.datetime, by: User) -> None:
    """The projects' forecasts as they were at a moment; see ``occasions.put_back``."""
    require(by, Permission.APPROVE)
    in_force.put_back(ProjectForecast, follow_up, moment=moment, by=by)


def _booked_by_project(follow_up: FollowUp) -> dict[int, int | None]:
    booked = actuals.year_to_date(follow_up.period)
    amounts = {place.key: ore for place, ore in booked.placed.of(Kind.PROJECT).items()}
    projects = InvestmentProject.objects.values_list("pk", "code")
    return {pk: None if booked.missing else amounts.get(code, 0) for pk, code in projects}


# --- the register -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Content:
    """What the register says of a project, but for its code. ``frame`` is öre; None where the years' budgets are it."""

    name: str
    municipality_id: int | None = None
    responsible: str = ""
    start_year: int | None = None
    end_year: int | None = None
    frame: int | None = None

    @classmethod
    def of(cls, project: InvestmentProject) -> Content:
        return cls(
            project.name,
            project.municipality_id,
            project.responsible,
            project.start_year,
            project.end_year,
            project.frame,
        )

    @property
    def problem(self) -> str:
        """Why this can be no project, as a Swedish sentence; empty where it can."""
        if self.start_year and self.end_year and self.end_year < self.start_year:
            return f"Projektet kan inte sluta {self.end_year}, innan det börjar {self.start_year}."
        return ""


@transaction.atomic
def register_project(*, code: str, content: Content, by: User) -> InvestmentProject:
    """Make a project code an investment: its booked lines leave the categories wherever no report is published yet.

    Raises ``Refused`` where the code is registered already.
    """
    require(by, Permission.KEEP_MASTER_DATA)
    last = InvestmentProject.objects.aggregate(last=Max("position", default=0))["last"]
    project = InvestmentProject(code=code, position=last + 1)
    try:
        with transaction.atomic():
            _store(project, content, by=by)
    except IntegrityError as error:
        raise Refused(f"Projektkoden {code} är redan registrerad. Inget har sparats.") from error
    return project


@transaction.atomic
def edit_project(*, project: InvestmentProject, content: Content, seen_version: int, by: User) -> bool:
    """Change what the register says; returns whether anything changed. Raises ``Refused`` and ``StaleEdit``.

    The code stays, since booked lines carry it.
    """
    require(by, Permission.KEEP_MASTER_DATA)
    locked = (
        InvestmentProject.objects.select_for_update(of=("self",))
        .select_related("changed_by", "municipality")
        .get(pk=project.pk)
    )
    if Content.of(locked) == content:
        return False
    require_fresh(locked, seen_version=seen_version, called=f"Projektet {locked.code}", changes=_contents(locked))
    _store(locked, content, by=by)
    return True


def budget_mark(project: InvestmentProject, year: FiscalYear) -> str:
    """What a preview of the project's budget was made on (``followup.budget_seen``)."""
    return budget_seen.mark_of(_latest_budget(project), year)


@transaction.atomic
def enter_budget(
    *,
    project: InvestmentProject,
    year: FiscalYear,
    batch: uuid.UUID,
    amounts: Mapping[int | None, int],
    ground: Ground,
    seen: str,
    by: User,
) -> list[ProjectBudgetEntry]:
    """Append to a project's budget what somebody decided who has seen the budget that ``seen`` marks.

    ``amounts`` are öre by month, or for the year as a whole (None). Raises ``AlreadyEntered`` where the batch is
    stored, ``StaleEdit`` where the budget is no longer the one that was seen, and ``Refused`` where a report of the
    year was published since; nothing is saved then.
    """
    require(by, Permission.KEEP_BUDGET)
    locked = InvestmentProject.objects.select_for_update(of=("self",)).get(pk=project.pk)
    refuse_twice(batch, ProjectBudgetEntry)
    budget_seen.require_seen(seen, _latest_budget(locked), year)
    return append_budget(project=locked, year=year, amounts=amounts, ground=ground, batch=batch, by=by)


@transaction.atomic
def append_budget(
    *,
    project: InvestmentProject,
    year: FiscalYear,
    amounts: Mapping[int | None, int],
    ground: Ground,
    batch: uuid.UUID | None = None,
    by: User,
) -> list[ProjectBudgetEntry]:
    """Add to a project's budget of a year; what it is given first is its original budget, later entries adjust it."""
    require(by, Permission.KEEP_BUDGET)
    begun = ProjectBudgetEntry.objects.filter(project=project, fiscal_year=year).exists()
    return ProjectBudgetEntry.objects.bulk_create(
        ProjectBudgetEntry(
            project=project,
            fiscal_year=year,
            kind=ProjectBudgetEntry.Kind.ADJUSTMENT if begun else ProjectBudgetEntry.Kind.ORIGINAL,
            month=month,
            amount=ore,
            **asdict(ground),
            batch=batch,
            recorded_by=by,
        )
        for month, ore in amounts.items()
    )


def _latest_budget(project: InvestmentProject) -> ProjectBudgetEntry | None:
    return project.budget_entries.select_related("recorded_by", "fiscal_year").order_by("-pk").first()


def _store(project: InvestmentProject, content: Content, *, by: User) -> None:
    if content.problem:
        raise Refused(content.problem)
    if content.municipality_id and not Municipality.objects.filter(pk=content.municipality_id).exists():
        raise Refused("Kommunen finns inte. Välj en annan.")
    for name, value in asdict(content).items():
        setattr(project, name, value)
    master_data.save(project, by=by)


def _contents(project: InvestmentProject) -> Iterator[str]:
    yield f"det heter nu ”{project.name}”"
    yield f"det är nu {project.owner}s" if project.municipality else f"det är nu {SHARED.lower()}"
    yield f"ansvarig är nu {project.responsible or 'ingen'}"
    yield f"åren är nu {project.years or 'inte angivna'}"
    frame = "årens budgetar" if project.frame is None else f"{text(project.frame, Unit.KR)} kr"
    yield f"total ram är nu {frame}"
