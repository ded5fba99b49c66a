"""A row that several people edit: each save is a version of its own, and the history holds it as it was stored."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.utils import timezone

from followup.models import FollowUp, Forecast
from sydit.errors import StaleEdit
from sydit.models import User
from sydit.versions import VersionedModel
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_the_history_of_every_kind_of_row_holds_it_as_it_was_stored(october: FollowUp) -> None:
    by, began = User.objects.get(username="controller"), timezone.now()
    saved = set()
    for model in apps.get_models():
        row = model._default_manager.first() if issubclass(model, VersionedModel) else None
        if not isinstance(row, VersionedModel):
            continue
        before = row.version
        row.save_version(by=by)
        (stored,) = model._default_manager.filter(pk=row.pk).values()
        version = row.history.first()  # type: ignore[attr-defined]
        assert {name: getattr(version, name) for name in stored} == stored
        assert (stored["version"], stored["changed_by_id"]) == (before + 1, by.pk)
        assert (version.history_type, version.history_user, version.history_change_reason) == ("~", by, None)
        assert began <= version.history_date <= timezone.now()
        saved.add(model)
    assert {FollowUp, Forecast} < saved


def test_a_row_that_was_saved_or_removed_meanwhile_is_not_stored_over() -> None:
    by, follow_up = factories.user(), factories.follow_up()
    late, first = FollowUp.objects.get(pk=follow_up.pk), FollowUp.objects.get(pk=follow_up.pk)
    first.registry_number = "SYD 2024/17"
    first.save_version(by=by)
    versions = first.history.count()
    with pytest.raises(StaleEdit, match="Någon annan ändrade eller tog bort raden"):
        late.save_version(by=by)
    assert FollowUp.objects.get(pk=follow_up.pk).registry_number == "SYD 2024/17"
    assert first.history.count() == versions
