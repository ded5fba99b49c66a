"""Each part is marked ready by its role and stays so until it is opened; the last mark hands the follow-up over."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from lxml import html

import decisions.actions
import investments.actions
from decisions.models import Decision
from followup import actions, measures
from followup.measures import MeasureEntry
from followup.models import FollowUp, Forecast, Measure, PartReady, ReportText
from followup.parts import Part
from sydit.access import GRANTS, Role
from sydit.errors import Refused, StaleEdit
from sydit.models import Publication, User
from sydit.periods import Month
from sydit.report import publish, readiness
from sydit.report.forms import ReasonsForm
from tests import factories
from tests.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PAGE = "/uppfoljning/2024-10/godkannande/"
MARK, OPEN, BACK, APPROVE = (
    f"/uppfoljning/2024-10/{path}/" for path in ("klarmarkera", "oppna-del", "skicka-tillbaka", "godkann")
)
HALF_A_MEASURE = MeasureEntry("Spara", None, "", None, None, None, None, "planned")
REMARK = "Åtgärden ”Spara”: saknar belopp, saknar ansvarig, saknar datum."


def user(username: str) -> User:
    return User.objects.get(username=username)


def marked(follow_up: FollowUp) -> set[str]:
    return {part.value for part in PartReady.objects.by_part(follow_up)}


@pytest.fixture
def ready(october: FollowUp) -> FollowUp:
    return factories.mark_ready(october)


@pytest.fixture
def remarked(october: FollowUp) -> FollowUp:
    """The plan holds a measure that lacks what a reader would ask about."""
    measures.add(follow_up=october, entry=HALF_A_MEASURE, by=user("controller"))
    return october


def reason_field(browser: Client) -> str:
    """The name of the only field on the page that asks for a reason."""
    forms = [browser.get(PAGE).context["approving"], *(panel.form for panel in browser.get(PAGE).context["panels"])]
    (name,) = [field.html_name for form in forms if isinstance(form, ReasonsForm) for field in form]
    return name


# --- marking ----------------------------------------------------------------------------------------------------------


def test_the_last_part_hands_the_follow_up_to_the_head(october: FollowUp) -> None:
    *others, last = Part
    for part in others:
        assert readiness.mark_ready(follow_up=october, part=part, by=factories.user(role=part.role)).is_open
    assert readiness.mark_ready(follow_up=october, part=last, by=factories.user(role=last.role)).state == "ready"


@pytest.mark.parametrize("part", Part)
@pytest.mark.parametrize("role", Role)
def test_only_who_may_write_a_part_marks_and_opens_it(october: FollowUp, part: Part, role: Role) -> None:
    by = factories.user(role=role)
    if part.permission in GRANTS[role]:
        readiness.mark_ready(follow_up=october, part=part, by=by)
        readiness.open_part(follow_up=october, part=part, by=by)
        return
    with pytest.raises(PermissionDenied):
        readiness.mark_ready(follow_up=october, part=part, by=by)
    with pytest.raises(PermissionDenied):
        readiness.open_part(follow_up=october, part=part, by=by)


def test_what_stops_a_part_stops_its_mark_and_no_other(october: FollowUp) -> None:
    Forecast.objects.filter(category__key="lokalhyror").update(amount=None)
    with pytest.raises(Refused, match=r"Ekonomi kan inte klarmarkeras än\. Prognos saknas för Lokalhyror\."):
        readiness.mark_ready(follow_up=october, part=Part.ECONOMY, by=user("controller"))
    factories.mark_ready(october, Part.TEXTS)
    assert marked(october) == {"texts"}


def test_a_part_is_marked_once(october: FollowUp) -> None:
    readiness.mark_ready(follow_up=october, part=Part.TEXTS, by=user("controller"))
    with pytest.raises(Refused, match="Delen Texter är klarmarkerad av Demo Controller"):
        readiness.mark_ready(follow_up=october, part=Part.TEXTS, by=user("controller"))
    assert PartReady.objects.count() == 1


WRITES: dict[Part, Callable[[FollowUp], object]] = {
    Part.ECONOMY: lambda f: actions.submit_forecasts(follow_up=f, entries=[], by=user("controller")),
    Part.INVESTMENTS: lambda f: investments.actions.submit_forecasts(follow_up=f, entries=[], by=user("controller")),
    Part.DECISIONS: lambda f: decisions.actions.update_status(
        follow_up=f,
        decision=Decision.objects.earliest("pk"),
        status="done",
        comment="Nytt",
        seen_version=1,
        by=user("sekreterare"),
    ),
    Part.MEASURES: lambda f: measures.add(follow_up=f, entry=HALF_A_MEASURE, by=user("controller")),
    Part.TEXTS: lambda f: actions.write_text(
        follow_up=f, key="analysis", body="Ny", seen_version=1, by=user("controller")
    ),
}


@pytest.mark.parametrize("part", Part)
def test_a_marked_part_takes_no_write_and_the_others_do(october: FollowUp, part: Part) -> None:
    readiness.mark_ready(follow_up=october, part=part, by=factories.user(role=part.role, name="Siv Larsson"))
    for other, write in WRITES.items():
        if other is part:
            with pytest.raises(Refused, match=rf"Delen {part.label} är klarmarkerad av Siv Larsson \d.*Öppna den igen"):
                write(october)
        else:
            write(october)


def test_whoever_may_write_a_part_opens_it_again_and_its_history_stays(october: FollowUp) -> None:
    readiness.mark_ready(follow_up=october, part=Part.ECONOMY, by=user("controller"))
    other = factories.user(role=Role.CONTROLLER, name="Vikarien")
    readiness.open_part(follow_up=october, part=Part.ECONOMY, by=other)
    WRITES[Part.ECONOMY](october)
    said = [(row.history_type, row.history_user.name) for row in PartReady.history.order_by("history_id")]
    assert said == [("+", "Demo Controller"), ("-", "Vikarien")]
    with pytest.raises(Refused, match="Delen Ekonomi är redan öppen"):
        readiness.open_part(follow_up=october, part=Part.ECONOMY, by=other)


def test_with_the_head_no_part_is_opened_but_by_sending_back(ready: FollowUp) -> None:
    with pytest.raises(Refused, match="är klarmarkerad, och dess delar kan inte öppnas"):
        readiness.open_part(follow_up=ready, part=Part.TEXTS, by=user("controller"))
    assert len(marked(ready)) == len(Part)


def test_a_page_of_a_marked_part_says_who_marked_it_and_has_no_fields(
    october: FollowUp, log_in: Callable[[str], Client]
) -> None:
    readiness.mark_ready(follow_up=october, part=Part.TEXTS, by=user("controller"))
    browser = log_in("controller")
    page = browser.get("/uppfoljning/2024-10/texter/")
    assert "Delen Texter är klarmarkerad av Demo Controller" in text_of(page)
    assert not page.context["has_fields"]
    assert browser.get("/uppfoljning/2024-10/prognos/").context["has_fields"]


def test_what_is_typed_for_a_part_that_was_marked_meanwhile_is_kept(
    october: FollowUp, log_in: Callable[[str], Client]
) -> None:
    browser = log_in("controller")
    readiness.mark_ready(follow_up=october, part=Part.TEXTS, by=factories.user(role=Role.CONTROLLER, name="Vikarien"))
    sent = {"text": "analysis", "analysis-body": "Det jag skrev", "analysis-version": "1"}
    page = browser.post("/uppfoljning/2024-10/texter/", sent)
    assert page.status_code == 409
    assert "Delen Texter är klarmarkerad av Vikarien" in text_of(page)
    assert "Det jag skrev" in page.content.decode()
    assert ReportText.objects.get(key="analysis").version == 1


# --- sending back -----------------------------------------------------------------------------------------------------


def test_sending_back_opens_the_named_parts_and_leaves_the_others_ready(ready: FollowUp) -> None:
    readiness.send_back(follow_up=ready, parts=[Part.TEXTS, Part.ECONOMY], comment="Förklara hyran.", by=user("chef"))
    follow_up = FollowUp.objects.get()
    assert (follow_up.state, follow_up.returned_comment) == ("open", "Förklara hyran.")
    assert marked(follow_up) == {"investments", "decisions", "measures"}
    WRITES[Part.TEXTS](follow_up)
    with pytest.raises(Refused, match="Delen Beslut är klarmarkerad"):
        WRITES[Part.DECISIONS](follow_up)
    again = factories.mark_ready(follow_up, Part.TEXTS, Part.ECONOMY)
    assert (again.state, again.returned_comment) == ("ready", "")


@pytest.mark.parametrize("state", [FollowUp.State.OPEN, FollowUp.State.APPROVED])
def test_only_a_ready_follow_up_is_sent_back(state: FollowUp.State) -> None:
    made = factories.follow_up(state=state)
    with pytest.raises(Refused, match="kan inte skickas tillbaka"):
        readiness.send_back(follow_up=made, parts=[*Part], comment="", by=factories.user(role=Role.HEAD))
    made.refresh_from_db()
    assert made.state == state


def test_sending_back_wants_a_part_and_a_comment_and_keeps_what_was_typed(
    ready: FollowUp, log_in: Callable[[str], Client]
) -> None:
    browser = log_in("chef")
    without_part = browser.post(BACK, {"comment": "Förklara hyran."})
    assert without_part.status_code == 422
    assert "Förklara hyran." in without_part.content.decode()
    assert browser.post(BACK, {"parts": ["texts"], "comment": " "}).status_code == 422
    assert FollowUp.objects.get().state == "ready"
    browser.post(BACK, {"parts": ["texts"], "comment": "Förklara hyran."})
    assert FollowUp.objects.get().returned_comment == "Förklara hyran."


def test_a_comment_to_a_follow_up_that_was_approved_meanwhile_is_shown_back(
    ready: FollowUp, log_in: Callable[[str], Client]
) -> None:
    browser = log_in("chef")
    publish.approve(follow_up=ready, by=factories.user(role=Role.HEAD))
    page = browser.post(BACK, {"parts": ["texts"], "comment": "Förklara hyran."})
    assert page.status_code == 409
    assert "är godkänd och kan inte skickas tillbaka" in text_of(page)
    assert page.context["left_over"] == ["Förklara hyran."]


# --- what asks for a reason -------------------------------------------------------------------------------------------


def test_what_remains_needs_a_reason_which_is_kept_with_the_publication(remarked: FollowUp) -> None:
    with pytest.raises(Refused, match="behöver rättas eller få ett skäl"):
        readiness.mark_ready(follow_up=remarked, part=Part.MEASURES, by=user("controller"))
    name = f"measures/incomplete/{Measure.objects.get().key}"
    for part in Part:
        reasons = {name: "Ansvarig utses i januari."} if part is Part.MEASURES else {}
        readiness.mark_ready(follow_up=remarked, part=part, reasons=reasons, by=factories.user(role=part.role))
    published = publish.approve(follow_up=remarked, by=user("chef"))
    assert published.reasons == [
        {"check": name, "part": "measures", "message": REMARK, "reason": "Ansvarig utses i januari."}
    ]


def test_a_part_is_marked_in_the_browser_with_the_reason_it_asks_for(
    remarked: FollowUp, log_in: Callable[[str], Client]
) -> None:
    browser = log_in("controller")
    field = reason_field(browser)
    without = browser.post(MARK, {"part": "measures", field: " "})
    assert without.status_code == 422
    assert "Skriv ett skäl, eller rätta det som står här." in text_of(without)
    done = browser.post(MARK, {"part": "measures", field: "Ansvarig utses i januari."}, follow=True)
    assert "Delen Åtgärder är klarmarkerad." in text_of(done)
    assert "Skäl: Ansvarig utses i januari." in text_of(done)
    browser.post(OPEN, {"part": "measures"})
    (panel,) = [panel for panel in browser.get(PAGE).context["panels"] if panel.part is Part.MEASURES]
    assert "Ansvarig utses i januari." in str(panel.form)


def test_a_reason_typed_while_something_began_to_stop_the_part_is_shown_back(
    remarked: FollowUp, log_in: Callable[[str], Client]
) -> None:
    browser = log_in("controller")
    field = reason_field(browser)
    Measure.objects.update(confirmed=False)
    page = browser.post(MARK, {"part": "measures", field: "Ansvarig utses i januari."})
    assert page.status_code == 409
    assert "är orörd sedan förra gången" in text_of(page)
    assert page.context["left_over"] == ["Ansvarig utses i januari."]
    assert not PartReady.objects.exists()


def test_what_came_after_the_marks_asks_the_head_for_a_reason(ready: FollowUp, log_in: Callable[[str], Client]) -> None:
    Measure.objects.create(follow_up=ready, what="Spara")
    browser = log_in("chef")
    field, seen = reason_field(browser), browser.get(PAGE).context["seen"]
    assert browser.post(APPROVE, {"seen": seen}).status_code == 422
    Forecast.objects.filter(category__key="lokalhyror").update(comment="Hyran är omräknad.")
    stale = browser.post(APPROVE, {"seen": "another draft", field: "Kommer i mars."})
    assert stale.status_code == 409
    assert "Kommer i mars." in str(stale.context["approving"])
    with pytest.raises(StaleEdit):
        publish.approve(follow_up=ready, seen="x", reasons={stale.context["panels"][3].remarks[0].check.name: "Ja"},
                        by=user("chef"))  # fmt: skip
    browser.post(APPROVE, {"seen": stale.context["seen"], field: "Kommer i mars."})
    assert [kept["reason"] for kept in Publication.objects.get().reasons] == ["Kommer i mars."]
    assert "Skäl: Kommer i mars." in text_of(browser.get(PAGE))
    assert "Skäl: Kommer i mars." in text_of(log_in("lasare").get("/uppfoljning/2024-10/"))


# --- the page ---------------------------------------------------------------------------------------------------------


def test_a_form_that_does_not_say_which_part_is_no_form_of_the_page(
    october: FollowUp, log_in: Callable[[str], Client]
) -> None:
    browser = log_in("controller")
    assert browser.post(MARK, {"part": "allt"}).status_code == 400
    assert browser.post(MARK, {"part": "decisions"}).status_code == 403
    assert browser.post(OPEN, {"part": "decisions"}).status_code == 403


@pytest.mark.parametrize(("username", "buttons"), [("controller", 4), ("sekreterare", 1), ("administrator", 0)])
def test_each_role_has_the_buttons_of_its_parts(
    october: FollowUp, log_in: Callable[[str], Client], username: str, buttons: int
) -> None:
    page = log_in(username).get(PAGE)
    assert page.content.decode().count(">Klarmarkera ") == buttons


def test_a_check_links_to_where_it_is_mended_and_names_who_else_does_it(
    october: FollowUp, log_in: Callable[[str], Client]
) -> None:
    factories.AccountRule.objects.filter(prefix__startswith="6").delete()
    page = log_in("controller").get(PAGE)
    (panel,) = [panel for panel in page.context["panels"] if panel.red]
    assert (panel.part, panel.form) == (Part.ECONOMY, None)
    assert "(Administratör)" in text_of(page)
    link = f'<a href="{panel.red[0].url}">Åtgärda</a>'
    assert link not in page.content.decode()  # it is closed to the controller
    assert link in log_in("administrator").get(PAGE).content.decode()


def test_what_is_mended_where_only_the_administrator_may_go_leads_nobody_else_there(
    october: FollowUp, log_in: Callable[[str], Client]
) -> None:
    november = factories.follow_up(month=Month(2024, 11))
    for name, leads in (("controller", False), ("administrator", True)):
        page = html.fromstring(log_in(name).get(f"/uppfoljning/{november.period}/godkannande/").content.decode())
        (missing,) = [item for item in page.xpath("//li") if "är inte importerad" in item.text_content()]
        assert bool(missing.xpath(".//a[.='Åtgärda']")) is leads


@pytest.mark.counts_queries
def test_the_page_asks_the_database_a_fixed_number_of_times(
    october: FollowUp, log_in: Callable[[str], Client], django_assert_max_num_queries: Callable
) -> None:
    browser = log_in("controller")
    with django_assert_max_num_queries(31):
        browser.get(PAGE)
