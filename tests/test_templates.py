"""Every template compiles: a misspelt tag, filter or load is found here and not by a reader."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

FOLDER = Path(__file__).parent.parent / "templates"
NAMES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.html"))


@pytest.mark.parametrize("name", NAMES)
def test_no_browser_puts_an_old_value_beside_a_new_version(name: str) -> None:
    """Whoever goes back gets the form anew, with the version that is stored then; a browser would restore what stood in
    the fields, and a save would take it for the user's own. What was typed and not saved is kept as a draft."""
    for form in re.findall(r"<form\b[^>]*\bdata-draft=[^>]*>", (FOLDER / name).read_text(), re.DOTALL):
        assert 'autocomplete="off"' in form


@pytest.mark.parametrize("name", NAMES)
def test_the_template_compiles(name: str) -> None:
    assert get_template(name)
