"""``import_ledger`` in a process that kills itself at one point: ``python -m tests.followup.killed POINT ARGUMENT …``.

POINT is ``line:N`` (when the Nth line is read, counted over every reading of the file), ``statement:N`` (after the Nth
that writes), ``before-commit`` or ``after-commit``. What is never reached kills nothing.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import Any

import django


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def kill_at_line(number: int) -> None:
    from followup.ledger import detect

    read = count(1)
    tally = detect.tally

    def dying(lines: Iterable[Any], *args: Any, **kwargs: Any) -> Any:
        def watched() -> Iterator[Any]:
            for line in lines:
                if next(read) == number:
                    kill()
                yield line

        return tally(watched(), *args, **kwargs)

    detect.tally = dying


def kill_after_statement(number: int) -> None:
    from django.db import connection

    written = count(1)

    def execute(run: Callable[..., Any], sql: str, *rest: Any) -> Any:
        result = run(sql, *rest)
        if sql.startswith(("INSERT", "UPDATE", "DELETE")) and next(written) == number:
            kill()
        return result

    connection.execute_wrappers.append(execute)


def kill_around_commit(*, before: bool) -> None:
    from django.db import connection

    commit = connection._commit

    def dying() -> None:
        if not before:
            commit()
        kill()

    connection._commit = dying  # type: ignore[method-assign]


def arm(point: str) -> None:
    name, _, number = point.partition(":")
    if name == "line":
        kill_at_line(int(number))
    elif name == "statement":
        kill_after_statement(int(number))
    else:
        kill_around_commit(before=name == "before-commit")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sydit.settings")
    django.setup()
    arm(sys.argv[1])
    from django.core.management import call_command

    call_command("import_ledger", *sys.argv[2:])
