"""A budget out of a file: the file says what it is to be, the difference is appended, and nothing is half saved."""

from __future__ import annotations

import datetime as dt
import io
import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from followup import budget_file, budgets
from followup.budget_actions import Ground
from followup.budget_year import YearBudget
from followup.models import BudgetEntry, CostCategory, FiscalYear
from sydit.access import Role
from sydit.errors import Refused
from sydit.imports import RefusedRows
from tests import factories
from tests.pages import hidden_of, text_of

pytestmark = pytest.mark.django_db
MONTHS = "Januari;Februari;Mars;April;Maj;Juni;Juli;Augusti;September;Oktober;November;December"
GROUND = {"decided_on": "2023-11-23", "paragraph": "120", "note": "Dnr 2023/7"}


@pytest.fixture
def year() -> FiscalYear:
    factories.category(key="income", name="Intäkter", position=1)
    factories.category(key="licences", name="Licenser", budget=100_000, position=2)
    return factories.fiscal_year()


@pytest.fixture
def client(year: FiscalYear, client: Client) -> Client:
    client.force_login(factories.user(role=Role.CONTROLLER))
    return client


def upload(client: Client, content: bytes | str, name: str = "budget.csv", **fields: object) -> HttpResponse:
    data = content.encode() if isinstance(content, str) else content
    sent = {"file": SimpleUploadedFile(name, data), "unit": "kr", "batch": str(uuid.uuid4()), **GROUND, **fields}
    return client.post(reverse("budget-import", args=[2024]), sent)  # type: ignore[return-value]


def save(client: Client, preview: HttpResponse) -> HttpResponse:
    return client.post(reverse("budget-import-save", args=[2024]), hidden_of(preview), follow=True)  # type: ignore[return-value]


def stored() -> dict[str, YearBudget]:
    return budgets.of_categories(factories.fiscal_year())


def problems_of(content: str, year: FiscalYear, unit: str = "kr") -> list[tuple[int | None, str, str]]:
    with pytest.raises(RefusedRows) as refused:
        budget_file.plan(content.encode(), year, unit)
    return [(problem.row, problem.column, problem.message) for problem in refused.value.problems]


# --- what a file does -------------------------------------------------------------------------------------------------


def test_the_form_says_what_is_read_and_where_such_a_file_is_had(client: Client) -> None:
    page = client.get(reverse("budget-import", args=[2024]))
    assert "December. Kostnadskategori måste finnas, och Helår eller alla tolv månader." in text_of(page)
    assert f'href="{reverse("budget-xlsx", args=[2024])}"' in page.content.decode()


def test_a_file_is_looked_at_and_then_saved_with_its_decision(client: Client) -> None:
    page = upload(client, "Post;Budget\nIntäkter;-1 500,50\nLicenser;900\n")
    told = text_of(page)
    assert "Filens summa, kr −600,50" in told
    assert "Licenser 1 000,00 −100,00 900,00" in told
    assert "Intäkter saknas −1 500,50 −1 500,50" in told
    assert BudgetEntry.objects.count() == 1
    assert "Budgeten ur budget.csv är inläst. Filens summa är −600,50 kr." in text_of(save(client, page))
    income, licences = BudgetEntry.objects.order_by("pk")[1:]
    assert (income.kind, income.amount, income.month) == ("original", -150_050, None)
    assert (licences.kind, licences.amount) == ("adjustment", -10_000)
    assert (income.decided_on, income.paragraph, income.note) == (dt.date(2023, 11, 23), "120", "Dnr 2023/7")
    assert (income.filename, income.file_id == licences.file_id) == ("budget.csv", True)
    assert income.batch == licences.batch


def test_the_file_can_be_had_back_as_it_came(client: Client) -> None:
    content = "Kostnadskategori;Helår\nIntäkter;-1 000\n".encode("cp1252")
    save(client, upload(client, content, "bokslut Å.csv"))
    for page in (reverse("budget-year", args=[2024]), reverse("budget-category", args=[2024, "income"])):
        (link,) = re.findall(r'href="(/budget/2024/fil/\d+/)"', client.get(page).content.decode())
        answer = client.get(link)
        assert b"".join(answer.streaming_content) == content
        assert "bokslut%20%C3%85.csv" in answer.headers["Content-Disposition"]
    assert client.get(link.replace("2024", "2023")).status_code == 404


def test_months_are_saved_as_months_and_may_have_a_part_without(client: Client) -> None:
    row = ";".join(str(number) for number in range(1, 13))
    page = upload(client, f"Kostnadskategori;Helår;Utan månad;{MONTHS}\nIntäkter;80;2;{row}\n", unit="tkr")
    save(client, page)
    tkr = 100_000
    assert stored()["income"] == YearBudget(2 * tkr, {number: number * tkr for number in range(1, 13)})


def test_an_amount_for_the_year_leaves_the_months_that_are_decided(year: FiscalYear) -> None:
    licences = CostCategory.objects.get(key="licences")
    BudgetEntry.objects.create(category=licences, month=6, amount=500, recorded_by=factories.user())
    (change,) = budget_file.plan(b"Post;Budget\nLicenser;2000\n", year, "kr").amounts
    assert dict(change.amounts) == {None: 100_000 - 500, 6: 0}


def test_months_replace_an_even_year(year: FiscalYear) -> None:
    zeros = ";".join("0" for _ in range(11))
    (change,) = budget_file.plan(f"Post;{MONTHS}\nLicenser;10;{zeros}\n".encode(), year, "kr").amounts
    assert (change.amounts[None], change.amounts[1]) == (-100_000, 1000)  # type: ignore[index]


def test_a_budget_of_nothing_is_a_budget(client: Client) -> None:
    save(client, upload(client, "Post;Budget\nIntäkter;0\n"))
    assert stored()["income"] == YearBudget(0)


def test_the_export_read_again_changes_nothing_and_edited_changes_that(client: Client) -> None:
    by = factories.user()
    for month, amount in ((1, 33), (12, -7)):
        licences = CostCategory.objects.get(key="licences")
        BudgetEntry.objects.create(category=licences, month=month, amount=amount, recorded_by=by)
    exported = client.get(reverse("budget-xlsx", args=[2024])).content
    page = text_of(upload(client, exported, "budget-2024.xlsx"))
    assert "Budgeten är redan som filen säger." in page
    assert "Filen säger inget om: Intäkter." in page
    book = load_workbook(io.BytesIO(exported))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]][:5] == ["Nyckel", "Kostnadskategori", "Helår", "Utan månad", "Januari"]
    sheet["C3"], sheet["E3"] = None, 0.5
    edited = io.BytesIO()
    book.save(edited)
    before = stored()["licences"]
    save(client, upload(client, edited.getvalue(), "budget-2024.xlsx"))
    after = stored()["licences"]
    assert (after.months[1], after.total) == (50, before.total + 50 - 33)


def test_a_workbook_with_a_sum_of_its_own_is_checked_against_it(client: Client, year: FiscalYear) -> None:
    book = Workbook()
    for row in (["Kategori", "Årsbudget"], ["Licenser", 1234.5], ["Summa", 1234.5]):
        book.active.append(row)  # type: ignore[union-attr]
    content = io.BytesIO()
    book.save(content)
    assert "Filens summa, kr 1 234,50" in text_of(upload(client, content.getvalue(), "b.xlsx"))
    assert problems_of("Post;Budget\nLicenser;900\nSumma;901\n", year) == [
        (3, "Helår", "Filens rader blir tillsammans 900,00 kr.")
    ]


# --- what is wrong ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", ["=1100+50", "#REF!"])
def test_a_formula_that_was_never_calculated_and_an_error_are_no_empty_cells(client: Client, wrong: str) -> None:
    book = Workbook()
    for row in (["Kategori", "Årsbudget", "Anmärkning"], ["Intäkter", -9, wrong], [wrong, 2], ["Licenser", wrong]):
        book.active.append(row)  # type: ignore[union-attr]
    content = io.BytesIO()
    book.save(content)
    page = upload(client, content.getvalue(), "b.xlsx")
    assert page.status_code == 422
    problems = [(problem.row, problem.column) for problem in page.context["problems"]]
    assert problems == [(3, "Kostnadskategori"), (4, "Helår")]
    assert "felvärde eller en formel som inte är beräknad" in text_of(page)
    assert BudgetEntry.objects.count() == 1


def test_each_cell_that_is_wrong_is_told_and_nothing_is_saved(client: Client) -> None:
    page = upload(client, "Post;Budget\nIntäkter;1.234\nOkänd;5\nLicenser;x\n")
    assert page.status_code == 422
    told = text_of(page)
    places = [told.index(wrong) for wrong in ("”1.234”", "finns inte i budgetåret 2024", "”x”")]
    assert places == sorted(places)  # in the order of the rows, whether a cell is wrong by itself or among others
    assert 'value="2023-11-23"' in page.content.decode()
    assert BudgetEntry.objects.count() == 1


def test_what_the_rows_say_together_is_told_by_cell(year: FiscalYear) -> None:
    assert problems_of("Post;Budget\nOkänd;5\nLicenser;1\nlicenser;2\n", year) == [
        (2, "Kostnadskategori", "Kostnadskategorin finns inte i budgetåret 2024, eller finns flera gånger."),
        (4, "Kostnadskategori", "Kostnadskategorin står redan på rad 3."),
    ]
    months = ";".join("1" for _ in range(11))
    assert problems_of(f"Post;Helår;{MONTHS}\nLicenser;12;{months};\nIntäkter;11;1;{months}\n", year) == [
        (2, "December", "Månadens belopp saknas. Skriv 0 om inget är budgeterat."),
        (3, "Helår", "Månaderna blir tillsammans 12,00 kr."),
    ]
    assert problems_of("Post;Utan månad\nLicenser;12\n", year) == [
        (2, "Utan månad", "Kolumnen läses tillsammans med månaderna. Skriv beloppet under Helår.")
    ]
    assert problems_of("Nyckel;Post;Helår\nmissing;Licenser;12\n", year)[0][1] == "Nyckel"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [("", "Filen är tom."), ("Konto;Belopp\n1;2\n", "saknar rubriken ”Kostnadskategori”")],
)
def test_a_file_that_is_no_budget_says_why(client: Client, content: str, sentence: str) -> None:
    page = upload(client, content)
    assert page.status_code == 422
    assert sentence in text_of(page)


def test_the_decision_is_asked_for(client: Client) -> None:
    assert "Skriv dagen då" in text_of(upload(client, "Post;Budget\nLicenser;1\n", decided_on=""))


# --- somebody else, and twice -----------------------------------------------------------------------------------------


def test_a_budget_that_changed_meanwhile_is_looked_at_again(client: Client) -> None:
    page = upload(client, "Post;Budget\nLicenser;900\n")
    other = factories.user(name="Berit Berg")
    BudgetEntry.objects.create(category=CostCategory.objects.get(key="licences"), amount=1, recorded_by=other)
    late = save(client, page)
    assert late.status_code == 409
    assert "Budgeten har ändrats sedan du granskade den, av Berit Berg" in text_of(late)
    assert BudgetEntry.objects.count() == 2
    save(client, late)
    assert stored()["licences"].total == 90_000


def test_a_report_that_is_published_meanwhile_is_told_and_the_file_can_be_saved_all_the_same(client: Client) -> None:
    follow_up = factories.follow_up()
    page = upload(client, "Post;Budget\nLicenser;900\n")
    factories.published(follow_up)
    late = save(client, page)
    assert late.status_code == 409
    assert "En publicerad rapport ändras inte: ändringen syns i uppföljningar från och med nu." in text_of(late)
    assert "Publicerade rapporter ändras inte: oktober." in text_of(late)
    assert BudgetEntry.objects.count() == 1
    save(client, late)
    assert stored()["licences"].total == 90_000


def test_a_double_click_is_saved_once(client: Client) -> None:
    page = upload(client, "Post;Budget\nLicenser;900\n")
    save(client, page)
    assert "Ändringen var redan sparad." in text_of(save(client, page))
    assert BudgetEntry.objects.count() == 2


def test_a_file_that_changes_nothing_is_not_saved(year: FiscalYear) -> None:
    content = b"Post;Budget\nLicenser;1000\n"
    plan = budget_file.plan(content, year, "kr")
    with pytest.raises(Refused, match="inget att lägga till"):
        budget_file.save(
            content=content,
            filename="b.csv",
            year=year,
            unit="kr",
            ground=Ground(),
            batch=uuid.uuid4(),
            seen=plan.mark,
            by=factories.user(),
        )
