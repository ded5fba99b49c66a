"""The compiled requirements follow from those that people write, and say nothing about where to fetch."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
PAIRS = [("requirements.in", "requirements.txt"), ("requirements-dev.in", "requirements-dev.txt")]


def written(name: str) -> list[Requirement]:
    lines = (line.split("#")[0].strip() for line in (ROOT / name).read_text(encoding="utf-8").splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("-c")]


def compiled(name: str) -> dict[str, Version]:
    pins = re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
    return {canonicalize_name(package): Version(version) for package, version in pins}


@pytest.mark.parametrize(("people", "machine"), PAIRS)
def test_every_written_requirement_is_pinned_within_its_bounds(people: str, machine: str) -> None:
    pins = compiled(machine)

    for requirement in written(people):
        assert pins[canonicalize_name(requirement.name)] in requirement.specifier, requirement


@pytest.mark.parametrize(("people", "machine"), PAIRS)
def test_every_pin_has_a_hash(people: str, machine: str) -> None:
    text = (ROOT / machine).read_text(encoding="utf-8")

    for entry in re.split(r"^(?=\w)", text, flags=re.MULTILINE)[1:]:
        assert "--hash=sha256:" in entry, entry


def test_both_files_pin_the_same_version_of_what_they_share() -> None:
    runtime, everything = compiled("requirements.txt"), compiled("requirements-dev.txt")

    assert {name: everything[name] for name in everything.keys() & runtime} == {
        name: runtime[name] for name in everything.keys() & runtime
    }


@pytest.mark.parametrize("name", [name for pair in PAIRS for name in pair])
def test_no_requirement_says_where_to_fetch(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")

    assert "://" not in text
    assert not re.search(r"^\s*(-i|--(extra-)?index-url|--find-links|-f)\b", text, re.MULTILINE)
