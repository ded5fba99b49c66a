"""What the pages cost, beside a page that only authenticates the user: ``python3 dev.py bench pages``.

Every figure is a ratio of two measurements of one run, taken in turns: the page, and a page of the same size that
authenticates the user and renders a constant. In process (Django's test client), and under gunicorn with one worker.
"First" is a page that somebody opens after somebody else has saved a row of the grid, which most of them show.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from html import unescape
from typing import Any, Protocol
from urllib.parse import urlencode

import django
from django.db.models import Q

ROUNDS = 200
WARM_UP = 5
STARTS_WITHIN = 30  # seconds, for gunicorn
GRID_PATH = "/uppfoljning/2024-10/prognos/"
GRID = {"X-Grid": "1"}  # the page's script asks
FORM = "application/x-www-form-urlencoded"
PAGES = (
    ("overview", "controller", "/"),
    ("report", "controller", "/uppfoljning/2024-10/"),
    ("forecast grid", "controller", GRID_PATH),
    ("published report", "lasare", "/uppfoljning/2024-08/"),
    ("overview, reader", "lasare", "/"),
)
OCTOBER = Q(follow_up__fiscal_year__year=2024, follow_up__month=10)
TARGET = 3
TARGET_OF_SAVING = 2
CONFIGURATION = "python:bench._pages_settings"  # nothing that gunicorn asks for: none of deploy's
ENVIRONMENT = {  # production's, but for plain HTTP
    "DJANGO_SETTINGS_MODULE": "bench._pages_settings",
    "DEBUG": "false",
    "HTTPS": "false",
    "SERVE_FROM_SOURCE": "true",
    "SECRET_KEY": "only-for-measurements",
    "ALLOWED_HOSTS": "localhost",
}


class Kind(StrEnum):
    """What is stored of a row that is saved: a forecast, nothing yet, or last time's comment that nobody confirmed."""

    AGAIN = "saving a row"
    FIRST = "saving a row, first"
    CARRIED = "saving a carried row"


@dataclass(frozen=True, slots=True)
class Cost:
    page: float
    constant: float

    @property
    def ratio(self) -> float:
        return self.page / self.constant


class Browser(Protocol):
    """Somebody who is logged in. A ``body`` is a form's, as it goes over the wire."""

    def get(self, path: str) -> str: ...
    def post(self, path: str, body: str) -> str: ...


def measure(browser: Browser, ask: Callable[[], str], before: Callable[[], object] = lambda: None) -> Cost:
    """Medians of what is asked for and of its constant, in seconds, measured in turns; ``before`` is not measured."""
    size = [(before(), len(ask().encode()))[1] for _ in range(WARM_UP)][-1]
    constant = f"/bench/{size}/"
    browser.get(constant)
    taken: tuple[list[float], list[float]] = ([], [])
    asked: tuple[Callable[[], str], ...] = (ask, lambda: browser.get(constant))
    for _ in range(ROUNDS):
        before()
        for times, answer in zip(taken, asked, strict=True):
            start = time.perf_counter()
            answer()
            times.append(time.perf_counter() - start)
    return Cost(statistics.median(taken[0]), statistics.median(taken[1]))


class InProcess:
    """Through Django's test client, which checks the form's token as it would any browser's."""

    def __init__(self, session: str) -> None:
        from django.conf import settings
        from django.test import Client

        self._client = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
        self._client.cookies[settings.SESSION_COOKIE_NAME] = session

    def get(self, path: str) -> str:
        return self._content(path, self._client.get(path))

    def post(self, path: str, body: str) -> str:
        return self._content(path, self._client.post(path, body, content_type=FORM, headers=GRID))

    @staticmethod
    def _content(path: str, answer: Any) -> str:
        _require_ok(path, answer.status_code)
        return str(answer.content.decode())


class OverHttp:
    """One connection a request, as gunicorn's workers answer."""

    def __init__(self, session: str, port: int) -> None:
        from django.conf import settings

        self._port = port
        self._cookies = {settings.SESSION_COOKIE_NAME: session}

    def get(self, path: str) -> str:
        return self._send("GET", path)

    def post(self, path: str, body: str) -> str:
        return self._send("POST", path, body, {"Content-Type": FORM} | GRID)

    def _send(self, method: str, path: str, body: str | None = None, more: dict[str, str] | None = None) -> str:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=STARTS_WITHIN)
        connection.request(method, path, body, {"Cookie": cookies, "Host": "localhost"} | (more or {}))
        answer = connection.getresponse()
        content = answer.read().decode()
        for given in answer.headers.get_all("Set-Cookie", []):
            name, _, value = given.partition(";")[0].partition("=")
            self._cookies[name] = value
        connection.close()
        _require_ok(path, answer.status)
        return content


class GridRow:
    """A row of the grid that is saved again and again, each time with another amount, as the page's script does it."""

    def __init__(self, browser: Browser, path: str) -> None:
        self._browser, self._path = browser, path
        page = browser.get(path)
        (self._name, *_) = re.findall(r'data-row="([^"]+)"', page)
        values = dict(re.findall(r'<input[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"', page))
        comment = re.search(rf'name="{self._name}-comment"[^>]*>\n?([^<]*)', page)
        row = {name: value for name, value in values.items() if f"{self._name}-" in name}
        row = {name: value for name, value in row.items() if not re.search("replace|confirm", name)}
        frame = {name: values[name] for name in ("csrfmiddlewaretoken", "underlag")}
        text = {f"{self._name}-comment": comment[1] if comment else ""}
        number = self._name.removeprefix("rad-")
        # The script tells the version of every row that it has seen.
        versions = re.findall(r'name="rad-(\d+)-version" value="(\d+)"', page)
        self._seen = dict(versions)
        self._number = number
        self._fields = {name: unescape(value) for name, value in (frame | row | text).items()} | {"spara": number}
        self._body = self._answer = ""

    def next(self, kind: Kind) -> None:
        """Type another amount, on the version that the last save made, in a row of this kind."""
        from followup.models import Forecast

        self.require_saved()
        name, stored = self._name, Forecast.objects.filter(OCTOBER, category=self._number)
        if kind is Kind.FIRST:
            stored.delete()
            self._seen[self._number] = "0"
            self._fields[f"initial-{name}-amount"] = ""
        else:
            stored.update(confirmed=kind is Kind.AGAIN)
        self._fields |= {
            f"{name}-amount": str(1000 + int(self._seen[self._number])),
            f"{name}-version": self._seen[self._number],
            "versioner": ",".join(f"{number}:{version}" for number, version in self._seen.items()),
        }
        self._body = urlencode(self._fields)

    def save(self) -> str:
        self._answer = self._browser.post(self._path, self._body)
        return self._answer

    def require_saved(self) -> None:
        """Take over the version that the last answer told, which must be a new one, and what is stored now."""
        if not self._answer:
            return
        told = json.loads(self._answer)["rows"][self._name]
        if str(told["version"]) == self._seen[self._number]:
            raise SystemExit("the row was not saved")
        self._seen[self._number] = str(told["version"])
        self._fields |= {f"initial-{field}": value for field, value in told["seen"].items()}
        self._answer = ""


def _require_ok(path: str, status: int) -> None:
    if status != http.client.OK:
        raise SystemExit(f"{path} answered {status}")


def sessions() -> dict[str, str]:
    """A session key for each user who is needed."""
    from django.test import Client

    from sydit.models import User

    keys = {}
    for username in {user for _, user, _ in PAGES}:
        client = Client()
        client.force_login(User.objects.get(username=username))
        keys[username] = client.session.session_key or ""
    return keys


def serve(port: int) -> subprocess.Popen[bytes]:
    """gunicorn with one worker, answering."""
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "sydit.wsgi",
        "-c",
        CONFIGURATION,
        "-w",
        "1",
        "-b",
        f"127.0.0.1:{port}",
    ]
    server = subprocess.Popen([*command, "--log-level", "error"], stdout=subprocess.DEVNULL)
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return server
        time.sleep(0.1)
    server.terminate()
    raise SystemExit("gunicorn did not start")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def tell(where: str, browsers: dict[str, Browser]) -> None:
    for name, user, path in PAGES:
        browser = browsers[user]
        line(where, name, measure(browser, lambda: browser.get(path)), TARGET)  # noqa: B023 - asked for at once
    for name, user, path in PAGES:
        browser = browsers[user]
        line(where, f"{name}, first", measure(browser, lambda: browser.get(path), before=something_is_written))  # noqa: B023
    row = GridRow(browsers["controller"], GRID_PATH)
    for kind in Kind:
        cost = measure(browsers["controller"], row.save, before=lambda: row.next(kind))  # noqa: B023 - called at once
        line(where, kind, cost, TARGET_OF_SAVING)
        row.require_saved()


def line(where: str, name: str, cost: Cost, target: int | None = None) -> None:
    print(
        f"{where:<11} {name:<24} {cost.page * 1000:7.1f} ms  constant {cost.constant * 1000:6.1f} ms  "
        f"ratio {cost.ratio:5.2f}" + (f"  target {target}" if target else ""),
        flush=True,
    )


def something_is_written() -> None:
    """As if somebody else had just saved a row of the grid."""
    from followup.models import Forecast

    Forecast.objects.filter(OCTOBER).update(confirmed=True)


def main() -> None:
    os.environ |= ENVIRONMENT
    django.setup()
    from django.core.management import call_command

    from sydit import demo, demo_years

    call_command("migrate", verbosity=0)
    if not demo.is_loaded():
        demo_years.load_years(lambda line: print(re.sub(r"\s+", " ", line)))
    keys = sessions()
    tell("in process", {user: InProcess(key) for user, key in keys.items()})
    port = free_port()
    server = serve(port)
    try:
        tell("gunicorn", {user: OverHttp(key, port) for user, key in keys.items()})
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
