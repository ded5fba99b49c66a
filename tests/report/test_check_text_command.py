"""``manage.py check_text``: the figure check from the shell."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from followup.models import FollowUp

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("check_text", *arguments, stdout=out)
    return out.getvalue()


def test_the_marks_of_a_file_as_json_and_as_a_list(october: FollowUp, tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    text = "Årets prognos är ett underskott om -813 tkr.\r\nLicenserna väntas ge ett överskott om 1 500 tkr.\r\n"
    file.write_bytes(text.encode())
    marks = json.loads(run("2024-10", "--file", str(file), "--json"))["marks"]
    assert [(mark["kind"], mark["figure"]) for mark in marks if mark["quote"]] == [
        ("sign", "prognos totalt"),
        ("word", "avvikelse licenser-serviceavtal"),
    ]
    assert all(text[mark["start"] : mark["end"]] == mark["quote"] for mark in marks)
    assert set(marks[0]) == {"kind", "quote", "start", "end", "figure", "message", "suggestion"}
    listed = run("2024-10", "--file", str(file))
    assert "Rad 1: Fel tecken ”ett underskott om -813 tkr”." in listed
    assert "Rad 2: Fel ord" in listed


def test_a_windows_file_is_read(october: FollowUp, tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_bytes("Året ger ett överskott om 813 tkr.".encode("cp1252"))
    (*_, mark) = json.loads(run("2024-10", "--file", str(file), "--json"))["marks"]
    assert (mark["kind"], mark["quote"]) == ("word", "ett överskott om 813 tkr")


def test_the_demonstrations_own_texts_have_no_fault(october: FollowUp, tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_text("\n\n".join(october.texts.values_list("body", flat=True)), encoding="utf-8")
    marks = json.loads(run("2024-10", "--file", str(file), "--json"))["marks"]
    assert {mark["kind"] for mark in marks} == {"typed"}


@pytest.mark.parametrize("month", ["2024-13", "2023-10", "x"])
def test_a_month_without_a_follow_up_is_refused(
    october: FollowUp, month: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "text.txt"
    file.write_text("Text", encoding="utf-8")
    with pytest.raises(SystemExit) as stopped:
        run(month, "--file", str(file), "--json")
    assert stopped.value.code == 2


def test_a_file_that_is_not_there_or_too_large_is_refused(october: FollowUp, tmp_path: Path) -> None:
    large = tmp_path / "large.txt"
    large.write_bytes(b"x" * 2_000_001)
    for file in (tmp_path / "none.txt", large, tmp_path):
        with pytest.raises(SystemExit) as stopped:
            run("2024-10", "--file", str(file))
        assert stopped.value.code == 2
