"""What must hold before a report may be published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from decisions.models import Decision
from followup.classify import UNASSIGNED
from followup.economy import UNASSIGNED_KEY
from followup.models import ReportText
from sydit.money import Unit, text
from sydit.report.build import Inputs


@dataclass(frozen=True, slots=True)
class Check:
    """Something that stops publication: a Swedish sentence, and the name of the page where it is mended."""

    message: str
    url_name: str


def failed_checks(inputs: Inputs) -> tuple[Check, ...]:
    """Why the follow-up cannot be published yet; empty where it can."""
    return tuple(_failures(inputs))


def _failures(inputs: Inputs) -> Iterator[Check]:
    for month in inputs.booked.missing:
        yield Check(f"Huvudboken för {month.label} är inte importerad.", "imports")
    if UNASSIGNED in inputs.booked.placed.amounts:
        accounts = ", ".join(inputs.booked.placed.accounts[UNASSIGNED])
        ore = text(inputs.booked.placed.amounts[UNASSIGNED], Unit.KR)
        yield Check(f"Konton utan kostnadskategori: {accounts} (summa {ore} kr).", "imports")
    for line in inputs.result.lines:
        if line.key != UNASSIGNED_KEY and line.budget is None:
            yield Check(f"Budget saknas för {line.label}.", "forecast")
        if line.key != UNASSIGNED_KEY and line.forecast is None:
            yield Check(f"Årsprognos saknas för {line.label}.", "forecast")
    for project in inputs.projects:
        if project.budget is None:
            yield Check(f"Budget saknas för investeringsprojektet {project.label}.", "investments")
        if project.forecast is None:
            yield Check(f"Prognos saknas för investeringsprojektet {project.label}.", "investments")
    untouched = Decision.objects.exclude(status_updates__follow_up=inputs.follow_up)
    for decision in untouched:
        yield Check(f"Beslutet {decision.reference} har ingen status i uppföljningen.", "decisions")
    for key, label in ReportText.Key.choices:
        if not inputs.texts.get(key, "").strip():
            yield Check(f"Texten ”{label}” är tom.", "texts")
