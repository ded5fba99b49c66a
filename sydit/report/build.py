"""FollowUp → Report: asks each app for its sections, in the order of the printed document.

What the printed document lacks stands last: what has changed since the previous report, and the figures' source.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

import decisions.sections
import followup.sections
import investments.sections
from followup import actuals, basis, changes
from followup.actuals import YearToDate
from followup.economy import EconomicResult
from followup.models import FollowUp, Measure
from investments.economy import ProjectLine
from sydit.kept import kept, together
from sydit.report import archive, living_text
from sydit.report.catalogue import Catalogue
from sydit.report.catalogue import catalogue_of as figures_of
from sydit.report.document import Report, Section, Table


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the sections of a follow-up are made from, read once."""

    follow_up: FollowUp
    booked: YearToDate
    result: EconomicResult
    projects: tuple[ProjectLine, ...]
    texts: Mapping[str, str]
    measures: tuple[Measure, ...]
    previous: Report | None  # that the committee was given last in the year
    changed: tuple[Section, ...]  # since earlier reports; none where nothing has changed


@together()
def read_inputs(follow_up: FollowUp) -> Inputs:
    booked = actuals.year_to_date(follow_up.period)
    before = _before(follow_up)
    return Inputs(
        follow_up=follow_up,
        booked=booked,
        result=followup.sections.result_of(follow_up, booked),
        projects=investments.sections.lines_of(follow_up),
        texts=followup.sections.texts_of(follow_up),
        measures=tuple(Measure.objects.in_plan(follow_up)),
        previous=before.previous,
        changed=before.changed,
    )


@dataclass(frozen=True, slots=True)
class _Before:
    previous: Report | None
    changed: tuple[Section, ...]


@kept
def _before(follow_up: FollowUp) -> _Before:
    """The report before this one, and what has changed since earlier ones: nothing of it follows from a forecast."""
    previous, year_before = archive.given_before(follow_up)
    return _Before(previous, changes.sections(previous, year_before, actuals.year_to_date(follow_up.period)))


@together()
def build_report(follow_up: FollowUp) -> Report:
    """The report of a follow-up as it stands now. What is published is frozen: see ``publish.report_of``."""
    return report_from(read_inputs(follow_up))


def catalogue_of(inputs: Inputs) -> Catalogue:
    """The figures that the texts may name, of this report and of the previous one."""
    return figures_of(named_tables(inputs), inputs.previous)


def named_tables(inputs: Inputs) -> dict[str, Table]:
    """The tables whose figures have names, by key."""
    sections = (
        followup.sections.result_section(inputs.result, inputs.booked.placed),
        investments.sections.investments(inputs.projects, inputs.follow_up.period),
        followup.sections.action_plan({}, inputs.measures, inputs.result),
    )
    return {block.key: block for section in sections for block in section.blocks if isinstance(block, Table)}


def report_from(inputs: Inputs) -> Report:
    figures = catalogue_of(inputs)
    written = {key: living_text.blocks(body, figures) for key, body in inputs.texts.items()}
    return Report(
        follow_up=inputs.follow_up.period,
        organisation=settings.ORGANISATION,
        title=f"Budgetuppföljning {inputs.follow_up.period.label}",
        registry_number=inputs.follow_up.registry_number,
        meeting_date=inputs.follow_up.meeting_date,
        sections=(
            followup.sections.introduction(inputs.booked, inputs.result, written),
            decisions.sections.decisions(inputs.follow_up),
            followup.sections.analysis(written),
            followup.sections.result_section(inputs.result, inputs.booked.placed),
            investments.sections.investments(inputs.projects, inputs.follow_up.period),
            followup.sections.action_plan(written, inputs.measures, inputs.result),
            *inputs.changed,
            basis.section(inputs.booked),
        ),
        basis=basis.of(inputs.booked, inputs.result),
    )
