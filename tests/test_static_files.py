"""What is collected for production: every file by its content's name, also where one script imports another."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.test import override_settings

IMPORT = re.compile(r"""\b(?:import|from)\s*\(?\s*["']([^"']+)["']""")
NAMED = re.compile(r"\.[0-9a-f]{12}\.js$")


@pytest.mark.slow
def test_a_script_is_imported_by_the_name_of_its_content(tmp_path: Path) -> None:
    storages = {"staticfiles": {"BACKEND": "sydit.static_files.NamedByContent"}}
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=storages):
        call_command("collectstatic", "--noinput", verbosity=0)
        entry = tmp_path / staticfiles_storage.stored_name("js/grid.js")
    imported = []
    for script in (tmp_path / "js").glob("*.js"):
        if NAMED.search(script.name):
            imported += [(script.name, name) for name in IMPORT.findall(script.read_text(encoding="utf-8"))]
    assert NAMED.search(entry.name)
    assert len(imported) > 20
    assert [one for one in imported if not NAMED.search(one[1])] == []
    assert [one for one in imported if not (tmp_path / "js" / one[1]).is_file()] == []
