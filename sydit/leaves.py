"""The pages of a long list that is no ``sydit.tables.Table``: leafed through in the same way, and as many rows each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from sydit.tables import PER_PAGE

T = TypeVar("T")

ADDRESS = "page"  # the page's number in the address, as the tables have it


@dataclass(frozen=True, slots=True)
class Leaf(Generic[T]):
    """The rows on page ``number`` of a list of ``count``. ``_parts/leaves.html`` leads to the other pages; ``caption``
    is the list's name for screen readers."""

    caption: str
    rows: tuple[T, ...]
    number: int
    count: int

    prefixed_page_field: ClassVar[str] = ADDRESS

    @property
    def page(self) -> Page[int]:
        """The page's place among the others."""
        return Paginator(range(self.count), PER_PAGE).page(self.number)


def leaf(rows: Sequence[T] | QuerySet[Any, T], number: str, *, caption: str) -> Leaf[T]:
    """The page with that number, as it stands in the address; the nearest where there is none."""
    page = Paginator(rows, PER_PAGE).get_page(number or 1)
    return Leaf(caption, tuple(page), page.number, page.paginator.count)
