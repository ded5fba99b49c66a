"""dev.py: what it says when something on the developer's machine is not as it must be."""

from __future__ import annotations

import ast
import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import dev

SOURCE = Path(dev.__file__)


def start(*arguments: str, version: tuple[int, int, int] | None = None) -> subprocess.CompletedProcess[str]:
    """Run dev.py as its own program, on a Python that claims to be ``version``."""
    fake = f"sys.version_info = {version}; " if version else ""
    program = f"import runpy, sys; {fake}sys.argv[0] = 'dev.py'; runpy.run_path({str(SOURCE)!r}, run_name='__main__')"
    return subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False)


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project with one pinned package, whose environment is made and filled by stand-ins."""
    (tmp_path / "requirements.txt").write_text("django==5.2.19 \\\n    --hash=sha256:00\n", encoding="utf-8")
    python = tmp_path / ".venv" / "bin" / "python"

    def make_venv() -> None:
        python.parent.mkdir(parents=True, exist_ok=True)
        python.touch()
        made.append("venv")

    made: list[str] = []
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "PYTHON", python)
    monkeypatch.setattr(dev, "STAMP", tmp_path / ".venv" / "dev-stamp.json")
    monkeypatch.setattr(dev, "create_venv", make_venv)
    monkeypatch.setattr(dev, "install", lambda _: made.append("packages"))
    monkeypatch.setattr(dev, "made", made, raising=False)
    return tmp_path


@pytest.mark.parametrize("minor", [6, 8, 10])
def test_dev_py_can_be_read_by_an_old_python(minor: int) -> None:
    assert ast.parse(SOURCE.read_text(encoding="utf-8"), feature_version=(3, minor))


@pytest.mark.slow
def test_an_old_python_is_told_in_one_sentence() -> None:
    done = start("run", version=(3, 9, 2))

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        "dev.py: Python 3.11 or newer is needed, and this is 3.9.2: start dev.py with a newer one.\n"
    )


@pytest.mark.slow
def test_a_taken_port_is_told_before_anything_is_made(taken_port: int) -> None:
    done = start("run", "--port", str(taken_port))

    assert done.returncode == 1
    assert done.stdout == ""
    assert re.fullmatch(rf"dev.py: port {taken_port} is taken by another program: .* --port \d+\.\n", done.stderr)


def test_a_free_port_is_free_again_after_the_check(taken_port: int) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]

    dev.check_port(free)
    dev.check_port(free)


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_a_number_that_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(dev.DevError, match=f"^{port} is no port"):
        dev.check_port(port)


def test_a_python_without_ensurepip_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "ensurepip" else object())

    with pytest.raises(dev.DevError, match=r"lacks the module ensurepip; install it \(.*apt install python3-venv\)"):
        dev.create_venv()


def test_an_unknown_command_is_refused_with_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["serve"]) == 2
    assert capsys.readouterr().err == (
        "dev.py: there is no command 'serve'; choose one of run, test, setup, manage, bench, pictures.\n"
    )


def test_a_second_set_up_does_nothing(project: Path) -> None:
    dev.prepare(("requirements.txt",))
    dev.prepare(("requirements.txt",))

    assert dev.made == ["venv", "packages"]


def test_changed_requirements_are_installed_into_the_same_environment(project: Path) -> None:
    dev.prepare(("requirements.txt",))
    (project / "requirements.txt").write_text("django==5.2.20\n", encoding="utf-8")
    dev.prepare(("requirements.txt",))

    assert dev.made == ["venv", "packages", "packages"]


def test_an_interrupted_installation_is_built_anew(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(files: tuple[str, ...]) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(dev, "install", interrupted)
        with pytest.raises(KeyboardInterrupt):
            dev.prepare(("requirements.txt",))
    dev.prepare(("requirements.txt",))

    assert dev.made == ["venv", "venv", "packages"]


def test_an_environment_of_another_python_is_built_anew(project: Path) -> None:
    dev.prepare(("requirements.txt",))
    stamp = json.loads(dev.STAMP.read_text(encoding="utf-8"))
    dev.STAMP.write_text(json.dumps(stamp | {"python": "3.11.0 elsewhere"}), encoding="utf-8")
    dev.prepare(("requirements.txt",))

    assert dev.made == ["venv", "packages", "venv", "packages"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "WARNING: Retrying (Retry(total=0)) after connection broken\nERROR: No matching distribution",
            "not be reached",
        ),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "does not match its hash"),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk is full"),
        ("noise\nERROR: No matching distribution found for lxml==6\n", "distribution found for lxml==6"),
        ("noise\nERROR: something new\nmore noise", "pip said: ERROR: something new"),
        ("", "pip said: nothing"),
    ],
)
def test_what_pip_says_becomes_one_sentence(said: str, told: str) -> None:
    sentence = dev.why_pip_failed(said)

    assert told in sentence
    assert "\n" not in sentence


def test_progress_is_one_line_per_package(capsys: pytest.CaptureFixture[str]) -> None:
    dev.follow(
        [
            "Collecting django==5.2.19 (from …)\n",
            "Collecting django==5.2.19\n",
            "Processing /x/et_xmlfile-2.0-py3.whl\n",
        ],
        2,
    )

    assert capsys.readouterr().out == "  1/2 django\n  2/2 et-xmlfile\n"


def test_the_demonstration_never_touches_a_database_from_outside(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://real.example/real")
    monkeypatch.setenv("DEBUG", "true")

    environment = dev.demonstration_environment()

    assert "DATABASE_URL" not in environment
    assert environment["DEBUG"] == "false"
    assert environment["SECRET_KEY"] == dev.demonstration_environment()["SECRET_KEY"]
