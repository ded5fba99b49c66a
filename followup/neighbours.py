"""Which accounts are like each other: account plans place what is alike side by side. Pure."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(account: str, known: Iterable[str]) -> str | None:
    """The account or prefix that is most like ``account``: the longest common beginning, then the nearest number.

    None where none begins with the same digit: another class of accounts says nothing.
    """
    alike = [(_common(account, number), -_distance(account, number), number) for number in known]
    length, _, number = max(alike, default=(0, 0, ""))
    return number if length else None


def _common(one: str, other: str) -> int:
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _distance(one: str, other: str) -> int:
    """Between numbers of the same length; a prefix stands for the first account that it covers."""
    length = max(len(one), len(other))
    padded = one.ljust(length, "0"), other.ljust(length, "0")
    return abs(int(padded[0]) - int(padded[1])) if all(number.isdecimal() for number in padded) else 0
