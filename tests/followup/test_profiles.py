"""Import profiles as they are stored: who may, once a shape, never over somebody else's, and used by itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from followup.ledger import load, profiles, unmapped
from followup.ledger.cautions import Concern
from followup.ledger.columns import Kind
from followup.ledger.content import Content
from followup.ledger.load import RefusedFile
from followup.ledger.preview import preview
from followup.ledger.profiles import UnusableProfile
from followup.models import ImportProfile, LedgerEntry, LedgerFile, LedgerImport, UnmappedFile
from sydit.access import Role
from sydit.errors import Refused, StaleEdit
from tests import factories

pytestmark = pytest.mark.django_db


def upload(content: bytes = factories.ODD_CSV) -> LedgerImport:
    return load.upload(
        content=Content.of(content), filename="x.csv", fiscal_year=factories.fiscal_year(), by=factories.user()
    )


def test_the_next_file_of_the_shape_is_recognised_by_itself() -> None:
    with pytest.raises(RefusedFile):
        upload()
    factories.import_profile()
    waiting = upload()
    assert (waiting.total, waiting.profile["name"]) == (100000, "Lönesystemet")
    assert waiting.notices[0] == "Kolumnerna är lästa med importprofilen ”Lönesystemet”."


def test_an_import_is_booked_as_it_was_read_though_the_profile_has_changed_or_gone() -> None:
    row = factories.import_profile()
    waiting = upload()
    by = factories.user()
    changed = replace(factories.odd_profile(), is_reversed=True)
    profiles.save(profile=changed, replaces=row.pk, seen_version=1, by=by)
    profiles.remove(pk=row.pk, by=by)
    load.book(
        ledger_import=waiting,
        seen=preview(waiting).replaced,
        confirmed=frozenset(Concern),
        by=by,
    )
    assert sum(LedgerEntry.objects.values_list("amount", flat=True)) == 100000


def test_the_same_file_read_in_another_way_is_another_import() -> None:
    row = factories.import_profile()
    first = upload()
    kinds = (Kind.ACTIVITY, *factories.ODD_KINDS[1:])
    profiles.save(profile=factories.odd_profile(kinds=kinds), replaces=row.pk, seen_version=1, by=factories.user())
    assert upload().pk != first.pk
    assert upload().pk != first.pk


def test_a_profile_is_stored_with_its_history() -> None:
    by = factories.user()
    row = factories.import_profile(by=by)
    assert (row.created_by, row.version, row.profile) == (by, 1, factories.odd_profile())
    profiles.remove(pk=row.pk, by=by)
    assert [kept.history_type for kept in ImportProfile.history.order_by("history_id")] == ["+", "-"]
    assert {kept.history_user for kept in ImportProfile.history.all()} == {by}


def test_saving_again_replaces_the_profile_that_was_seen() -> None:
    row = factories.import_profile()
    kinds = (None, *factories.ODD_KINDS[1:])
    saved = profiles.save(
        profile=factories.odd_profile(name="Löner", kinds=kinds), replaces=row.pk, seen_version=1, by=factories.user()
    )
    assert (saved.pk, saved.name, saved.version, saved.profile.kinds) == (row.pk, "Löner", 2, kinds)


@pytest.mark.parametrize("seen", [0, 1])
def test_nobody_replaces_a_profile_that_they_have_not_seen(seen: int) -> None:
    row = factories.import_profile()
    profiles.save(
        profile=factories.odd_profile(name="Löner"), replaces=row.pk, seen_version=1, by=factories.user(name="Berit")
    )
    mine = factories.odd_profile(name="Mina")
    with pytest.raises(StaleEdit, match=r"har ändrats av Berit .*Nr = Konto"):
        profiles.save(profile=mine, replaces=row.pk if seen else None, seen_version=seen, by=factories.user())
    assert ImportProfile.objects.get().name == "Löner"


def test_a_name_is_given_once() -> None:
    factories.import_profile()
    shape = factories.odd_profile().shape._replace(separator=",")
    other = replace(factories.odd_profile(name="lönesystemet"), shape=shape)
    with pytest.raises(UnusableProfile) as unusable:
        profiles.save(profile=other, replaces=None, seen_version=0, by=factories.user())
    assert unusable.value.faults[0].field == "name"
    assert ImportProfile.objects.count() == 1


def test_a_profile_with_faults_is_not_stored() -> None:
    with pytest.raises(UnusableProfile, match="vilken kolumn som är Konto"):
        profiles.save(
            profile=factories.odd_profile(kinds=(None, None, Kind.PERIOD, Kind.AMOUNT, None)),
            replaces=None, seen_version=0, by=factories.user(),
        )  # fmt: skip
    assert not ImportProfile.objects.exists()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_administrators_save_remove_and_keep_files(role: Role) -> None:
    row, held, other = factories.import_profile(), factories.unmapped_file(), factories.user(role=role)
    with pytest.raises(PermissionDenied):
        profiles.save(profile=factories.odd_profile(name="x"), replaces=row.pk, seen_version=1, by=other)
    with pytest.raises(PermissionDenied):
        profiles.remove(pk=row.pk, by=other)
    with pytest.raises(PermissionDenied):
        unmapped.release(unmapped=held, by=other)
    with pytest.raises(PermissionDenied):
        unmapped.hold(content=Content.of(b"x"), filename="x", fiscal_year=factories.fiscal_year(), by=other)
    assert ImportProfile.objects.get().name == "Lönesystemet"
    assert UnmappedFile.objects.count() == 1


def test_what_is_removed_already_is_told() -> None:
    with pytest.raises(Refused, match="redan borttagen"):
        profiles.remove(pk=1, by=factories.user())


def test_a_profile_can_be_asked_for_by_name() -> None:
    factories.import_profile()
    assert profiles.named("Lönesystemet").is_forced
    with pytest.raises(Refused, match=r"Det finns ingen importprofil ”x”\. De som finns: ”Lönesystemet”\."):
        profiles.named("x")


# Files that wait


def test_a_file_is_kept_once_and_let_go_with_its_content() -> None:
    held = factories.unmapped_file()
    assert factories.unmapped_file() == held
    assert unmapped.content_of(held).whole() == factories.ODD_CSV
    unmapped.release(unmapped=held, by=factories.user())
    assert not LedgerFile.objects.exists()


def test_the_content_stays_where_an_import_has_it_and_where_a_file_waits() -> None:
    held = factories.unmapped_file()
    factories.import_profile()
    waiting = upload()
    unmapped.release(unmapped=held, by=factories.user())
    assert LedgerFile.objects.count() == 1
    factories.unmapped_file()
    load.discard(ledger_import=waiting, by=factories.user())
    assert LedgerFile.objects.count() == 1


def test_an_abandoned_file_is_removed_after_a_day() -> None:
    old = factories.unmapped_file()
    UnmappedFile.objects.filter(pk=old.pk).update(uploaded_at=timezone.now() - dt.timedelta(hours=25))
    new = factories.unmapped_file(content=b"a;b\n1;2\n", filename="ny.csv")
    assert list(UnmappedFile.objects.all()) == [new]
    assert LedgerFile.objects.count() == 1
