"""Rows that are read with a statement of our own are the rows that a query set reads."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from followup.models import FollowUp, Forecast, PartReady
from followup.parts import Part
from sydit import plain
from sydit.periods import Month
from sydit.plain import Wanted
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_they_are_those_of_a_query_set_with_every_value(october: FollowUp) -> None:
    factories.mark_ready(october, Part.ECONOMY)
    Forecast.objects.filter(category__key="lokalhyror").update(months=[1, 2])
    for model, columns in ((Forecast, {}), (PartReady, {"part": Part.ECONOMY}), (PartReady, {"part": Part.TEXTS})):
        found = {
            row.pk: row.__dict__ | {"_state": None}
            for row in plain.read(Wanted(model, {"follow_up_id": october.pk, **columns}))[0]
        }
        wanted = model._default_manager.filter(follow_up=october, **columns)
        assert found == {row.pk: row.__dict__ | {"_state": None} for row in wanted}


def locked(follow_up: FollowUp) -> list[FollowUp]:
    (found,) = plain.read(Wanted(FollowUp, {"id": follow_up.pk}, lock=True))
    return found


@pytest.mark.django_db(transaction=True)
def test_a_row_is_locked_in_a_transaction_only() -> None:
    follow_up = factories.follow_up()
    with transaction.atomic():
        assert locked(follow_up) == [follow_up]
    with pytest.raises(transaction.TransactionManagementError):
        locked(follow_up)


@pytest.mark.django_db(transaction=True)
def test_who_waits_for_a_lock_gets_the_row_and_what_is_read_after_it_as_the_other_left_them() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    follow_up = factories.follow_up(month=Month(2024, 10))
    by, this = factories.user(), Wanted(FollowUp, {"id": follow_up.pk}, lock=True)
    is_locked, seen = threading.Event(), []

    def other() -> None:
        is_locked.wait(10)
        with transaction.atomic():
            (row,), marks = plain.read(this, Wanted(PartReady, {"follow_up_id": follow_up.pk}))
            seen.extend([row.registry_number, *(mark.part for mark in marks)])
        connections.close_all()

    thread = threading.Thread(target=other)
    thread.start()
    with transaction.atomic():
        plain.read(this)
        is_locked.set()
        thread.join(0.2)
        assert not seen
        FollowUp.objects.filter(pk=follow_up.pk).update(registry_number="SYD 2024/17")
        PartReady(follow_up=follow_up, part=Part.TEXTS, by=by, at=timezone.now()).record(by=by)
    thread.join(10)
    assert seen == ["SYD 2024/17", Part.TEXTS]
