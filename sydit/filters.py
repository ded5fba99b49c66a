"""The form above a list: what to show of it, read from the address, so that it can be bookmarked and sent."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from sydit.forms import Form
from sydit.tables import Table, paged

LONGEST = 100


class SearchField(forms.CharField):
    """Free text to look for."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "label": "Sök",
                "required": False,
                "max_length": LONGEST,
                "error_messages": {"max_length": f"Skriv högst {LONGEST} tecken."},
                "widget": forms.TextInput(attrs={"type": "search"}),
                **kwargs,
            }
        )


class FilterForm(Form):
    """Fields that narrow a list. One that cannot be read is told of and narrows nothing.

    A field that the address leaves out has its ``initial``.
    """

    def __init__(self, data: QueryDict) -> None:
        asked = data.copy()
        for name, field in self.base_fields.items():
            if name not in asked and field.initial is not None:
                asked[name] = field.initial
        super().__init__(asked)
        self._kept = [
            (name, str(value)) for name, value in data.items() if name not in self.base_fields and name != "page"
        ]
        self.full_clean()

    def chosen(self, name: str) -> Any:
        """What was asked for in a field; None where nothing was, or nothing that can be read."""
        return self.cleaned_data.get(name) or None

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What else the address says, such as the order, to be sent along with the form."""
        return self._kept


def spellings(word: str) -> set[str]:
    """How a word may be capitalised where it stands. SQLite takes å and Å for different letters in a search."""
    return {word, word.lower(), word.upper(), word.capitalize()}


def list_context(
    request: HttpRequest, chosen: FilterForm, table: Table, *, export: str, **place: object
) -> dict[str, object]:
    """What ``_parts/filtered_list.html`` shows; ``export`` (at ``place``) names the address of the same rows as a
    workbook."""
    url = reverse(export, kwargs=place)
    return {
        "filter": chosen,
        "table": paged(table, request),
        "export_url": f"{url}?{request.GET.urlencode()}" if request.GET else url,
    }
