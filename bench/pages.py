"""What the pages cost, beside a page that only authenticates the user: ``python3 dev.py bench pages``.

Every figure is a ratio of two measurements of one run, taken in turns: the page, and a page of the same size that
authenticates the user and renders a constant. In process (Django's test client), and under gunicorn with one worker.
"""

from __future__ import annotations

import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import django

ROUNDS = 60
WARM_UP = 5
STARTS_WITHIN = 30  # seconds, for gunicorn
PAGES = (
    ("overview", "controller", "/"),
    ("report", "controller", "/uppfoljning/2024-10/"),
    ("forecast grid", "controller", "/uppfoljning/2024-10/prognos/"),
    ("published report", "lasare", "/uppfoljning/2024-08/"),
    ("overview, reader", "lasare", "/"),
)
TARGET = 3
CONFIGURATION = "python:bench._pages_settings"  # nothing that gunicorn asks for: none of deploy's
ENVIRONMENT = {  # production's, but for plain HTTP
    "DJANGO_SETTINGS_MODULE": "bench._pages_settings",
    "DEBUG": "false",
    "HTTPS": "false",
    "SERVE_FROM_SOURCE": "true",
    "SECRET_KEY": "only-for-measurements",
    "ALLOWED_HOSTS": "localhost",
}

Fetch = Callable[[str], int]  # the address → the answer's size


@dataclass(frozen=True, slots=True)
class Cost:
    page: float
    constant: float

    @property
    def ratio(self) -> float:
        return self.page / self.constant


def measure(fetch: Fetch, path: str) -> Cost:
    """Medians of the page and of its constant, in seconds, measured in turns."""
    size = [fetch(path) for _ in range(WARM_UP)][-1]
    constant = f"/bench/{size}/"
    fetch(constant)
    taken: dict[str, list[float]] = {path: [], constant: []}
    for _ in range(ROUNDS):
        for address, times in taken.items():
            start = time.perf_counter()
            fetch(address)
            times.append(time.perf_counter() - start)
    return Cost(statistics.median(taken[path]), statistics.median(taken[constant]))


def in_process(session: str) -> Fetch:
    from django.conf import settings
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    client.cookies[settings.SESSION_COOKIE_NAME] = session

    def fetch(path: str) -> int:
        answer = client.get(path)
        _require_ok(path, answer.status_code)
        return len(answer.content)

    return fetch


def over_http(session: str, port: int) -> Fetch:
    from django.conf import settings

    headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}", "Host": "localhost"}

    def fetch(path: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=STARTS_WITHIN)
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        size = len(answer.read())
        connection.close()
        _require_ok(path, answer.status)
        return size

    return fetch


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


def tell(where: str, fetch_as: dict[str, Fetch]) -> None:
    for name, user, path in PAGES:
        cost = measure(fetch_as[user], path)
        print(
            f"{where:<11} {name:<18} {cost.page * 1000:7.1f} ms  constant {cost.constant * 1000:6.1f} ms  "
            f"ratio {cost.ratio:5.2f}  target {TARGET}",
            flush=True,
        )


def main() -> None:
    os.environ |= ENVIRONMENT
    django.setup()
    from django.core.management import call_command

    from sydit import demo, demo_years

    call_command("migrate", verbosity=0)
    if not demo.is_loaded():
        demo_years.load_years(lambda line: print(re.sub(r"\s+", " ", line)))
    keys = sessions()
    tell("in process", {user: in_process(key) for user, key in keys.items()})
    port = free_port()
    server = serve(port)
    try:
        tell("gunicorn", {user: over_http(key, port) for user, key in keys.items()})
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
