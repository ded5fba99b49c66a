"""What may be done to a decision's status."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from decisions import actions
from decisions.models import Decision, StatusUpdate
from followup.models import FollowUp
from sydit.access import GRANTS, Permission, Role
from sydit.errors import Refused, StaleEdit
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def follow_up() -> FollowUp:
    return factories.follow_up()


@pytest.fixture
def decision() -> Decision:
    return factories.decision()


def update(
    follow_up: FollowUp,
    decision: Decision,
    status: str,
    comment: str = "",
    *,
    seen: int = 0,
    role: Role = Role.SECRETARY,
) -> bool:
    by = factories.user(role=role, name="Karin Kollega")
    return actions.update_status(
        follow_up=follow_up, decision=decision, status=status, comment=comment, seen_version=seen, by=by
    )


def test_each_change_is_a_version_with_its_history(follow_up: FollowUp, decision: Decision) -> None:
    assert update(follow_up, decision, "ongoing")
    assert update(follow_up, decision, "done", "Klart", seen=1)
    row = StatusUpdate.objects.get()
    assert (row.status, row.comment, row.version) == ("done", "Klart", 2)
    assert [old.status for old in row.history.order_by("history_id")] == ["ongoing", "done"]


def test_a_status_that_is_already_so_is_no_new_version(follow_up: FollowUp, decision: Decision) -> None:
    assert update(follow_up, decision, "done", "Klart")
    assert not update(follow_up, decision, "done", "Klart")
    assert StatusUpdate.objects.get().version == 1


def test_a_status_that_somebody_else_set_first_is_not_replaced(follow_up: FollowUp, decision: Decision) -> None:
    update(follow_up, decision, "done", "Klart")
    told = "Beslutet .* har ändrats av Karin Kollega .*: status är nu Avklarat, kommentaren är nu ”Klart”"
    with pytest.raises(StaleEdit, match=told):
        update(follow_up, decision, "dropped")
    assert StatusUpdate.objects.get().status == "done"


@pytest.mark.parametrize("state", [FollowUp.State.READY, FollowUp.State.APPROVED])
def test_a_follow_up_that_is_not_open_takes_no_status(
    follow_up: FollowUp, decision: Decision, state: FollowUp.State
) -> None:
    FollowUp.objects.update(state=state)
    with pytest.raises(Refused, match="tar inte emot ändringar"):
        update(follow_up, decision, "done")
    assert not StatusUpdate.objects.exists()


@pytest.mark.parametrize("role", [role for role in Role if Permission.UPDATE_DECISIONS not in GRANTS[role]])
def test_only_who_keeps_the_register_sets_a_status(follow_up: FollowUp, decision: Decision, role: Role) -> None:
    with pytest.raises(PermissionDenied):
        update(follow_up, decision, "done", role=role)
    assert not StatusUpdate.objects.exists()
