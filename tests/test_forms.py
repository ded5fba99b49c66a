"""The shared form fields, and what one field template makes of them."""

from __future__ import annotations

import datetime as dt

import pytest
from django import forms as django_forms

from sydit.forms import LARGEST_ORE, AmountField, DateField, Form, TextField, VersionField
from sydit.money import Unit


class Sample(Form):
    amount = AmountField(unit=Unit.TKR, label="Årsprognos", help_text="Hela året.")
    day = DateField(label="Beslutsdatum", required=False)
    comment = TextField(label="Kommentar", required=False)
    kind = django_forms.ChoiceField(label="Typ", choices=[("a", "A"), ("b", "B")], widget=django_forms.RadioSelect)
    version = VersionField()


GOOD = {"amount": "2 400", "day": "2024-10-31", "comment": "", "kind": "a", "version": "3"}


@pytest.mark.parametrize(
    ("typed", "ore"),
    [
        ("2 400", 240_000_000),
        ("2\N{NO-BREAK SPACE}400", 240_000_000),
        ("2\N{NARROW NO-BREAK SPACE}400", 240_000_000),
        ("\N{MINUS SIGN}813", -81_300_000),
        ("-813", -81_300_000),
        ("1,234", 123_400),  # a lone comma is the decimal sign: 1 234 kr
        ("1.234,5", 123_450_000),
        ("0", 0),
    ],
)
def test_an_amount_is_read_in_the_field_s_unit(typed, ore):
    assert AmountField(unit=Unit.TKR).clean(typed) == ore


def test_a_lone_comma_with_three_digits_is_no_thousands_separator_in_kronor():
    with pytest.raises(django_forms.ValidationError, match="delar av ett öre"):
        AmountField(unit=Unit.KR).clean("1,234")


@pytest.mark.parametrize("typed", ["1.234", "1e5", "tolv", "1 2345", "--5"])
def test_an_amount_that_cannot_be_read_in_one_way_is_refused_with_what_was_typed(typed):
    with pytest.raises(django_forms.ValidationError) as refusal:
        AmountField().clean(typed)
    assert typed in refusal.value.messages[0]


@pytest.mark.parametrize("typed", ["", "   ", None, "\N{NO-BREAK SPACE}"])
def test_nothing_typed_is_none_and_not_zero(typed):
    assert AmountField(required=False).clean(typed) is None
    with pytest.raises(django_forms.ValidationError, match="Beloppet saknas"):
        AmountField().clean(typed)


def test_an_amount_larger_than_the_database_holds_is_refused():
    field = AmountField(unit=Unit.ORE)
    assert field.clean(str(LARGEST_ORE - 1)) == LARGEST_ORE - 1
    with pytest.raises(django_forms.ValidationError, match="för stort"):
        AmountField(unit=Unit.TKR).clean("999999999999")


@pytest.mark.parametrize("ore", [0, 1, -1, 240_000_000, -81_312_345, LARGEST_ORE])
@pytest.mark.parametrize("unit", list(Unit))
def test_the_initial_text_reads_back_as_the_same_ore(ore, unit):
    field = AmountField(unit=unit)
    assert field.clean(field.prepare_value(ore)) == ore
    assert not field.has_changed(ore, field.prepare_value(ore))


def test_a_missing_amount_differs_from_a_typed_zero():
    assert AmountField(required=False).has_changed(None, "0")
    assert not AmountField(required=False).has_changed(None, "")


def test_what_was_typed_wrongly_stays_in_the_field():
    form = Sample({**GOOD, "amount": "1.234", "day": "31/10"})
    assert not form.is_valid()
    html = form.render()
    assert 'value="1.234"' in html
    assert 'value="31/10"' in html
    assert 'type="date"' not in html  # the browser's date field would have thrown 31/10 away


def test_a_date_is_read_and_shown_in_iso_form():
    assert DateField().clean(" 2024-10-31 ") == dt.date(2024, 10, 31)
    html = Sample(initial={"day": dt.date(2024, 10, 31)}).render()
    assert 'type="date"' in html
    assert 'value="2024-10-31"' in html


@pytest.mark.parametrize("typed", ["31/10/2024", "10/31/2024", "2024-02-30", "20241031", "2024-1-5", "i går"])
def test_what_is_no_iso_date_is_refused_with_what_was_typed(typed):
    with pytest.raises(django_forms.ValidationError) as refusal:
        DateField().clean(typed)
    assert refusal.value.messages == [f"”{typed}” är inget datum. Skriv år, månad och dag så här: 2024-10-31."]


def test_text_has_one_kind_of_line_end():
    assert TextField().clean("a\r\nb\rc\nd") == "a\nb\nc\nd"


@pytest.mark.parametrize("sent", ["", "x", "-1"])
def test_a_form_without_a_readable_version_is_refused(sent):
    assert Sample({**GOOD, "version": sent}).errors.keys() == {"version"}


def test_an_error_is_tied_to_its_field_for_screen_readers():
    html = Sample({**GOOD, "amount": "tolv"}).render()
    assert 'aria-describedby="id_amount_helptext id_amount_error"' in html
    assert 'id="id_amount_helptext"' in html
    assert 'id="id_amount_error"' in html
    assert html.count('aria-invalid="true"') == 1


def test_the_error_summary_links_to_every_wrong_field_and_tells_hidden_errors():
    html = Sample({"amount": "tolv"}).render()
    assert 'href="#id_amount"' in html
    assert 'href="#id_kind_0"' in html
    assert 'id="id_kind_0"' in html
    assert "Formuläret saknar uppgift om vilken version" in html


def test_a_form_without_errors_has_no_summary():
    form = Sample(GOOD)
    assert form.is_valid()
    assert "data-error-summary" not in form.render()


def test_the_label_says_the_unit_and_what_may_be_left_out():
    html = " ".join(Sample().render().split())
    assert 'Årsprognos <span class="field-note">(tkr)</span>' in html
    assert 'Kommentar <span class="field-note">(valfritt)</span>' in html
    assert " required" not in html  # the server's sentences, not the browser's
