"""The catalogue as a list to choose from: each figure with its name and what it says in each of its forms. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from sydit.report.catalogue import THIS_YEAR, Form, Kind, NamedFigure

FORM_LABELS = {
    Form.FULL: "som i en mening",
    Form.DEFINITE: "i bestämd form",
    Form.AMOUNT: "bara beloppet",
    Form.KRONOR: "i hela kronor",
    Form.PERCENT: "i procent av budget",
    Form.WORD: "bara ordet",
}
_GROUPS = {
    "result": "Ekonomiskt resultat",
    "investments": "Investeringar",
    "owners": "Investeringar per kommun",
    "measures": "Åtgärder",
    "": "Förra rapporten",
}
_FORMS = {
    Kind.OUTCOME: tuple(FORM_LABELS),
    Kind.AMOUNT: (Form.FULL, Form.KRONOR, Form.PERCENT),
    Kind.PERCENT: (Form.FULL,),
}


@dataclass(frozen=True, slots=True)
class ListedFigure:
    """``says`` is the figure as a sentence has it; ``forms`` the same in each form, as JSON of form → text."""

    name: str
    label: str
    says: str
    forms: str


@dataclass(frozen=True, slots=True)
class FigureGroup:
    """The figures of one table, or of the report that was given last."""

    label: str
    figures: tuple[ListedFigure, ...]


def listed(figures: Iterable[NamedFigure]) -> tuple[FigureGroup, ...]:
    """The figures by table, in the report's order."""
    groups: dict[str, list[ListedFigure]] = {}
    for figure in figures:
        groups.setdefault(figure.table, []).append(_listed(figure))
    return tuple(FigureGroup(_GROUPS.get(table, table), tuple(members)) for table, members in groups.items())


def _listed(figure: NamedFigure) -> ListedFigure:
    forms = {form.value: figure.say(form) for form in _FORMS[figure.kind] if _has(figure, form)}
    return ListedFigure(figure.name, figure.label, figure.say(), json.dumps(forms, ensure_ascii=False))


def _has(figure: NamedFigure, form: Form) -> bool:
    """A share of the budget is none of the budget itself, nor of what has no budget."""
    if form is not Form.PERCENT:
        return True
    return bool(figure.budget) and not figure.measure.endswith("budget") and figure.row != THIS_YEAR
