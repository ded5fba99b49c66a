"""A published report is corrected: what is published stays in force until the correction is approved."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client

import decisions.actions
from decisions.models import StatusUpdate
from followup import actions, measures, track_record
from followup.actuals import outcomes
from followup.forecasts import ForecastEntry, previous_amounts
from followup.measures import MeasureEntry
from followup.models import FollowUp, Forecast, Measure, PartReady, ReportText
from followup.parts import Part
from sydit import occasions
from sydit.errors import Refused, StaleEdit
from sydit.models import Publication, User
from sydit.periods import Month
from sydit.report import archive, corrections, publish
from sydit.report.build import build_report
from sydit.report.text_subject import last_texts_of
from tests import factories
from tests.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MONTH = "/uppfoljning/2024-10/"
RENT = "lokalhyror"


def user(username: str) -> User:
    return User.objects.get(username=username)


@pytest.fixture
def published(october: FollowUp) -> FollowUp:
    publish.approve(follow_up=factories.mark_ready(october), by=user("chef"))
    return FollowUp.objects.get()


@pytest.fixture
def correcting(published: FollowUp) -> FollowUp:
    return begin(published)


def begin(follow_up: FollowUp, *parts: Part, reason: str = "Hyran var fel.", seen_version: int = 1) -> FollowUp:
    return corrections.begin(
        follow_up=follow_up, parts=parts or list(Part), reason=reason, seen_version=seen_version, by=user("chef")
    )


def rent(follow_up: FollowUp) -> Forecast:
    return Forecast.objects.get(follow_up=follow_up, category__key=RENT)


def change_rent(follow_up: FollowUp, *, to: int) -> None:
    row = rent(follow_up)
    entry = ForecastEntry(row.category_id, "Lokalhyror", to, "Hyran sänktes.", row.version)
    actions.submit_forecasts(follow_up=follow_up, entries=[entry], by=user("controller"))


def published_rent(follow_up: FollowUp) -> int | None:
    return publish.report_of(follow_up).tables["result"].cell(RENT, "forecast").ore


def test_a_reader_sees_the_version_in_force_everywhere_while_it_is_corrected(
    correcting: FollowUp, log_in: Callable[[str], Client]
) -> None:
    reader = log_in("lasare")
    before = {page: text_of(reader.get(page)) for page in (MONTH, "/", "/kommun/laxa/")}
    stored = archive.versions(correcting)[0].document
    change_rent(correcting, to=100_000_00)
    actions.write_text(
        follow_up=correcting,
        key="analysis",
        body="Något helt annat.",
        seen_version=text_version(),
        by=user("controller"),
    )
    assert {page: text_of(reader.get(page)) for page in before} == before
    assert reader.get(f"{MONTH}rapport.json").content.decode() == stored
    assert reader.get(f"{MONTH}rapport.xlsx").status_code == 200
    assert reader.get(f"{MONTH}utkast/").status_code == 403
    assert "Något helt annat." in text_of(log_in("sekreterare").get(f"{MONTH}utkast/"))
    printed = StringIO()
    call_command("report", "2024-10", stdout=printed)
    assert printed.getvalue().rstrip("\n") == stored


def text_version() -> int:
    return ReportText.objects.get(key="analysis").version


def test_approving_again_makes_the_next_version_with_its_reason(correcting: FollowUp) -> None:
    before = published_rent(correcting)
    change_rent(correcting, to=before + 50_000_00)
    ready = factories.mark_ready(correcting)
    second = publish.approve(follow_up=ready, by=user("chef"))
    assert (second.version, second.correction_reason) == (2, "Hyran var fel.")
    follow_up = FollowUp.objects.get()
    assert (follow_up.state, follow_up.corrects, follow_up.correction_reason) == ("approved", None, "")
    assert published_rent(follow_up) == before + 50_000_00
    first = Publication.objects.get(version=1)
    assert archive.document_of(first).tables["result"].cell(RENT, "forecast").ore == before


def test_only_the_named_parts_are_opened(published: FollowUp) -> None:
    correcting = begin(published, Part.TEXTS)
    assert set(PartReady.objects.by_part(correcting)) == set(Part) - {Part.TEXTS}
    with pytest.raises(Refused, match="klarmarkerad"):
        change_rent(correcting, to=1)


def test_an_abandoned_correction_leaves_the_rows_as_they_were_approved(correcting: FollowUp) -> None:
    amount, comment, document = rent(correcting).amount, rent(correcting).comment, archive.latest(correcting).document
    controller = user("controller")
    change_rent(correcting, to=1)
    entry = MeasureEntry("Spara", None, "", None, None, None, None, "planned")
    measures.add(follow_up=correcting, entry=entry, by=controller)
    actions.write_text(follow_up=correcting, key="analysis", body="Nytt", seen_version=text_version(), by=controller)
    correcting = factories.mark_ready(correcting, Part.ECONOMY)
    FollowUp.objects.update(registry_number="2024/9", meeting_date=None)
    changed = rent(correcting)
    correcting.refresh_from_db()
    kept = corrections.abandon(follow_up=correcting, seen_version=correcting.version, by=user("chef"))
    follow_up = FollowUp.objects.get()
    assert (kept.version, follow_up.state, follow_up.corrects) == (1, "approved", None)
    assert (rent(follow_up).amount, rent(follow_up).comment) == (amount, comment)
    assert rent(follow_up).version == changed.version + 1  # a form from meanwhile is stale
    assert not Measure.objects.filter(what="Spara").exists()
    assert Measure.history.filter(what="Spara").exists()
    assert set(PartReady.objects.by_part(follow_up)) == set(Part)
    assert publish.json_of(follow_up) == document
    assert build_report(follow_up).to_json() == document


def test_what_was_removed_meanwhile_comes_back(october: FollowUp) -> None:
    entry = MeasureEntry("Spara", None, "", None, None, None, None, "planned")
    measure = measures.add(follow_up=october, entry=entry, by=user("controller"))
    publish.approve(follow_up=factories.mark_ready(october), by=user("chef"))
    correcting = begin(FollowUp.objects.get())
    measures.remove(follow_up=correcting, measure=measure, seen_version=1, by=user("controller"))
    corrections.abandon(follow_up=correcting, seen_version=correcting.version, by=user("chef"))
    assert Measure.objects.get(what="Spara").pk == measure.pk


def test_what_a_later_follow_up_carries_follows_the_correction_and_its_end(published: FollowUp) -> None:
    december = occasions.open_follow_up(month=Month(2024, 12), by=user("controller"))
    correcting = begin(published)
    row = StatusUpdate.objects.filter(follow_up=correcting).first()
    assert row is not None
    copy = StatusUpdate.objects.get(follow_up=december, decision=row.decision)
    said = (row.status, row.comment)
    decisions.actions.update_status(
        follow_up=correcting, decision=row.decision, status="dropped", comment="Nytt läge",
        seen_version=row.version, by=user("sekreterare"),
    )  # fmt: skip
    copy.refresh_from_db()
    assert (copy.status, copy.comment, copy.confirmed) == ("dropped", "Nytt läge", False)
    corrections.abandon(follow_up=correcting, seen_version=correcting.version, by=user("chef"))
    copy.refresh_from_db()
    assert (copy.status, copy.comment, copy.confirmed) == (*said, False)


def test_a_later_follow_up_compares_itself_with_the_version_in_force(published: FollowUp) -> None:
    december = occasions.open_follow_up(month=Month(2024, 12), by=user("controller"))
    correcting = begin(published)
    before = published_rent(correcting)
    change_rent(correcting, to=before + 1)
    assert archive.previous(december).tables["result"].cell(RENT, "forecast").ore == before
    publish.approve(follow_up=factories.mark_ready(correcting), by=user("chef"))
    assert archive.previous(december).tables["result"].cell(RENT, "forecast").ore == before + 1


def test_what_a_later_follow_up_shows_of_last_time_is_of_the_version_in_force(published: FollowUp) -> None:
    december = occasions.open_follow_up(month=Month(2024, 12), by=user("controller"))
    before, text = rent(published), ReportText.objects.get(follow_up=published, key="analysis")
    correcting = begin(published)
    change_rent(correcting, to=before.amount + 1)
    actions.write_text(
        follow_up=correcting, key="analysis", body="Ett annat", seen_version=text.version, by=user("controller")
    )
    assert previous_amounts(Forecast, "category", december)[before.category_id] == before.amount
    assert last_texts_of(december)["analysis"] == text.body
    publish.approve(follow_up=factories.mark_ready(correcting), by=user("chef"))
    assert previous_amounts(Forecast, "category", december)[before.category_id] == before.amount + 1
    assert last_texts_of(december)["analysis"] == "Ett annat"


def test_accuracy_takes_what_is_in_force_and_not_the_draft(whole_demo: FollowUp) -> None:
    august = FollowUp.objects.of(Month(2023, 8)).get()
    chosen = {year: placed for year, placed in outcomes().items() if year == 2023}
    before = track_record.observations(chosen), track_record.measures_between(chosen)
    begin(august)
    change_rent(FollowUp.objects.get(pk=august.pk), to=1)
    assert (track_record.observations(chosen), track_record.measures_between(chosen)) == before


@pytest.mark.parametrize("username", ["controller", "sekreterare", "administrator", "lasare"])
def test_only_the_head_corrects(published: FollowUp, username: str) -> None:
    with pytest.raises(PermissionDenied):
        corrections.begin(follow_up=published, parts=[Part.TEXTS], reason="Fel", seen_version=1, by=user(username))
    with pytest.raises(PermissionDenied):
        corrections.abandon(follow_up=published, seen_version=1, by=user(username))


def test_what_is_not_approved_is_not_corrected(october: FollowUp) -> None:
    with pytest.raises(Refused, match="inte godkänd"):
        begin(october)
    with pytest.raises(Refused, match="Ingen rättelse pågår"):
        corrections.abandon(follow_up=october, seen_version=october.version, by=user("chef"))


def test_a_correction_of_a_version_that_is_not_in_force_is_refused(published: FollowUp) -> None:
    with pytest.raises(StaleEdit, match="annan version gäller"):
        begin(published, seen_version=2)


def test_abandoning_what_has_come_further_is_refused(correcting: FollowUp) -> None:
    factories.mark_ready(correcting)
    with pytest.raises(StaleEdit, match="kommit längre"):
        corrections.abandon(follow_up=correcting, seen_version=correcting.version, by=user("chef"))


def correct_in(browser: Client, **typed: object) -> HttpResponse:
    form = {"version": 1, "parts": ["texts"], "comment": "Stavfel", **typed}
    return browser.post(f"{MONTH}rattelse/borja/", form, follow=True)


def test_the_head_corrects_in_the_browser_once_however_often_it_is_sent(
    published: FollowUp, log_in: Callable[[str], Client]
) -> None:
    browser = log_in("chef")
    assert "Uppföljningen är öppen för rättelse: Texter." in text_of(correct_in(browser))
    again = correct_in(browser, comment="Stavfel till")
    assert again.status_code == 409
    assert "Version 1 rättas redan." in text_of(again)
    assert "Stavfel till" in text_of(again)  # what was typed is still there
    assert FollowUp.objects.get().correction_reason == "Stavfel"
    page = browser.get(f"{MONTH}godkannande/")
    assert "Rättelse av version 1" in text_of(page)
    ended = browser.post(f"{MONTH}rattelse/avbryt/", {"version": FollowUp.objects.get().version}, follow=True)
    assert "Version 1 gäller, och uppgifterna är som i den." in text_of(ended)
    assert FollowUp.objects.get().state == FollowUp.State.APPROVED


@pytest.mark.parametrize("typed", [{"comment": " "}, {"parts": []}])
def test_a_correction_wants_a_reason_and_a_part(
    published: FollowUp, log_in: Callable[[str], Client], typed: dict[str, object]
) -> None:
    assert correct_in(log_in("chef"), **typed).status_code == 422
    assert FollowUp.objects.get().state == FollowUp.State.APPROVED


def test_each_version_has_a_page_and_files_of_its_own(correcting: FollowUp, log_in: Callable[[str], Client]) -> None:
    change_rent(correcting, to=100_000_00)
    publish.approve(follow_up=factories.mark_ready(correcting), by=user("chef"))
    reader = log_in("lasare")
    for publication in Publication.objects.all():
        version = f"{MONTH}version/{publication.version}/"
        assert reader.get(f"{version}rapport.json").content.decode() == publication.document
        assert reader.get(f"{version}rapport.xlsx").status_code == 200
        page = reader.get(version)
        assert publication.sha256 in text_of(page)
        assert f"{version}underlag/result/{RENT}/" in page.content.decode()
    assert "Ersatt av version 2" in text_of(reader.get(f"{MONTH}version/1/"))
    assert "Hyran var fel." in text_of(reader.get(MONTH))
    assert reader.get(f"{MONTH}version/3/").status_code == 404
    assert reader.get(f"{MONTH}version/0/").status_code == 404


def test_the_difference_to_the_version_before_is_told_in_figures_and_words(
    correcting: FollowUp, log_in: Callable[[str], Client]
) -> None:
    before = published_rent(correcting)
    change_rent(correcting, to=before + 12_345)
    actions.write_text(
        follow_up=correcting,
        key="analysis",
        body=f"Nytt <b>stycke</b>.\n\n{ReportText.objects.get(key='analysis').body}",
        seen_version=text_version(),
        by=user("controller"),
    )
    browser = log_in("controller")
    draft = text_of(browser.get(f"{MONTH}utkast/skillnad/"))
    assert "Utkast jämfört med version 1" in draft
    assert "123,45" in draft
    publish.approve(follow_up=factories.mark_ready(correcting), by=user("chef"))
    reader = log_in("lasare")
    page = reader.get(f"{MONTH}version/2/skillnad/")
    assert "Version 2 jämfört med version 1" in text_of(page)
    assert "Skäl till rättelsen: Hyran var fel." in text_of(page)
    assert "[Tillagt: Nytt <b>stycke</b>. slut på tillagt]" in text_of(page)
    assert "<b>stycke" not in page.content.decode()
    told = reader.get(f"{MONTH}version/2/skillnad.json").json()
    assert (told["before"], told["after"]) == (1, 2)
    changes = {
        row["key"]: cell["ore_change"]
        for table in told["tables"] if table["key"] == "result"
        for row in table["rows"] for cell in row["cells"] if cell["column"] == "Årsprognos"
    }  # fmt: skip
    assert changes == {RENT: 12_345, "total": 12_345}
    assert "Ingen tidigare version" in text_of(reader.get(f"{MONTH}version/1/skillnad/"))
    assert reader.get(f"{MONTH}utkast/skillnad/").status_code == 403
