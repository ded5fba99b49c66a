"""The forms of the measures: what one is, who answers for it and what it gives; and what to show of the register."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django import forms
from django.core.exceptions import BadRequest
from django.db.models import Q
from django.http import QueryDict

from followup.editing import VersionedForm
from followup.measures.actions import MeasureEntry
from followup.models import CostCategory, FiscalYear, FollowUp, Measure
from followup.models.measures import MeasureQuerySet
from sydit.filters import FilterForm, SearchField, spellings
from sydit.forms import AmountField, DateField, TextField, VersionField
from sydit.money import Unit, text

EFFECTS = ("effect_this_year", "effect_full_year", "effect_so_far")


class CategoryField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)  # the year is that of the follow-up


class MeasureForm(VersionedForm):
    """A measure as it stands in one follow-up. Effects are typed in tkr, positive = better."""

    what = TextField(
        label="Åtgärd",
        rows=3,
        max_length=1000,
        show_hidden_initial=True,
        error_messages={"required": "Skriv åtgärden."},
    )
    category = CategoryField(
        label="Kostnadskategori",
        queryset=CostCategory.objects.none(),
        required=False,
        show_hidden_initial=True,
        empty_label="Ingen särskild",
        error_messages={"invalid_choice": "Kategorin finns inte i uppföljningens budgetår. Välj en annan."},
    )
    owner = forms.CharField(label="Ansvarig", required=False, max_length=100, show_hidden_initial=True)
    due_on = DateField(label="Klar senast", required=False, show_hidden_initial=True)
    effect_this_year = AmountField(
        label="Effekt i år",
        unit=Unit.TKR,
        required=False,
        show_hidden_initial=True,
        help_text="Positivt är bättre för resultatet. Tomt betyder att effekten inte är beräknad.",
    )
    effect_full_year = AmountField(label="Effekt på helår", unit=Unit.TKR, required=False, show_hidden_initial=True)
    effect_so_far = AmountField(label="Effekt hittills", unit=Unit.TKR, required=False, show_hidden_initial=True)
    status = forms.ChoiceField(
        label="Status",
        choices=Measure.Status.choices,
        show_hidden_initial=True,
        error_messages={"required": "Välj åtgärdens status.", "invalid_choice": "Välj en status i listan."},
    )

    def __init__(self, data: QueryDict | None = None, *, follow_up: FollowUp, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        category = self.fields["category"]
        assert isinstance(category, CategoryField)
        category.queryset = CostCategory.objects.filter(fiscal_year=follow_up.fiscal_year_id).order_by("position", "id")

    @classmethod
    def of(cls, row: Measure) -> Self:
        """The form with the measure as it is stored."""
        fields = {name: getattr(row, name) for name in ("what", "owner", "due_on", "status", "version", *EFFECTS)}
        return cls(follow_up=row.follow_up, initial={**fields, "category": row.category_id})

    def seen_of(self, row: Measure) -> Self:
        """As :meth:`VersionedForm.seen`, measured against what the row holds now."""
        stored = {
            "what": row.what,
            "category": str(row.category_id or ""),
            "owner": row.owner,
            "due_on": row.due_on.isoformat() if row.due_on else "",
            "status": row.status,
        }
        for name in EFFECTS:
            ore = getattr(row, name)
            stored[name] = "" if ore is None else text(ore, Unit.TKR, exact=True)
        return self.seen(row.version, **stored)

    @property
    def entry(self) -> MeasureEntry:
        """What a valid form says."""
        fields = self.cleaned_data
        return MeasureEntry(
            what=fields["what"],
            category_id=fields["category"].pk if fields["category"] else None,
            owner=fields["owner"],
            due_on=fields["due_on"],
            effect_this_year=fields["effect_this_year"],
            effect_full_year=fields["effect_full_year"],
            effect_so_far=fields["effect_so_far"],
            status=fields["status"],
        )


class RemoveForm(forms.Form):
    """Which version of a measure is to be taken away."""

    version = VersionField()

    @classmethod
    def version_of(cls, data: QueryDict) -> int:
        """Raises ``BadRequest`` where the page's own form did not send it."""
        form = cls(data)
        if not form.is_valid():
            raise BadRequest("Formuläret säger inte vilken version det gäller.")
        return int(form.cleaned_data["version"])


def _years() -> list[tuple[str, str]]:
    return [("", "Alla"), *((str(year), str(year)) for year in FiscalYear.objects.values_list("year", flat=True))]


class RegisterFilter(FilterForm):
    """What to show of the register."""

    IN_FORCE, ALL = "galler", "alla"
    PAST_DUE, UNCONFIRMED, LACKING = "forfallna", "obekraftade", "saknar"

    q = SearchField()
    visa = forms.ChoiceField(
        label="Visa",
        required=False,
        initial=IN_FORCE,
        choices=[(IN_FORCE, "Planerade och pågående"), (ALL, "Alla")],
    )
    status = forms.ChoiceField(label="Status", required=False, choices=[("", "Alla"), *Measure.Status.choices])
    ar = forms.ChoiceField(label="Budgetår", required=False, choices=_years)
    urval = forms.ChoiceField(
        label="Urval",
        required=False,
        choices=[
            ("", "Alla"),
            (PAST_DUE, "Förfallna"),
            (UNCONFIRMED, "Inte bekräftade"),
            (LACKING, "Saknar belopp, ansvarig eller datum"),
        ],
    )

    def apply(self, measures: MeasureQuerySet, *, today: dt.date) -> MeasureQuerySet:
        """The measures that the filter lets through, of those of ``in_register``."""
        status = self.chosen("status")
        if status:
            measures = measures.filter(status=status)
        elif self.chosen("visa") != self.ALL:
            measures = measures.filter(status__in=Measure.UNDER_WAY)
        if year := self.chosen("ar"):
            measures = measures.filter(follow_up__fiscal_year__year=int(year))
        if choice := self.chosen("urval"):
            measures = measures.filter(
                {
                    self.PAST_DUE: Q(due_on__lt=today, status__in=Measure.UNDER_WAY),
                    self.UNCONFIRMED: Q(confirmed=False),
                    self.LACKING: Q(effect_this_year=None) | Q(owner="") | Q(due_on=None),
                }[choice]
            )
        for word in (self.chosen("q") or "").split():
            found = Q()
            for spelling in spellings(word):
                found |= Q(what__icontains=spelling) | Q(owner__icontains=spelling)
                found |= Q(category__name__icontains=spelling)
            measures = measures.filter(found)
        return measures
