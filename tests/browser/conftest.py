"""What the end-to-end tests share: people at their browsers, and a watch on everything that must not happen there."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Locator, Page, Request, Response, Route, expect
from pytest_django.live_server_helper import LiveServer

from sydit.demo import PASSWORD
from sydit.models import User

# Chromium writes this for an answer with an error status. A refusal has one on purpose; styles and scripts never.
REFUSAL = "Failed to load resource"
REFUSING = ("document", "fetch")
SERVES = "process_request_thread"  # in the name of a thread that answers

# Milliseconds to wait for what should be there. Nobody waits so long where it works, and a machine with other things
# to do is no fault in a page.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)


class Watch:
    """Notes what no page may do: fail in a script, break the content security policy, ask for anything elsewhere."""

    def __init__(self, server: str) -> None:
        self.server = urlsplit(server).netloc
        self.faults: list[str] = []

    def over(self, context: BrowserContext) -> BrowserContext:
        """Listen to every page that is opened."""
        context.on("page", self._listen)
        context.on("request", self._follow)
        return context

    def _follow(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.netloc != self.server and address.scheme not in ("data", "blob"):
            self.faults.append(f"asks for {request.url}")

    def _listen(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("response", self._look_at)
        page.on(
            "console",
            lambda message: (
                message.type in ("error", "warning")
                and not message.text.startswith(REFUSAL)
                and self.faults.append(f"{page.url}: {message.text}")
            ),
        )

    def _look_at(self, response: Response) -> None:
        if response.status >= (500 if response.request.resource_type in REFUSING else 400):
            self.faults.append(f"{response.status} for {response.url}")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The network is off: no name but the test server's leads anywhere. (A route would turn the cache off as well.)"""
    arguments = [*browser_type_launch_args["args"], "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost"]
    return browser_type_launch_args | {"args": arguments, "timeout": PATIENCE}


@pytest.fixture
def answered(live_server: LiveServer) -> Iterator[None]:
    """The test is over once the server has answered everything: else the database is emptied under its hands.

    A thread of the server lives as long as the browser's connection, and closes its own to the database when it ends.
    """
    yield
    until = time.monotonic() + PATIENCE / 1000
    while (busy := [one for one in threading.enumerate() if SERVES in one.name]) and time.monotonic() < until:
        for thread in busy:
            if thread.is_alive():
                thread.join(PATIENCE / 1000)
            else:
                time.sleep(0.01)  # it is about to start


@pytest.fixture
def watch(live_server: LiveServer) -> Iterator[Watch]:
    """Every test ends with nothing noted."""
    watch = Watch(live_server.url)
    yield watch
    assert watch.faults == []


@pytest.fixture
def browse(
    answered: None, new_context: Callable[..., BrowserContext], watch: Watch, live_server: LiveServer
) -> Callable[..., Page]:
    """A browser of one's own, not logged in; its pages take addresses without a host."""

    def opened(**settings: object) -> Page:
        context = watch.over(new_context(base_url=live_server.url, **settings))
        context.set_default_timeout(PATIENCE)
        return context.new_page()

    return opened


@pytest.fixture
def browse_as(browse: Callable[..., Page], live_server: LiveServer) -> Callable[..., Page]:
    """A browser in which a user of the demonstration is already logged in, without the time that the form takes."""

    def opened(username: str, **settings: object) -> Page:
        page = browse(**settings)
        client = Client()
        client.force_login(User.objects.get(username=username))
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        page.context.add_cookies([cookie])
        return page

    return opened


@pytest.fixture
def log_in(browse: Callable[..., Page]) -> Callable[[str], Page]:
    """A browser in which somebody has opened the address, typed name and password, and stands on the first page."""

    def opened(username: str) -> Page:
        page = browse()
        page.goto("/")
        fill_in_login(page, username)
        return page

    return opened


def follow(target: Locator) -> None:
    """Click what leads to another page, and wait until that page is whole and its scripts have run.

    A click alone comes back while the page that is left still stands: what is read at once is read from that one.
    """
    with target.page.expect_navigation():
        target.click()


def follow_keys(page: Page, keys: str) -> None:
    """Press what leads to another page, and wait as for a click: before its scripts have run no key works there."""
    with page.expect_navigation():
        page.keyboard.press(keys)


def double_click(button: Locator) -> None:
    """Click twice on a page that stays until both clicks are made: what the first one sends waits for the second.

    On a slow machine the second would else meet whatever stands there on the next page.
    """
    page, held = button.page, list[Route]()
    page.wait_for_load_state()
    page.route("**/*", lambda route: held.append(route) if route.request.method == "POST" else route.continue_())
    button.dblclick()
    page.route("**/*", lambda route: route.continue_())
    for route in held:
        route.continue_()


def fill_in_login(page: Page, username: str) -> None:
    page.get_by_label("Användarnamn").fill(username)
    page.get_by_label("Lösenord").fill(PASSWORD)
    follow(page.get_by_role("button", name="Logga in"))
