"""The editor of the report's texts in a browser: figures from the list, marks mended, and nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from followup import actions
from followup.models import FollowUp, ReportText
from sydit.access import Role
from sydit.models import User
from tests import factories
from tests.browser.conftest import fill_in_login
from tests.browser.test_pages import problems_of_open

URL = "/uppfoljning/2024-10/texter/"
ANALYSIS = ReportText.Key.ANALYSIS
SAID = "ett underskott om 1\N{NO-BREAK SPACE}500\N{NO-BREAK SPACE}tkr"

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def editor(october: FollowUp, browse_as: Callable[..., Page]) -> Page:
    return opened(browse_as("controller"))


def opened(page: Page) -> Page:
    page.goto(URL)
    page.wait_for_load_state()
    return page


def field(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Ekonomisk analys", exact=True)


def review(page: Page) -> Locator:
    return page.get_by_role("region", name="Ekonomisk analys: granskning och förhandsvisning")


def status(page: Page) -> Locator:
    return page.locator("#analysis [data-text-status]")


def chosen(page: Page) -> str:
    """What is selected in the field."""
    text: str = field(page).evaluate("area => area.value.slice(area.selectionStart, area.selectionEnd)")
    return text


def stored() -> str:
    return ReportText.objects.get(key=ANALYSIS).body


def test_a_text_is_written_with_figures_from_the_list_and_marks_are_mended_by_keys_and_undone(editor: Page) -> None:
    field(editor).fill("")
    field(editor).press_sequentially("Licenserna ger {")
    search = editor.get_by_role("combobox", name="Sök bland rapportens siffror")
    expect(search).to_be_focused()
    assert list(problems_of_open(editor)) == []
    editor.keyboard.type("avvik lic")
    expect(editor.get_by_role("listbox", name="Siffror").get_by_role("option").first).to_contain_text(SAID)
    editor.keyboard.press("Enter")
    expect(field(editor)).to_be_focused()
    editor.keyboard.type(".\n\n- Hyran: {avvikelse lokalhyror}.\n")
    editor.keyboard.type("{")
    expect(search).to_be_focused()
    editor.keyboard.press("Escape")
    expect(field(editor)).to_be_focused()
    editor.keyboard.type("punkt} **Tjänsteköp** ger ett underskott om -1 950 tkr")
    expected = "Licenserna ger {avvikelse licenser-serviceavtal}.\n\n- Hyran: {avvikelse lokalhyror}.\n"
    expected += "- {punkt} **Tjänsteköp** ger "
    expect(field(editor)).to_have_value(f"{expected}ett underskott om -1 950 tkr")
    expect(
        review(editor).get_by_role("listitem").filter(has_text=re.compile(r"Hyran: ett underskott om 41\stkr\."))
    ).to_be_visible()
    expect(review(editor).locator(".living").first).to_have_text(SAID)
    expect(editor.locator("#analysis .paint-living").first).to_have_text("{avvikelse licenser-serviceavtal}")
    mark = review(editor).locator("[data-kind=sign]")
    assert list(problems_of_open(editor)) == []
    expect(mark).to_contain_text("ett underskott om -1 950 tkr")
    mark.get_by_role("button", name="Visa i texten").press("Enter")
    expect(field(editor)).to_be_focused()
    assert chosen(editor) == "ett underskott om -1 950 tkr"
    suggestion = mark.get_attribute("data-suggestion")
    mark.get_by_role("button", name="Byt ut").press("Enter")
    expect(field(editor)).to_have_value(f"{expected}{suggestion}")
    expect(mark).to_have_count(0)
    editor.keyboard.press("Control+z")
    expect(field(editor)).to_have_value(f"{expected}ett underskott om -1 950 tkr")
    expect(mark).to_be_visible()
    editor.keyboard.press("Control+s")
    expect(status(editor)).to_contain_text("Sparat")
    assert stored() == f"{expected}ett underskott om -1 950 tkr"
    assert editor.url.endswith(URL)


def test_a_draft_takes_an_empty_field_and_asks_before_it_changes_another(editor: Page) -> None:
    before = field(editor).input_value()
    draft = editor.get_by_role("button", name="Skriv ett utkast: Ekonomisk analys")
    draft.click()
    editor.get_by_role("button", name="Lägg till sist").click()
    expect(field(editor)).to_have_value(re.compile(rf"^{re.escape(before)}\n\nTill och med 31 oktober"))
    added = field(editor).input_value()
    editor.keyboard.press("Control+z")
    expect(field(editor)).to_have_value(before)
    field(editor).fill("")
    draft.click()
    expect(field(editor)).to_have_value(added.removeprefix(f"{before}\n\n"))
    editor.keyboard.press("Control+a")
    editor.keyboard.press("Control+b")
    editor.keyboard.press("Control+b")
    expect(field(editor)).to_have_value(added.removeprefix(f"{before}\n\n"))


def test_a_figure_is_chosen_for_an_amount_that_has_none_and_a_row_without_words_gets_its_sentence(editor: Page) -> None:
    field(editor).fill("Kostnaden väntas bli 77 tkr.")
    expect(status(editor)).to_contain_text("Granskningen har")
    unknown = review(editor).locator("[data-kind=unknown]")
    unknown.get_by_role("button", name="Välj siffra …").click()
    editor.get_by_role("combobox", name="Sök bland rapportens siffror").fill("prognos hyr")
    editor.get_by_label("Siffran skrivs").select_option("i hela kronor")
    editor.get_by_role("listbox", name="Siffror").get_by_role("option").first.click()
    expect(field(editor)).to_have_value("Kostnaden väntas bli {prognos lokalhyror: kr}.")
    expect(unknown).to_have_count(0)  # what is beside the field is about what now stands in it
    editor.keyboard.press("Control+End")
    lacking = review(editor).locator("[data-kind=unmentioned]").filter(has_text="Kapitalkostnader")
    lacking.get_by_role("button", name="Infoga där du skriver").click()
    text = "Kostnaden väntas bli {prognos lokalhyror: kr}. Kapitalkostnader väntas ge {avvikelse kapitalkostnader}."
    expect(field(editor)).to_have_value(text)
    expect(lacking).to_have_count(0)


def test_what_cannot_be_saved_stays_and_says_why(editor: Page, browse_as: Callable[..., Page]) -> None:
    editor.context.set_offline(True)
    field(editor).fill("Utan nät")
    field(editor).press("Control+s")
    expect(status(editor)).to_contain_text("Inte sparat. Servern svarar inte.")
    editor.context.set_offline(False)
    expect(status(editor)).to_contain_text("Sparat")
    assert stored() == "Utan nät"

    editor.context.clear_cookies()
    field(editor).fill("Utloggad")
    field(editor).press("Control+s")
    expect(status(editor)).to_contain_text("Inte sparat. Du är utloggad.")
    editor.once("dialog", lambda dialog: dialog.accept())
    editor.reload()
    fill_in_login(editor, "controller")
    editor.get_by_role("button", name="Hämta tillbaka den").click()
    expect(field(editor)).to_have_value("Utloggad")

    row = ReportText.objects.get(key=ANALYSIS)
    by = factories.user(role=Role.CONTROLLER, name="Karin Kollega")
    follow_up = FollowUp.objects.get()
    actions.write_text(follow_up=follow_up, key=ANALYSIS, body="Karins", seen_version=row.version, by=by)
    field(editor).press("Control+s")
    expect(editor.get_by_text("har ändrats av Karin Kollega")).to_be_visible()
    expect(field(editor)).to_have_value("Utloggad")
    editor.wait_for_load_state()
    assert User.objects.filter(username="controller").exists()

    FollowUp.objects.update(state=FollowUp.State.READY)
    field(editor).fill("Stängd emellan")
    field(editor).press("Control+s")
    expect(editor.get_by_text("är klarmarkerad och tar inte emot ändringar. Inget har sparats.")).to_be_visible()
    expect(field(editor)).to_have_value("Stängd emellan")
    assert stored() == "Karins"
