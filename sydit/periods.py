"""Months of a fiscal year, and how they are written in Swedish."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

MONTH_NAMES = (
    "januari", "februari", "mars", "april", "maj", "juni",
    "juli", "augusti", "september", "oktober", "november", "december",
)  # fmt: skip
MONTHS_A_YEAR = len(MONTH_NAMES)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """One calendar month. Ordered; prints as ``2024-10``."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.month <= 12 and 1900 <= self.year <= 2999):
            raise ValueError(f"no such month: {self.year}-{self.month}")

    @classmethod
    def parse(cls, text: str) -> Month:
        """The month written ``2024-10``. Raises ``ValueError``."""
        match = re.fullmatch(r"([0-9]{4})-([0-9]{2})", text)
        if not match:
            raise ValueError(f"no such month: {text}")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: dt.date) -> Month:
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def label(self) -> str:
        """``oktober 2024``"""
        return f"{self.name} {self.year}"

    @property
    def name(self) -> str:
        """``oktober``"""
        return MONTH_NAMES[self.month - 1]

    @property
    def first_day(self) -> dt.date:
        return dt.date(self.year, self.month, 1)

    @property
    def last_day(self) -> dt.date:
        return dt.date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    def shifted(self, months: int) -> Month:
        """The month that many months later (earlier where negative)."""
        years, index = divmod(self.month - 1 + months, 12)
        return Month(self.year + years, index + 1)

    def year_to_date(self) -> tuple[Month, ...]:
        """January through this month of the same calendar year."""
        return tuple(Month(self.year, number) for number in range(1, self.month + 1))


def months_between(first: Month, last: Month) -> Iterator[Month]:
    """Every month from ``first`` through ``last``; none where ``last`` is earlier."""
    month = first
    while month <= last:
        yield month
        month = month.shifted(1)


def day_and_month(day: dt.date) -> str:
    """``31 oktober``"""
    return f"{day.day} {MONTH_NAMES[day.month - 1]}"


def long_date(day: dt.date) -> str:
    """``31 oktober 2024``"""
    return f"{day_and_month(day)} {day.year}"
