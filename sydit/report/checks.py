"""What must hold before a report may be published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from decisions.models import Decision
from followup.classify import UNASSIGNED
from followup.economy import UNASSIGNED_KEY, ResultLine
from followup.grid import comment_threshold
from followup.models import Forecast, ReportText
from investments.economy import ProjectLine
from sydit.money import Unit, text
from sydit.report.build import Inputs


@dataclass(frozen=True, slots=True)
class Check:
    """Something to mend: a Swedish sentence, and the address of the page where it is done."""

    message: str
    url: str


def failed_checks(inputs: Inputs) -> tuple[Check, ...]:
    """Why the follow-up cannot be published yet; empty where it can."""
    return tuple(_failures(inputs))


def remarks(inputs: Inputs) -> tuple[Check, ...]:
    """What a reader would ask about, and that does not stop publication."""
    return tuple(
        Check(
            f"Åtgärden ”{measure}”: {', '.join(measure.marks)}.",
            reverse("measure", kwargs={"month": inputs.follow_up.period, "pk": measure.pk}),
        )
        for measure in inputs.measures
        if measure.marks
    )


def _failures(inputs: Inputs) -> Iterator[Check]:
    month = {"month": inputs.follow_up.period}
    imports, texts = reverse("imports"), reverse("texts", kwargs=month)
    for missing in inputs.booked.missing:
        yield Check(f"Huvudboken för {missing.label} är inte importerad.", imports)
    if UNASSIGNED in inputs.booked.placed.amounts:
        accounts = ", ".join(inputs.booked.placed.accounts[UNASSIGNED])
        ore = text(inputs.booked.placed.amounts[UNASSIGNED], Unit.KR)
        rules = f"{reverse('unassigned-accounts')}?year={inputs.follow_up.fiscal_year}"
        yield Check(f"Konton utan kostnadskategori: {accounts} (summa {ore} kr).", rules)
    categories = [line for line in inputs.result.lines if line.key != UNASSIGNED_KEY]
    yield from _missing_amounts(categories, reverse("forecast", kwargs=month))
    yield from _missing_amounts(inputs.projects, reverse("investments", kwargs=month))
    comments = dict(Forecast.objects.filter(follow_up=inputs.follow_up).values_list("category__key", "comment"))
    yield from _owed_comments(categories, comments, reverse("forecast", kwargs=month))
    said = {line.key: line.comment for line in inputs.projects}
    yield from _owed_comments(inputs.projects, said, reverse("investments", kwargs=month))
    here = Decision.objects.in_follow_up(inputs.follow_up)
    for decision in here.untouched_in(inputs.follow_up).with_status_in(inputs.follow_up):
        page = reverse("decision", kwargs={**month, "pk": decision.pk})
        yield Check(_untouched(decision), page)
    for key in ReportText.REQUIRED:
        if not inputs.texts.get(key, "").strip():
            yield Check(f"Texten ”{key.label}” är tom.", texts)


def _untouched(decision: Any) -> str:
    """``decision`` with its status in the follow-up."""
    if decision.status is None:
        return f"Beslutet {decision.reference} har ingen status i uppföljningen."
    return f"Beslutet {decision.reference} är orört sedan förra gången: bekräfta eller skriv om status och kommentar."


def _missing_amounts(lines: Iterable[ResultLine | ProjectLine], page: str) -> Iterator[Check]:
    for line in lines:
        if line.budget is None:
            yield Check(f"Budget saknas för {line.label}.", page)
        if line.forecast is None:
            yield Check(f"Prognos saknas för {line.label}.", page)


def _owed_comments(
    lines: Iterable[ResultLine | ProjectLine], comments: Mapping[str, str], page: str
) -> Iterator[Check]:
    """The rows whose variance passes the threshold (settings) and about which nothing is said."""
    for line in lines:
        is_passed = comment_threshold().is_passed(budget=line.budget, variance=line.variance)
        if is_passed and not comments.get(line.key, "").strip():
            yield Check(f"Kommentar saknas för {line.label}, vars avvikelse är för stor för att lämnas utan.", page)
