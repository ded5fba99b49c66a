"""What may be done to measures: by whom, when, what is carried on, and what is left as it was when it may not."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied

from followup import measures
from followup.measures import MeasureEntry
from followup.models import FollowUp, Measure
from sydit import occasions
from sydit.access import GRANTS, Permission, Role
from sydit.errors import Refused, StaleEdit
from sydit.models import User
from sydit.periods import Month
from tests import factories

TKR = 100_000  # öre
ENTRY = MeasureEntry(
    what="Säg upp två licensavtal",
    category_id=None,
    owner="Licensansvarig",
    due_on=dt.date(2024, 12, 1),
    effect_this_year=100 * TKR,
    effect_full_year=400 * TKR,
    effect_so_far=None,
    status=Measure.Status.ONGOING,
)
NOT_CONTROLLER = [role for role in Role if Permission.ENTER_FORECASTS not in GRANTS[role]]

pytestmark = pytest.mark.django_db


@pytest.fixture
def follow_up() -> FollowUp:
    return factories.follow_up()


@pytest.fixture
def controller() -> User:
    return factories.user(role=Role.CONTROLLER, name="Karin Controller")


@pytest.fixture
def measure(follow_up: FollowUp, controller: User) -> Measure:
    return measures.add(follow_up=follow_up, entry=ENTRY, by=controller)


def open_next(controller: User, month: Month) -> FollowUp:
    factories.fiscal_year(year=month.year)
    return occasions.open_follow_up(month=month, by=controller)


def test_a_measure_is_added_and_changed_with_its_history(
    follow_up: FollowUp, measure: Measure, controller: User
) -> None:
    changed = replace(ENTRY, effect_this_year=150 * TKR)
    assert measures.change(follow_up=follow_up, measure=measure, entry=changed, seen_version=1, by=controller)
    row = Measure.objects.get()
    assert (row.effect_this_year, row.version, row.changed_by) == (150 * TKR, 2, controller)
    assert [(old.effect_this_year, old.history_user) for old in row.history.order_by("history_id")] == [
        (100 * TKR, controller),
        (150 * TKR, controller),
    ]


def test_a_measure_that_is_already_so_is_no_new_version(
    follow_up: FollowUp, measure: Measure, controller: User
) -> None:
    assert not measures.change(follow_up=follow_up, measure=measure, entry=ENTRY, seen_version=0, by=controller)
    assert Measure.objects.get().version == 1


def test_a_measure_that_somebody_else_saved_first_is_not_replaced(
    follow_up: FollowUp, measure: Measure, controller: User
) -> None:
    late = replace(ENTRY, owner="Någon annan")
    with pytest.raises(StaleEdit, match=r"har ändrats av Karin Controller.*effekt i år 100 tkr.*hittills saknas"):
        measures.change(follow_up=follow_up, measure=measure, entry=late, seen_version=0, by=controller)
    with pytest.raises(StaleEdit):
        measures.remove(follow_up=follow_up, measure=measure, seen_version=0, by=controller)
    assert Measure.objects.get().owner == "Licensansvarig"


@pytest.mark.parametrize("role", NOT_CONTROLLER)
def test_only_who_enters_forecasts_writes_the_plan(follow_up: FollowUp, measure: Measure, role: Role) -> None:
    by = factories.user(role=role)
    with pytest.raises(PermissionDenied):
        measures.add(follow_up=follow_up, entry=ENTRY, by=by)
    with pytest.raises(PermissionDenied):
        measures.change(follow_up=follow_up, measure=measure, entry=replace(ENTRY, owner=""), seen_version=1, by=by)
    with pytest.raises(PermissionDenied):
        measures.remove(follow_up=follow_up, measure=measure, seen_version=1, by=by)
    assert list(Measure.objects.values_list("owner", "version")) == [("Licensansvarig", 1)]


@pytest.mark.parametrize("state", [FollowUp.State.READY, FollowUp.State.APPROVED])
def test_a_follow_up_that_is_not_open_keeps_its_plan(
    follow_up: FollowUp, measure: Measure, controller: User, state: FollowUp.State
) -> None:
    FollowUp.objects.update(state=state)
    with pytest.raises(Refused, match="tar inte emot ändringar"):
        measures.add(follow_up=follow_up, entry=ENTRY, by=controller)
    with pytest.raises(Refused, match="tar inte emot ändringar"):
        measures.change(
            follow_up=follow_up, measure=measure, entry=replace(ENTRY, owner=""), seen_version=1, by=controller
        )
    with pytest.raises(Refused, match="tar inte emot ändringar"):
        measures.remove(follow_up=follow_up, measure=measure, seen_version=1, by=controller)
    assert Measure.objects.get().version == 1


def test_a_category_of_another_year_is_refused(follow_up: FollowUp, controller: User) -> None:
    other = factories.category(year=factories.fiscal_year(year=2023))
    with pytest.raises(Refused, match="annat budgetår"):
        measures.add(follow_up=follow_up, entry=replace(ENTRY, category_id=other.pk), by=controller)
    assert not Measure.objects.exists()


def test_what_came_into_the_plan_by_mistake_is_removed_and_its_history_stays(
    follow_up: FollowUp, measure: Measure, controller: User
) -> None:
    measures.remove(follow_up=follow_up, measure=measure, seen_version=1, by=controller)
    assert not Measure.objects.exists()
    assert [row.history_type for row in Measure.history.order_by("history_id")] == ["+", "-"]
    with pytest.raises(Refused, match="finns inte längre"):
        measures.change(
            follow_up=follow_up, measure=measure, entry=replace(ENTRY, owner=""), seen_version=1, by=controller
        )


def test_the_next_follow_up_begins_with_the_plan_unconfirmed(measure: Measure, controller: User) -> None:
    new = open_next(controller, Month(2024, 11))
    (carried,) = Measure.objects.in_plan(new)
    assert (carried.key, carried.what, carried.effect_this_year) == (measure.key, measure.what, 100 * TKR)
    assert carried.marks == ["inte bekräftad"]
    assert carried.history.get().history_user == controller
    measures.change(follow_up=new, measure=carried, entry=ENTRY, seen_version=carried.version, by=controller)
    (confirmed,) = Measure.objects.in_plan(new)
    assert confirmed.marks == []


def test_a_measure_that_an_earlier_follow_up_has_is_broken_off_and_not_removed(
    measure: Measure, controller: User
) -> None:
    new = open_next(controller, Month(2024, 11))
    (carried,) = Measure.objects.in_plan(new)
    with pytest.raises(Refused, match="Sätt dess status till Avbruten"):
        measures.remove(follow_up=new, measure=carried, seen_version=carried.version, by=controller)
    assert Measure.objects.count() == 2


def test_what_was_broken_off_stays_behind_and_what_is_done_goes_with_its_year(
    follow_up: FollowUp, controller: User
) -> None:
    for status in (Measure.Status.DROPPED, Measure.Status.DONE, Measure.Status.PLANNED):
        measures.add(follow_up=follow_up, entry=replace(ENTRY, what=status.label, status=status), by=controller)
    november = open_next(controller, Month(2024, 11))
    assert [row.what for row in Measure.objects.in_plan(november)] == ["Genomförd", "Planerad"]
    january = open_next(controller, Month(2025, 1))
    assert [row.what for row in Measure.objects.in_plan(january)] == ["Planerad"]


def test_a_new_year_asks_for_its_own_effects_and_has_its_own_categories(follow_up: FollowUp, controller: User) -> None:
    old = factories.category(key="licenser", name="Licenser")
    new = factories.category(key="licenser", name="Licenser", year=factories.fiscal_year(year=2025))
    entry = replace(ENTRY, category_id=old.pk, effect_so_far=50 * TKR)
    measures.add(follow_up=follow_up, entry=entry, by=controller)
    (carried,) = Measure.objects.in_plan(open_next(controller, Month(2025, 3)))
    assert carried.category == new
    assert (carried.effect_this_year, carried.effect_so_far, carried.effect_full_year) == (None, None, 400 * TKR)
    assert Measure.objects.in_plan(follow_up).get().effect_this_year == 100 * TKR


def test_the_first_follow_up_begins_with_an_empty_plan(controller: User) -> None:
    assert not Measure.objects.in_plan(open_next(controller, Month(2024, 1))).exists()


def test_a_measure_without_amount_owner_or_date_is_marked_unless_it_is_broken_off() -> None:
    assert Measure(what="Spara").marks == ["saknar belopp", "saknar ansvarig", "saknar datum"]
    assert Measure(what="Spara", status=Measure.Status.DROPPED).marks == []


def test_a_measure_that_is_carried_on_and_not_confirmed_follows_the_follow_up_before(
    follow_up: FollowUp, measure: Measure, controller: User
) -> None:
    december = factories.follow_up(month=Month(2024, 12))
    measures.carry_forward(to=december, by=controller)
    later = Measure.objects.filter(follow_up=december)
    entry = replace(ENTRY, effect_so_far=20 * TKR)
    measures.change(follow_up=follow_up, measure=measure, entry=entry, seen_version=1, by=controller)
    copy = later.get()
    assert (copy.effect_so_far, copy.confirmed) == (20 * TKR, False)
    measures.change(follow_up=december, measure=copy, entry=entry, seen_version=copy.version, by=controller)
    entry = replace(ENTRY, effect_so_far=30 * TKR)
    measures.change(follow_up=follow_up, measure=measure, entry=entry, seen_version=2, by=controller)
    assert later.get().effect_so_far == 20 * TKR


def test_a_new_measure_is_in_the_later_follow_ups_that_are_open_and_goes_from_them_too(
    follow_up: FollowUp, controller: User
) -> None:
    december, january = factories.follow_up(month=Month(2024, 12)), factories.follow_up(month=Month(2025, 1))
    category = factories.category(key="licenser", year=follow_up.fiscal_year)
    of_new_year = factories.category(key="licenser", year=january.fiscal_year)
    entry = replace(ENTRY, category_id=category.pk)
    made = measures.add(follow_up=follow_up, entry=entry, by=controller)
    in_december, in_january = Measure.objects.later(made)
    assert (in_december.follow_up, in_december.effect_this_year, in_december.confirmed) == (december, 100 * TKR, False)
    assert (in_january.category, in_january.effect_this_year) == (of_new_year, None)
    measures.remove(follow_up=follow_up, measure=made, seen_version=made.version, by=controller)
    assert not Measure.objects.exists()


def test_a_measure_that_a_later_follow_up_has_confirmed_is_not_removed(follow_up: FollowUp, controller: User) -> None:
    december = factories.follow_up(month=Month(2024, 12))
    made = measures.add(follow_up=follow_up, entry=ENTRY, by=controller)
    (copy,) = Measure.objects.later(made)
    measures.change(follow_up=december, measure=copy, entry=ENTRY, seen_version=copy.version, by=controller)
    with pytest.raises(Refused, match="Avbruten"):
        measures.remove(follow_up=follow_up, measure=made, seen_version=made.version, by=controller)
    assert Measure.objects.count() == 2


@pytest.mark.parametrize("state", [FollowUp.State.READY, FollowUp.State.APPROVED])
def test_a_later_follow_up_that_is_not_open_gets_no_new_measure(
    follow_up: FollowUp, controller: User, state: FollowUp.State
) -> None:
    factories.follow_up(month=Month(2024, 12), state=state)
    made = measures.add(follow_up=follow_up, entry=ENTRY, by=controller)
    assert Measure.objects.get() == made
