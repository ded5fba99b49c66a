"""The parts of a follow-up: who writes each, and what is to be mended in it before the report is published."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import quote

from django.db import models

from sydit.access import Permission, Role


class Part(models.TextChoices):
    """What is written, checked and marked ready by one role."""

    ECONOMY = "economy", "Ekonomi"
    INVESTMENTS = "investments", "Investeringar"
    DECISIONS = "decisions", "Beslut"
    MEASURES = "measures", "Åtgärder"
    TEXTS = "texts", "Texter"

    @property
    def permission(self) -> Permission:
        """What it takes to write in the part. Whoever may also marks it ready, and opens it again."""
        return _PERMISSIONS[self]

    @property
    def role(self) -> Role:
        """Who does it."""
        return Role.SECRETARY if self is Part.DECISIONS else Role.CONTROLLER


_PERMISSIONS = {
    Part.ECONOMY: Permission.ENTER_FORECASTS,
    Part.INVESTMENTS: Permission.ENTER_FORECASTS,
    Part.DECISIONS: Permission.UPDATE_DECISIONS,
    Part.MEASURES: Permission.ENTER_FORECASTS,
    Part.TEXTS: Permission.WRITE_TEXTS,
}


class Level(enum.Enum):
    RED = "red"  # stops the part from being marked ready, and the report from being published
    YELLOW = "yellow"  # asks for a reason, which is kept with the published report


@dataclass(frozen=True, slots=True)
class Check:
    """Something to mend: a Swedish sentence, and the address of the page where it is done.

    ``key`` names what it is about, the same from one time to the next ("missing-forecast/lokalhyror"). ``role`` is who
    mends it, where that is not the part's own. ``part`` is None for what concerns the report as a whole.
    """

    level: Level
    part: Part | None
    key: str
    message: str
    url: str
    role: Role | None = None

    @property
    def name(self) -> str:
        """Part and key as one plain word, for forms and for what is stored of a check."""
        return quote(f"{self.part or 'report'}/{self.key}")

    @property
    def mended_by(self) -> Role:
        return self.role or (self.part.role if self.part else Role.CONTROLLER)


def mended_on_pages_open_to(roles: Collection[str]) -> frozenset[Role]:
    """Those whose checks lead to pages that somebody with these roles may open: the ledger's are the administrator's
    alone."""
    return frozenset(role for role in Role if role is not Role.ADMINISTRATOR or role in roles)


def red(checks: Iterable[Check]) -> tuple[Check, ...]:
    return tuple(check for check in checks if check.level is Level.RED)


def yellow(checks: Iterable[Check]) -> tuple[Check, ...]:
    return tuple(check for check in checks if check.level is Level.YELLOW)
