"""Long work in a request, told as it goes, and given up when the browser goes away.

A browser that asks for it (header ``X-Progress``) gets the answer as lines of JSON: ``{"rows": 12000}`` a few times a
second, and last ``{"location": "/…"}`` or ``{"html": "…"}``. The work runs in a thread of the same request with its own
database connection. When the connection to the browser is gone, writing to it fails, and the next word of progress
raises :class:`Cancelled` in the work, whose transaction then rolls back. Nothing outlives the request, so any number of
workers and hosts may serve, and a browser without the script simply waits for the page.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait

from django.contrib import messages
from django.contrib.messages.storage.base import BaseStorage
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase

from sydit.errors import Refused

HEADER = "X-Progress"
INTERVAL = 0.25  # seconds between two lines

Progress = Callable[[int], object]  # told the rows read so far
Work = Callable[[Progress], HttpResponse]


class Cancelled(Refused):
    """The user gave up, or the connection to the browser was lost."""

    def __init__(self) -> None:
        super().__init__("Importen avbröts, inget har ändrats.")


class _Told:
    """What the work last said, and whether somebody still listens."""

    def __init__(self) -> None:
        self.rows = 0
        self.cancelled = False

    def __call__(self, rows: int) -> None:
        self.rows = rows
        if self.cancelled:
            raise Cancelled


def answered(request: HttpRequest, work: Work) -> HttpResponseBase:
    """The answer of ``work``: at once, or line by line for a browser that shows progress."""
    if HEADER not in request.headers:
        return work(lambda _: None)
    return StreamingHttpResponse(
        _lines(request, work),
        content_type="application/x-ndjson",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},  # a proxy passes on each line
    )


def _lines(request: HttpRequest, work: Work) -> Iterator[str]:
    told = _Told()
    with ThreadPoolExecutor(max_workers=1) as pool:
        answer = pool.submit(_run, request, work, told)
        try:
            while not wait([answer], INTERVAL).done:
                yield _line(rows=told.rows)
            yield _outcome(answer)
        finally:
            told.cancelled = True  # leaving the pool waits for the work to roll back


def _run(request: HttpRequest, work: Work, told: _Told) -> HttpResponse:
    """The work in its thread, and what it tells the user kept for the next page: the headers have left already."""
    try:
        answer = work(told)
        storage = messages.get_messages(request)
        if isinstance(storage, BaseStorage):  # without the middleware it is an empty list
            storage.update(answer)
        request.session.save()
        return answer
    finally:
        connection.close()


def _outcome(answer: Future[HttpResponse]) -> str:
    response = answer.result()
    if isinstance(response, HttpResponseRedirect):
        return _line(location=response.url)
    return _line(html=response.content.decode())


def _line(**fields: object) -> str:
    return f"{json.dumps(fields)}\n"
