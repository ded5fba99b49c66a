"""What every page of a follow-up begins with: fetch it, and check that the user may see or change it."""

from __future__ import annotations

from copy import copy

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from followup.models import FollowUp
from sydit.access import Permission, allows, require, user_of
from sydit.kept import kept
from sydit.periods import Month


def follow_up_for(
    request: HttpRequest, month: Month, permission: Permission = Permission.READ_DRAFTS, *, is_kept: bool = False
) -> FollowUp:
    """The follow-up of a month, for a user who may; ``READ_PUBLISHED`` shows drafts only to those who may read them.

    ``is_kept`` is for pages whose contents are kept (``sydit.kept``): then the follow-up is too.
    Raises ``PermissionDenied`` before ``Http404``, so that the wrong role learns nothing of what exists.
    """
    user = user_of(request)
    require(user, permission)
    follow_up = copy(_kept(month)) if is_kept else _read(month)
    is_draft = follow_up is None or not follow_up.is_published
    if is_draft and not allows(user, Permission.READ_DRAFTS):
        raise PermissionDenied("Uppföljningen är inte publicerad.")
    if follow_up is None:
        raise Http404(f"Det finns ingen uppföljning för {month.label}.")
    return follow_up


def _read(month: Month) -> FollowUp | None:
    return FollowUp.objects.of(month).select_related("fiscal_year").first()


_kept = kept(_read)
