"""Programs from outside the project that some tests need, and where they are."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OFFICE_NAMES = ("soffice", "libreoffice")


@dataclass(frozen=True, slots=True)
class Tool:
    """A program that the tests with the marker ``marker`` need."""

    marker: str
    path: str | None
    advice: str

    @property
    def reason(self) -> str:
        """Why a test that needs the tool does not run, and what to do about it."""
        return f"{self.marker} tests need {self.advice}"


def find_chromium() -> str | None:
    """The path of a Chromium: what ``CHROMIUM`` says, else the first known name on ``PATH``."""
    return _find("CHROMIUM", CHROMIUM_NAMES)


def find_office() -> str | None:
    """The path of LibreOffice: what ``SOFFICE`` says, else the first known name on ``PATH``."""
    return _find("SOFFICE", OFFICE_NAMES)


def tools() -> dict[str, Tool]:
    """Every tool by the marker of the tests that need it."""
    found = (
        Tool("browser", find_chromium(), "Chromium, which was not found (install it, or set CHROMIUM to its path)"),
        Tool("office", find_office(), "LibreOffice Calc, which was not found (install it, or set SOFFICE to its path)"),
    )
    return {tool.marker: tool for tool in found}


def all_required() -> bool:
    """Whether a missing tool is a failure: so in CI, where everything is installed first."""
    return os.environ.get("REQUIRE_ALL") == "1"


def _find(variable: str, names: tuple[str, ...]) -> str | None:
    chosen = os.environ.get(variable)
    if chosen:
        return chosen if Path(chosen).is_file() else None
    return next((path for name in names if (path := shutil.which(name))), None)
