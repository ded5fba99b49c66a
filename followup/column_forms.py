"""The forms in which somebody says where a file's table stands, and what its columns are."""

from __future__ import annotations

from typing import Any, Self

from django import forms
from django.http import QueryDict

from followup.ledger import mapping
from followup.ledger.mapping import Table
from followup.ledger.profile import DELIMITED, KIND_LABELS, Fault, Profile, faults
from followup.ledger.styles import DAYS, Style
from followup.ledger.table import Row
from followup.models import ImportProfile
from sydit.forms import Form, VersionField
from sydit.money import Unit, shown

_UNUSED = [("", "Används inte")]
_KINDS = {kind.name.lower(): kind for kind in KIND_LABELS}
_KIND_CHOICES = [*_UNUSED, *((name, KIND_LABELS[kind]) for name, kind in _KINDS.items())]
_DEBIT, _REVERSED = "debit", "reversed"
_FOUND, _FOUND_LABEL = "found", Style.FOUND.label
_NO_HEADER = "0"


def _style_choices(styles: list[Style]) -> list[tuple[str, str]]:
    return [
        (style.value, f"{style.label}, till exempel {style.example}") if style else (_FOUND, _FOUND_LABEL)
        for style in styles
    ]


class PlaceForm(Form):
    """Which table of the file is read, and where its header stands. Sent in the address."""

    table = forms.TypedChoiceField(coerce=int)
    header = forms.TypedChoiceField(
        label="Rubrikrad", coerce=int, help_text="Raden med kolumnernas namn. Konteringarna står under den."
    )

    def __init__(self, data: QueryDict | None = None, *, tables: tuple[Table, ...]) -> None:
        super().__init__(data or None)
        wanted = data.get("table", "") if data else ""
        self.tables = tables
        self.chosen = tables[int(wanted)] if wanted.isdecimal() and int(wanted) < len(tables) else tables[0]
        is_text = self.chosen.format == DELIMITED
        table, header = self.fields["table"], self.fields["header"]
        assert isinstance(table, forms.ChoiceField)
        assert isinstance(header, forms.ChoiceField)
        table.label = "Fältavgränsare" if is_text else "Blad"
        table.choices = [(str(index), each.label) for index, each in enumerate(tables)]
        header.choices = [
            (_NO_HEADER, "Ingen rubrikrad: första raden är en kontering"),
            *((str(row.number), _row_label(row.number, row.cells)) for row in self.chosen.filled),
        ]
        self.initial = {"table": tables.index(self.chosen), "header": mapping.guess_header(self.chosen)}

    @property
    def header_row(self) -> int:
        """What was chosen, or the best guess where the address says nothing that the file has."""
        chosen = self.cleaned_data.get("header") if self.is_bound and self.is_valid() else None
        return int(self.initial["header"] if chosen is None else chosen)

    @property
    def query(self) -> str:
        query = QueryDict(mutable=True)
        query["table"], query["header"] = str(self.tables.index(self.chosen)), str(self.header_row)
        return query.urlencode()


def _row_label(number: int, cells: list[Any]) -> str:
    words = "; ".join(text for text in mapping.cells_text(Row(number, cells), len(cells)) if text)
    return f"Rad {number}: {shown(words, 60)}"


class ColumnsForm(Form):
    """What each column is, and how it is written. :attr:`profile` is what was said."""

    sign = forms.ChoiceField(
        label="Tecken",
        choices=[(_DEBIT, "Debet är positivt"), (_REVERSED, "Omvänt: kredit är positivt")],
        initial=_DEBIT,
        help_text="En kostnad är debet, en intäkt kredit.",
    )
    unit = forms.ChoiceField(
        label="Beloppen är i",
        choices=[(unit.value, unit.value) for unit in (Unit.KR, Unit.ORE, Unit.TKR)],
        initial=Unit.KR.value,
    )
    decimal = forms.ChoiceField(
        label="Decimaltecken",
        choices=[(_FOUND, _FOUND_LABEL), (",", "Komma: 1 234,50"), (".", "Punkt: 1 234.50")],
        initial=_FOUND,
    )
    period_style = forms.ChoiceField(label="Perioden skrivs", choices=_style_choices(list(Style)), initial=_FOUND)
    date_style = forms.ChoiceField(
        label="Datumet skrivs",
        choices=_style_choices([Style.FOUND, *(style for style in Style if style in DAYS)]),
        initial=_FOUND,
    )
    name = forms.CharField(
        label="Profilens namn",
        max_length=80,
        help_text="Nästa fil med samma kolumner läses med profilen av sig själv.",
        error_messages={"required": "Ge profilen ett namn, till exempel efter systemet som filen kommer från."},
    )
    replaces = forms.IntegerField(widget=forms.HiddenInput, required=False)
    version = VersionField(initial=0)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        table: Table,
        header_row: int,
        stored: ImportProfile | None = None,
        is_saved: bool = False,
    ) -> None:
        super().__init__(data)
        self.fields["name"].required = is_saved or data is None  # not to try how the file reads
        self._table, self._shape = table, table.shape(header_row)
        self.width = table.width(header_row)
        kinds = stored.profile.kinds if stored else mapping.guess_kinds(table, header_row)
        for column in range(self.width):
            kind = kinds[column] if column < len(kinds) else None
            self.fields[f"column_{column}"] = forms.ChoiceField(
                label=self.column_label(column),
                choices=_KIND_CHOICES,
                required=False,
                widget=forms.Select({"aria-labelledby": f"column-is column-{column}"}),
                initial=kind.name.lower() if kind else "",
            )
        self.initial = _initial(stored) if stored else {"unit": mapping.guess_unit(table, header_row).value}

    def column_label(self, column: int) -> str:
        name = self._shape.header[column] if column < len(self._shape.header) else ""
        return f"Kolumn {column + 1}, {shown(name)}" if name else f"Kolumn {column + 1}"

    @property
    def columns(self) -> list[forms.BoundField]:
        return [self[f"column_{column}"] for column in range(self.width)]

    @property
    def profile(self) -> Profile:
        """What was said. Only of a form that is valid."""
        said = self.cleaned_data
        return Profile(
            name=said.get("name") or "Utan namn",
            shape=self._shape,
            kinds=tuple(_KINDS.get(said[f"column_{column}"]) for column in range(self.width)),
            sheet=self._table.sheet,
            is_reversed=said["sign"] == _REVERSED,
            unit=Unit(said["unit"]),
            period_style=Style(_said(said["period_style"])),
            date_style=Style(_said(said["date_style"])),
            decimal=_said(said["decimal"]),
        )

    def clean(self) -> dict[str, Any]:
        self.fields["name"].required = True  # as the page then says
        if not self.errors.keys() - {"name"}:
            self.add_faults(*faults(self.profile))
        return self.cleaned_data

    def add_faults(self, *found: Fault) -> None:
        for fault in found:
            column = None if fault.column is None else f"column_{fault.column}"
            self.add_error(column or fault.field or None, fault.message)

    def seeing(self, stored: ImportProfile | None) -> Self:
        """The form with what was typed, against what is stored now: sent again, it is a knowing choice."""
        assert isinstance(self.data, QueryDict)
        self.data = self.data.copy()
        self.data["replaces"] = str(stored.pk) if stored else ""
        self.data["version"] = str(stored.version) if stored else "0"
        return self


def _said(choice: str) -> str:
    """What a profile keeps of a choice: nothing where the program is to find it."""
    return "" if choice == _FOUND else choice


def _initial(stored: ImportProfile) -> dict[str, Any]:
    profile = stored.profile
    return {
        "name": stored.name,
        "sign": _REVERSED if profile.is_reversed else _DEBIT,
        "unit": profile.unit.value,
        "decimal": profile.decimal or _FOUND,
        "period_style": profile.period_style.value or _FOUND,
        "date_style": profile.date_style.value or _FOUND,
        "replaces": stored.pk,
        "version": stored.version,
    }
