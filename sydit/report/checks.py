"""What must hold before a report may be published: asks each app for the checks of its parts, in their order.

A check of a part is one more ``yield`` in that app's ``checks.py``.
"""

from __future__ import annotations

from collections.abc import Iterator

import decisions.checks
import followup.checks
import investments.checks
from followup.parts import Check, Level, Part, red, yellow
from sydit.report.build import Inputs

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
