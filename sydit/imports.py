"""A list out of a file: every row read by a Django form, looked at before anything is saved, saved whole or not at all.

The file itself travels with the preview's form, so that nothing waits on the server; saving reads it again.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from sydit.errors import Refused
from sydit.forms import Form
from sydit.money import shown
from sydit.sheets import LARGEST, SheetRow, read_rows


class RowForm(Form):
    """One row of a file. A field's label is the heading of its column; ``also`` gives other headings by field name."""

    also: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    @classmethod
    def headings(cls) -> dict[str, str]:
        """Field name by heading, in small letters."""
        names = {str(field.label).casefold(): name for name, field in cls.base_fields.items()}
        return names | {other.casefold(): name for name, others in cls.also.items() for other in others}


RowFormT = TypeVar("RowFormT", bound=RowForm)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a file, where, and what stands there; ``row`` is None where it is the file as a whole."""

    row: int | None
    column: str
    value: str
    message: str


class RefusedRows(Refused):
    """At least one row cannot be read. Nothing has been saved."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class ReadRow(Generic[RowFormT]):
    """A row that its form accepts."""

    number: int
    form: RowFormT

    def problem(self, field: str, message: str) -> Problem:
        """What is wrong with a field of the row, found where it is compared with others."""
        return Problem(self.number, str(self.form.fields[field].label), shown(self.form.data[field]), message)


@dataclass(frozen=True, slots=True)
class ReadList(Generic[RowFormT]):
    """A file whose rows can all be read; ``unused`` are headings that no field has."""

    rows: tuple[ReadRow[RowFormT], ...]
    unused: tuple[str, ...]


def read_list(content: bytes, form_class: type[RowFormT]) -> ReadList[RowFormT]:
    """Every row of a file as a valid form. Raises :class:`Refused` with everything that is wrong."""
    header, *rows = read_rows(content)
    columns, unused = _columns(header, form_class)
    read = [ReadRow(row.number, _form(row, columns, form_class)) for row in rows]
    problems = [problem for row in read for problem in _problems(row)]
    if problems:
        raise RefusedRows(problems)
    if not read:
        raise Refused("Filen har en rubrikrad men inga rader under den.")
    return ReadList(tuple(read), unused)


def _columns(header: SheetRow, form_class: type[RowForm]) -> tuple[dict[int, str], tuple[str, ...]]:
    """Field name by the column's place, and the headings that are not used."""
    known = form_class.headings()
    found = {place: known[cell.casefold()] for place, cell in enumerate(header.cells) if cell.casefold() in known}
    fields = form_class.base_fields
    for name in found.values():
        if list(found.values()).count(name) > 1:
            raise Refused(f"Filen har flera kolumner för ”{fields[name].label}”. Behåll en av dem.")
    missing = [str(field.label) for name, field in fields.items() if field.required and name not in found.values()]
    if missing:
        wanted = ", ".join(str(field.label) for field in fields.values())
        raise Refused(
            f"Filens första rad saknar rubriken {', '.join(f'”{label}”' for label in missing)}. "
            f"Rubrikerna är: {wanted}."
        )
    unused = tuple(cell for place, cell in enumerate(header.cells) if cell and place not in found)
    return found, unused


def _form(row: SheetRow, columns: Mapping[int, str], form_class: type[RowFormT]) -> RowFormT:
    cells = {name: row.cells[place] if place < len(row.cells) else "" for place, name in columns.items()}
    return form_class({**dict.fromkeys(form_class.base_fields, ""), **cells})


def _problems(row: ReadRow[Any]) -> list[Problem]:
    return [
        Problem(row.number, "", "", str(message)) if field == NON_FIELD_ERRORS else row.problem(field, str(message))
        for field, messages in row.form.errors.items()
        for message in messages
    ]


# --- the two steps: look, then save -----------------------------------------------------------------------------------


class ListFileForm(Form):
    """A file with a list."""

    file = forms.FileField(
        label="Fil",
        help_text="Excel eller CSV, med rubriker på första raden. Inget sparas förrän du har granskat filen.",
        widget=forms.FileInput,
        error_messages={
            "required": "Välj en fil.",
            "missing": "Filen kom inte fram. Välj den igen.",
            "invalid": "Filen kom inte fram. Välj den igen.",
            "empty": "Filen är tom.",
        },
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError("Filen är större än 1 MB. Dela upp listan på flera filer.")
        return file


class SeenFileForm(Form):
    """The file that was looked at, sent back to be saved, and a mark of what the preview said it would do."""

    content = forms.CharField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput)

    @classmethod
    def initial_of(cls, content: bytes, seen: str) -> dict[str, str]:
        return {"content": base64.b64encode(content).decode("ascii"), "seen": seen}

    def clean_content(self) -> bytes:
        try:
            return base64.b64decode(self.cleaned_data["content"], validate=True)
        except (binascii.Error, ValueError) as error:
            raise ValidationError("Filen kom inte fram hel. Välj den igen.") from error
