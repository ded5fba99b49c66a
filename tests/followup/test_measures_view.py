"""The plan's pages: the list, the form, the marks on the approval page, and the table in the report."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from django.http import HttpResponse
from django.test import Client
from openpyxl import load_workbook

from followup import actions, measures
from followup.measures import MeasureEntry
from followup.models import FollowUp, Measure, ReportText
from sydit.access import Role
from sydit.report.build import build_report
from sydit.tables import PER_PAGE
from tests import factories
from tests.followup.test_measures import ENTRY
from tests.pages import form_of, text_of

URL = "/uppfoljning/2024-10/atgarder/"
TKR = 100_000  # öre

pytestmark = pytest.mark.django_db


@pytest.fixture
def follow_up() -> FollowUp:
    return factories.follow_up()


@pytest.fixture
def measure(follow_up: FollowUp) -> Measure:
    return add(follow_up, ENTRY)


def add(follow_up: FollowUp, entry: MeasureEntry) -> Measure:
    return measures.add(follow_up=follow_up, entry=entry, by=factories.user(role=Role.CONTROLLER, name="Karin Kollega"))


def log_in(client: Client, role: Role = Role.CONTROLLER) -> Client:
    client.force_login(factories.user(role=role))
    return client


def page_of(measure: Measure) -> str:
    return f"{URL}{measure.pk}/"


def post_new(client: Client, **fields: str) -> HttpResponse:
    return client.post(f"{URL}ny/", form_of(log_in(client).get(f"{URL}ny/")) | fields)


def test_the_controller_adds_a_measure_in_tkr(client: Client, follow_up: FollowUp) -> None:
    answer = post_new(client, what="Säg upp avtal", effect_this_year="400,5", due_on="2024-12-01", owner="Li")
    assert answer.headers["Location"] == URL
    row = Measure.objects.get()
    assert (row.what, row.effect_this_year, row.owner, row.version) == ("Säg upp avtal", 40_050_000, "Li", 1)
    page = text_of(client.get(URL))
    assert "Åtgärden är inlagd i planen." in page
    assert "Säg upp avtal" in page


def test_bad_input_saves_nothing_and_is_still_there(client: Client, follow_up: FollowUp) -> None:
    answer = post_new(client, what="", effect_this_year="mycket", due_on="igår", owner="Li")
    assert answer.status_code == 422
    page = text_of(answer)
    for sentence in ("Skriv åtgärden.", "”mycket” går inte att läsa som ett belopp.", "”igår” är inget datum."):
        assert sentence in page
    form = form_of(answer)
    assert (form["effect_this_year"], form["due_on"], form["owner"]) == ("mycket", "igår", "Li")
    assert not Measure.objects.exists()


def test_an_untouched_form_saves_nothing(client: Client, measure: Measure) -> None:
    client.post(page_of(measure), form_of(log_in(client).get(page_of(measure))))
    assert Measure.objects.get().version == 1


def test_a_stale_form_saves_nothing_and_shows_both(client: Client, follow_up: FollowUp, measure: Measure) -> None:
    form = form_of(log_in(client).get(page_of(measure))) | {"owner": "Min ansvarige"}
    other = MeasureEntry(**{**{name: getattr(ENTRY, name) for name in ENTRY.__slots__}, "effect_this_year": 5 * TKR})
    by = factories.user(role=Role.CONTROLLER, name="Olle Andra")
    measures.change(follow_up=follow_up, measure=measure, entry=other, seen_version=1, by=by)
    answer = client.post(page_of(measure), form)
    assert answer.status_code == 409
    assert "har ändrats av Olle Andra" in text_of(answer)
    again = form_of(answer)
    assert (again["owner"], again["effect_this_year"], again["version"]) == ("Min ansvarige", "5", "2")
    assert Measure.objects.get().owner == "Licensansvarig"
    assert client.post(page_of(measure), again).status_code == 302
    assert (Measure.objects.get().owner, Measure.objects.get().effect_this_year) == ("Min ansvarige", 5 * TKR)


def test_a_follow_up_closed_meanwhile_saves_nothing_and_keeps_what_was_typed(client: Client, measure: Measure) -> None:
    form = form_of(log_in(client).get(page_of(measure))) | {"owner": "Min ansvarige"}
    FollowUp.objects.update(state=FollowUp.State.READY)
    answer = client.post(page_of(measure), form)
    assert answer.status_code == 409
    assert form_of(answer)["owner"] == "Min ansvarige"
    assert Measure.objects.get().owner == "Licensansvarig"


def test_other_staff_read_the_plan_and_cannot_change_it(client: Client, measure: Measure) -> None:
    log_in(client, Role.HEAD)
    assert "Ny åtgärd" not in text_of(client.get(URL))
    assert b"data-unsaved" not in client.get(page_of(measure)).content
    for address in (f"{URL}ny/", page_of(measure), f"{page_of(measure)}ta-bort/"):
        assert client.post(address, {"what": "x", "version": "1"}).status_code == 403
    assert Measure.objects.get().version == 1


def test_a_reader_sees_nothing_of_a_draft(client: Client, measure: Measure) -> None:
    log_in(client, Role.READER)
    assert [client.get(address).status_code for address in (URL, page_of(measure))] == [403, 403]


def test_a_measure_of_another_follow_up_is_not_found(client: Client, measure: Measure) -> None:
    factories.follow_up(month=factories.OCTOBER.shifted(1))
    assert log_in(client).get(f"/uppfoljning/2024-11/atgarder/{measure.pk}/").status_code == 404


def test_a_mistake_is_removed(client: Client, measure: Measure) -> None:
    answer = log_in(client).post(f"{page_of(measure)}ta-bort/", {"version": "1"}, follow=True)
    assert "är borttagen" in text_of(answer)
    assert not Measure.objects.exists()
    assert log_in(client).post(f"{URL}1/ta-bort/").status_code == 404


def test_a_removal_without_its_version_is_no_request(client: Client, measure: Measure) -> None:
    assert log_in(client).post(f"{page_of(measure)}ta-bort/").status_code == 400
    assert Measure.objects.exists()


def test_the_list_costs_the_same_number_of_queries_whatever_the_number_of_measures(
    client: Client, follow_up: FollowUp, measure: Measure, django_assert_max_num_queries: object
) -> None:
    log_in(client).get(URL)
    category = factories.category()
    costs = []
    for count in (1, 20):
        for _ in range(count):
            add(follow_up, MeasureEntry(f"Åtgärd {count}", category.pk, "Li", None, TKR, None, None, "planned"))
        with django_assert_max_num_queries(20) as queries:
            client.get(URL)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_marks_are_told_before_publication_and_do_not_stop_it(
    october: FollowUp, log_in: Callable[[str], Client]
) -> None:
    add(october, MeasureEntry("Spara på något", None, "", None, None, None, None, "planned"))
    page = text_of(log_in("controller").get("/uppfoljning/2024-10/godkannande/"))
    assert "Allt som rapporten behöver finns." in page
    assert "Åtgärden ”Spara på något”: saknar belopp, saknar ansvarig, saknar datum." in page


@pytest.mark.slow
def test_the_plan_stands_in_the_report_between_its_texts(october: FollowUp, log_in: Callable[[str], Client]) -> None:
    add(october, MeasureEntry("Säg upp avtal", None, "Li", None, 400 * TKR, None, None, "ongoing"))
    add(october, MeasureEntry("Byt lokal", None, "Li", None, None, None, None, "dropped"))
    by = factories.user(role=Role.CONTROLLER)
    actions.write_text(
        follow_up=october, key=ReportText.Key.AFTER_MEASURES, body="Nämnden får en ny plan.", seen_version=0, by=by
    )
    (section,) = [section for section in build_report(october).sections if section.key == "action-plan"]
    kinds = [type(block).__name__ for block in section.blocks]
    place = kinds.index("Table")
    assert set(kinds[:place]) == {"Paragraph"}
    assert [" ".join(block.text.split()) for block in section.blocks[place + 1 :]] == [
        "Åtgärderna beräknas ge 400 tkr av underskottet om 813 tkr; 413 tkr återstår.",
        "Avbruten åtgärd: Byt lokal",
        "Nämnden får en ny plan.",
    ]
    table = section.blocks[place]
    assert [(row.label, row.cells[4].text) for row in table.rows] == [("Säg upp avtal", "400"), ("Summa", "400")]
    client = log_in("controller")
    assert "413 tkr återstår" in text_of(client.get("/uppfoljning/2024-10/"))
    workbook = load_workbook(BytesIO(client.get("/uppfoljning/2024-10/rapport.xlsx").content))
    assert any("Säg upp avtal" in str(cell.value) for sheet in workbook for row in sheet.rows for cell in row)
    document = json.loads(client.get("/uppfoljning/2024-10/rapport.json").content)
    tables = [b["key"] for s in document["sections"] for b in s["blocks"] if b["type"] == "table"]
    assert "measures" in tables


def test_the_plan_goes_to_excel_with_what_is_to_be_mended(client: Client, measure: Measure) -> None:
    add(measure.follow_up, replace(ENTRY, what="Utan belopp", effect_this_year=None, owner=""))
    answer = log_in(client).get(f"{URL}atgarder.xlsx")
    header, first, second = load_workbook(BytesIO(answer.content)).active.values
    assert header[0] == "Åtgärd"
    assert (first[0], first[5], first[9] or "") == (ENTRY.what, 100_000, "")
    assert (second[0], second[5], second[9]) == ("Utan belopp", None, "saknar belopp, saknar ansvarig")


def test_only_the_staff_takes_the_plan_along(client: Client, measure: Measure) -> None:
    assert log_in(client, Role.READER).get(f"{URL}atgarder.xlsx").status_code == 403


def test_the_plan_is_shown_a_page_at_a_time_with_the_sums_of_the_whole(client: Client, follow_up: FollowUp) -> None:
    for number in range(PER_PAGE):
        add(follow_up, replace(ENTRY, what=f"Åtgärd {number}", effect_this_year=TKR, effect_so_far=TKR))
    add(follow_up, replace(ENTRY, what="Den sista", effect_this_year=TKR, effect_so_far=None))
    add(follow_up, replace(ENTRY, what="Avbruten", effect_this_year=TKR, status=Measure.Status.DROPPED))
    first, last = (text_of(log_in(client).get(URL, {"page": page})) for page in (1, 2))
    assert ("Den sista" in first, "Den sista" in last) == (False, True)
    for page in (first, last):
        assert "Summa utom avbrutna 31 12 400 saknas" in page
