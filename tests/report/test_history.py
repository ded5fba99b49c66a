"""The history of a follow-up: everything, in the words of the screen, narrowed, paged and never edited."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import get_resolver
from openpyxl import load_workbook

import decisions.actions
import investments.actions
from followup import actions, measures
from followup.forecasts import ForecastEntry
from followup.journal import Area, Asked, Change, Kind, Versions
from followup.ledger.cautions import Concern
from followup.ledger.undo import undo
from followup.measures import MeasureEntry
from followup.models import FollowUp, Forecast, Measure, PartReady
from followup.parts import Part
from sydit import alphabet
from sydit.access import Role
from sydit.models import User
from sydit.report import history
from sydit.report.history import History, people, sources
from tests import factories
from tests.pages import text_of
from tests.test_access import patterns

pytestmark = pytest.mark.django_db

ADDRESS = "/uppfoljning/2024-10/historik/"


@pytest.fixture
def controller() -> User:
    return factories.user(role=Role.CONTROLLER, name="Clara Controller")


@pytest.fixture
def secretary() -> User:
    return factories.user(role=Role.SECRETARY, name="Nils Nämnd")


@pytest.fixture
def follow_up(controller: User) -> FollowUp:
    return factories.follow_up(by=controller)


def forecast(follow_up: FollowUp, amount: int, comment: str = "", *, by: User, name: str = "Licenser") -> None:
    category = factories.CostCategory.objects.filter(name=name).first() or factories.category(
        name=name, key=name.lower()
    )
    row = Forecast.objects.filter(follow_up=follow_up, category=category).first()
    entry = ForecastEntry(category.pk, name, amount, comment, row.version if row else 0)
    actions.submit_forecasts(follow_up=follow_up, entries=[entry], by=by)


def told(follow_up: FollowUp, **asked: object) -> list[Change]:
    return History(follow_up, Asked(**asked)).part(0, None)  # type: ignore[arg-type]


def lines(change: Change) -> list[str]:
    return [plain(f"{detail.label}: {detail.old} → {detail.new}") for detail in change.details]


def plain(words: str) -> str:
    return words.replace("\N{NO-BREAK SPACE}", " ")


# --- what is told -----------------------------------------------------------------------------------------------------


def test_a_change_is_told_by_whom_and_from_what_to_what_in_the_words_of_the_screen(
    follow_up: FollowUp, controller: User
) -> None:
    forecast(follow_up, 120_000_000, by=controller)
    forecast(follow_up, 130_050_000, "Fler användare", by=controller)
    latest, first, _ = told(follow_up, area=Area.ECONOMY) + told(follow_up, area=Area.FOLLOW_UP)
    assert (latest.by, latest.area.label, latest.subject, latest.kind) == (
        "Clara Controller", "Ekonomi", "Licenser", Kind.CHANGED,
    )  # fmt: skip
    assert lines(latest) == ["Årsprognos: 1 200 tkr → 1 300,5 tkr", "Kommentar:  → Fler användare"]
    assert (first.kind, lines(first)) == (Kind.ADDED, ["Årsprognos:  → 1 200 tkr"])
    assert latest.at > first.at


def test_every_kind_of_change_is_in_it(follow_up: FollowUp, controller: User, secretary: User) -> None:
    head, administrator = factories.user(role=Role.HEAD), factories.user()
    forecast(follow_up, 100, by=controller)
    project = factories.project(budget=5_000_000)
    investments.actions.submit_forecasts(
        follow_up=follow_up, entries=[ForecastEntry(project.pk, "x", 7, "", 0, reason="delay")], by=controller
    )
    actions.write_text(follow_up=follow_up, key="analysis", body="Det går bra.", seen_version=0, by=controller)
    entry = MeasureEntry("Säg upp avtal", None, "", None, 200_000, None, None, "planned")
    measure = measures.add(follow_up=follow_up, entry=entry, by=controller)
    measures.remove(follow_up=follow_up, measure=measure, seen_version=1, by=controller)
    decision = factories.decision()
    decisions.actions.update_status(
        follow_up=follow_up, decision=decision, status="done", comment="Klart", seen_version=0, by=secretary
    )
    factories.account_rule(prefix="54", reason="Balans")
    booked = factories.booked_import("2024-10;5020;100", by=administrator)
    undo(ledger_import=booked, by=administrator, confirmed=frozenset(Concern))
    mark = PartReady(follow_up=follow_up, part=Part.TEXTS, by=controller, at=booked.booked_at)
    mark.record(by=controller)
    mark.open_again(by=head)
    found = {(change.area, change.kind, plain(change.subject), *lines(change)) for change in told(follow_up)}
    expected = {
        (Area.FOLLOW_UP, Kind.STATE, "Uppföljningen", "Läge:  → Öppen"),
        (Area.ECONOMY, Kind.ADDED, "Licenser", "Årsprognos:  → 0,001 tkr"),
        (
            Area.INVESTMENTS, Kind.ADDED, "IT Invest Lekeberg", "Årsprognos:  → 0,00007 tkr",
            "Orsak till avvikelse:  → Tidsförskjutning",
        ),
        (Area.TEXTS, Kind.ADDED, "Ekonomisk analys", "Text:  → Det går bra."),
        (
            Area.MEASURES, Kind.ADDED, "Säg upp avtal", "Åtgärd:  → Säg upp avtal", "Effekt i år:  → 2 tkr",
            "Status:  → Planerad",
        ),
        (
            Area.MEASURES, Kind.REMOVED, "Säg upp avtal", "Åtgärd: Säg upp avtal → ", "Effekt i år: 2 tkr → ",
            "Status: Planerad → ",
        ),
        (
            Area.DECISIONS, Kind.ADDED, "2024-01-30 § 10 Förvaltningen ska spara.", "Status:  → Avklarat",
            "Kommentar:  → Klart",
        ),
        (Area.BUDGET, Kind.ADDED, "Ursprunglig budget, investering", "IT Invest Lekeberg:  → 50 000 kr"),
        (
            Area.LEDGER, Kind.UNDONE, f"Import {booked.pk}", "Fil:  → huvudbok.csv", "Månader:  → oktober 2024",
            "Rader:  → 1", "Summa:  → 100 kr", *(f"Bekräftat:  → {sentence}" for sentence in booked.confirmed),
        ),
        (Area.FOLLOW_UP, Kind.STATE, "Klarmarkerad", "Del:  → Texter"),
        (Area.FOLLOW_UP, Kind.STATE, "Öppnad igen", "Del: Texter → "),
    }  # fmt: skip
    assert expected - found == set()
    assert {change.area for change in told(follow_up)} == set(Area)
    assert {change.kind for change in told(follow_up)} == set(Kind) - {Kind.CARRIED, Kind.CHANGED}
    assert all(change.by for change in told(follow_up) if change.area != Area.MASTER_DATA)


def test_a_long_text_is_told_where_it_differs(follow_up: FollowUp, controller: User) -> None:
    beginning, end = "Början " * 50, " slutet" * 50
    for version, middle in enumerate(("spara", "inte spara")):
        body = f"{beginning}ska {middle} i år{end}"
        actions.write_text(follow_up=follow_up, key="analysis", body=body, seen_version=version, by=controller)
    (detail,) = told(follow_up, area=Area.TEXTS)[0].details
    assert detail.old.startswith("…Början")
    assert detail.old.endswith("slutet…")
    assert "ska spara i år" in detail.old
    assert "ska inte spara i år" in detail.new
    assert len(detail.new) < 140


def test_another_follow_up_s_changes_and_other_years_are_not_in_it(follow_up: FollowUp, controller: User) -> None:
    other = factories.follow_up(month=factories.Month(2023, 12), by=controller)
    forecast(other, 1, by=controller)
    factories.booked_import("2024-11;5020;100")
    assert [change.subject for change in told(follow_up) if change.area in (Area.ECONOMY, Area.LEDGER)] == []


def test_the_registers_are_told_from_when_the_follow_up_began_until_it_was_approved(controller: User) -> None:
    before = factories.decision(paragraph=1, text="Före")
    follow_up = factories.follow_up(by=controller)
    factories.decision(paragraph=2, text="Under")
    row = FollowUp.objects.get(pk=follow_up.pk)
    row.state = FollowUp.State.APPROVED
    row.save_version(by=controller)
    factories.decision(paragraph=3, text="Efter")
    assert [plain(change.subject) for change in told(row, area=Area.DECISIONS)] == ["Registret: 2024-01-30 § 2 Under"]
    assert before.pk


LEFT_OUT = {
    "User": "who may do what is no part of a follow-up",
    "ImportProfile": "an import says in its own words how it was read",
    "Municipality": "a project says whose it is",
}
NOT_TOLD = {"id", "version", "changed_at", "changed_by", "follow_up", "fiscal_year", "project_ptr"}
SUBJECTS = {
    "category",
    "decision",
    "project",
    "publication",
    "key",
    "month",
    "at",
    "by",
}  # what a change is of, when and by whom


def test_everything_that_has_a_history_is_told_and_every_field_of_it(follow_up: FollowUp) -> None:
    told_fields = {s.rows.model.instance_type: set(s.fields) for s in sources(follow_up) if isinstance(s, Versions)}
    with_history = {model for model in apps.get_models() if hasattr(model, "history")}
    assert {model.__name__ for model in with_history - told_fields.keys()} == LEFT_OUT.keys()
    for model, fields in told_fields.items():
        columns = {column.name for column in model._meta.fields}
        assert columns - fields - NOT_TOLD - SUBJECTS == set(), model.__name__


# --- what is asked for ------------------------------------------------------------------------------------------------


def test_it_is_narrowed_by_part_person_kind_words_and_period(
    follow_up: FollowUp, controller: User, secretary: User
) -> None:
    forecast(follow_up, 100, "Åskan slog ut", by=controller)
    forecast(follow_up, 200, "Åskan slog ut", by=controller)
    decision = factories.decision()
    decisions.actions.update_status(
        follow_up=follow_up, decision=decision, status="ongoing", comment="", seen_version=0, by=secretary
    )
    day = told(follow_up)[0].at.date()
    count = {
        "part": len(told(follow_up, area=Area.ECONOMY)),
        "person": len(told(follow_up, by=secretary.pk)),
        "kind": len(told(follow_up, area=Area.ECONOMY, kind=Kind.CHANGED)),
        "words": len(told(follow_up, words=("åskan", "licenser"))),
        "both words": len(told(follow_up, words=("åskan", "lokalhyror"))),
        "a label": len(told(follow_up, words=("pågår",))),
        "from": len(told(follow_up, since=day + dt.timedelta(days=2))),
        "to": len(told(follow_up, until=day - dt.timedelta(days=2))),
    }
    assert count == {
        "part": 2, "person": 1, "kind": 1, "words": 2, "both words": 0, "a label": 1, "from": 0, "to": 0,
    }  # fmt: skip
    names = [str(user) for user in people(follow_up)]
    assert "Clara Controller" in names
    assert names == sorted(names, key=alphabet.key)


@pytest.mark.counts_queries
@pytest.mark.slow
def test_thousands_of_changes_cost_a_page_the_same_queries(
    follow_up: FollowUp, controller: User, client: Client, django_assert_num_queries: Callable[..., object]
) -> None:
    forecast(follow_up, 1, by=controller)
    category, version = factories.CostCategory.objects.get(), Forecast.history.model
    client.force_login(controller)

    def fill(many: int) -> None:
        (row,) = Forecast.objects.all()
        now = dt.datetime.now(tz=dt.UTC)
        version.objects.bulk_create(
            version(
                id=row.pk, follow_up=follow_up, category=category, amount=number, version=number, history_date=now,
                history_type="~", history_user=controller, changed_by=controller, comment=f"Nummer {number}",
            )
            for number in range(many)
        )  # fmt: skip

    fill(40)
    with django_assert_num_queries(9):  # session, user, follow-up; people (2), count, keys, versions, those before
        assert client.get(ADDRESS).status_code == 200
    fill(3000)
    with django_assert_num_queries(9):
        page = client.get(f"{ADDRESS}?page=7")
    assert page.context["table"].paginator.count == 3043
    assert len(page.context["table"].page.object_list) == 30


# --- the page ---------------------------------------------------------------------------------------------------------


def test_the_page_and_the_workbook_show_the_same_selection(
    follow_up: FollowUp, controller: User, client: Client
) -> None:
    forecast(follow_up, 120_000_000, by=controller)
    forecast(follow_up, 130_000_000, "<b>=1+1</b>", by=controller)
    client.force_login(controller)
    page = client.get(f"{ADDRESS}?omrade=economy&sort=at")
    shown = text_of(page).replace("\N{NO-BREAK SPACE}", " ")
    assert "2 träffar" in shown
    assert "Årsprognos: 1 200 tkr → 1 300 tkr" in shown
    assert "<b>=1+1" not in page.content.decode()
    answer = client.get(f"{ADDRESS}historik.xlsx?omrade=economy&sort=at")
    first, second, third = load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)  # type: ignore[union-attr]
    assert first == ("När", "Vem", "Del", "Vad", "Händelse", "Från → till")
    assert (second[1:5], third[4]) == (("Clara Controller", "Ekonomi", "Licenser", "Inlagt"), "Ändrat")


def test_an_address_that_cannot_be_read_narrows_nothing_and_says_so(
    follow_up: FollowUp, controller: User, client: Client
) -> None:
    client.force_login(controller)
    page = client.get(f"{ADDRESS}?omrade=moln&vem=987654321&fran=igår&slag=x&page=99&sort=pk")
    assert page.status_code == 200
    assert set(page.context["filter"].errors) == {"omrade", "vem", "fran", "slag"}
    assert page.context["table"].paginator.count == History(follow_up).count


# --- it cannot be edited ----------------------------------------------------------------------------------------------


def test_no_address_writes_history_and_the_admin_does_not_know_it(
    follow_up: FollowUp, controller: User, client: Client
) -> None:
    client.force_login(controller)
    addresses = [name for name, _ in patterns(get_resolver()) if "history" in name and not name.startswith("admin:")]
    assert addresses == ["history", "history-xlsx"]
    assert [client.post(f"{ADDRESS}{end}").status_code for end in ("", "historik.xlsx")] == [405, 405]
    kept = {source.rows.model for source in sources(follow_up) if isinstance(source, Versions)}
    assert kept
    assert not kept & set(admin.site._registry)
    assert Measure.history.model in kept


def test_the_admin_s_page_of_an_old_version_makes_a_new_one_and_changes_none(client: Client) -> None:
    """Where master data may be changed, an old version may be saved again: as a new version."""
    client.force_login(factories.user(role=Role.ADMINISTRATOR))
    category = factories.category(name="Licenser")
    (version,) = category.history.all()
    address = f"/admin/followup/costcategory/{category.pk}/history/{version.pk}/"
    fields = {"fiscal_year": category.fiscal_year_id, "key": "costs", "name": "Avtal", "position": 0}
    client.post(address, fields)
    version.refresh_from_db()
    assert version.name == "Licenser"
    assert [row.name for row in category.history.order_by("history_id")] == ["Licenser", "Avtal"]


def test_all_of_it_is_told_some_at_a_time_in_the_order_of_the_pages(
    follow_up: FollowUp, controller: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "AT_A_TIME", 2)
    for amount in range(5):
        forecast(follow_up, amount, by=controller)
    whole = History(follow_up)
    for order in ("-at", "at", "by", "-area"):
        assert list(whole.every(order)) == whole.part(0, None, order)
    assert list(whole.every("at")) == list(whole.every("-at"))[::-1]
    assert whole.count == len(whole.part(0, None)) > 5
