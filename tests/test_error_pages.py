"""The error pages: Swedish, in the same frame, and possible to print where there is neither request nor user."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_an_error_page_needs_no_request_and_shows_a_way_on(name):
    html = render_to_string(name)
    assert '<html lang="sv">' in html
    assert html.count("<h1>") == 1
    assert "Till startsidan" in html
    assert "Logga ut" not in html
