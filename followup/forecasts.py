"""Saving forecasts: one rule for categories and investment projects alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from followup.models import FollowUp, ForecastBase
from sydit.errors import StaleEdit
from sydit.models import User
from sydit.versions import require_fresh


@dataclass(frozen=True, slots=True)
class ForecastEntry:
    """What a user entered for one subject (category or project), and the version that was on the screen.

    ``amount`` is öre with the ledger's sign; None = no forecast. ``reason`` is why it differs from the budget, where
    the subject's forecasts have one.
    """

    subject_id: int
    label: str
    amount: int | None
    comment: str
    seen_version: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A row that somebody else saved meanwhile; ``version`` is theirs, ``message`` says what they entered."""

    subject_id: int
    version: int
    message: str


class StaleForecasts(StaleEdit):
    """At least one row was changed by somebody else; no row has been saved."""

    def __init__(self, conflicts: tuple[Conflict, ...]) -> None:
        super().__init__(" ".join(conflict.message for conflict in conflicts))
        self.conflicts = conflicts


def store(
    model: type[ForecastBase], subject: str, *, follow_up: FollowUp, entries: Iterable[ForecastEntry], by: User
) -> int:
    """Save the entries that differ from what is stored; returns how many. The caller holds the follow-up's lock.

    ``subject`` names the model's foreign key. Raises :class:`StaleForecasts`, and has then saved nothing.
    """
    scope: dict[str, Any] = {"follow_up": follow_up}
    rows: QuerySet[ForecastBase] = QuerySet(model)
    stored = {getattr(row, f"{subject}_id"): row for row in rows.filter(**scope)}
    changed: list[ForecastBase] = []
    conflicts: list[Conflict] = []
    for entry in entries:
        row = stored.get(entry.subject_id) or model(**scope, **{f"{subject}_id": entry.subject_id})
        entered = {name: getattr(entry, name) for name in model.ENTERED}
        if all(getattr(row, name) == value for name, value in entered.items()):
            continue
        try:
            require_fresh(row, seen_version=entry.seen_version, called=entry.label, changes=row.contents())
        except StaleEdit as stale:
            conflicts.append(Conflict(entry.subject_id, row.version, str(stale)))
        for name, value in entered.items():
            setattr(row, name, value)
        changed.append(row)
    if conflicts:
        raise StaleForecasts(tuple(conflicts))
    for row in changed:
        row.save_version(by=by)
    return len(changed)
