"""The forms of the investments: registering a project code, and what to show of the register."""

from __future__ import annotations

from typing import Any, Self

from django import forms
from django.db.models import Q
from django.http import QueryDict

from investments.models import SHARED, InvestmentProjectQuerySet, Municipality, ProjectForecast
from sydit.filters import FilterForm, SearchField, spellings
from sydit.forms import Form

SHARED_ONLY = "gemensamt"  # in the address, instead of a municipality


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


def _owners() -> list[tuple[str, str]]:
    municipalities = [(str(pk), name) for pk, name in Municipality.objects.values_list("pk", "name")]
    return [("", "Alla"), *municipalities, (SHARED_ONLY, SHARED)]


class ProjectFilter(FilterForm):
    """What to show of the register."""

    q = SearchField()
    kommun = forms.ChoiceField(label="Kommun", required=False, choices=_owners)
    orsak = forms.ChoiceField(
        label="Orsak till avvikelse", required=False, choices=[("", "Alla"), *ProjectForecast.Reason.choices]
    )

    def apply(self, projects: InvestmentProjectQuerySet) -> InvestmentProjectQuerySet:
        """The projects that the filter lets through, of those of ``in_register``."""
        if (owner := self.chosen("kommun")) == SHARED_ONLY:
            projects = projects.filter(municipality=None)
        elif owner:
            projects = projects.filter(municipality=int(owner))
        if reason := self.chosen("orsak"):
            projects = projects.filter(Q(latest_reason=reason))
        for word in (self.chosen("q") or "").split():
            found = Q(code__icontains=word)
            for spelling in spellings(word):
                found |= Q(name__icontains=spelling) | Q(owner_name__icontains=spelling)
                found |= Q(latest_comment__icontains=spelling)
            projects = projects.filter(found)
        return projects
