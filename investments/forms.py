"""The forms of the investments: what the register says of a project, registering a code, and what to show."""

from __future__ import annotations

from typing import Any, Self

from django import forms
from django.core.validators import RegexValidator
from django.db.models import Q
from django.http import QueryDict

from followup.budget_forms import AmountsForm
from followup.editing import VersionedForm
from followup.models import FiscalYear, Project
from investments.actions import Content
from investments.models import SHARED, InvestmentProject, InvestmentProjectQuerySet, Municipality, ProjectForecast
from sydit.filters import FilterForm, SearchField, spellings
from sydit.forms import AmountField, Form
from sydit.money import Unit, text

SHARED_ONLY = "gemensamt"  # in the address, instead of a municipality


LONGEST_CODE, LONGEST_NAME, LONGEST_RESPONSIBLE = 30, 100, 150
FIRST_YEAR, LAST_YEAR = 2000, 2100


class CodeField(forms.CharField):
    """A project code, as booked lines carry it."""

    default_validators = [
        validator for validator in Project._meta.get_field("code").validators if isinstance(validator, RegexValidator)
    ]

    def __init__(self, **kwargs: Any) -> None:
        messages = {
            "required": "Projektkoden saknas.",
            "max_length": f"Projektkoden är längre än {LONGEST_CODE} tecken och kan inte registreras.",
        }
        super().__init__(**{"max_length": LONGEST_CODE, "error_messages": messages, **kwargs})


class YearField(forms.IntegerField):
    """A year of a project."""

    def __init__(self, **kwargs: Any) -> None:
        told = f"Skriv ett år mellan {FIRST_YEAR} och {LAST_YEAR}, till exempel 2024."
        super().__init__(
            min_value=FIRST_YEAR,
            max_value=LAST_YEAR,
            required=False,
            error_messages={"invalid": told, "min_value": told, "max_value": told},
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            **kwargs,
        )


class OwnerField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """The municipality of a project; none where it is shared."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=Municipality.objects.all(),
            label="Kommun",
            required=False,
            empty_label=SHARED,
            error_messages={"invalid_choice": "Kommunen finns inte. Välj en annan."},
            **kwargs,
        )


class ProjectForm(VersionedForm):
    """What the register says of a project. Its code stays, since booked lines carry it."""

    name = forms.CharField(
        label="Namn",
        max_length=LONGEST_NAME,
        show_hidden_initial=True,
        error_messages={"required": "Skriv projektets namn."},
    )
    municipality = OwnerField(show_hidden_initial=True)
    responsible = forms.CharField(
        label="Ansvarig", required=False, max_length=LONGEST_RESPONSIBLE, show_hidden_initial=True
    )
    start_year = YearField(label="Startår", show_hidden_initial=True)
    end_year = YearField(label="Slutår", show_hidden_initial=True)
    frame = AmountField(
        label="Total ram",
        unit=Unit.TKR,
        required=False,
        show_hidden_initial=True,
        help_text="Det som är beslutat för projektets alla år. Lämna tomt om ramen är summan av årens budgetar.",
    )

    @classmethod
    def of(cls, project: InvestmentProject) -> Self:
        """The form with the project as it is stored."""
        return cls(initial={**cls.stored(project), "frame": project.frame, "version": project.version})

    @staticmethod
    def stored(project: InvestmentProject) -> dict[str, str]:
        """The fields' text for what is stored."""
        return {
            "name": project.name,
            "municipality": str(project.municipality_id or ""),
            "responsible": project.responsible,
            "start_year": str(project.start_year or ""),
            "end_year": str(project.end_year or ""),
            "frame": "" if project.frame is None else text(project.frame, Unit.TKR, exact=True),
        }

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.errors and (problem := self.content.problem):
            self.add_error("end_year", problem)
        return cleaned

    @property
    def content(self) -> Content:
        """What was entered, of a form that is valid."""
        fields = self.cleaned_data
        return Content(
            name=fields["name"],
            municipality_id=fields["municipality"].pk if fields["municipality"] else None,
            responsible=fields["responsible"],
            start_year=fields["start_year"],
            end_year=fields["end_year"],
            frame=fields["frame"],
        )


class NewProjectForm(ProjectForm):
    """The same with the code that the project is to have."""

    code = CodeField(label="Projektkod", help_text="Som den står på bokförda rader. Den kan inte ändras sedan.")

    field_order = ("code",)


class BudgetForm(AmountsForm):
    """What a project's budget of a year grows by, and the decision behind it."""

    fiscal_year = forms.ModelChoiceField(
        label="Budgetår",
        queryset=FiscalYear.objects.order_by("-year"),
        empty_label=None,
        error_messages={"required": "Välj budgetår.", "invalid_choice": "Budgetåret finns inte. Välj ett annat."},
    )

    field_order = ("fiscal_year", "amount")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].help_text = "Det som läggs till budgeten; en minskning skrivs med minus."

    @classmethod
    def blank(cls, year: FiscalYear | None) -> Self:
        return cls(initial=cls.fresh(fiscal_year=year))


class RegisterForm(Form):
    """What a project code is called and whose it is; both have an answer already, so that one click is enough."""

    code = CodeField(widget=forms.HiddenInput)
    name = forms.CharField(label="Namn", max_length=100, error_messages={"required": "Skriv projektets namn."})
    municipality = OwnerField()

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
                found |= Q(responsible__icontains=spelling)
                found |= Q(latest_comment__icontains=spelling)
            projects = projects.filter(found)
        return projects
