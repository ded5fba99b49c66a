"""Where a booked line belongs. Pure; the same for the preview of an import, the report and the lines behind a figure.

A line with a registered project is an investment, whatever its account. Else a balance account (classes 1 and 2) is no
part of the economy. Else the longest account rule decides: a category, or that the account does not count. What is left
is "Ej fördelat". Every line has exactly one place.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

BALANCE_CLASSES = ("1", "2")


class Kind(enum.Enum):
    CATEGORY = enum.auto()
    PROJECT = enum.auto()
    UNASSIGNED = enum.auto()  # Ej fördelat
    SET_ASIDE = enum.auto()  # a rule says that it does not count
    BALANCE = enum.auto()


@dataclass(frozen=True, slots=True)
class Place:
    """``key`` is the category's key, the project's code or, where the account is set aside, the rule's prefix.

    ``reason`` is why a set-aside account does not count.
    """

    kind: Kind
    key: str = ""
    reason: str = ""

    @property
    def is_booked(self) -> bool:
        """Whether it is part of the economy, as an operating row or an investment."""
        return self.kind in (Kind.CATEGORY, Kind.PROJECT, Kind.UNASSIGNED)


UNASSIGNED = Place(Kind.UNASSIGNED)
BALANCE = Place(Kind.BALANCE)


class AccountSum(NamedTuple):
    """Öre on one account and project (``""`` = no project)."""

    account: str
    project: str
    amount: int


@dataclass(frozen=True)
class AccountMap:
    """A year's account rules and the registered projects."""

    rules: Mapping[str, Place] = field(default_factory=dict)  # by account prefix
    projects: frozenset[str] = frozenset()

    @cached_property
    def _known(self) -> dict[tuple[str, str], Place]:
        """What was asked before: a year asks for each account once a month."""
        return {}

    @cached_property
    def _lengths(self) -> list[int]:
        return sorted({len(prefix) for prefix in self.rules}, reverse=True)

    def place(self, account: str, project: str) -> Place:
        key = account, project
        if (known := self._known.get(key)) is None:
            self._known[key] = known = self._place(account, project)
        return known

    def _place(self, account: str, project: str) -> Place:
        if project in self.projects:
            return Place(Kind.PROJECT, project)
        if account.startswith(BALANCE_CLASSES):
            return BALANCE
        for length in self._lengths:
            if place := self.rules.get(account[:length]):
                return place
        return UNASSIGNED


@dataclass(frozen=True, slots=True)
class Placed:
    """Sums by place. ``accounts`` of a place are those with lines, in order."""

    amounts: Mapping[Place, int]
    accounts: Mapping[Place, tuple[str, ...]]

    def of(self, kind: Kind) -> dict[Place, int]:
        return {place: ore for place, ore in self.amounts.items() if place.kind is kind}

    def total(self, *kinds: Kind) -> int:
        return sum(ore for place, ore in self.amounts.items() if place.kind in kinds)


def place_sums(sums: Iterable[AccountSum], account_map: AccountMap) -> Placed:
    """Sum by place; nothing is lost: the amounts add up to the sums given."""
    amounts: dict[Place, int] = {}
    accounts: dict[Place, set[str]] = {}
    for account, project, amount in sums:
        place = account_map.place(account, project)
        amounts[place] = amounts.get(place, 0) + amount
        accounts.setdefault(place, set()).add(account)
    return Placed(amounts, {place: tuple(sorted(numbers)) for place, numbers in accounts.items()})
