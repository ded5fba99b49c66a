"""From open to ready and back: each part is marked by its role, the last mark hands the follow-up to the head of
administration, and the head sends it back. Approval itself is ``publish.py``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from django.db import transaction
from django.utils import timezone

from followup.actions import lock_follow_up, open_for_writing
from followup.models import FollowUp, PartReady
from followup.parts import Check, Part
from sydit.access import Permission, require
from sydit.errors import Refused
from sydit.models import User
from sydit.report import checks
from sydit.report.build import read_inputs


@transaction.atomic
def mark_ready(*, follow_up: FollowUp, part: Part, reasons: Mapping[str, str] | None = None, by: User) -> FollowUp:
    """Close a part for writing; with the last one the follow-up is handed to the head of administration.

    ``reasons`` say, by the name of each yellow check (``Check.name``), why the part is ready all the same. Raises
    :class:`Refused` where something stops the part, a reason is missing, or it is marked already.
    """
    require(by, part.permission)
    locked = open_for_writing(follow_up, part)
    found = [check for check in checks.all_checks(read_inputs(locked)) if check.part is part]
    if failed := checks.red(found):
        raise Refused(f"Delen {part.label} kan inte klarmarkeras än. {_sentences(failed)}")
    given = given_for(checks.yellow(found), reasons or {})
    PartReady(follow_up=locked, part=part, by=by, at=timezone.now(), reasons=given).record(by=by)
    if PartReady.objects.filter(follow_up=locked).count() == len(Part):
        locked.state = FollowUp.State.READY
        locked.returned_comment = ""
        locked.save_version(by=by)
    return locked


def given_for(asked: Iterable[Check], reasons: Mapping[str, str]) -> dict[str, str]:
    """The reasons that are asked for, of those given. Raises :class:`Refused` where one is missing."""
    given = {check.name: reasons.get(check.name, "").strip() for check in asked}
    if missing := [check for check in asked if not given[check.name]]:
        raise Refused(f"Det här behöver rättas eller få ett skäl. {_sentences(missing)}")
    return given


@transaction.atomic
def open_part(*, follow_up: FollowUp, part: Part, by: User) -> None:
    """Open a part again, by anyone who may write in it, as long as the follow-up is open. Raises :class:`Refused`."""
    require(by, part.permission)
    locked = lock_follow_up(follow_up)
    if not locked.is_open:
        raise Refused(
            f"Uppföljningen {locked} är {locked.get_state_display().lower()}, och dess delar kan inte öppnas. "
            "Förvaltningschefen kan skicka tillbaka en uppföljning som är klarmarkerad."
        )
    if not open_parts(locked, [part], by=by):
        raise Refused(f"Delen {part.label} är redan öppen.")


@transaction.atomic
def send_back(*, follow_up: FollowUp, parts: Collection[Part], comment: str, by: User) -> FollowUp:
    """Open the named parts of a ready follow-up again, with the reason; the others stay ready.

    Raises :class:`Refused` where it is not ready or no part is named.
    """
    require(by, Permission.APPROVE)
    locked = lock_follow_up(follow_up)
    if locked.state != FollowUp.State.READY:
        raise Refused(f"Uppföljningen {locked} är {locked.get_state_display().lower()} och kan inte skickas tillbaka.")
    if not parts:
        raise Refused("Välj minst en del som ska ändras.")
    open_parts(locked, parts, by=by)
    locked.state = FollowUp.State.OPEN
    locked.returned_comment = comment
    locked.save_version(by=by)
    return locked


def open_parts(locked: FollowUp, parts: Collection[Part], *, by: User) -> int:
    """Take away the marks of those parts that have one; returns how many. The caller holds the follow-up's lock."""
    rows = list(PartReady.objects.filter(follow_up=locked, part__in=parts))
    for row in rows:
        row.open_again(by=by)
    return len(rows)


def reasons_of(follow_up: FollowUp) -> dict[str, str]:
    """The reasons that were given when parts were marked ready, the last ones, also of parts that are open again."""
    given: dict[str, str] = {}
    for reasons in (
        PartReady.history.filter(follow_up=follow_up)
        .order_by("history_date", "history_id")
        .values_list("reasons", flat=True)
    ):
        given |= reasons
    return given


def _sentences(found: Iterable[Check]) -> str:
    return " ".join(check.message for check in found)
