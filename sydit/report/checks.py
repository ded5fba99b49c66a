"""What must hold before a report may be published: asks each app for the checks of its parts, in their order.

A check of a part is one more ``yield`` in that app's ``checks.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.urls import reverse

import decisions.checks
import followup.checks
import investments.checks
from followup.models import ReportText
from followup.parts import Check, Level, Part, red, yellow
from sydit.kept import together
from sydit.report import living_text, text_review
from sydit.report.build import Inputs, catalogue_of
from sydit.report.text_check import Mark, MarkKind

__all__ = ["Check", "Level", "Part", "all_checks", "red", "yellow"]


_NOT_ASKED = (MarkKind.TYPED, MarkKind.FIGURE)  # what is right; and what is red already


@together()
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
    yield from _marks_in_texts(inputs)
    yield from followup.checks.report(follow_up)


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


def _marks_in_texts(inputs: Inputs) -> Iterator[Check]:
    """One check a text, so that one reason answers for it; what all texts lack belongs to the analysis."""
    if not any(body.strip() for body in inputs.texts.values()):
        return
    found = text_review.check_written(inputs)
    page = reverse("texts", kwargs={"month": inputs.follow_up.period})
    for key in ReportText.Key:
        marks = [*found.of_text[key], *(found.of_all if key is ReportText.Key.ANALYSIS else ())]
        if asked := [mark for mark in marks if mark.kind not in _NOT_ASKED]:
            message = f"Granskningen märker i texten ”{key.label}”: {_counted(asked)}."
            yield Check(Level.YELLOW, Part.TEXTS, f"marks/{key}", message, f"{page}#{key}")


def _counted(marks: Sequence[Mark]) -> str:
    kinds = [mark.kind for mark in marks]
    return ", ".join(f"{kinds.count(kind)} × {kind.label.lower()}" for kind in MarkKind if kind in kinds)
