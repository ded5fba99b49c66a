"""What must hold before a report may be published: asks each app for the checks of its parts, in their order.

A check of a part is one more ``yield`` in that app's ``checks.py``.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

import decisions.checks
import followup.checks
import investments.checks
from followup.models import ReportText
from followup.parts import Check, Level, Part, red, yellow
from sydit.report import living_text
from sydit.report.build import Inputs, catalogue_of

__all__ = ["Check", "Level", "Part", "all_checks", "red", "yellow"]


def all_checks(inputs: Inputs) -> tuple[Check, ...]:
    """Everything that is to be mended, part by part; empty where nothing is."""
    return tuple(_all(inputs))


def _all(inputs: Inputs) -> Iterator[Check]:
    follow_up = inputs.follow_up
    yield from followup.checks.economy(follow_up, inputs.booked, inputs.result)
    yield from investments.checks.investments(follow_up, inputs.projects)
    yield from decisions.checks.decisions(follow_up)
    yield from followup.checks.measures(follow_up, inputs.measures)
    yield from followup.checks.texts(follow_up, inputs.texts)
    yield from _figures_in_texts(inputs)


def _figures_in_texts(inputs: Inputs) -> Iterator[Check]:
    """Figures that a text names and that cannot be found, or are missing. They belong to every app's tables."""
    if not any("{" in body for body in inputs.texts.values()):
        return
    figures = catalogue_of(inputs)
    page = reverse("texts", kwargs={"month": inputs.follow_up.period})
    for key in ReportText.Key:
        for number, problem in enumerate(living_text.problems(inputs.texts.get(key, ""), figures), start=1):
            message = f"Texten ”{key.label}”: {problem}"
            yield Check(Level.RED, Part.TEXTS, f"figure/{key}/{number}", message, f"{page}#{key}")
