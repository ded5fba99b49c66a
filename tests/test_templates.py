"""Every template compiles: a misspelt tag, filter or load is found here and not by a reader."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

FOLDER = Path(__file__).parent.parent / "templates"
NAMES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.html"))


def test_no_browser_puts_an_old_value_beside_a_new_version() -> None:
    """Whoever goes back gets the form anew, with the version that is stored then; a browser would restore what stood in
    the fields, and a save would take it for the user's own. What was typed and not saved is kept as a draft."""
    texts = [(FOLDER / name).read_text() for name in NAMES]
    forms = [
        form
        for text in texts
        for form in re.findall(r"<form\b.*?^ *(?:</form>|{% csrf_token %})", text, re.DOTALL | re.MULTILINE)
    ]
    kept = [form for form in forms if "data-draft=" in form]
    assert len(kept) == sum(text.count("data-draft=") for text in texts) > 5
    assert [form for form in kept if 'autocomplete="off"' not in form] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_template_compiles(name: str) -> None:
    assert get_template(name)
