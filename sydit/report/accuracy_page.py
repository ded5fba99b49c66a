"""The page that tells how earlier forecasts came true."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sydit.access import Permission, require, user_of
from sydit.filters import FilterForm
from sydit.report import accuracy

LONGEST_YEAR = 4  # digits


class AccuracyFilter(FilterForm):
    """Since which year, and in what."""

    visa = forms.ChoiceField(
        label="Visa i",
        choices=[("tkr", "tkr"), ("procent", "procent av budget")],
        initial="tkr",
        error_messages={"invalid_choice": "Välj tkr eller procent i listan."},
    )
    fran = forms.IntegerField(
        label="Från och med år",
        required=False,
        min_value=2000,
        max_value=2100,
        error_messages={
            "invalid": "Skriv ett år med fyra siffror.",
            "min_value": "Skriv ett år med fyra siffror.",
            "max_value": "Skriv ett år med fyra siffror.",
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": LONGEST_YEAR}),
    )


@require_safe
def forecast_accuracy(request: HttpRequest) -> HttpResponse:
    require(user_of(request), Permission.READ_DRAFTS)
    chosen = AccuracyFilter(request.GET)
    record = accuracy.read(chosen.chosen("fran"))
    in_percent = chosen.chosen("visa") == "procent"
    return render(
        request,
        "report/accuracy.html",
        {
            "filter": chosen,
            "years": record.years,
            "kinds": [
                (accuracy.table(kind, in_percent=in_percent), accuracy.chart(kind))
                for kind in record.kinds
                if kind.observations
            ],
            "measures": accuracy.measures_table(record.measures) if record.measures else None,
        },
    )
