"""Take the handbook's pictures again: ``python3 dev.py pictures``.

Each is a page of the demonstration, as the role that works with it sees it. The demonstration is loaded into a database
of its own, so that nothing depends on what stands in var/.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import socket
from urllib.error import URLError
from urllib.request import urlopen

import django
from playwright.sync_api import Browser, Page, sync_playwright

from docs.small_png import smaller
from tests.conftest import CHROMIUM_ARGUMENTS
from tests.tools import find_chromium

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures"
HOST = "127.0.0.1"
WIDTH, HEIGHT = 1100, 760
PATIENCE = 30  # seconds for the server to answer


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as a user of the demonstration sees it; ``prepare`` opens what is to be seen on it."""

    name: str
    user: str
    path: str
    height: int = HEIGHT
    prepare: Callable[[Page], object] = lambda page: page


def open_row(page: Page) -> None:
    page.locator("[data-more]").nth(3).click()
    page.locator(".grid-panel").wait_for()
    scroll_to(page, "table.grid")


def scroll_to(page: Page, selector: str) -> None:
    page.locator(selector).first.evaluate("element => element.scrollIntoView()")


def analysis(page: Page) -> None:
    page.get_by_role("heading", name="Ekonomisk analys").first.evaluate("heading => heading.scrollIntoView()")


def the_list(page: Page) -> None:
    scroll_to(page, "main form")


def first_decision(page: Page) -> None:
    page.locator("main tbody th a").first.click()
    page.wait_for_load_state()


OCTOBER, AUGUST = "/uppfoljning/2024-10", "/uppfoljning/2024-08"
PICTURES = (
    Picture("oversikt", "controller", "/", 1000),
    Picture("huvudbok", "administrator", "/huvudbok/4/"),
    Picture("budget", "administrator", "/budget/2024/"),
    Picture("prognos", "controller", f"{OCTOBER}/prognos/", 900, open_row),
    Picture("texter", "controller", f"{OCTOBER}/texter/", 900, analysis),
    Picture("beslut", "sekreterare", f"{OCTOBER}/beslut/", HEIGHT, first_decision),
    Picture("godkannande", "controller", f"{OCTOBER}/godkannande/"),
    Picture("historik", "chef", f"{AUGUST}/historik/?omrade=measures", HEIGHT, the_list),
    Picture("rapport", "lasare", f"{AUGUST}/"),
)


def main() -> int:
    django.setup()
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, demonstration(Path(folder)) as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=find_chromium(), args=[*CHROMIUM_ARGUMENTS, "--lang=sv"])
        for picture in PICTURES:
            target = FOLDER / f"{picture.name}.png"
            take(browser, address, picture, target)
            print(f"{target.relative_to(ROOT)}  {target.stat().st_size // 1024} kB")
        browser.close()
    return 0


def take(browser: Browser, address: str, picture: Picture, target: Path) -> None:
    from sydit.demo import PASSWORD  # needs Django

    context = browser.new_context(
        base_url=address,
        locale="sv-SE",
        timezone_id="Europe/Stockholm",
        reduced_motion="reduce",
        viewport={"width": WIDTH, "height": picture.height},
    )
    page = context.new_page()
    page.goto("/logga-in/")
    page.get_by_label("Användarnamn").fill(picture.user)
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in").click()
    page.wait_for_url(f"{address}/")
    page.goto(picture.path)
    page.wait_for_load_state("networkidle")
    picture.prepare(page)
    page.wait_for_load_state("networkidle")
    target.write_bytes(smaller(page.screenshot()))
    context.close()


@contextmanager
def demonstration(folder: Path) -> Iterator[str]:
    """The address of a server with the demonstration, in a database in ``folder``."""
    environment = dict(
        os.environ,
        DATABASE_URL=f"sqlite:///{folder / 'demonstration.sqlite3'}",
        DEBUG="false",
        SERVE_FROM_SOURCE="true",
        HTTPS="false",
        ALLOWED_HOSTS=HOST,
        SECRET_KEY=secrets.token_urlsafe(50),
    )
    for command in (("migrate", "--noinput", "-v", "0"), ("demo",)):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True)
    with socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    place = f"{HOST}:{port}"
    server = subprocess.Popen(
        [sys.executable, "manage.py", "runserver", "--noreload", place],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"http://{place}/logga-in/")
        yield f"http://{place}"
    finally:
        server.terminate()
        server.wait()


def wait_for(address: str) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            with urlopen(address):
                return
        except URLError:
            time.sleep(0.2)
    raise TimeoutError(f"{address} does not answer")


if __name__ == "__main__":
    sys.exit(main())
