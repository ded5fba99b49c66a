"""The small form that gives one account its rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from followup.models import CostCategory
from sydit.forms import Form

NOT_COUNTED = "raknas-inte"
LONGEST_REASON = 200  # as the rule itself holds it


class RuleForm(Form):
    """A category for the account, or that it does not count, with the reason."""

    account = forms.CharField(
        widget=forms.HiddenInput, max_length=100, error_messages={"required": "Formuläret säger inte vilket konto."}
    )
    place = forms.ChoiceField(
        label="Post",
        error_messages={
            "required": "Välj en post.",
            "invalid_choice": "Posten finns inte längre. Välj en annan.",
        },
    )
    reason = forms.CharField(
        label="Orsak",
        required=False,
        max_length=LONGEST_REASON,
        error_messages={"max_length": f"Skriv högst {LONGEST_REASON} tecken."},
        widget=forms.TextInput(attrs={"placeholder": "Orsak"}),
    )

    def __init__(
        self, data: QueryDict | None = None, *, account: str, categories: Sequence[CostCategory], **kwargs: Any
    ) -> None:
        super().__init__(data, auto_id=f"regel-{account}-%s", **kwargs)
        self._categories = {category.key: category for category in categories}
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", "Välj post"),
            *((category.key, category.name) for category in categories),
            (NOT_COUNTED, "Räknas inte"),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        place, reason = cleaned.get("place"), cleaned.get("reason")
        if place == NOT_COUNTED and not reason:
            self.add_error("reason", "Skriv varför kontot inte räknas.")
        elif place and place != NOT_COUNTED and reason:
            self.add_error(
                "reason", "Orsaken hör till ett konto som inte räknas. Ta bort den eller välj ”Räknas inte”."
            )
        return cleaned

    @property
    def category(self) -> CostCategory | None:
        """None where the account does not count."""
        return self._categories.get(self.cleaned_data["place"])
