"""Several statements in one message: as if they were sent one by one, and never lost with a plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext

from sydit import at_once as module
from sydit.at_once import at_once, takes_messages

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Asked:
    statement: str
    values: list[Any] = field(default_factory=list)

    def result(self, cursor: Any) -> Any:
        return cursor.fetchall() if cursor.description else cursor.rowcount


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture(autouse=True)
def numbers() -> Iterator[None]:
    if connection.vendor == "sqlite":
        assert not takes_messages()
        pytest.skip("SQLite takes one statement at a time")
    run("CREATE TABLE numbers (number int)")
    yield
    run("DROP TABLE numbers")


ADD, ALL = Asked("INSERT INTO numbers SELECT %s WHERE %s > 0", [7, 1]), Asked("SELECT number FROM numbers")


def test_each_statement_sees_what_the_one_before_did() -> None:
    assert at_once(ALL, ADD, ALL) == [[], 1, [(7,)]]
    assert at_once(Asked(ADD.statement, [8, 0]), ALL) == [0, [(7,)]]


def test_a_message_is_done_as_a_whole_or_not_at_all() -> None:
    for _ in range(2):  # without a plan and with one
        with pytest.raises(DataError):
            at_once(ADD, Asked("SELECT 1 / %s::int", [0]))
    assert at_once(ALL) == [[]]


def test_in_a_transaction_it_is_undone_with_it() -> None:
    with transaction.atomic():
        assert at_once(ADD, ALL) == [1, [(7,)]]
        transaction.set_rollback(True)
    assert at_once(ALL) == [[]]


def test_a_session_that_has_lost_its_plans_does_it_all_the_same_and_once() -> None:
    at_once(ADD, ALL)
    run("DEALLOCATE ALL")  # as a pooler may
    assert at_once(ADD, ALL) == [1, [(7,), (7,)]]
    assert at_once(ADD, ALL) == [1, [(7,), (7,), (7,)]]


def test_a_session_that_has_the_plan_of_somebody_else_uses_it() -> None:
    at_once(ADD, ALL)
    module._plans.clear()  # as for another connection to the same session
    assert at_once(ADD, ALL) == [1, [(7,), (7,)]]


def test_a_table_that_was_changed_meanwhile_is_read_as_it_is_now() -> None:
    at_once(ADD, ALL)
    run("ALTER TABLE numbers ALTER number TYPE text")
    assert at_once(ALL) == [[("7",)]]
    with CaptureQueriesContext(connection) as queries:
        assert at_once(ALL) == [[("7",)]]
    assert [query["sql"] for query in queries] == [ALL.statement]


def test_who_reads_along_sees_which_tables_are_asked() -> None:
    at_once(ALL)
    seen: list[str] = []

    def look(execute: Any, sql: str, *others: Any) -> Any:
        seen.append(sql)
        return execute(sql, *others)

    with connection.execute_wrapper(look):
        at_once(ALL)
    assert seen == [ALL.statement]


@pytest.mark.parametrize("text", ["100 % 'så' \"är\" det; \\ -- %s $1 {}", "", "rad\nrad", "\N{GRINNING FACE}"])
def test_a_text_comes_through_as_it_is(text: str) -> None:
    for _ in range(2):
        assert at_once(Asked("SELECT %s::text", [text])) == [[(text,)]]
