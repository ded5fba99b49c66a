"""Forecast accuracy (prognossäkerhet) as tables: approved follow-ups' forecasts against what their years came to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import followup.track_record
import investments.track_record
from followup import actuals
from followup.accuracy import Accuracy, Observation, total_of
from followup.models import Measure
from sydit.bar_chart import variance_chart
from sydit.charts import Chart
from sydit.money import EN_DASH, Unit, grouped, text
from sydit.periods import Month
from sydit.report import cells
from sydit.report.document import Cell, Column, ColumnKind, Row, RowKind, Table, Value

WORSE, BETTER = "sämre", "bättre"


@dataclass(frozen=True, slots=True)
class Subjects:
    """What is forecast of one kind, categories or projects; ``observations`` stand oldest first."""

    key: str
    caption: str
    label_heading: str
    observations: tuple[Observation, ...]

    @property
    def follow_ups(self) -> list[Month]:
        return sorted({one.follow_up for one in self.observations})

    def each(self) -> list[Accuracy]:
        """Each subject's, in the order of the first follow-up that has it."""
        groups: dict[str, list[Observation]] = {}
        for one in self.observations:
            groups.setdefault(one.key, []).append(one)
        return [Accuracy(group) for group in groups.values()]

    @property
    def together(self) -> Accuracy:
        """Of the sums of each follow-up."""
        of_month = {month: [one for one in self.observations if one.follow_up == month] for month in self.follow_ups}
        return Accuracy([total_of(group) for group in of_month.values()])


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """Everything the page shows. ``years`` are the finished ones, the latest first."""

    years: tuple[int, ...]
    kinds: tuple[Subjects, ...]
    measures: tuple[Measure, ...]


def read(since: int | None = None) -> TrackRecord:
    """The track record of every finished year, or of those from ``since`` on."""
    outcomes = actuals.outcomes()
    years = tuple(sorted(outcomes, reverse=True))
    chosen = {year: placed for year, placed in outcomes.items() if since is None or year >= since}
    kinds = (
        Subjects("categories", "Kostnadskategorier", "Post", followup.track_record.observations(chosen)),
        Subjects("projects", "Investeringsprojekt", "Projekt", investments.track_record.observations(chosen)),
    )
    return TrackRecord(years, kinds, tuple(followup.track_record.measures_between(chosen)))


def table(subjects: Subjects, *, in_percent: bool) -> Table:
    """Each subject's deviation (forecast − outcome) by follow-up, with what repeats itself and what varies."""
    show = _percent_cells if in_percent else _amount_cells
    kind = ColumnKind.PERCENT if in_percent else ColumnKind.VARIANCE
    months = subjects.follow_ups
    return Table(
        key=subjects.key,
        caption=subjects.caption,
        label_heading=subjects.label_heading,
        unit=None if in_percent else Unit.TKR,
        columns=(
            *(Column(str(month), f"{month.name[:3]} {month.year}", kind) for month in months),
            Column("bias", "Systematiskt fel", kind),
            Column("spread", "Spridning", ColumnKind.PERCENT if in_percent else ColumnKind.AMOUNT),
        ),
        rows=(
            *(_row(one, months, show) for one in subjects.each()),
            _row(subjects.together, months, show, RowKind.TOTAL),
        ),
    )


Show = Callable[[Accuracy, Sequence[Month]], tuple[Cell, ...]]


def _row(accuracy: Accuracy, months: Sequence[Month], show: Show, kind: RowKind = RowKind.LINE) -> Row:
    latest = accuracy.observations[-1]  # as it is called now
    return Row(latest.key, latest.label, show(accuracy, months), kind)


def _amount_cells(accuracy: Accuracy, months: Sequence[Month]) -> tuple[Cell, ...]:
    deviations = {one.follow_up: one.deviation for one in accuracy.observations}
    return (
        *(cells.variance(deviations.get(month), below=WORSE) for month in months),
        cells.variance(accuracy.bias, below=WORSE),
        cells.amount(accuracy.spread),
    )


def _percent_cells(accuracy: Accuracy, months: Sequence[Month]) -> tuple[Cell, ...]:
    shares = {one.follow_up: one.percent for one in accuracy.observations}
    return (
        *(_percent(shares[month]) if month in shares else Value(None, cells.MISSING) for month in months),
        _percent(accuracy.bias_percent),
        _percent(accuracy.spread_percent),
    )


def _percent(whole: int | None) -> Value:
    return Value(whole, EN_DASH if whole is None else grouped(whole))


def chart(subjects: Subjects) -> Chart:
    """What repeats itself as a bar, and what varies as a line over its end, for each subject and together."""
    record = [*subjects.each(), subjects.together]
    names = [one.observations[-1].label for one in record]
    together = record[-1]
    return variance_chart(
        key=f"accuracy-{subjects.key}",
        title=f"{subjects.caption}: systematiskt fel och spridning",
        description=(
            f"{len(record) - 1} poster och deras summa. Tillsammans har utfallet i genomsnitt blivit "
            f"{text(abs(together.bias))} tkr {WORSE if together.bias < 0 else BETTER} än prognosen."
        ),
        heading=subjects.label_heading,
        groups=names,
        values=[one.bias for one in record],
        spreads=[one.spread for one in record],
        than="prognos",
        columns=("Systematiskt fel", "Spridning"),
    )


def measures_table(measures: Sequence[Measure]) -> Table:
    """When each measure came into the plan, and what it was to give: one reason why a year came to something else."""
    return Table(
        key="measures",
        caption="Åtgärder som kom till under åren",
        label_heading="Åtgärd",
        unit=Unit.TKR,
        columns=(
            Column("follow-up", "I planen sedan", ColumnKind.TEXT),
            Column("category", "Kostnadskategori", ColumnKind.TEXT),
            Column("this-year", "Väntad effekt samma år", ColumnKind.AMOUNT),
        ),
        rows=tuple(
            Row(
                key=str(measure.pk),
                label=" ".join(measure.what.split()),
                cells=(
                    cells.words(measure.follow_up.period.label),
                    cells.words(measure.category.name if measure.category else ""),
                    cells.amount(measure.effect_this_year),
                ),
            )
            for measure in measures
        ),
    )
