"""The form that makes a project code of the ledger an investment project."""

from __future__ import annotations

from typing import Any, Self

from django import forms
from django.http import QueryDict

from investments.models import SHARED, Municipality
from sydit.forms import Form


class RegisterForm(Form):
    """What a project code is called and whose it is; both have an answer already, so that one click is enough."""

    code = forms.CharField(
        max_length=30,
        widget=forms.HiddenInput,
        error_messages={"max_length": "Projektkoden är längre än 30 tecken och kan inte registreras."},
    )
    name = forms.CharField(label="Namn", max_length=100, error_messages={"required": "Skriv projektets namn."})
    municipality = forms.ModelChoiceField(
        label="Kommun",
        queryset=Municipality.objects.all(),
        required=False,
        empty_label=SHARED,
        error_messages={"invalid_choice": "Kommunen finns inte. Välj en annan."},
    )

    def __init__(self, data: QueryDict | None = None, *, code: str, **kwargs: Any) -> None:
        self.project_code = code
        super().__init__(data, auto_id=f"kod-{code}-%s", **kwargs)

    @classmethod
    def of(cls, code: str, owners: list[tuple[Any, str]]) -> Self:
        """An empty form; ``owners`` are the municipalities, read once for all forms of a page."""
        form = cls(code=code, initial={"code": code, "name": f"Projekt {code}"})
        form.fields["municipality"].choices = owners  # type: ignore[attr-defined]
        return form
