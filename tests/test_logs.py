"""What suppliers and people are called in a ledger's texts reaches no log, whatever goes wrong."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator

import pytest
from django.db import DataError, connection
from django.test import Client
from django.urls import reverse

from followup.ledger import load
from followup.models import LedgerEntry, LedgerImport
from sydit.access import Role
from sydit.logs import Formatter
from tests import factories

pytestmark = pytest.mark.django_db

SECRET = "Kvasthilda Brännvinsson"  # stands in a text and as a counterparty, and nowhere else
LINES = (f"202401;50200;100,00;;;{SECRET};{SECRET}", "202402;50200;1,00")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that any logger says, written as in production."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Formatter("{asctime} {levelname} {name} {message}", style="{"))
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def browser(client: Client) -> Client:
    factories.category(prefixes=("5",))
    client.force_login(factories.user())
    client.raise_request_exception = False
    return client


def send(browser: Client, content: bytes) -> int:
    file = io.BytesIO(content)
    file.name = "huvudbok.csv"
    year = factories.fiscal_year()
    return browser.post(reverse("imports"), {"file": file, "fiscal_year": year.pk}).status_code


def test_a_file_that_is_refused_or_booked_leaves_its_texts_in_no_log(browser: Client, log: io.StringIO) -> None:
    good = factories.ledger_csv(*LINES)
    for damaged in (
        good.replace(b"100,00", b"hundra"),
        good.replace(SECRET.encode(), SECRET.encode() + b"\0", 1),
        good.replace(b"202401", SECRET.encode(), 1),
        good.replace(b"100,00", SECRET.encode()),
        good[: len(good) // 2],
    ):
        send(browser, damaged)
    send(browser, good)
    waiting = LedgerImport.objects.latest("pk")
    browser.post(reverse("import", args=[waiting.pk]), {"seen": "9"})
    browser.post(reverse("import", args=[waiting.pk]))
    browser.post(reverse("import-discard", args=[waiting.pk]))
    browser.get(reverse("import", args=[waiting.pk + 1]))
    assert SECRET not in log.getvalue()
    assert "Not Found: /huvudbok/" in log.getvalue()  # the log is the one that is looked at


def test_lines_that_are_looked_at_and_looked_for_leave_no_text_in_a_log(client: Client, log: io.StringIO) -> None:
    factories.category(prefixes=("5",))
    factories.booked_import(*LINES)
    month = factories.follow_up().period
    client.force_login(factories.user(role=Role.CONTROLLER))
    for name in ("ledger-lines", "ledger-lines-csv", "ledger-lines-xlsx"):
        address = reverse(name, args=[month, "result", "costs"])
        assert client.get(address, {"text": SECRET}).status_code == 200
        client.get(address, {"text": SECRET, "account": SECRET})
        client.get(address.replace("costs", "nothing"), {"text": SECRET})
    assert SECRET not in log.getvalue()
    assert "Not Found" in log.getvalue()


def test_a_database_that_refuses_a_line_does_not_tell_the_log_what_it_says(
    browser: Client, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = factories.uploaded_import(*LINES)

    def refuse(*_: object, **__: object) -> None:
        raise DataError(f'value out of range\nCONTEXT: COPY followup_ledgerentry, line 1: "{SECRET}"')

    monkeypatch.setattr(load, "_write_entries", refuse)
    browser.post(reverse("import", args=[waiting.pk]))
    assert SECRET not in log.getvalue()
    assert not LedgerEntry.objects.exists()


def raised(act: Callable[[], object]) -> str:
    """How an unexpected error of ``act`` is logged."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Formatter("{message}", style="{"))
    logger = logging.getLogger("test")
    logger.addHandler(handler)
    try:
        act()
    except Exception:  # as the frame of the web server does
        logger.exception("Internal Server Error: /huvudbok/1/")
    logger.removeHandler(handler)
    return written.getvalue()


def test_an_error_of_the_database_is_logged_with_its_place_and_without_its_words() -> None:
    def act() -> None:
        raise DataError(f"Failing row contains (1, {SECRET})")

    told = raised(act)
    assert SECRET not in told
    assert "Internal Server Error: /huvudbok/1/" in told
    assert "DataError" in told
    assert "test_logs.py" in told


def test_also_behind_another_error_that_it_caused() -> None:
    def act() -> None:
        try:
            raise DataError(SECRET)
        except DataError as error:
            raise RuntimeError("kunde inte sparas") from error

    told = raised(act)
    assert SECRET not in told
    assert "RuntimeError: kunde inte sparas" in told


@pytest.mark.django_db(transaction=True)
def test_a_real_refusal_of_the_database_says_no_text() -> None:
    factories.booked_import(*LINES)

    def act() -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO followup_ledgerentry SELECT * FROM followup_ledgerentry")

    told = raised(act)
    assert "Error" in told
    assert SECRET not in told


def test_other_errors_are_logged_in_full() -> None:
    def act() -> None:
        raise ValueError("månad 13")

    assert "ValueError: månad 13" in raised(act)
