"""What holds for every page: anybody can read it, on any screen, from our server alone, with and without scripts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import get_resolver, reverse
from playwright.sync_api import Locator, Page, expect

from followup.models import CostCategory, FollowUp, Forecast, LedgerImport, Measure
from sydit import demo
from sydit.access import Role
from sydit.models import User
from sydit.money import Unit
from sydit.report import publish
from tests.browser.conftest import fill_in_login, follow, follow_keys
from tests.test_access import PAGES, USERS, WRITES_ON_PAGES, address, patterns

MONTH = "/uppfoljning/2024-10/"
WIDTHS = (360, 1024, 1440)
PAPER_PORTRAIT, PAPER_LANDSCAPE = 673, 1017  # px between the margins of an A4
SHRINKS = 1.1  # as much as a browser makes a page smaller to have all of it, and it still reads well
LISTS = ("beslut", "atgarder", "underlag/huvudbok/alla")  # of a follow-up
# Between light and dark only colours differ. To preload, axe adds a style that the content security policy refuses.
AXE = {
    "light": {"resultTypes": ["violations"], "preload": False},
    "dark": {"resultTypes": ["violations"], "preload": False, "runOnly": ["color-contrast"]},
}

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def problems(page: Page, path: str) -> Iterator[str]:
    """What is wrong with a page, in light and dark and at every width."""
    page.goto(path)
    yield from problems_of_open(page)


def problems_of_open(page: Page) -> Iterator[str]:
    page.wait_for_load_state()
    page.evaluate(Axe().axe_script)
    for scheme, options in AXE.items():
        page.emulate_media(color_scheme=scheme)
        for violation in page.evaluate("options => axe.run(options).then(found => found.violations)", options):
            for node in violation["nodes"]:
                yield f"{page.url} {scheme}: {violation['id']}: {node['html']}: {node['failureSummary']}"
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        wanted = page.evaluate("document.scrollingElement.scrollWidth")
        if wanted > width:
            yield f"{page.url}: {wanted} px at {width} px"


def who_does_most(name: str) -> Role:
    """Who writes on the page; where nobody does, the controller or whoever else gets in."""
    readers = PAGES[name] & {Role.CONTROLLER} or PAGES[name]
    return min(WRITES_ON_PAGES.get(name) or readers)


@pytest.mark.only_looks
@pytest.mark.parametrize("role", sorted({who_does_most(name) for name in PAGES}))
def test_every_page_is_accessible_and_fits_every_screen(
    october: FollowUp, browse_as: Callable[..., Page], role: Role
) -> None:
    page = browse_as(USERS[role])
    found = []
    for path in [address(name) for name in PAGES if who_does_most(name) == role]:
        if "content-disposition" not in page.request.head(path).headers:  # else it is a file to take along
            found += problems(page, path)
    assert found == []


@pytest.mark.only_looks
def test_the_admin_is_accessible_and_fits_every_screen(october: FollowUp, browse_as: Callable[..., Page]) -> None:
    page = browse_as("administrator")
    found = []
    for path in admin_addresses():
        found += problems(page, path)
    assert found == []


def admin_addresses() -> list[str]:
    names = [name for name, pattern in patterns(get_resolver()) if name.startswith("admin:") and "<" not in pattern]
    lists = [name for name in names if name.endswith(("index", "_changelist", "_add"))]
    return [reverse(name) for name in lists]


@pytest.mark.only_looks
def test_the_pages_that_answer_a_mistake_or_wait_for_a_choice_are_accessible_too(
    october: FollowUp, browse: Callable[..., Page], browse_as: Callable[..., Page]
) -> None:
    found = [*problems(browse(), "/logga-in/")]
    administrator = browse_as("administrator")
    preview = (demo.DATA / "ledger-2024-10.se").read_bytes()
    for content, answer in (
        (b"inget att l\xe4sa", "inget har sparats eller ändrats"),
        (preview, "Inget är bokfört ännu"),
    ):
        administrator.goto("/huvudbok/")
        choose_file(administrator, content).click()
        expect(administrator.get_by_text(answer)).to_be_visible()
        found += problems_of_open(administrator)
    controller = browse_as("controller")
    found += problems(controller, "/huvudbok/")  # not for the role
    found += problems(controller, "/finns-inte/")
    controller.goto(f"{MONTH}prognos/")
    forecast(controller, "Lokalhyror").fill("tolv")
    controller.get_by_role("button", name="Räkna om").click()
    expect(controller.locator(".cell-error").get_by_text("går inte att läsa som ett belopp")).to_be_visible()
    found += problems_of_open(controller)
    FollowUp.objects.update(state=FollowUp.State.READY)
    found += problems(browse_as("chef"), f"{MONTH}godkannande/")
    reader = browse_as("lasare")
    found += problems(reader, "/")  # nothing to read yet
    publish.approve(follow_up=FollowUp.objects.get(), by=User.objects.get(username="chef"))
    found += problems(reader, MONTH)
    found += problems(controller, f"{MONTH}godkannande/")
    assert found == []


@pytest.mark.only_looks
def test_a_narrow_page_has_a_line_for_each_row_of_pages_with_the_open_one_in_sight_and_charts_that_fit(
    october: FollowUp, browse_as: Callable[..., Page]
) -> None:
    page = browse_as("controller")
    page.set_viewport_size({"width": 360, "height": 900})
    page.goto(f"{MONTH}historik/")
    menu, tabs = page.get_by_label("Huvudmeny"), page.get_by_label("Uppföljningens sidor")
    expect(tabs.get_by_role("link", name="Historik")).to_be_in_viewport(ratio=1)
    for row in (menu, tabs):
        links = row.get_by_role("link").all()
        assert len({(link.bounding_box() or {})["y"] for link in links}) == 1
    page.goto("/")
    pictures = page.locator(".chart-picture:visible").all()
    assert len(pictures) == 3
    for picture in pictures:
        box = picture.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
        # The words are as large as on a wide page, and all of them lie inside the picture as it is drawn.
        outside = picture.evaluate(
            """svg => [...svg.querySelectorAll("text")].filter(text => {
                const [inner, outer] = [text.getBoundingClientRect(), svg.getBoundingClientRect()];
                return inner.left < outer.left - 1 || inner.right > outer.right + 1 || inner.height < 11;
            }).map(text => text.textContent)"""
        )
        assert outside == []


@pytest.mark.only_looks
def test_no_list_scrolls_sideways_and_what_it_is_sorted_by_is_in_reach(
    october: FollowUp, browse_as: Callable[..., Page]
) -> None:
    ore = 123_456 * Unit.TKR.ore
    Measure.objects.create(
        follow_up=october,
        what="Ersätt konsulter med egen personal allt eftersom tjänsterna tillsätts",
        category=CostCategory.objects.get(key="lokalhyror"),
        owner="Enhetschef drift",
        due_on=dt.date(2024, 9, 30),
        effect_this_year=ore,
        effect_full_year=ore,
        effect_so_far=ore,
    )
    page = browse_as("controller")
    found = []
    for path in ("/beslut/", "/atgarder/", *(f"{MONTH}{name}/" for name in LISTS)):
        for width in (360, 768, 1024):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(path)
            too_wide = "all => all.map(one => one.scrollWidth - one.clientWidth)"
            found += [(path, width, wanted) for wanted in page.locator(".table-scroll").evaluate_all(too_wide)]
            for link in page.locator("thead a").all():
                assert (link.bounding_box() or {"height": 0})["height"] > 10
    page.set_viewport_size({"width": 360, "height": 900})
    page.goto(MONTH)
    region = page.get_by_role("region", name="Åtgärder", exact=True)
    found.append((MONTH, 360, region.evaluate("one => one.scrollWidth - one.clientWidth")))
    assert {wanted for _, _, wanted in found} == {0}, found
    assert len(found) == 3 * (2 + len(LISTS)) + 1, found


@pytest.mark.only_looks
def test_on_paper_tables_are_whole_and_a_page_begins_with_its_heading(
    october: FollowUp, browse_as: Callable[..., Page]
) -> None:
    page = browse_as("controller")
    page.emulate_media(media="print")
    found = []
    for path in (
        MONTH,
        *(f"{MONTH}{name}/" for name in ("prognos", "avstamning", "historik", *LISTS)),
        "/budget/",
        "/beslut/",
    ):
        page.goto(path)
        is_wide = page.locator("main").evaluate("main => getComputedStyle(main).page") == "wide"
        sheet = PAPER_LANDSCAPE if is_wide else PAPER_PORTRAIT
        page.set_viewport_size({"width": sheet, "height": 680})
        for table in page.locator("main table:visible").all():
            shown, wanted = table.evaluate("one => [getComputedStyle(one).display, one.scrollWidth]")
            if shown != "table" or wanted > sheet * SHRINKS:
                found.append((path, shown, wanted, sheet))
        headings = page.locator("main :is(h1, h2, h3)").evaluate_all(
            "all => all.filter(one => one.checkVisibility())[0].tagName"
        )
        if headings != "H1":
            found.append((path, headings))
    assert found == []


def test_without_scripts_people_log_in_save_a_forecast_and_upload_a_file(
    october: FollowUp, browse: Callable[..., Page]
) -> None:
    controller = browse(java_script_enabled=False)
    controller.goto(f"{MONTH}prognos/")
    fill_in_login(controller, "controller")
    forecast(controller, "Lokalhyror").fill("850")
    follow(controller.get_by_role("button", name="Räkna om"))
    expect(controller.get_by_text("Inget är sparat.")).to_be_visible()
    expect(controller.locator("#rad-total-variance")).to_have_text("underskott −824")
    follow(controller.get_by_role("button", name="Spara"))
    expect(controller.get_by_text("Prognosen är sparad: 1 rad ändrades.")).to_be_visible()
    assert stored_forecast("lokalhyror") == 850 * Unit.TKR.ore

    administrator = browse(java_script_enabled=False)
    administrator.goto("/huvudbok/")
    fill_in_login(administrator, "administrator")
    follow(choose_file(administrator, (demo.DATA / "ledger-2024-10.se").read_bytes()))
    follow(administrator.get_by_role("button", name="Bokför"))
    expect(administrator.get_by_text("ny-fil är bokförd")).to_be_visible()
    assert LedgerImport.objects.count() == 2


def test_the_keyboard_alone_logs_in_fills_the_grid_and_saves(october: FollowUp, browse: Callable[..., Page]) -> None:
    page = browse()
    page.goto(f"{MONTH}prognos/")
    tab_to(page, page.get_by_label("Användarnamn"))
    page.keyboard.type("controller")
    page.keyboard.press("Tab")
    page.keyboard.type(demo.PASSWORD)
    follow_keys(page, "Enter")
    expect(page.get_by_role("heading", name="Årsprognos")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Hoppa till innehållet")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, forecast(page, "Resor & Kurser"))
    page.keyboard.type("120")
    page.keyboard.press("Enter")
    expect(forecast(page, "Övriga kostnader")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.type("850")
    expect(page.locator("#rad-total-forecast")).to_have_text("833")
    tab_to(page, page.get_by_role("button", name="Spara"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Prognosen är sparad.")).to_be_visible()
    assert stored_forecast("lokalhyror") == 850 * Unit.TKR.ore


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the element has the focus, as somebody without a mouse does."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"Tab does not lead to {wanted}")


def forecast(page: Page, name: str) -> Locator:
    return page.get_by_role("textbox", name=f"Årsprognos {name}", exact=True)


def stored_forecast(key: str) -> int | None:
    return Forecast.objects.get(category=CostCategory.objects.get(key=key)).amount


def choose_file(page: Page, content: bytes) -> Locator:
    """The button that sends it: without scripts, and for a file that can be read, it leads to another page."""
    page.get_by_label("Fil").set_input_files({"name": "ny-fil", "mimeType": "text/plain", "buffer": content})
    return page.get_by_role("button", name="Granska filen")
