"""The pages where an administrator looks at a ledger file and books it."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from followup.ledger import load
from followup.ledger.cautions import Concern
from followup.ledger.preview import preview
from followup.models import FollowUp, LedgerEntry, LedgerFile, LedgerImport
from sydit.access import Role
from sydit.models import User
from sydit.periods import Month
from sydit.progress import Cancelled
from tests import factories

pytestmark = pytest.mark.django_db

LINES = ("202401;50200;1000,00;;Löner", "202401;40233;500,25;91002;Inköp", "202403;19300;-7,00;;Bank")


@pytest.fixture
def administrator() -> User:
    return factories.user(role=Role.ADMINISTRATOR, name="Anna Administratör")


@pytest.fixture
def pages(client: Client, administrator: User) -> Client:
    """The administrator's browser; the year 2024 is set up."""
    factories.category(key="personnel", name="Personalkostnader", prefixes=("5",))
    factories.project(code="91002", name="IT Invest Lekeberg")
    client.force_login(administrator)
    return client


def send(pages: Client, content: bytes, *, filename: str = "huvudbok.csv", year: str = "") -> HttpResponse:
    data = {"file": SimpleUploadedFile(filename, content), "fiscal_year": year or str(factories.fiscal_year().pk)}
    return pages.post(reverse("imports"), data, follow=True)


def shown(pages: Client, ledger_import: LedgerImport) -> str:
    response = pages.get(reverse("import", args=[ledger_import.pk]))
    assert response.status_code == 200
    return text_of(response)


def text_of(response: HttpResponse) -> str:
    """The page with ordinary blanks, so that amounts can be looked for."""
    return " ".join(response.content.decode().replace("\N{NO-BREAK SPACE}", " ").split())


def press(
    pages: Client, name: str, ledger_import: LedgerImport, *, seen: tuple[int, ...] | None = None
) -> HttpResponse:
    months = preview(ledger_import).replaced if seen is None else seen
    confirmed = {concern.value: "on" for concern in Concern}
    return pages.post(reverse(name, args=[ledger_import.pk]), {"seen": months, **confirmed}, follow=True)


def test_a_file_is_uploaded_previewed_booked_and_acknowledged(pages: Client, administrator: User) -> None:
    response = send(pages, factories.ledger_csv(*LINES))
    waiting = LedgerImport.objects.get()
    assert response.redirect_chain == [(reverse("import", args=[waiting.pk]), 302)]
    assert "Inget är bokfört ännu" in text_of(response)
    assert not LedgerEntry.objects.exists()

    response = press(pages, "import", waiting)
    assert response.redirect_chain == [(reverse("import", args=[waiting.pk]), 302)]
    assert "huvudbok.csv är bokförd: 3 rader, januari och mars 2024." in text_of(response)
    assert f"av {administrator}. Gäller nu för januari och mars 2024." in text_of(response)
    assert "Kasta filen" not in text_of(response)
    assert LedgerEntry.objects.count() == 3


def test_the_preview_tells_where_each_ore_goes(pages: Client) -> None:
    factories.account_rule(prefix="59", reason="Intern omföring")
    waiting = factories.uploaded_import(*LINES, "202401;59999;40,00;;Omföring", "202401;88888;3,00;;Okänt")
    text = shown(pages, waiting)
    for sentence in (
        waiting.file_id,
        "Textfil med kolumner, UTF-8",
        'Personalkostnader</th> <td class="num">1 000,00',
        'IT Invest Lekeberg</th> <td class="num">500,25',
        'Ej fördelat</th> <td class="num">3,00',
        '88888 <span class="muted">Okänt</span>',
        "Intern omföring",
        "Balanskonto utan investeringsprojekt",
        "Februari 2024 saknas: ingen import redovisar någon kontering där.",
        "Konton utan kostnadskategori: 88888, tillsammans 3,00 kr.",
    ):
        assert sentence in text
    found = preview(waiting)
    assert (found.operations, found.investments, found.left_out) == (100300, 50025, 4000 - 700)
    assert found.booked + found.left_out == waiting.total


def test_the_preview_shows_the_difference_per_month_and_account(pages: Client) -> None:
    factories.booked_import("202401;50200;900,00", "202402;50200;5,00")
    waiting = factories.uploaded_import(*LINES)
    changes = {(change.month.month, change.account): change.difference for change in preview(waiting).changes}
    assert changes == {(1, "50200"): 10000, (1, "40233"): 50025}
    states = [(change.month.month, change.state.label, change.difference) for change in preview(waiting).months]
    assert states == [(1, "Ändras", 60025), (2, "Rörs inte", None), (3, "Ny", 0)]
    text = shown(pages, waiting)
    assert "Filen innehåller flera månader men inte februari 2024, som är bokfört sedan tidigare." in text
    assert "Skillnad per månad och konto" in text


def test_a_month_whose_balance_accounts_alone_differ_is_unchanged() -> None:
    factories.booked_import("202401;50200;900,00")
    waiting = factories.uploaded_import("202401;50200;900,00", "202401;24900;-900,00")
    assert [change.state.label for change in preview(waiting).months] == ["Oförändrad"]
    assert [change.account for change in preview(waiting).changes] == ["24900"]


def test_months_of_a_published_report_are_marked(pages: Client) -> None:
    factories.booked_import("202401;50200;900,00")
    factories.follow_up(month=Month(2024, 2), state=FollowUp.State.APPROVED)
    waiting = factories.uploaded_import(*LINES)
    published = {change.month.month for change in preview(waiting).months if change.is_published}
    assert published == {1, 2}
    assert "Januari 2024 ingår i en publicerad rapport och ändras av filen." in shown(pages, waiting)


def test_the_receipt_still_tells_what_the_import_replaced_after_a_later_one(pages: Client) -> None:
    factories.booked_import("202401;50200;900,00")
    second = factories.booked_import(*LINES, filename="andra.csv")
    factories.booked_import("202401;50200;1,00", filename="tredje.csv")
    second.refresh_from_db()
    january = preview(second).months[0]
    assert (january.booked, january.new) == (90000, 150025)
    assert "Gäller nu för mars 2024." in shown(pages, second)


def test_a_wrong_file_is_refused_whole_with_each_place_and_nothing_is_stored(pages: Client) -> None:
    response = send(pages, factories.ledger_csv(*LINES, "202401;50200;tolv kronor", "202413;50200;1,00"))
    assert response.status_code == 422
    text = text_of(response)
    assert "inget har sparats eller ändrats" in text
    assert "Rad 5" in text
    assert "”tolv kronor”" in text
    assert "Rad 6" in text
    assert "”202413”" in text
    assert not LedgerImport.objects.exists()
    assert not LedgerFile.objects.exists()


def test_markup_in_a_file_is_shown_as_text(pages: Client) -> None:
    response = send(pages, factories.ledger_csv("202401;50200;<script>alert(1)</script>"), filename="<b>.csv")
    assert response.status_code == 422
    assert "<script>alert" not in response.content.decode()


def test_the_same_file_again_changes_nothing_and_leads_to_its_import(pages: Client) -> None:
    booked = factories.booked_import(*LINES)
    response = send(pages, factories.ledger_csv(*LINES))
    assert response.redirect_chain == [(reverse("import", args=[booked.pk]), 302)]
    assert "Filen är redan bokförd: huvudbok.csv" in text_of(response)
    assert "Inget har ändrats." in text_of(response)
    assert LedgerImport.objects.count() == 1


def test_pressing_confirm_twice_books_once(pages: Client) -> None:
    waiting = factories.uploaded_import(*LINES)
    press(pages, "import", waiting, seen=())
    response = press(pages, "import", waiting, seen=())
    assert "redan bokförd" in text_of(response)
    assert LedgerEntry.objects.count() == 3


def test_what_changed_since_the_preview_leads_back_to_it(pages: Client) -> None:
    waiting = factories.uploaded_import(*LINES)
    factories.booked_import("202401;50200;900,00", filename="annan.csv")
    response = press(pages, "import", waiting, seen=())
    assert response.status_code == 422
    assert "Huvudboken har ändrats sedan du öppnade förhandsgranskningen." in text_of(response)
    assert response.context["preview"].replaced == preview(waiting).replaced  # what is sent the next time
    assert LedgerEntry.objects.count() == 1


@pytest.mark.parametrize("seen", ["x", "-1", "1e9", "²", "9" * 30])
def test_a_form_that_was_tampered_with_books_nothing(pages: Client, seen: str) -> None:
    factories.booked_import("202401;50200;900,00", filename="annan.csv")
    waiting = factories.uploaded_import(*LINES)
    pages.post(reverse("import", args=[waiting.pk]), {"seen": seen})
    assert LedgerEntry.objects.count() == 1


@pytest.mark.parametrize("name", ["import", "import-discard"])
def test_a_stale_tab_with_a_discarded_import_says_so(pages: Client, name: str, administrator: User) -> None:
    waiting = factories.uploaded_import(*LINES)
    pk = waiting.pk
    load.discard(ledger_import=waiting, by=administrator)
    response = pages.post(reverse(name, args=[pk]), follow=True)
    assert response.redirect_chain == [(reverse("imports"), 302)]
    assert "den har kastats, och inget av den är bokfört" in text_of(response)
    assert pages.get(reverse("import", args=[pk])).status_code == 404


def test_another_administrators_import_can_be_booked_and_names_both(pages: Client) -> None:
    waiting = factories.uploaded_import(*LINES, by=factories.user(name="Bertil Bokhållare"))
    text = text_of(press(pages, "import", waiting))
    assert "Bertil Bokhållare" in text
    assert "Anna Administratör" in text


def test_a_discarded_file_is_gone(pages: Client) -> None:
    response = press(pages, "import-discard", factories.uploaded_import(*LINES))
    assert "huvudbok.csv är kastad. Inget har bokförts." in text_of(response)
    assert not LedgerImport.objects.exists()


def test_a_booked_import_cannot_be_discarded(pages: Client) -> None:
    booked = factories.booked_import(*LINES)
    assert "redan bokförd och kan inte kastas" in text_of(press(pages, "import-discard", booked))
    assert LedgerImport.objects.exists()


def test_no_file_and_an_empty_file_are_explained(pages: Client) -> None:
    year = str(factories.fiscal_year().pk)
    response = pages.post(reverse("imports"), {"fiscal_year": year})
    assert (response.status_code, "Välj en fil." in text_of(response)) == (422, True)
    response = send(pages, b"")
    assert (response.status_code, "Filen är tom." in text_of(response)) == (422, True)


def test_a_year_that_does_not_exist_is_explained(pages: Client) -> None:
    response = send(pages, factories.ledger_csv(*LINES), year="999999")
    assert (response.status_code, "Budgetåret finns inte." in text_of(response)) == (422, True)


def test_a_file_beyond_the_limit_is_refused(pages: Client, settings: object) -> None:
    settings.LEDGER_FILE_LIMIT = 20  # type: ignore[attr-defined]
    response = send(pages, factories.ledger_csv(*LINES))
    assert response.status_code == 422
    assert "den största som tas emot är 20 byte" in text_of(response)
    assert not LedgerImport.objects.exists()


def test_without_a_year_the_page_says_what_to_do(client: Client, administrator: User) -> None:
    client.force_login(administrator)
    text = text_of(client.get(reverse("imports")))
    assert "Inget budgetår är upplagt" in text
    assert reverse("admin:followup_fiscalyear_add") in text


def test_the_list_tells_which_months_each_import_supplies(pages: Client) -> None:
    factories.booked_import(*LINES, filename="forsta.csv")
    factories.booked_import("202401;50200;1,00", filename="andra.csv")
    factories.uploaded_import("202402;50200;1,00", filename="tredje.csv")
    text = text_of(pages.get(reverse("imports")))
    assert text.index("tredje.csv") < text.index("andra.csv") < text.index("forsta.csv")
    for state in ("Väntar på bokföring", "Gäller</span>", "Delvis ersatt"):
        assert state in text
    assert "Gäller mars 2024</span>" in text


def test_the_list_costs_the_same_queries_however_many_imports(
    pages: Client, django_assert_max_num_queries: object
) -> None:
    for month in range(1, 7):
        factories.booked_import(f"2024{month:02};50200;1,00", filename=f"{month}.csv")
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        pages.get(reverse("imports"))


def test_the_preview_costs_the_same_queries_however_many_months(
    pages: Client, django_assert_max_num_queries: object
) -> None:
    lines = [f"2024{month:02};{account};1,00" for month in range(1, 13) for account in range(50000, 50030)]
    factories.booked_import(*lines)
    waiting = factories.uploaded_import(*lines, *lines)
    with django_assert_max_num_queries(17):  # type: ignore[operator]
        pages.get(reverse("import", args=[waiting.pk]))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_administrators_reach_the_pages(client: Client, role: Role) -> None:
    waiting = factories.uploaded_import(*LINES)
    client.force_login(factories.user(role=role))
    assert client.get(reverse("imports")).status_code == 403
    assert client.post(reverse("imports"), {}).status_code == 403
    assert client.get(reverse("import", args=[waiting.pk])).status_code == 403
    assert client.get(reverse("import", args=[waiting.pk + 1])).status_code == 403
    assert client.post(reverse("import", args=[waiting.pk])).status_code == 403
    assert client.post(reverse("import-discard", args=[waiting.pk])).status_code == 403
    assert not LedgerEntry.objects.exists()


def test_looking_never_books_or_discards(pages: Client) -> None:
    waiting = factories.uploaded_import(*LINES)
    assert pages.get(reverse("import", args=[waiting.pk])).status_code == 200
    assert pages.get(reverse("import-discard", args=[waiting.pk])).status_code == 405
    assert not LedgerEntry.objects.exists()
    assert LedgerImport.objects.exists()


def test_a_reading_that_is_broken_off_leaves_no_message_for_a_later_page(
    pages: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken_off(**_: object) -> LedgerImport:
        raise Cancelled

    monkeypatch.setattr(load, "upload", broken_off)
    assert "Importen avbröts" not in text_of(send(pages, factories.ledger_csv("202401;50200;1,00")))
    assert not LedgerImport.objects.exists()
