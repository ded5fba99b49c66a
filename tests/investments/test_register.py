"""The register of the investment projects: filter, search, sort, pages and workbook."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from investments.models import InvestmentProject, ProjectForecast
from sydit.access import Role
from sydit.periods import Month
from sydit.tables import PER_PAGE
from tests import factories
from tests.pages import text_of

REGISTER = "/investeringar/"
TKR = 100_000  # öre

pytestmark = pytest.mark.django_db


@pytest.fixture
def logged_in(client: Client) -> Client:
    client.force_login(factories.user(role=Role.CONTROLLER))
    return client


@pytest.fixture
def three() -> tuple[InvestmentProject, ...]:
    """One of Laxå with a frame, one of Lekeberg with a budget and what is said of it, and a shared one."""
    laxa = factories.project(code="91001", name="Nät Laxå", municipality=factories.municipality(name="Laxå"))
    InvestmentProject.objects.filter(pk=laxa.pk).update(frame=9000 * TKR)
    lekeberg = factories.project(
        code="91002", name="Nät Lekeberg", municipality=factories.municipality(), budget=2500 * TKR
    )
    shared = factories.project(code="91003", name="Gemensam brandvägg")
    for month, amount, reason in ((8, 2500, ""), (10, 2000, "delay")):
        ProjectForecast.objects.create(
            follow_up=factories.follow_up(month=Month(2024, month)),
            project=lekeberg,
            amount=amount * TKR,
            reason=reason,
            comment="Ärendet dröjer" if reason else "",
        )
    return laxa, lekeberg, shared


def shown(client: Client, query: str = "") -> list[str]:
    return [row.record.code for row in client.get(REGISTER + query).context["table"].paginated_rows]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("?sort=code", ["91001", "91002", "91003"]),
        ("?sort=-code", ["91003", "91002", "91001"]),
        ("?kommun=gemensamt", ["91003"]),
        ("?orsak=delay", ["91002"]),
        ("?q=NÄT&sort=code", ["91001", "91002"]),
        ("?q=ärendet", ["91002"]),
        ("?q=laxå", ["91001"]),
        ("?q=91003", ["91003"]),
        ("?q=finns+inte", []),
    ],
)
def test_the_register_shows_what_is_asked_for(
    logged_in: Client, three: tuple[InvestmentProject, ...], query: str, codes: list[str]
) -> None:
    assert shown(logged_in, query) == codes


@pytest.mark.parametrize("column", ["code", "name", "owner", "responsible", "frame", "forecast", "reason", "given"])
def test_the_register_can_be_sorted_by_every_column(
    logged_in: Client, three: tuple[InvestmentProject, ...], column: str
) -> None:
    for sign in ("", "-"):
        assert sorted(shown(logged_in, f"?sort={sign}{column}")) == ["91001", "91002", "91003"]


def test_a_filter_by_municipality_that_cannot_be_read_is_told(
    logged_in: Client, three: tuple[InvestmentProject, ...]
) -> None:
    municipality = three[1].municipality
    assert municipality is not None
    assert shown(logged_in, f"?kommun={municipality.pk}") == ["91002"]
    response = logged_in.get(f"{REGISTER}?kommun=x")
    assert response.context["filter"].errors
    assert len(response.context["table"].paginated_rows) == 3


def test_a_row_tells_frame_and_what_was_said_last(logged_in: Client, three: tuple[InvestmentProject, ...]) -> None:
    page = text_of(logged_in.get(f"{REGISTER}?sort=code")).replace("\xa0", " ")
    assert "91001 Nät Laxå Laxå – 9 000 saknas – – –" in page
    assert "91002 Nät Lekeberg Lekeberg – 2 500 2 000 Tidsförskjutning Ärendet dröjer oktober 2024" in page
    assert f"/investeringar/{three[0].pk}/" in logged_in.get(REGISTER).content.decode()


def test_the_workbook_holds_every_page_of_what_is_filtered(
    logged_in: Client, three: tuple[InvestmentProject, ...]
) -> None:
    response = logged_in.get("/investeringar/investeringsprojekt.xlsx?q=nät&sort=-code")
    header, first, second = load_workbook(BytesIO(response.content)).active.values
    assert header[:9] == (
        "Projektkod", "Projekt", "Kommun", "Ansvarig", "Startår", "Slutår", "Total ram", "Budgetår", "Budget"
    )  # fmt: skip
    assert first == (
        "91002", "Nät Lekeberg", "Lekeberg", None, None, None, None, 2024, 2_500_000, 2_000_000, "Tidsförskjutning",
        "Ärendet dröjer", "oktober 2024",
    )  # fmt: skip
    assert second[6:9] == (9_000_000, None, None)


def test_five_hundred_projects_cost_what_twenty_do(logged_in: Client, django_assert_num_queries: object) -> None:
    factories.follow_up()
    for numbers in (range(20), range(20, 60)):
        for number in numbers:
            factories.project(code=f"T{number:03}", name=f"Projekt {number}", budget=TKR)
        with django_assert_num_queries(6):
            assert len(shown(logged_in)) == min(numbers.stop, PER_PAGE)


def test_the_register_is_for_the_staff(client: Client) -> None:
    client.force_login(factories.user(role=Role.READER))
    for page in (REGISTER, f"{REGISTER}investeringsprojekt.xlsx"):
        assert client.get(page).status_code == 403
