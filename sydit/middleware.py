"""What every answer passes through."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

METHOD_NOT_ALLOWED = 405


def method_not_allowed_page(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """A page instead of nothing where somebody opens an address that only takes a form, as after logging in again."""

    def middleware(request: HttpRequest) -> HttpResponse:
        answer = get_response(request)
        if answer.status_code != METHOD_NOT_ALLOWED or answer.streaming or answer.content:
            return answer
        page = render(request, "405.html", status=METHOD_NOT_ALLOWED)
        page.headers["Allow"] = answer.headers["Allow"]
        return page

    return middleware
