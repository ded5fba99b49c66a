"""The pages where an administrator says what the columns of a file are, and looks after the profiles."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from followup.models import ImportProfile, LedgerFile, LedgerImport, UnmappedFile
from sydit.access import Role
from sydit.models import User
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> User:
    return factories.user(role=Role.ADMINISTRATOR, name="Anna Administratör")


@pytest.fixture
def pages(client: Client, administrator: User) -> Client:
    factories.fiscal_year()
    client.force_login(administrator)
    return client


def send(pages: Client, content: bytes, *, filename: str = "loner.csv") -> HttpResponse:
    data = {"file": SimpleUploadedFile(filename, content), "fiscal_year": str(factories.fiscal_year().pk)}
    return pages.post(reverse("imports"), data, follow=True)


def text_of(response: HttpResponse) -> str:
    return " ".join(response.content.decode().replace("\N{NO-BREAK SPACE}", " ").split())


CHOICES = {
    "column_0": "cost_center", "column_1": "account", "column_2": "period", "column_3": "amount", "column_4": "text",
    "sign": "debit", "unit": "kr", "decimal": "found", "period_style": "YYYYMM", "date_style": "found",
    "name": "Lönesystemet", "replaces": "", "version": "0",
}  # fmt: skip


def press(pages: Client, held: UnmappedFile, button: str, *, query: str = "", **changed: Any) -> HttpResponse:
    address = reverse("import-columns", args=[held.pk]) + query
    return pages.post(address, {**CHOICES, **changed, button: ""}, follow=True)


def test_a_file_with_unknown_columns_is_kept_and_the_mapping_offered(pages: Client) -> None:
    response = send(pages, factories.ODD_CSV)
    held = UnmappedFile.objects.get()
    assert response.status_code == 422
    assert reverse("import-columns", args=[held.pk]) in text_of(response)
    assert "Väntar på att kolumnerna anges" in text_of(pages.get(reverse("imports")))


@pytest.mark.parametrize(
    "content",
    [
        b"Period;Konto;Belopp\n202410;50200;1,00\n202410;50200;tolv\n",
        b"%PDF-1.7",
        b"#FLAGGA 0\n#SIETYP 4\n",
        b"bara text\n",
    ],
)
def test_what_no_choice_of_columns_mends_is_not_kept(pages: Client, content: bytes) -> None:
    assert "Ange kolumnerna" not in text_of(send(pages, content))
    assert not LedgerFile.objects.exists()


def test_the_page_shows_the_first_rows_and_guesses_what_it_can(pages: Client) -> None:
    held = factories.unmapped_file(content=b"Utskrift\nNr;Period;Belopp;Summa belopp;Projekt\n1;202410;1,50;2;91001\n")
    response = pages.get(reverse("import-columns", args=[held.pk]))
    chosen = [field.value() for field in response.context["form"].columns]
    assert chosen == ["", "period", "amount", "", "project"]
    text = text_of(response)
    assert "Kolumn 1</span> <br> Nr" in text
    assert 'data-label="Projekt">91001</td>' in text
    assert "Rad 2: Nr; Period; Belopp" in text


def test_the_choices_show_how_the_file_reads_and_nothing_is_saved(pages: Client) -> None:
    held = factories.unmapped_file()
    response = press(pages, held, "show", name="")
    assert response.status_code == 200
    text = text_of(response)
    assert "2 rader" in text
    assert text.count("1 000,00") >= 2
    assert "Summa per månad" in text
    assert "Oktober 2024</th>" in text
    assert "valfritt" not in text
    assert not ImportProfile.objects.exists()


def test_a_saved_profile_leads_to_the_preview_that_names_it(pages: Client) -> None:
    held = factories.unmapped_file()
    response = press(pages, held, "save")
    waiting = LedgerImport.objects.get()
    assert response.redirect_chain == [(reverse("import", args=[waiting.pk]), 302)]
    assert "Importprofil</dt> <dd> Lönesystemet" in text_of(response)
    assert not UnmappedFile.objects.exists()
    assert send(pages, factories.ODD_CSV.replace(b"1000", b"2000")).redirect_chain
    assert LedgerImport.objects.latest("pk").total == 200000


def test_reversed_sign_and_unit_are_seen_at_once(pages: Client) -> None:
    text = text_of(press(pages, factories.unmapped_file(), "show", sign="reversed", unit="tkr"))
    assert "−1 000 000,00" in text
    assert "Beloppen är angivna i tkr" in text


def test_a_wrong_choice_is_told_at_its_column_and_everything_chosen_stays(pages: Client) -> None:
    held = factories.unmapped_file()
    response = press(pages, held, "save", column_0="account", unit="öre", name="Min profil")
    assert response.status_code == 422
    form = response.context["form"]
    assert form.errors == {"column_1": ["Kolumn 1 är redan Konto. Bara en kolumn kan vara det."]}
    assert [field.value() for field in form.columns] == ["account", "account", "period", "amount", "text"]
    assert (form["unit"].value(), form["name"].value()) == ("öre", "Min profil")
    assert not ImportProfile.objects.exists()
    assert not LedgerImport.objects.exists()


def test_columns_that_read_no_row_are_told_with_the_first_row(pages: Client) -> None:
    response = press(pages, factories.unmapped_file(), "save", column_0="period", column_2="cost_center")
    assert response.status_code == 422
    assert response.context["form"].errors["column_0"][0].startswith("Rad 2: Perioden ”10” följer inte profilen")
    assert not ImportProfile.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [("column_1", "x"), ("unit", "mkr"), ("period_style", "hh"), ("sign", "?"), ("decimal", ";"), ("version", "")],
)
def test_a_form_that_was_tampered_with_saves_nothing(pages: Client, field: str, value: str) -> None:
    assert press(pages, factories.unmapped_file(), "save", **{field: value}).status_code == 422
    assert not ImportProfile.objects.exists()


def test_a_profile_needs_a_name_to_be_saved(pages: Client) -> None:
    response = press(pages, factories.unmapped_file(), "save", name=" ")
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["name"])


def test_a_profile_that_somebody_else_saved_meanwhile_is_told_and_then_knowingly_replaced(pages: Client) -> None:
    held = factories.unmapped_file()
    theirs = factories.import_profile(name="Deras", by=factories.user(name="Berit"))
    response = press(pages, held, "save", name="Min")
    assert response.status_code == 409
    assert "har ändrats av Berit" in text_of(response)
    assert ImportProfile.objects.get().name == "Deras"
    form = response.context["form"]
    press(pages, held, "save", name="Min", replaces=form["replaces"].value(), version=form["version"].value())
    assert (ImportProfile.objects.get().pk, ImportProfile.objects.get().name) == (theirs.pk, "Min")


def test_the_stored_profile_of_the_shape_is_what_one_begins_with(pages: Client) -> None:
    row = factories.import_profile()
    form = pages.get(reverse("import-columns", args=[factories.unmapped_file().pk])).context["form"]
    assert [field.value() for field in form.columns] == ["cost_center", "account", "period", "amount", "text"]
    assert (form["replaces"].value(), form["version"].value()) == (row.pk, 1)


def test_a_good_profile_is_saved_though_the_file_has_a_bad_row_and_the_file_still_waits(pages: Client) -> None:
    held = factories.unmapped_file(content=factories.ODD_CSV + b"10;50200;202410;tolv;x\r\n")
    shown = text_of(press(pages, held, "show"))
    assert "Rad 4: ”tolv” går inte att läsa som ett belopp." in shown
    response = press(pages, held, "save")
    assert response.status_code == 422
    assert "”tolv”" in text_of(response)
    assert ImportProfile.objects.exists()
    assert not LedgerImport.objects.exists()
    assert UnmappedFile.objects.exists()


def test_a_file_without_header_can_be_mapped(pages: Client) -> None:
    held = factories.unmapped_file(content=factories.ODD_CSV.split(b"\r\n", 1)[1])
    assert pages.get(reverse("import-columns", args=[held.pk])).context["place"].header_row == 0
    response = press(pages, held, "save", query="?table=0&header=0")
    assert "känd bara på antalet kolumner" in text_of(response)
    assert LedgerImport.objects.get().total == 100000


def test_the_separator_and_the_header_are_chosen_in_the_address(pages: Client) -> None:
    held = factories.unmapped_file(content=b"Rapport;a\nA,B;C,D\n1,2;3,4\n")
    response = pages.get(reverse("import-columns", args=[held.pk]), {"table": "1", "header": "2"})
    names = [head.name for head in response.context["heads"]]
    assert names in (["A", "B;C", "D"], ["A,B", "C,D"])
    for wrong in ({"table": "9"}, {"table": "x", "header": "-"}, {"header": "999"}):
        assert pages.get(reverse("import-columns", args=[held.pk]), wrong).status_code == 200


def test_a_sheet_of_a_workbook_can_be_mapped(pages: Client) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Innehåll", "Sida"])
    sheet = book.create_sheet("Oktober")
    for row in (["Kst", "Nr", "Tid", "Kr", "Vad"], [10, 50200, 202410, 1000.5, "Lön"]):
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    send(pages, buffer.getvalue(), filename="loner.xlsx")
    held = UnmappedFile.objects.get()
    page = pages.get(reverse("import-columns", args=[held.pk]))
    index = [table.sheet for table in page.context["place"].tables].index("Oktober")
    press(pages, held, "save", query=f"?table={index}&header=1")
    assert LedgerImport.objects.get().total == 100050


def test_markup_in_a_file_is_shown_as_text(pages: Client) -> None:
    held = factories.unmapped_file(content=b"A;<script>alert(1)</script>\n<b>;2\n", filename="<i>.csv")
    body = pages.get(reverse("import-columns", args=[held.pk])).content.decode()
    assert "<script>alert" not in body
    assert "<i>.csv" not in body


def test_a_file_can_be_thrown_away(pages: Client) -> None:
    held = factories.unmapped_file()
    response = pages.post(reverse("import-columns-cancel", args=[held.pk]), follow=True)
    assert "loner.csv är kastad" in text_of(response)
    assert not LedgerFile.objects.exists()


def test_a_stale_tab_says_that_the_file_is_gone(pages: Client) -> None:
    held = factories.unmapped_file()
    UnmappedFile.objects.all().delete()
    assert pages.get(reverse("import-columns", args=[held.pk])).status_code == 404
    assert "Filen finns inte längre kvar" in text_of(press(pages, held, "save"))
    response = pages.post(reverse("import-columns-cancel", args=[held.pk]), follow=True)
    assert "Filen finns inte längre kvar" in text_of(response)


def test_the_list_tells_what_each_profile_says_and_removes_it(pages: Client, administrator: User) -> None:
    assert "Ingen profil är sparad" in text_of(pages.get(reverse("import-profiles")))
    row = factories.import_profile(by=administrator)
    text = text_of(pages.get(reverse("import-profiles")))
    assert "Textfiler med semikolon, där rubriken är ”Kst; Nr; Tid; Kr; Vad”" in text
    assert "<li>Nr är Konto</li>" in text
    assert "av Anna Administratör" in text
    remove = reverse("import-profile-remove", args=[row.pk])
    assert "Profilen ”Lönesystemet” är borttagen." in text_of(pages.post(remove, follow=True))
    assert "redan borttagen" in text_of(pages.post(remove, follow=True))
    assert not ImportProfile.objects.exists()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_administrators_reach_the_pages(client: Client, role: Role) -> None:
    held, row = factories.unmapped_file(), factories.import_profile()
    client.force_login(factories.user(role=role))
    for address in (reverse("import-columns", args=[held.pk]), reverse("import-profiles")):
        assert client.get(address).status_code == 403
    for name in ("import-columns", "import-columns-cancel"):
        assert client.post(reverse(name, args=[held.pk]), CHOICES).status_code == 403
    assert client.post(reverse("import-profile-remove", args=[row.pk])).status_code == 403
    assert ImportProfile.objects.count() == UnmappedFile.objects.count() == 1
