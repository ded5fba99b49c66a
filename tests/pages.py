"""What stands on a page, read as a browser reads it: the fields of a form with what they would send."""

from __future__ import annotations

import html
import re

from django.http import HttpResponse

_FORM = re.compile(r"<form[^>]*\bdata-unsaved.*?</form>", re.DOTALL)
_INPUT = re.compile(r"<input\b([^>]*)>", re.DOTALL)
_TEXTAREA = re.compile(r"<textarea\b([^>]*)>\n?(.*?)</textarea>", re.DOTALL)
_SELECT = re.compile(r"<select\b([^>]*)>(.*?)</select>", re.DOTALL)
_SELECTED = re.compile(r'<option value="([^"]*)"\s+selected')


def forms_of(response: HttpResponse) -> list[dict[str, str]]:
    """Each form in which something is entered: what it would send by field name, untouched."""
    return [_fields(match[0]) for match in _FORM.finditer(response.content.decode())]


def form_of(response: HttpResponse) -> dict[str, str]:
    """The page's only form."""
    (form,) = forms_of(response)
    return form


def hidden_of(response: HttpResponse) -> dict[str, str]:
    """What a page that is looked at sends back unseen."""
    inputs = [match[1] for match in _INPUT.finditer(response.content.decode()) if 'type="hidden"' in match[1]]
    return {_attribute(tag, "name"): _attribute(tag, "value") for tag in inputs}


def text_of(response: HttpResponse) -> str:
    """The page's words as they are read: without markup, every run of blanks one blank."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", response.content.decode())).split())


def cell_of(response: HttpResponse, cell_id: str) -> str:
    """The words of the table cell with that id."""
    match = re.search(rf'<td[^>]*id="{cell_id}"[^>]*>(.*?)</td>', response.content.decode(), re.DOTALL)
    assert match, cell_id
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", match[1])).split())


def _fields(form: str) -> dict[str, str]:
    fields = {_attribute(m[1], "name"): _attribute(m[1], "value") for m in _INPUT.finditer(form)}
    fields |= {_attribute(m[1], "name"): html.unescape(m[2]) for m in _TEXTAREA.finditer(form)}
    for match in _SELECT.finditer(form):
        chosen = _SELECTED.search(match[2])
        fields[_attribute(match[1], "name")] = chosen[1] if chosen else ""
    return {name: value for name, value in fields.items() if name not in ("", "csrfmiddlewaretoken")}


def _attribute(tag: str, name: str) -> str:
    match = re.search(rf'\b{name}="([^"]*)"', tag)
    return html.unescape(match[1]) if match else ""
