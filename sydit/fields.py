"""Model fields that every app shares."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.forms import Field
from django.utils.text import capfirst


class OreField(models.BigIntegerField):  # type: ignore[type-arg]
    """Money in whole öre, debit +, credit −; in a form it is typed and shown in kronor."""

    def formfield(self, **kwargs: Any) -> Field | None:  # noqa: ARG002 - our own field decides
        from sydit.forms import AmountField  # forms need the app registry, fields are loaded before it

        return AmountField(required=not self.blank, label=capfirst(self.verbose_name), help_text=self.help_text)
