"""Shared form fields, and how every form is rendered: label, help, error and what screen readers need, in one place."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting

from sydit import money
from sydit.money import AmountError, Unit

# A thousand billion kronor: more is a slip of the finger, and well below what a database integer holds.
LARGEST_ORE = 10**14
LARGEST_PARAGRAPH = 9999
_ISO_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Renderer(TemplatesSetting):
    """Django's form renderer (setting FORM_RENDERER) with our templates for a form and a field."""

    form_template_name = "_parts/form.html"
    field_template_name = "_parts/field.html"


class PlainLabels(forms.BaseForm):
    """Labels without a colon."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class Form(PlainLabels, forms.Form):
    """Base of our forms: the server's Swedish sentences instead of the browser's own bubbles."""

    use_required_attribute = False


class ModelForm(PlainLabels, forms.ModelForm):  # type: ignore[type-arg]
    """The same for forms over a model."""

    use_required_attribute = False


class AmountInput(forms.TextInput):
    """A text field for an amount: a phone shows digits, and the browser proposes no earlier entries."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", "class": "amount", **(attrs or {})})


class AmountField(forms.Field):
    """Money typed in ``unit``; cleans to whole öre, or to None where nothing was typed and nothing is required.

    A lone comma is the decimal sign. What cannot be read in only one way is an error with the sentence of
    :class:`sydit.money.AmountError`, and what was typed stays in the field. With ``any_unit``, a unit that is
    written after the amount goes before ``unit``, as in a cell that comes from a spreadsheet.
    """

    widget = AmountInput
    default_error_messages = {"required": "Beloppet saknas.", "too_large": "Beloppet är för stort."}

    def __init__(self, *, unit: Unit = Unit.KR, any_unit: bool = False, **kwargs: Any) -> None:
        self.unit = unit
        self.any_unit = any_unit
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> int | None:
        if value is None or isinstance(value, int):
            return value
        typed = str(value)
        if not typed.strip():
            return None
        unit = (money.written_unit(typed) if self.any_unit else None) or self.unit
        try:
            ore = money.parse(typed, unit=unit, decimal="," if _has_lone_comma(typed) else None)
        except AmountError as error:
            raise ValidationError(str(error), code="invalid") from error
        if abs(ore) > LARGEST_ORE:
            raise ValidationError(self.error_messages["too_large"], code="too_large")
        return ore

    def prepare_value(self, value: Any) -> Any:
        """Öre as text in the field's unit; what the user typed as they typed it."""
        return money.text(value, self.unit, exact=True) if isinstance(value, int) else value


def _has_lone_comma(typed: str) -> bool:
    return typed.count(",") == 1 and "." not in typed


class DateInput(forms.DateInput):
    """The browser's date field. It would throw away what is no date, so that is shown back in a text field."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"type": "date", **(attrs or {})}, format="%Y-%m-%d")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        typed = context["widget"]["value"]
        if typed and not _ISO_DAY.fullmatch(typed):
            context["widget"]["type"] = "text"
        return context


class DateField(forms.DateField):
    """A day, written 2024-10-31 whatever the browser's language is."""

    widget = DateInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"input_formats": ["%Y-%m-%d"], **kwargs})

    def to_python(self, value: Any) -> Any:
        typed = value.strip() if isinstance(value, str) else value
        if isinstance(typed, str) and typed and not _ISO_DAY.fullmatch(typed):
            raise ValidationError(_no_date(typed), code="invalid")
        try:
            return super().to_python(typed)
        except ValidationError as error:
            raise ValidationError(_no_date(str(typed)), code="invalid") from error


def _no_date(typed: str) -> str:
    return f"”{money.shown(typed)}” är inget datum. Skriv år, månad och dag så här: 2024-10-31."


class TextField(forms.CharField):
    """Text of several lines, with line ends as ``\\n`` however the browser sent them."""

    default_error_messages = {
        "max_length": "Texten får ha högst %(limit_value)d tecken, och har %(show_value)d. Korta den."
    }

    def __init__(self, *, rows: int = 6, **kwargs: Any) -> None:
        super().__init__(**{"widget": forms.Textarea(attrs={"rows": rows}), **kwargs})

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return text.replace("\r\n", "\n").replace("\r", "\n") if isinstance(text, str) else text


class ParagraphField(forms.IntegerField):
    """The number of a paragraph in the minutes, with or without its sign."""

    widget = forms.TextInput
    default_error_messages = {
        "required": "Skriv paragrafens nummer.",
        "invalid": "Skriv bara paragrafens nummer, till exempel 19.",
        "min_value": "Paragrafens nummer är minst 1.",
        "max_value": f"Paragrafens nummer är högst {LARGEST_PARAGRAPH}.",
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{"min_value": 1, "max_value": LARGEST_PARAGRAPH, **kwargs},
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        )

    def to_python(self, value: Any) -> int | None:
        return super().to_python(value.replace("§", "").strip() if isinstance(value, str) else value)


class VersionField(forms.IntegerField):
    """The version of a row that the user saw, sent along unseen (sydit.versions)."""

    widget = forms.HiddenInput
    default_error_messages = {
        "required": "Formuläret saknar uppgift om vilken version det gäller. Läs in sidan på nytt.",
        "invalid": "Formulärets versionsuppgift går inte att läsa. Läs in sidan på nytt.",
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 0, **kwargs})

    def has_changed(self, initial: Any, data: Any) -> bool:  # noqa: ARG002 - Django's signature
        return False  # nobody types it
