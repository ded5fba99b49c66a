"""The files for production fit the application: gunicorn takes its configuration, and no setting is forgotten."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
PRODUCTION = {
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
    "SECRET_KEY": "not-a-secret-but-long-enough-to-pass-for-one-0123456789",
    "ALLOWED_HOSTS": "uppfoljning.example",
    "BEHIND_PROXY": "true",
}


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.slow
def test_gunicorn_accepts_its_configuration_and_finds_the_application() -> None:
    clean = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--check-config", "-c", DEPLOY / "gunicorn.conf.py"],
        cwd=ROOT,
        env=clean | PRODUCTION,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_example_environment_names_every_setting_there_is() -> None:
    read_by_code = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', read(ROOT / "sydit" / "settings.py")))
    read_by_code |= set(re.findall(r'environ\.get\("([A-Z_]+)"', read(DEPLOY / "gunicorn.conf.py")))
    in_example = set(re.findall(r"^#?([A-Z_]+)=", read(DEPLOY / "environment.example"), re.MULTILINE))

    assert in_example == read_by_code


def test_the_example_environment_holds_no_key_and_no_debugging() -> None:
    active = read(DEPLOY / "environment.example")

    assert re.search(r"^SECRET_KEY=$", active, re.MULTILINE)
    assert not re.search(r"^DEBUG=", active, re.MULTILINE)


def test_the_unit_starts_gunicorn_with_the_configuration_beside_it() -> None:
    unit = read(DEPLOY / "sydit.service")

    assert re.search(r"^ExecStart=\S+/gunicorn -c deploy/gunicorn\.conf\.py$", unit, re.MULTILINE)
    assert re.search(r"^EnvironmentFile=/etc/sydit/environment$", unit, re.MULTILINE)
