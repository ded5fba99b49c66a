"""Undoing an import: exactly what stood before, in the order in which imports were booked, and nothing lost."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from followup import actuals
from followup.ledger import load, undo
from followup.ledger.cautions import Concern, Unconfirmed
from followup.ledger.load import AlreadyBooked
from followup.models import Account, FollowUp, LedgerEntry, LedgerImport, LedgerMonth
from sydit.access import Role
from sydit.errors import Refused
from sydit.periods import Month
from tests import factories
from tests.pages import text_of

pytestmark = pytest.mark.django_db

FIRST = ("202401;50200;100,00;;Löner", "202402;50200;7,00")
SECOND = ("202401;50200;90,00;;Lön", "202403;60110;5,00;;Hyra")


def standing() -> tuple[object, ...]:
    """What counts in the ledger: the current months, what accounts are called, and the sums of a report."""
    months = LedgerMonth.objects.filter(is_current=True).values_list("pk", "year", "month", "total")
    accounts = Account.objects.values_list("number", "name")
    return sorted(months), sorted(accounts), actuals.year_to_date(Month(2024, 12))


def test_undoing_restores_exactly_what_stood_before() -> None:
    factories.booked_import(*FIRST)
    before = standing()
    second = factories.booked_import(*SECOND, filename="andra.csv")
    assert standing() != before
    by = factories.user()
    undone = undo.undo(ledger_import=second, by=by)
    assert standing() == before
    assert (undone.is_undone, undone.undone_by, undone.is_booked) == (True, by, True)
    assert LedgerEntry.objects.filter(ledger_month__ledger_import=second).count() == 2


def test_undoing_the_first_import_leaves_an_empty_ledger() -> None:
    before = standing()
    undo.undo(ledger_import=factories.booked_import(*FIRST), by=factories.user())
    assert standing() == before


def test_imports_are_undone_last_first() -> None:
    start = standing()
    first = factories.booked_import(*FIRST)
    after_first = standing()
    second = factories.booked_import(*SECOND, filename="andra.csv")
    before = standing()
    with pytest.raises(Refused, match=r"januari 2024 av andra\.csv \(import \d+\)\. Ångra dem först"):
        undo.undo(ledger_import=first, by=factories.user())
    assert standing() == before
    undo.undo(ledger_import=second, by=factories.user())
    assert standing() == after_first
    undo.undo(ledger_import=first, by=factories.user())
    assert standing() == start


def test_an_undone_import_does_not_stand_in_the_way_of_undoing_an_earlier_one() -> None:
    first = factories.booked_import(*FIRST)
    second = factories.booked_import(*SECOND, filename="andra.csv")
    undo.undo(ledger_import=second, by=factories.user())
    third = factories.booked_import("202401;50200;80,00", filename="tredje.csv")
    with pytest.raises(Refused, match="tredje"):
        undo.undo(ledger_import=first, by=factories.user())
    undo.undo(ledger_import=third, by=factories.user())
    undo.undo(ledger_import=first, by=factories.user())
    assert not LedgerMonth.objects.filter(is_current=True).exists()


def test_undoing_twice_changes_nothing_and_says_so() -> None:
    booked = factories.booked_import(*FIRST)
    undo.undo(ledger_import=booked, by=factories.user())
    before = standing()
    with pytest.raises(Refused, match="redan ångrad"):
        undo.undo(ledger_import=booked, by=factories.user())
    assert standing() == before


def test_what_waits_cannot_be_undone_and_what_is_undone_cannot_be_booked_or_discarded() -> None:
    waiting = factories.uploaded_import(*FIRST)
    with pytest.raises(Refused, match="inte bokförd"):
        undo.undo(ledger_import=waiting, by=factories.user())
    load.discard(ledger_import=waiting, by=factories.user())
    undone = undo.undo(ledger_import=factories.booked_import(*FIRST), by=factories.user())
    with pytest.raises(Refused, match="är ångrad"):
        load.book(ledger_import=undone, seen=(), confirmed=frozenset(Concern), by=factories.user())
    with pytest.raises(Refused, match="är ångrad"):
        load.discard(ledger_import=undone, by=factories.user())


def test_the_same_file_is_booked_again_as_a_new_import_after_it_was_undone() -> None:
    undone = undo.undo(ledger_import=factories.booked_import(*FIRST), by=factories.user())
    again = factories.booked_import(*FIRST)
    assert again != undone
    assert {month.ledger_import_id for month in LedgerMonth.objects.current(2024)} == {again.pk}


def test_the_file_that_counts_again_after_an_undo_is_what_is_booked() -> None:
    first = factories.booked_import(*FIRST)
    undo.undo(ledger_import=factories.booked_import(*SECOND, filename="andra.csv"), by=factories.user())
    with pytest.raises(AlreadyBooked) as already:
        factories.uploaded_import(*FIRST)
    assert already.value.ledger_import == first


def test_a_published_month_is_undone_only_when_it_is_confirmed() -> None:
    booked = factories.booked_import(*FIRST)
    factories.follow_up(month=Month(2024, 1), state=FollowUp.State.APPROVED)
    before = standing()
    with pytest.raises(Unconfirmed) as asked:
        undo.undo(ledger_import=booked, by=factories.user())
    assert [caution.concern for caution in asked.value.cautions] == [Concern.PUBLISHED]
    assert standing() == before
    undo.undo(ledger_import=booked, confirmed=[Concern.PUBLISHED], by=factories.user())
    assert standing() != before


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_an_administrator_undoes(role: Role) -> None:
    booked = factories.booked_import(*FIRST)
    before = standing()
    with pytest.raises(PermissionDenied):
        undo.undo(ledger_import=booked, by=factories.user(role=role))
    assert standing() == before


@pytest.fixture
def pages(client: Client) -> Client:
    client.force_login(factories.user(name="Anna Administratör"))
    return client


def test_the_page_shows_what_comes_back_and_undoes(pages: Client) -> None:
    factories.booked_import(*FIRST)
    second = factories.booked_import(*SECOND, filename="andra.csv")
    address = reverse("import-undo", args=[second.pk])
    page = text_of(pages.get(address))
    assert "januari 2024 90,00 100,00" in page
    assert "mars 2024 5,00 saknas Blir utan huvudbok" in page
    answer = pages.post(address, follow=True)
    assert answer.redirect_chain == [(reverse("import", args=[second.pk]), 302)]
    page = text_of(answer)
    assert "andra.csv är ångrad: januari och mars 2024 är som före importen." in page
    assert "av Anna Administratör" in page
    assert "Ångra importen" not in page
    assert "Ångrad" in text_of(pages.get(reverse("imports")))


def test_the_page_says_which_import_must_be_undone_first_and_has_no_button(pages: Client) -> None:
    first = factories.booked_import(*FIRST)
    factories.booked_import(*SECOND, filename="andra.csv")
    page = pages.get(reverse("import-undo", args=[first.pk]))
    assert "Ångra dem först" in text_of(page)
    assert "button-danger" not in page.content.decode()


def test_the_page_asks_about_a_published_month(pages: Client) -> None:
    booked = factories.booked_import(*FIRST)
    factories.follow_up(month=Month(2024, 1), state=FollowUp.State.APPROVED)
    address = reverse("import-undo", args=[booked.pk])
    answer = pages.post(address)
    assert (answer.status_code, "Kryssa i rutan" in text_of(answer)) == (422, True)
    assert not LedgerImport.objects.filter(undone_at__isnull=False).exists()
    assert pages.post(address, {"published": "on"}).status_code == 302


def test_what_waits_has_no_page_to_undo_it(pages: Client) -> None:
    waiting = factories.uploaded_import(*FIRST)
    assert pages.get(reverse("import-undo", args=[waiting.pk])).headers["Location"] == reverse(
        "import", args=[waiting.pk]
    )
    assert pages.get(reverse("import-undo", args=[waiting.pk + 1])).status_code == 404
