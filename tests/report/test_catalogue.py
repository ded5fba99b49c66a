"""Figures by name: what people would type finds the figure, and nothing is guessed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sydit.report.catalogue import Catalogue, catalogue_of
from tests.report.sample import INVESTMENTS, RESULT, investments_table, october, result_table

CATALOGUE = catalogue_of(october().tables)


def plain(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("avvikelse licenser", "ett underskott om 1 500 tkr"),
        ("Avvikelse licenser", "Ett underskott om 1 500 tkr"),
        ("avvikelse licenser & serviceavtal", "ett underskott om 1 500 tkr"),
        ("AVVIKELSE LICENSER OCH SERVICEAVTAL", "Ett underskott om 1 500 tkr"),
        ("  avvikelse   lic ", "ett underskott om 1 500 tkr"),
        ("avvikelse tjänsteköp", "ett underskott om 1 950 tkr"),
        ("avvikelse personal", "ett överskott om 800 tkr"),
        ("avvikelse resor", "ett nollresultat"),
        ("avvikelse intäkter", "ett överskott om 550 tkr"),
        ("utfall", "ett underskott om 991 tkr"),
        ("prognos", "ett underskott om 813 tkr"),
        ("prognos totalt", "ett underskott om 813 tkr"),
        ("årsprognos kapital", "11 631 tkr"),
        ("budget personalkostnader", "12 106 tkr"),
        ("utfall intäkter", "35 995 tkr"),
        ("bokfört lekeberg", "1 031 tkr"),
        ("bokfört", "6 361 tkr"),
        ("budget investeringar", "11 334 tkr"),
        ("förbrukat gemensamt", "40 procent"),
        ("avvikelse licenser: belopp", "1 500 tkr"),
        ("avvikelse licenser:bestämd", "underskottet om 1 500 tkr"),
        ("avvikelse resor: bestämd", "nollresultatet"),
        ("avvikelse licenser: procent", "13 procent"),
        ("avvikelse personal: ord", "överskott"),
        ("budget resor: kr", "100 000,00 kr"),
    ],
)
def test_what_people_type_is_said_as_in_a_sentence(typed: str, said: str) -> None:
    found = CATALOGUE.find(typed)
    assert (plain(found.text), found.problem) == (said, "")


@pytest.mark.parametrize("typed", ["avvikelse övrig", "avvikelse invest", "budget it invest"])
def test_a_name_that_fits_several_is_told_and_not_guessed(typed: str) -> None:
    found = CATALOGUE.find(typed)
    assert found.figure is None
    assert "kan vara flera siffror" in found.problem
    assert len(found.suggestions) > 1


@pytest.mark.parametrize(
    "typed", ["", "avvikelse månen", "hej", "avvikelse lonner", ":", "avvikelse licenser: hel", "förra"]
)
def test_an_unknown_name_is_told(typed: str) -> None:
    found = CATALOGUE.find(typed)
    assert (found.figure, found.canonical, found.text) == (None, "", "")
    assert found.problem


def test_a_misspelt_name_is_told_with_what_is_near() -> None:
    assert CATALOGUE.find("avvikelse lokalhyrer").suggestions[0] == "avvikelse c8"


def test_the_kept_name_stays_when_a_row_gets_another_label() -> None:
    kept = CATALOGUE.find("avvikelse licenser: belopp").canonical
    rows = [("Programvara" if label.startswith("Licenser") else label, *rest) for label, *rest in RESULT]
    renamed = catalogue_of({"result": result_table(rows), "investments": investments_table()})
    assert plain(renamed.find(kept).text) == "1 500 tkr"
    assert renamed.find("avvikelse licenser").figure is None


def test_every_figure_is_found_by_its_own_name_and_kept_as_it() -> None:
    for figure in CATALOGUE:
        found = CATALOGUE.find(figure.name)
        assert (found.figure, found.canonical) == (figure, figure.name)


def test_a_missing_figure_says_so() -> None:
    rows = [
        (label, budget, actual, None if label == "Lokalhyror" else forecast)
        for label, budget, actual, forecast in RESULT
    ]
    catalogue = catalogue_of({"result": result_table(rows)})
    assert [catalogue.find(name).text for name in ("avvikelse lokalhyror", "prognos")] == ["saknas", "saknas"]


def test_the_previous_reports_figures_have_names_of_their_own() -> None:
    rows = [(label, budget, actual, forecast + 10_000_000) for label, budget, actual, forecast in RESULT]
    before = replace(october(), sections=(replace(october().sections[2], blocks=(result_table(rows),)),))
    catalogue = catalogue_of(october().tables, before)
    assert plain(catalogue.find("förra avvikelse personal").text) == "ett överskott om 700 tkr"
    assert plain(catalogue.find("avvikelse personal").text) == "ett överskott om 800 tkr"


def test_a_report_without_tables_has_no_figures() -> None:
    assert list(catalogue_of({})) == []
    assert Catalogue(()).find("avvikelse").figure is None


@given(st.text(max_size=200))
def test_any_name_is_found_or_told(typed: str) -> None:
    found = CATALOGUE.find(typed)
    assert (found.figure is None) == bool(found.problem)


@given(st.sampled_from(range(len(INVESTMENTS))), st.integers(-(10**12), 10**12))
def test_a_deficit_is_never_said_with_a_minus(place: int, forecast: int) -> None:
    rows = [(*line[:3], forecast) if number == place else line for number, line in enumerate(RESULT)]
    for name in (f"avvikelse c{place}", "prognos", f"avvikelse c{place}: bestämd", "avvikelse: belopp"):
        assert "−" not in catalogue_of({"result": result_table(rows)}).find(name).text
