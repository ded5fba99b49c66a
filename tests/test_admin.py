"""The admin as one place among the application's pages: its words are Swedish, and its ways lead somewhere."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from followup.models import BudgetEntry
from sydit import master_data
from sydit.access import Role
from sydit.models import User
from tests import factories
from tests.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client: Client) -> User:
    user = factories.user(role=Role.ADMINISTRATOR, name="Åsa Ek")
    client.force_login(user)
    return user


def changed_category(by: User) -> str:
    """The address of a category that has been renamed."""
    category = factories.category(name="Resor")
    category.name = "Resor & kurser"
    master_data.save(category, by=by)
    return f"/admin/followup/costcategory/{category.pk}"


def test_a_rows_history_says_in_swedish_who_changed_what_and_when(client: Client, administrator: User) -> None:
    page = client.get(f"{changed_category(administrator)}/history/")
    words = text_of(page)
    assert "Ändrad Åsa Ek" in words
    assert "Namn: Resor → Resor & kurser" in words
    assert not re.search(r"\b(Choose|Object|Comment|Changed|Change|None|Created|entr)\b", words)
    assert "style=" not in page.content.decode()  # the content security policy refuses it


def test_an_earlier_version_is_looked_at_and_gone_back_to_in_swedish(client: Client, administrator: User) -> None:
    address = changed_category(administrator)
    earliest = re.findall(rf"{address}/history/\d+/", client.get(f"{address}/history/").content.decode())[-1]
    page = client.get(earliest)
    assert 'value="Resor"' in page.content.decode()
    assert 'value="Gå tillbaka"' in page.content.decode()
    assert not re.search(r"\b(Revert|Press|Historical|Close|View)\b", text_of(page))


def test_the_password_is_reset_from_an_earlier_version_of_a_user_too(client: Client, administrator: User) -> None:
    base = f"/admin/sydit/user/{administrator.pk}"
    earliest = re.findall(rf"{base}/history/\d+/", client.get(f"{base}/history/").content.decode())[-1]
    assert f'href="{base}/password/"' in client.get(earliest).content.decode()
    assert client.get(f"{base}/password/").status_code == 200


def test_a_version_that_is_no_number_is_not_found(client: Client, administrator: User) -> None:
    assert client.get(f"/admin/sydit/user/{administrator.pk}/history/password/").status_code == 404


def test_labels_have_no_colon_as_on_the_other_pages(client: Client, administrator: User) -> None:
    of_user = f"/admin/sydit/user/{administrator.pk}"
    for address in ("/admin/sydit/user/add/", f"{of_user}/change/", f"{of_user}/password/"):
        assert not re.search(r":\s*</label>", client.get(address).content.decode()), address
    assert not re.search(r":\s*</label>", client.get("/admin/followup/costcategory/add/").content.decode())


def test_a_new_user_has_a_password(client: Client, administrator: User) -> None:
    new = {"username": "ny", "name": "Ny Person", "roles": ["reader"]}
    refused = client.post("/admin/sydit/user/add/", new | {"usable_password": "false"})
    assert refused.status_code == 200
    assert not User.objects.filter(username="ny").exists()
    passwords = {"password1": "ett-langt-losenord", "password2": "ett-langt-losenord"}
    assert client.post("/admin/sydit/user/add/", new | passwords).status_code == 302
    assert User.objects.get(username="ny").check_password("ett-langt-losenord")


def test_a_password_is_changed_to_another_and_never_taken_away(client: Client, administrator: User) -> None:
    other = factories.user(role=Role.READER)
    address = f"/admin/sydit/user/{other.pk}/password/"
    page = client.get(address).content.decode()
    assert 'name="usable_password"' not in page
    assert "unset-password" not in page
    for sent in ({}, {"usable_password": "false", "unset-password": "1"}, {"password1": "ett-langt-losenord"}):
        refused = client.post(address, sent)
        assert refused.status_code == 200
        assert "Lösenordet är inte ändrat" in text_of(refused)
        other.refresh_from_db()
        assert other.check_password(factories.PASSWORD)
    passwords = {"password1": "ett-langt-losenord", "password2": "ett-langt-losenord"}
    assert client.post(address, passwords).status_code == 302
    other.refresh_from_db()
    assert other.check_password("ett-langt-losenord")


def test_amounts_are_shown_in_kronor_though_they_are_kept_in_ore(client: Client, administrator: User) -> None:
    project = factories.project()
    project.frame = 900_000_000
    master_data.save(project, by=administrator)
    base = f"/admin/investments/investmentproject/{project.pk}"
    assert "Total ram, kr 9 000 000,00" in text_of(client.get(f"{base}/change/"))
    assert "Total ram i kronor: – → 9 000 000,00" in text_of(client.get(f"{base}/history/"))
    factories.category(budget=4_180_000_000)
    entry = BudgetEntry.objects.get()
    assert "Belopp, kr 41 800 000,00" in text_of(client.get(f"/admin/followup/budgetentry/{entry.pk}/change/"))


def test_rows_that_are_written_once_have_no_history_and_no_way_to_one(client: Client, administrator: User) -> None:
    factories.category(budget=100)
    for row in (BudgetEntry.objects.get(), factories.fiscal_year()):
        base = f"/admin/followup/{row._meta.model_name}/{row.pk}"
        assert "Historik" not in text_of(client.get(f"{base}/change/"))
        assert client.get(f"{base}/history/").status_code == 404


def test_the_first_page_lists_what_one_did_last(client: Client, administrator: User) -> None:
    assert "Det du gjorde senast Inget än." in text_of(client.get("/admin/"))
    client.post("/admin/followup/fiscalyear/add/", {"year": 2024})
    assert "Det du gjorde senast 2024 Budgetår" in text_of(client.get("/admin/"))


def test_a_filter_is_named_by_what_it_narrows(client: Client, administrator: User) -> None:
    assert "<summary>Aktiv</summary>" in client.get("/admin/sydit/user/").content.decode()
