"""The report's last section: that its figures agree with the ledger, and which files they come from."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from followup import basis
from followup.models import LedgerMonth
from sydit.report.build import build_report
from sydit.report.document import Paragraph, ParagraphKind, Report, SetAside
from tests import factories

pytestmark = pytest.mark.django_db


def report_of(*lines: str) -> Report:
    factories.category(key="staff", name="Personalkostnader", prefixes=("5",))
    factories.account_rule(prefix="799", reason="Aktivering")
    factories.project(code="91002")
    if lines:
        factories.booked_import(*lines, by=factories.user(name="Anna Ek"))
    return build_report(factories.follow_up())


def sentence(report: Report) -> Paragraph:
    paragraph = report.sections[-1].blocks[0]
    assert isinstance(paragraph, Paragraph)
    return paragraph


EVERY_PLACE = (
    "202401;50200;100,00",
    "202401;64000;20,00",
    "202402;50200;7,00;91002",
    "202402;79900;-3,00",
    "202402;24900;-1,50",
)


def test_the_report_says_at_which_total_it_agrees_with_the_ledger_and_where_it_went() -> None:
    assert " ".join(sentence(report_of(*EVERY_PLACE)).text.split()) == (
        "Siffrorna stämmer med huvudboken på öret: för januari och februari 2024 redovisar den 122,50 kr, "
        "varav drift 120,00 kr, investeringar 7,00 kr, konton som inte räknas −3,00 kr och balanskonton −1,50 kr."
    )


def test_what_is_left_out_is_told_only_where_there_is_any() -> None:
    assert " ".join(sentence(report_of("202401;50200;100,00")).text.split()) == (
        "Siffrorna stämmer med huvudboken på öret: för januari 2024 redovisar den 100,00 kr, "
        "varav drift 100,00 kr och investeringar 0,00 kr."
    )


def test_sums_that_do_not_agree_are_never_said_to() -> None:
    factories.booked_import("202401;50200;100,00")
    LedgerMonth.objects.update(total=1)
    paragraph = sentence(report_of())
    assert paragraph.kind is ParagraphKind.NOTICE
    assert paragraph.text.startswith("Siffrorna stämmer inte med huvudboken")


def test_without_any_import_the_report_says_so() -> None:
    assert sentence(report_of()).text == "Ingen huvudbok är importerad."


def test_each_file_is_named_with_its_months_sum_importer_and_checksum() -> None:
    factories.booked_import("202401;50200;1,00", "202402;50200;2,00", filename="ettan.csv")
    factories.booked_import("202402;50200;5,00", filename="tvåan.csv")
    report = report_of()
    table = report.tables["basis"]
    assert [row.label for row in table.rows] == ["ettan.csv", "tvåan.csv", "Summa"]
    assert [table.cell(key, "months").text for key in "12"] == ["januari 2024", "februari 2024"]
    assert [table.cell(key, "total").text for key in ("1", "2", "total")] == ["1,00", "5,00", "6,00"]
    checksums = [block.text for block in report.sections[-1].blocks[2:] if isinstance(block, Paragraph)]
    assert checksums == [f"Kontrollsumma (SHA-256) för {s.filename}: {s.sha256}" for s in report.basis.sources]
    assert " av administrator-" in table.cell("2", "imported").text


def test_a_control_total_is_told_where_one_was_given() -> None:
    (source,) = report_of("202401;50200;1,00").basis.sources
    assert basis.control(source) == "Ingen angiven"
    told = basis.control(replace(source, control_total=100))
    assert " ".join(told.split()) == "1,00 kr, stämde vid bokföringen"


def test_the_document_keeps_the_rules_that_set_accounts_aside() -> None:
    report = report_of(*EVERY_PLACE)
    assert report.basis.set_aside == (SetAside("799", "Aktivering", ("79900",)),)
    assert Report.from_json(report.to_json()) == report


def test_a_document_stored_without_these_facts_still_opens() -> None:
    report = report_of(*EVERY_PLACE)
    stored = json.loads(report.to_json())
    del stored["basis"]["set_aside"]
    for source in stored["basis"]["sources"]:
        for key in ("imported_at", "imported_by", "control_total_ore"):
            del source[key]
    opened = Report.from_json(json.dumps(stored))
    assert opened.sections == report.sections
    assert (opened.basis.set_aside, opened.basis.sources[0].imported_at) == ((), None)
