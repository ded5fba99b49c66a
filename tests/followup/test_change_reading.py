"""A file that is understood by itself but wrongly: its reading is changed, kept as a profile, and booked anew."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from followup.ledger import load, unmapped
from followup.ledger.cautions import Concern, remarks
from followup.ledger.content import Content
from followup.ledger.load import AlreadyBooked
from followup.ledger.preview import preview
from followup.models import ImportProfile, LedgerFile, LedgerImport, LedgerMonth, UnmappedFile
from sydit.access import Role
from sydit.models import User
from tests import factories

pytestmark = pytest.mark.django_db

CONTENT = b"Period;Konto;Belopp;Text\n202401;35110;900,00;Avgift\n202401;50200;-1000,50;Lon\n"
CHOICES = {
    "column_0": "period", "column_1": "account", "column_2": "amount", "column_3": "text",
    "sign": "reversed", "unit": "kr", "decimal": "found", "period_style": "found", "date_style": "found",
    "name": "Kredit positiv", "replaces": "", "version": "0",
}  # fmt: skip


@pytest.fixture
def administrator() -> User:
    return factories.user(role=Role.ADMINISTRATOR, name="Anna Administratör")


@pytest.fixture
def pages(client: Client, administrator: User) -> Client:
    factories.fiscal_year()
    client.force_login(administrator)
    return client


def uploaded(by: User, content: bytes = CONTENT) -> LedgerImport:
    return load.upload(content=Content.of(content), filename="bok.csv", fiscal_year=factories.fiscal_year(), by=by)


def booked(by: User, content: bytes = CONTENT) -> LedgerImport:
    waiting = uploaded(by, content)
    return load.book(ledger_import=waiting, seen=preview(waiting).replaced, confirmed=frozenset(Concern), by=by)


def press(pages: Client, url_name: str, pk: int, **data: str) -> HttpResponse:
    return pages.post(reverse(url_name, args=[pk]), data, follow=True)


def text_of(response: HttpResponse) -> str:
    return " ".join(response.content.decode().replace("\N{NO-BREAK SPACE}", " ").split())


def test_the_page_of_an_import_leads_to_its_columns_as_they_are_read(pages: Client, administrator: User) -> None:
    waiting = uploaded(administrator)
    assert reverse("import-change", args=[waiting.pk]) in text_of(pages.get(reverse("import", args=[waiting.pk])))
    response = press(pages, "import-change", waiting.pk)
    assert "<h1>Ändra hur filen läses</h1>" in text_of(response)
    form = response.context["form"]
    assert [field.value() for field in form.columns] == ["period", "account", "amount", "text"]
    assert (form["sign"].value(), form["unit"].value()) == ("debit", "kr")


def test_the_other_sign_replaces_the_waiting_import_and_wins_for_the_next_file(
    pages: Client, administrator: User
) -> None:
    waiting = uploaded(administrator)
    press(pages, "import-change", waiting.pk)
    response = press(pages, "import-columns", UnmappedFile.objects.get().pk, **CHOICES, save="")
    changed = LedgerImport.objects.get()
    assert (changed.total, changed.profile["name"]) == (10050, "Kredit positiv")
    assert response.redirect_chain[-1][0] == reverse("import", args=[changed.pk])
    assert not UnmappedFile.objects.exists()
    assert uploaded(administrator, CONTENT.replace(b"900", b"800")).total == 20050


def test_a_booked_import_read_with_the_other_sign_is_another_booking(pages: Client, administrator: User) -> None:
    first = booked(administrator)
    press(pages, "import-change", first.pk)
    press(pages, "import-columns", UnmappedFile.objects.get().pk, **CHOICES, save="")
    second = LedgerImport.objects.latest("pk")
    assert second.pk != first.pk
    assert [change.difference for change in preview(second).months] == [20100]
    load.book(ledger_import=second, seen=preview(second).replaced, confirmed=frozenset(Concern), by=administrator)
    assert LedgerMonth.objects.get(is_current=True).total == 10050
    with pytest.raises(AlreadyBooked):
        uploaded(administrator)


def test_a_profile_that_reads_the_same_sums_does_not_book_a_file_twice(pages: Client, administrator: User) -> None:
    first = booked(administrator)
    press(pages, "import-change", first.pk)
    response = press(pages, "import-columns", UnmappedFile.objects.get().pk, **{**CHOICES, "sign": "debit"}, save="")
    assert "Filen är redan bokförd" in text_of(response)
    assert LedgerImport.objects.get() == first
    assert ImportProfile.objects.exists()


def test_letting_it_be_changes_nothing(pages: Client, administrator: User) -> None:
    waiting = uploaded(administrator)
    press(pages, "import-change", waiting.pk)
    response = press(pages, "import-columns-cancel", UnmappedFile.objects.get().pk)
    assert "läses som förut" in text_of(response)
    assert response.redirect_chain[-1][0] == reverse("import", args=[waiting.pk])
    assert LedgerImport.objects.get() == waiting
    assert LedgerFile.objects.exists()


def test_another_file_that_waits_is_not_touched(pages: Client, administrator: User) -> None:
    other = uploaded(administrator, CONTENT.replace(b"900", b"800"))
    press(pages, "import-change", uploaded(administrator).pk)
    press(pages, "import-columns", UnmappedFile.objects.get().pk, **CHOICES, save="")
    assert other in LedgerImport.objects.all()


def test_a_sie_file_says_itself_what_it_holds(pages: Client, administrator: User) -> None:
    content = b"#FLAGGA 0\n#SIETYP 4\n#RAR 0 20240101 20241231\n#VER A 1 20240101\n{\n#TRANS 5010 {} 1\n"
    content += b"#TRANS 1930 {} -1\n}\n"
    waiting = uploaded(administrator, content)
    assert "Ändra hur filen läses" not in text_of(pages.get(reverse("import", args=[waiting.pk])))
    assert "SIE-fil säger själv" in text_of(press(pages, "import-change", waiting.pk))
    assert not UnmappedFile.objects.exists()


def test_an_import_that_is_gone_is_told(pages: Client) -> None:
    assert "Importen finns inte längre" in text_of(press(pages, "import-change", 99))


def test_a_unit_in_the_header_is_what_one_begins_with(pages: Client, administrator: User) -> None:
    waiting = uploaded(administrator, CONTENT.replace(b"Belopp", b"Belopp (tkr)"))
    form = press(pages, "import-change", waiting.pk).context["form"]
    assert form["unit"].value() == "tkr"


def test_a_file_is_told_from_one_that_was_never_imported(administrator: User) -> None:
    waiting = uploaded(administrator)
    held = unmapped.hold_again(ledger_import=waiting, by=administrator)
    assert unmapped.imported(held) == waiting
    assert unmapped.imported(factories.unmapped_file(by=administrator)) is None


@pytest.mark.parametrize(
    ("content", "is_told"),
    [
        (CONTENT, True),
        (CONTENT.replace(b"900", b"-900").replace(b"-1000", b"1000"), False),
        (CONTENT.replace(b"900", b"-900"), False),
        (CONTENT.replace(b"35110", b"50300").replace(b"900", b"-900"), False),
    ],
)
def test_income_and_costs_of_the_other_sign_are_pointed_out(administrator: User, content: bytes, is_told: bool) -> None:
    assert any("tvärtemot" in remark for remark in remarks(preview(uploaded(administrator, content)))) is is_told
