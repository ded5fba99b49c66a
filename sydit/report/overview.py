"""The current follow-up at a glance: what the start page tells of it, all from its report document.

Of an approved follow-up that is the published report, so that the start page never differs from what the committee got.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from followup import actuals, basis
from followup.budget_year import budget_through
from followup.classify import UNASSIGNED, Kind, Placed
from followup.economy import UNASSIGNED_KEY, ResultLine, total
from followup.models import FollowUp, PartReady
from followup.models.followup import FollowUpQuerySet
from followup.parts import Part, mended_on_pages_open_to
from investments.overview import owners_chart
from sydit.access import Role
from sydit.bar_chart import variance_chart
from sydit.charts import Chart
from sydit.line_chart import Line, line_chart
from sydit.models import Publication
from sydit.money import Unit, text
from sydit.periods import MONTHS_A_YEAR, Month, day_and_month
from sydit.report import archive, checks, municipality
from sydit.report.build import read_inputs, report_from
from sydit.report.checks import Check
from sydit.report.document import Amount, Report, Row, RowKind
from sydit.report.figures import outcome

FEW = 8  # so much that is left is read at once


@dataclass(frozen=True, slots=True)
class ToDo:
    """What one role has left to do."""

    role: Role
    is_own: bool
    is_reachable: bool  # whether the reader may open where it is mended
    checks: tuple[Check, ...]
    steps: tuple[str, ...] = ()  # on the page of approval, when the checks are mended

    @property
    def count(self) -> int:
        return len(self.checks) + len(self.steps)

    @property
    def by_part(self) -> tuple[tuple[str, tuple[Check, ...]], ...]:
        """Where there is much: what is left of each part, by its name, to be opened one at a time."""
        if len(self.checks) <= FEW:
            return ()
        parts: dict[str, list[Check]] = {}
        for check in self.checks:
            parts.setdefault(check.part.label if check.part else "Hela rapporten", []).append(check)
        return tuple((label, tuple(found)) for label, found in parts.items())


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the start page says of a follow-up. ``to_do`` is None of what is published or not the reader's."""

    follow_up: FollowUp
    published: Publication | None
    sentences: tuple[str, ...]
    variances: Chart
    year: Chart
    owners: Chart | None
    to_do: tuple[ToDo, ...] | None


def readable(reads_drafts: bool) -> FollowUpQuerySet:
    """The follow-ups that somebody may read, the newest first."""
    follow_ups = FollowUp.objects.select_related("fiscal_year")
    return follow_ups if reads_drafts else follow_ups.published()


def read(follow_up: FollowUp, *, roles: Collection[str], reads_drafts: bool) -> Overview:
    """The overview of a follow-up for somebody who may read it; those who read drafts are told what a correction of it
    has left to do."""
    published = archive.latest(follow_up)
    if published:
        previous, left = archive.previous(follow_up), None
        if follow_up.corrects is not None and reads_drafts:
            left = tuple(to_do(follow_up, checks.all_checks(read_inputs(follow_up)), roles))
        return _overview(follow_up, archive.document_of(published), previous, published, left)
    inputs = read_inputs(follow_up)
    found = checks.all_checks(inputs)
    return _overview(follow_up, report_from(inputs), inputs.previous, None, tuple(to_do(follow_up, found, roles)))


def _overview(
    follow_up: FollowUp,
    report: Report,
    previous: Report | None,
    published: Publication | None,
    left: tuple[ToDo, ...] | None,
) -> Overview:
    lines = result_lines(report)
    projects = municipality.owned_lines(report)
    return Overview(
        follow_up=follow_up,
        published=published,
        sentences=tuple(_sentences(report, previous)),
        variances=_variances(lines, report.follow_up),
        year=_year(report, lines),
        owners=owners_chart(projects, report.follow_up) if projects else None,
        to_do=left,
    )


def to_do(follow_up: FollowUp, found: Sequence[Check], roles: Collection[str]) -> Iterator[ToDo]:
    """What each role has left, one's own first; in each what stops publication before what does not, and last the
    parts to mark ready, or for the head the follow-up to decide on. What a ready part has given a reason for is done.
    """
    marked = PartReady.objects.by_part(follow_up)
    reachable = mended_on_pages_open_to(roles)
    explained = {name for ready in marked.values() for name in ready.reasons}
    for role in sorted(Role, key=lambda role: role.value not in roles):
        of_role = [check for check in found if check.mended_by is role]
        remarks = (check for check in checks.yellow(of_role) if check.name not in explained)
        left = ToDo(
            role=role,
            is_own=role.value in roles,
            is_reachable=role in reachable,
            checks=(*checks.red(of_role), *remarks),
            steps=tuple(_steps(follow_up, role, marked)),
        )
        if left.count:
            yield left


def _steps(follow_up: FollowUp, role: Role, marked: Collection[Part]) -> Iterator[str]:
    if follow_up.is_open:
        yield from (f"Klarmarkera {part.label.lower()}." for part in Part if part.role is role and part not in marked)
    elif role is Role.HEAD:
        yield "Godkänn uppföljningen eller skicka tillbaka den."


def result_lines(report: Report) -> tuple[ResultLine, ...]:
    """The rows of the report's economic result, exact, without the total."""
    return tuple(_line(report, row) for row in report.tables["result"].rows if row.kind is RowKind.LINE)


def _line(report: Report, row: Row) -> ResultLine:
    def ore(column: str) -> int | None:
        cell = report.tables["result"].cell(row.key, column)
        return cell.ore if isinstance(cell, Amount) else None

    by_month = report.basis.budget_by_month.get(row.key, ())
    return ResultLine(row.key, row.label, ore("budget"), ore("actual"), ore("forecast"), by_month)


def _forecast(report: Report) -> int | None:
    return total(line.forecast for line in result_lines(report))


def _sentences(report: Report, previous: Report | None) -> Iterator[str]:
    """The result, and how it has moved since the committee was given a report last."""
    period, forecast = report.follow_up, _forecast(report)
    actual = total(line.actual for line in result_lines(report))
    if forecast is None:
        yield f"Årsprognosen för {period.year} är inte komplett."
    else:
        yield f"För helåret {period.year} räknar förvaltningen med {outcome(forecast)}."
    if actual is not None:
        yield f"Till och med {day_and_month(period.last_day)} är utfallet {outcome(actual)}."
    if previous is None:
        yield "Ingen tidigare rapport är publicerad för året, så det finns inget att jämföra med."
        return
    before = _forecast(previous)
    if forecast is not None and before is not None:
        moved = _moved(forecast - before)
        yield f"I rapporten för {previous.follow_up.label} var prognosen {outcome(before)}; {moved}."


def _moved(ore: int) -> str:
    """How much a result has moved; more öre is a worse result."""
    printed = text(abs(ore), Unit.TKR)
    if printed == "0":
        return "den är oförändrad nu"
    return f"nu är den {printed} tkr {'sämre' if ore > 0 else 'bättre'}"


def _variances(lines: Sequence[ResultLine], period: Month) -> Chart:
    return variance_chart(
        key="avvikelser",
        title=f"Avvikelse per post, {period.label}",
        description="Budget minus årsprognos för varje post: till vänster om noll sämre än budget, till höger bättre.",
        heading="Post",
        groups=[line.label for line in lines],
        values=[line.variance for line in lines],
    )


def _year(report: Report, lines: Sequence[ResultLine]) -> Chart:
    """The costs month by month, without the rows whose budget is an income: those are invoiced a few times a year."""
    costs = [line for line in lines if line.budget is None or line.budget >= 0]
    period = report.follow_up
    actual = _accumulated(report, {line.key for line in costs})
    forecast = total(line.forecast for line in costs)
    return line_chart(
        key="aret",
        title=f"Kostnaderna under {period.year}",
        description=f"Ackumulerade kostnader: {_spread(costs)}, utfall till och med månaden, "
        "och årsprognosen i december.",
        lines=(
            Line("Budget", {month: _through(costs, month) for month in range(MONTHS_A_YEAR + 1)}),
            Line("Utfall", actual),
            Line("Prognos", {period.month: actual[period.month], MONTHS_A_YEAR: forecast}),
        ),
    )


def _spread(lines: Sequence[ResultLine]) -> str:
    """How the budget lies over the year, in words."""
    if all(line.budget_by_month for line in lines):
        return "budget månad för månad"
    if any(line.budget_by_month for line in lines):
        return "budget månad för månad där den är beslutad så och annars jämnt fördelad"
    return "budget jämnt fördelad över året"


def _through(lines: Sequence[ResultLine], month: int) -> int | None:
    return total(
        None if line.budget is None else budget_through(line.budget, line.budget_by_month, month) for line in lines
    )


def _accumulated(report: Report, rows: set[str]) -> dict[int, int | None]:
    """What is booked on the rows since January by month, from 0; missing from the first month without an import."""
    mapping = basis.account_map(report)
    imported = {source.month for source in report.basis.sources}
    placed = actuals.placed_by_month([source.ledger_month for source in report.basis.sources], mapping)
    so_far: dict[int, int | None] = {0: 0}
    for month in report.follow_up.year_to_date():
        booked = _booked(placed.get(month), rows) if month in imported else None
        so_far[month.month] = total((so_far[month.month - 1], booked))
    return so_far


def _booked(placed: Placed | None, rows: set[str]) -> int:
    """0 in an imported month without a line."""
    if placed is None:
        return 0
    booked = sum(ore for place, ore in placed.of(Kind.CATEGORY).items() if place.key in rows)
    return booked + (placed.amounts.get(UNASSIGNED, 0) if UNASSIGNED_KEY in rows else 0)
