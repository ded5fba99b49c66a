"""Long work in a request: told as it goes, given up when nobody listens, and plain where nobody asks for progress."""

from __future__ import annotations

import json
import threading
import time
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from followup.ledger import detect, parsed
from followup.ledger.parsed import tally
from followup.models import LedgerEntry, LedgerImport, LedgerMonth
from sydit import progress
from tests import factories

LINES = [f"2024{month:02};50200;1,00" for month in range(1, 11)]


@pytest.fixture
def request_with_progress(rf: RequestFactory) -> HttpRequest:
    request = rf.post("/", headers={progress.HEADER: "1"})
    request.session = type("Session", (dict,), {"save": lambda self: None})()  # type: ignore[assignment]
    return request


def told(answer: Any) -> list[dict[str, Any]]:
    assert isinstance(answer, StreamingHttpResponse)
    return [json.loads(line) for line in answer.getvalue().splitlines()]


def test_without_the_header_the_answer_is_the_works_own(rf: RequestFactory) -> None:
    answer = HttpResponse("klart")
    assert progress.answered(rf.post("/"), lambda _: answer) is answer


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (HttpResponse("<main>Fel</main>", status=422), {"html": "<main>Fel</main>"}),
        (HttpResponseRedirect("/huvudbok/1/"), {"location": "/huvudbok/1/"}),
    ],
)
def test_the_last_line_is_a_page_or_where_to_go(
    request_with_progress: HttpRequest, answer: HttpResponse, line: dict[str, str]
) -> None:
    assert told(progress.answered(request_with_progress, lambda _: answer))[-1] == line


def test_the_rows_read_are_told_while_the_work_goes_on(
    request_with_progress: HttpRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "INTERVAL", 0.01)
    seen = threading.Event()

    def work(tell: progress.Progress) -> HttpResponse:
        tell(7)
        seen.wait(60)
        return HttpResponse("klart")

    lines = iter(progress.answered(request_with_progress, work))  # type: ignore[call-overload]
    while json.loads(next(lines)) != {"rows": 7}:
        pass
    seen.set()
    assert [json.loads(line) for line in lines][-1] == {"html": "klart"}


def test_work_that_nobody_listens_to_any_more_is_given_up(
    db: None, request_with_progress: HttpRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a database: an answer that is closed looks after the connections that a test before it left."""
    monkeypatch.setattr(progress, "INTERVAL", 0.01)
    given_up = threading.Event()

    def work(tell: progress.Progress) -> HttpResponse:
        try:
            for row in range(10_000):
                tell(row)
                time.sleep(0.001)
        except progress.Cancelled:
            given_up.set()
            raise
        return HttpResponse("klart")

    answer = progress.answered(request_with_progress, work)
    next(iter(answer))  # type: ignore[call-overload]
    answer.close()
    assert given_up.is_set()


@pytest.fixture
def slow_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each line takes its time and is told."""

    def slowly(lines: Any, *args: Any) -> Any:
        def waiting() -> Any:
            for line in lines:
                time.sleep(0.02)
                yield line

        return tally(waiting(), *args)

    monkeypatch.setattr(progress, "INTERVAL", 0.01)
    monkeypatch.setattr(parsed, "BATCH", 1)
    monkeypatch.setattr(detect, "tally", slowly)


@pytest.fixture
def waiting(client: Client, transactional_db: None) -> LedgerImport:
    factories.category(prefixes=("5",))
    by = factories.user()
    client.force_login(by)
    return factories.uploaded_import(*LINES, by=by)


@pytest.mark.slow
@pytest.mark.usefixtures("slow_reading")
def test_a_booking_tells_its_rows_and_ends_at_its_receipt(client: Client, waiting: LedgerImport) -> None:
    address = reverse("import", args=[waiting.pk])
    lines = told(client.post(address, headers={progress.HEADER: "1"}))
    rows = [line["rows"] for line in lines[:-1]]
    assert rows == sorted(rows)
    assert max(rows) > 1
    assert lines[-1] == {"location": address}
    assert "huvudbok.csv är bokförd: 10 rader" in client.get(address).content.decode().replace("&nbsp;", " ")


@pytest.mark.slow
@pytest.mark.usefixtures("slow_reading")
def test_a_booking_that_is_broken_off_changes_nothing_and_the_page_says_so(
    client: Client, waiting: LedgerImport
) -> None:
    address = reverse("import", args=[waiting.pk])
    answer = client.post(address, headers={progress.HEADER: "1"})
    lines = iter(answer.streaming_content)  # type: ignore[attr-defined]
    while json.loads(next(lines))["rows"] < 2:
        pass
    answer.close()
    assert not LedgerEntry.objects.exists()
    assert not LedgerMonth.objects.filter(is_current=True).exists()
    told = client.post(reverse("import-cancel", args=[waiting.pk]), follow=True).content.decode()
    assert "Importen avbröts, inget har ändrats." in told
    assert "Inget är bokfört ännu" in told


@pytest.mark.django_db
def test_a_cancel_that_came_too_late_says_that_the_file_is_booked(client: Client) -> None:
    client.force_login(factories.user())
    booked = factories.booked_import(*LINES)
    told = client.post(reverse("import-cancel", args=[booked.pk]), follow=True).content.decode()
    assert "hann bokföras innan importen avbröts. Den kan ångras." in told


@pytest.mark.slow
def test_a_refused_file_comes_back_as_its_page(client: Client, waiting: LedgerImport) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    data = {
        "file": SimpleUploadedFile("fel.csv", factories.ledger_csv("202401;50200;tolv")),
        "fiscal_year": str(waiting.fiscal_year_id),
    }
    [line] = told(client.post(reverse("imports"), data, headers={progress.HEADER: "1"}))[-1:]
    assert "Filen kan inte läsas in" in line["html"]


@pytest.mark.slow
def test_what_is_told_while_streaming_is_shown_on_the_next_page(client: Client, waiting: LedgerImport) -> None:
    address = reverse("import", args=[waiting.pk])
    for _ in range(2):
        lines = told(client.post(address, headers={progress.HEADER: "1"}))
        assert lines[-1] == {"location": address}
    shown = client.get(address).context["messages"]
    assert [str(message).split(":")[0] for message in shown] == ["huvudbok.csv är bokförd", "Filen är redan bokförd"]
