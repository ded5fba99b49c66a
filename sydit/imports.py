"""A list out of a file: every row read by a Django form, looked at before anything is saved, saved whole or not at all.

The file itself travels with the preview's form, so that nothing waits on the server; saving reads it again.
"""

from __future__ import annotations

import base64
import binascii
import enum
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from followup.ledger.values import UNCALCULATED, ErrorCell
from sydit.errors import Refused
from sydit.forms import Form
from sydit.money import shown
from sydit.sheets import LARGEST, SheetRow, read_rows

MARKS_APART = " "  # in a plan's mark: what it was made on, and then what it does
NOT_WHOLE = "Filen kom inte fram hel. Välj den igen."


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
    """The rows of a file that can be read, and what is wrong in the others; ``unused`` are headings that no field has.

    Whoever reads a list ends with :meth:`require_sound`.
    """

    rows: tuple[ReadRow[RowFormT], ...]
    unread: tuple[Problem, ...]
    unused: tuple[str, ...]

    def require_sound(self, found: Iterable[Problem]) -> None:
        """Raises :class:`RefusedRows` with everything that is wrong: in the rows by themselves, and what was ``found``
        where those that can be read were compared."""
        problems = sorted((*self.unread, *found), key=lambda problem: problem.row or 0)
        if problems:
            raise RefusedRows(problems)


def read_list(content: bytes, form_class: type[RowFormT]) -> ReadList[RowFormT]:
    """Every row of a file as a form. Raises :class:`Refused` where the file is no such list."""
    header, *rows = read_rows(content)
    columns, unused = _columns(header, form_class)
    read = [ReadRow(row.number, _form(row, columns, form_class)) for row in rows]
    if not read:
        raise Refused("Filen har en rubrikrad men inga rader under den.")
    unread = tuple(problem for row in read for problem in _problems(row))
    return ReadList(tuple(row for row in read if row.form.is_valid()), unread, unused)


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
    form = form_class({**dict.fromkeys(form_class.base_fields, ""), **cells})
    for name, cell in cells.items():
        if isinstance(cell, ErrorCell):
            form.errors.pop(name, None)  # a text would be taken as it stands, and an amount said to be none
            form.add_error(name, f"Cellen {UNCALCULATED}")
    return form


def _problems(row: ReadRow[Any]) -> list[Problem]:
    return [
        Problem(row.number, "", "", str(message)) if field == NON_FIELD_ERRORS else row.problem(field, str(message))
        for field, messages in row.form.errors.items()
        for message in messages
    ]


# --- what a file would do ---------------------------------------------------------------------------------------------


class Effect(enum.Enum):
    """What a row does."""

    ADDED = "Nytt"
    CHANGED = "Ändras"
    SAME = "Oförändrat"


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell of the preview: what the row says, and what it replaces."""

    text: str
    was: str = ""


class PlannedRow(Protocol):
    """A row, compared with what is registered."""

    @property
    def number(self) -> int: ...

    @property
    def effect(self) -> Effect: ...

    @property
    def reference(self) -> str:
        """What the row is about."""

    @property
    def cells(self) -> Sequence[Shown]:
        """What the preview shows beside it."""

    @property
    def seen(self) -> object:
        """What the preview stands on: the versions of what is registered, and what is read in the light of them."""


PlannedT_co = TypeVar("PlannedT_co", bound=PlannedRow, covariant=True)


@dataclass(frozen=True, slots=True)
class ListPlan(Generic[PlannedT_co]):
    """What a file would do; ``unused`` are headings that no field has, ``made_on`` marks what the preview stands on
    beside the register."""

    rows: tuple[PlannedT_co, ...]
    unused: tuple[str, ...]
    made_on: str = ""

    def count(self, effect: Effect) -> int:
        return sum(row.effect is effect for row in self.rows)

    @property
    def changing(self) -> list[PlannedT_co]:
        return [row for row in self.rows if row.effect is not Effect.SAME]

    @property
    def changes_anything(self) -> bool:
        return self.count(Effect.SAME) < len(self.rows)

    @property
    def mark(self) -> str:
        """The same for the same file on the same register: what somebody saw is what is saved."""
        return f"{self.made_on}{MARKS_APART}{self._digest}"

    @property
    def _digest(self) -> str:
        seen = [(row.number, row.effect.name, row.seen) for row in self.rows]
        return hashlib.sha256(repr(seen).encode()).hexdigest()

    def require_seen(self, mark: str) -> None:
        """Raises :class:`Refused` where ``mark`` is that of a plan on another register. What ``made_on`` marks is asked
        of by whoever knows what it is."""
        if mark.rpartition(MARKS_APART)[2] != self._digest:
            raise Refused("Registret har ändrats sedan du granskade filen. Granska den igen. Inget har sparats.")


# --- the two steps: look, then save -----------------------------------------------------------------------------------


def _others(form: Form, base: type[Form]) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if name not in base.base_fields}


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

    @property
    def others(self) -> dict[str, Any]:
        """What a kind of list asks for beside the file."""
        return _others(self, ListFileForm)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError("Filen är större än 1 MB. Dela upp listan på flera filer.")
        return file


class SeenFileForm(Form):
    """The file that was looked at, sent back to be saved, and a mark of what the preview said it would do."""

    content = forms.CharField(widget=forms.HiddenInput, error_messages={"required": NOT_WHOLE})
    seen = forms.CharField(widget=forms.HiddenInput, error_messages={"required": NOT_WHOLE})

    @property
    def others(self) -> dict[str, Any]:
        """What was asked for beside the file."""
        return _others(self, SeenFileForm)

    @classmethod
    def initial_of(cls, content: bytes, seen: str) -> dict[str, str]:
        return {"content": base64.b64encode(content).decode("ascii"), "seen": seen}

    def clean_content(self) -> bytes:
        try:
            return base64.b64decode(self.cleaned_data["content"], validate=True)
        except (binascii.Error, ValueError) as error:
            raise ValidationError(NOT_WHOLE) from error
