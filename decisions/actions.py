"""What may be done to decisions: permission, lock, version, history and the write in one transaction each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from decisions.models import Decision, StatusUpdate, reference
from followup import in_force
from followup.actions import open_for_writing
from followup.carrying import bring_along, copies_in, copy_rows, followers
from followup.models import FollowUp
from followup.parts import Part
from sydit.access import Permission, require
from sydit.errors import Refused
from sydit.models import User
from sydit.money import shown
from sydit.versions import require_fresh


@dataclass(frozen=True, slots=True)
class Content:
    """What the register says of a decision, but for whether it is closed."""

    decided_on: dt.date
    paragraph: int
    text: str
    responsible: str = ""
    due_on: dt.date | None = None

    @classmethod
    def of(cls, decision: Decision) -> Content:
        return cls(decision.decided_on, decision.paragraph, decision.text, decision.responsible, decision.due_on)

    @property
    def problem(self) -> str:
        """Why this can be no decision, as a Swedish sentence; empty where it can."""
        if self.due_on and self.due_on < self.decided_on:
            return f"Beslutet kan inte förfalla {self.due_on}, innan det fattades {self.decided_on}."
        return ""


# --- the register -----------------------------------------------------------------------------------------------------


@transaction.atomic
def add_decision(*, content: Content, by: User) -> Decision:
    """Register a decision. Raises :class:`Refused` where its day and paragraph are taken."""
    require(by, Permission.UPDATE_DECISIONS)
    decision = Decision(**asdict(content))
    _store(decision, content, by=by)
    return decision


@transaction.atomic
def edit_decision(*, decision: Decision, content: Content, seen_version: int, by: User) -> bool:
    """Change what the register says; returns whether anything changed. Raises :class:`Refused` and ``StaleEdit``."""
    require(by, Permission.UPDATE_DECISIONS)
    locked = _locked(decision)
    if Content.of(locked) == content:
        return False
    _require_fresh(locked, seen_version)
    if locked.closed_on and content.decided_on > locked.closed_on:
        raise Refused(f"Beslutet kan inte ha fattats efter att det avslutades, {locked.closed_reference}.")
    _store(locked, content, by=by)
    return True


@transaction.atomic
def close_decision(*, decision: Decision, closed_on: dt.date, paragraph: int, seen_version: int, by: User) -> Decision:
    """Note that the committee has closed a decision, at which meeting and in which paragraph.

    From then on it takes no status. Follow-ups where its status was given before keep it; it is part of no other.
    Raises :class:`Refused` where it is closed already or no such meeting can have closed it, and ``StaleEdit``.
    """
    require(by, Permission.UPDATE_DECISIONS)
    locked = _locked(decision)
    _require_fresh(locked, seen_version)
    if not locked.is_open:
        raise Refused(f"Beslutet {locked.reference} är redan avslutat, {locked.closed_reference}.")
    if closed_on < locked.decided_on:
        raise Refused(f"Beslutet fattades {locked.decided_on} och kan inte ha avslutats {closed_on}.")
    if closed_on > timezone.localdate():
        raise Refused(f"Sammanträdet {closed_on} har inte varit än. Avsluta beslutet när nämnden har gjort det.")
    locked.closed_on, locked.closed_paragraph = closed_on, paragraph
    locked.save_version(by=by)
    return locked


@transaction.atomic
def reopen_decision(*, decision: Decision, seen_version: int, by: User) -> Decision:
    """Take back a closing: the decision belongs to the open follow-ups again. Raises as :func:`close_decision`."""
    require(by, Permission.UPDATE_DECISIONS)
    locked = _locked(decision)
    _require_fresh(locked, seen_version)
    if locked.is_open:
        raise Refused(f"Beslutet {locked.reference} är redan öppet.")
    locked.closed_on = locked.closed_paragraph = None
    locked.save_version(by=by)
    return locked


def _locked(decision: Decision) -> Decision:
    """The decision as it stands now, held until the transaction ends, so that closing and a status cannot cross."""
    return Decision.objects.select_for_update(of=("self",)).select_related("changed_by").get(pk=decision.pk)


def _require_fresh(decision: Decision, seen_version: int) -> None:
    require_fresh(
        decision, seen_version=seen_version, called=f"Beslutet {decision.reference}", changes=_contents(decision)
    )


def _contents(decision: Decision) -> Iterator[str]:
    yield f"det är nu ”{shown(decision.text, 80)}”"
    yield f"ansvarig är nu {decision.responsible or 'ingen'}"
    yield f"det förfaller nu {decision.due_on}" if decision.due_on else "det har nu inget förfallodatum"
    yield "det är nu öppet" if decision.is_open else f"det är nu avslutat {decision.closed_reference}"


def _store(decision: Decision, content: Content, *, by: User) -> None:
    if content.problem:
        raise Refused(content.problem)
    for name, value in asdict(content).items():
        setattr(decision, name, value)
    try:
        with transaction.atomic():
            decision.save_version(by=by)
    except IntegrityError as error:
        taken = reference(content.decided_on, content.paragraph)
        raise Refused(f"Det finns redan ett beslut {taken}. Inget har sparats.") from error


# --- in a follow-up ---------------------------------------------------------------------------------------------------


@transaction.atomic
def update_status(
    *, follow_up: FollowUp, decision: Decision, status: str, comment: str, seen_version: int, by: User
) -> bool:
    """Set how a decision stands in a follow-up; returns whether anything changed.

    What was carried from last time is confirmed by it, rewritten or not. Later follow-ups that are open already, and
    where nobody has said anything of the decision yet, begin with the same. Raises ``Refused`` where the follow-up or
    the decision is closed and ``StaleEdit`` where somebody else changed the status meanwhile; nothing is saved then.
    """
    require(by, Permission.UPDATE_DECISIONS)
    locked = open_for_writing(follow_up, Part.DECISIONS)
    row = StatusUpdate.objects.filter(follow_up=locked, decision=decision).first()
    row = row or StatusUpdate(follow_up=locked, decision=decision)
    if row.confirmed and (row.status, row.comment) == (status, comment):
        return False
    copies = copies_in(
        FollowUp.objects.after(locked),
        {each.follow_up_id: each for each in StatusUpdate.objects.after(locked).filter(decision=decision)},
        Part.DECISIONS,
        new=lambda later: StatusUpdate(follow_up=later, decision=decision),
    )
    _require_open(decision)
    require_fresh(
        row,
        seen_version=seen_version,
        called=f"Beslutet {decision.reference}",
        changes=[f"status är nu {row.get_status_display()}", f"kommentaren är nu ”{row.comment}”"],
    )
    row.status, row.comment, row.confirmed = status, comment, True
    row.save_version(by=by)
    bring_along(row, copies, fields=("status", "comment"), by=by)
    return True


def put_back(*, follow_up: FollowUp, moment: dt.datetime, by: User) -> None:
    """The statuses as they were at a moment; see ``occasions.put_back``."""
    require(by, Permission.APPROVE)
    for row in in_force.put_back(StatusUpdate, follow_up, moment=moment, by=by):
        copies = followers(StatusUpdate.objects.after(follow_up).filter(decision=row.decision_id))
        bring_along(row, copies, fields=("status", "comment"), by=by)


def _require_open(decision: Decision) -> None:
    locked = _locked(decision)
    if not locked.is_open:
        raise Refused(
            f"Beslutet {locked.reference} är avslutat, {locked.closed_reference}, och tar inte emot någon status. "
            "Inget har sparats."
        )


@transaction.atomic
def carry_forward(*, to: FollowUp, by: User) -> int:
    """Begin a new follow-up with how each open decision stood last, to be confirmed or rewritten; returns how many."""
    require(by, Permission.OPEN_FOLLOW_UP)
    locked = open_for_writing(to, Part.DECISIONS)
    earlier = StatusUpdate.objects.before(locked).filter(decision=OuterRef("pk"))
    here = StatusUpdate.objects.filter(follow_up=locked).values("decision")
    last = Decision.objects.open().exclude(pk__in=here).annotate(last=Subquery(earlier.values("pk")[:1])).values("last")
    rows = StatusUpdate.objects.filter(pk__in=last).order_by("pk")
    return copy_rows(rows, fields=("decision_id", "status", "comment"), to=locked, by=by)
