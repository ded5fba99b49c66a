"""How a figure, an amount and a variance are written in any template: the same as in the report."""

from __future__ import annotations

import functools
import re

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from sydit import money
from sydit.money import Unit
from sydit.report import cells
from sydit.report.document import Amount, Cell

register = template.Library()
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@register.simple_tag
def style_sheets() -> SafeString:
    """The links to the style sheets, whose names are as old as the process: put together once, not for each page."""
    if settings.DEBUG:
        return render_to_string("_parts/styles.html")
    return _style_sheets(settings.STATIC_URL, get_script_prefix(), settings.STORAGES["staticfiles"]["BACKEND"])


@functools.lru_cache(maxsize=4)
def _style_sheets(*_: object) -> SafeString:
    return render_to_string("_parts/styles.html")


@register.filter
def number(value: int) -> str:
    """A whole number with no-break spaces between thousands."""
    return money.grouped(value)


@register.filter
def kr(ore: int | None) -> SafeString:
    """Öre as kronor with two decimals, or "saknas"."""
    return cell(cells.amount(ore, Unit.KR))


@register.filter
def tkr(ore: int | None) -> SafeString:
    """Öre as whole thousands of kronor, or "saknas"."""
    return cell(cells.amount(ore, Unit.TKR))


@register.filter
def variance_kr(ore: int | None) -> SafeString:
    """A variance in kronor: its sign is also told in a word."""
    return cell(cells.variance(ore, Unit.KR))


@register.filter
def variance_tkr(ore: int | None) -> SafeString:
    """A variance in thousands of kronor: its sign is also told in a word."""
    return cell(cells.variance(ore, Unit.TKR))


@register.filter
def cell(value: Cell) -> SafeString:
    """The inside of a table cell. The word stands before the figure, so that figures stay aligned to the right."""
    if isinstance(value, Amount):
        if value.ore is None:
            return format_html('<span class="missing">{}</span>', value.text)
        if value.word:
            return format_html('<span class="word">{}</span> <span class="nowrap">{}</span>', value.word, value.text)
        return escape(value.text)
    if _DATE.fullmatch(value.text):
        return format_html('<span class="nowrap">{}</span>', value.text)
    if value.value is None and value.text == cells.MISSING:
        return format_html('<span class="missing">{}</span>', value.text)
    return escape(value.text)
