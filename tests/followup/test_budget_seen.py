"""A budget that is saved while a report is approved: the report has it or the one who saves is told, never neither."""

from __future__ import annotations

import threading
import time
import uuid

import pytest
from django.db import connection, transaction

from followup import budget_actions
from followup.budget_actions import Budgeted, Ground
from followup.models import CostCategory, FollowUp
from sydit.access import Role
from sydit.errors import Refused
from sydit.models import Publication
from sydit.report import publish
from sydit.report.build import build_report
from sydit.report.document import checksum
from tests import factories

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

A_WHILE = 0.5  # seconds in which an approval that did not wait would be through


def enter(follow_up: FollowUp, seen: str) -> None:
    budget_actions.enter(
        year=follow_up.fiscal_year,
        batch=uuid.uuid4(),
        kind=None,
        amounts=[Budgeted(CostCategory.objects.get(key="lokalhyror").pk, {None: 100})],
        ground=Ground(),
        seen=seen,
        by=factories.user(role=Role.CONTROLLER),
    )


def test_an_approval_waits_for_a_budget_that_is_being_saved_and_is_then_of_another_draft(october: FollowUp) -> None:
    ready = factories.mark_ready(october)
    head, read = factories.user(role=Role.HEAD), checksum(build_report(ready).to_json())
    saving, said = threading.Event(), list[str]()

    def approve() -> None:
        saving.wait()
        try:
            publish.approve(follow_up=ready, by=head, seen=read)
        except Refused as refused:
            said.append(str(refused))
        finally:
            connection.close()

    approving = threading.Thread(target=approve)
    approving.start()
    with transaction.atomic():
        enter(october, budget_actions.mark_of(october.fiscal_year))
        saving.set()
        time.sleep(A_WHILE)
    approving.join(timeout=60)
    assert said == [publish.ANOTHER_DRAFT]
    assert not Publication.objects.exists()


def test_a_budget_that_was_looked_at_before_an_approval_is_not_saved_unread(october: FollowUp) -> None:
    ready = factories.mark_ready(october)
    seen = budget_actions.mark_of(october.fiscal_year)
    publish.approve(follow_up=ready, by=factories.user(role=Role.HEAD))
    with pytest.raises(Refused, match="Uppföljningen oktober 2024 godkändes av"):
        enter(october, seen)
    enter(october, budget_actions.mark_of(october.fiscal_year))
