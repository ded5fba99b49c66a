"""Why a part of a follow-up takes no changes, in one sentence for every page and action."""

from __future__ import annotations

from collections.abc import Sequence

from followup.models import FollowUp, PartReady
from followup.parts import Part
from sydit import plain
from sydit.plain import Wanted


def closed_sentence(follow_up: FollowUp, part: Part) -> str:
    """Why nothing can be entered in the part, and how it is opened again; empty while it is open."""
    return why_closed(follow_up, plain.read(marks_of(follow_up, part))[0] if follow_up.is_open else [])


def marks_of(follow_up: FollowUp, part: Part) -> Wanted[PartReady]:
    """The mark that says that the part is ready, where there is one."""
    return Wanted(PartReady, {"follow_up_id": follow_up.pk, "part": part.value})


def why_closed(follow_up: FollowUp, marks: Sequence[PartReady]) -> str:
    """As :func:`closed_sentence`, of a part whose marks have been read."""
    if not follow_up.is_open:
        return f"Uppföljningen är {follow_up.get_state_display().lower()} och tar inte emot ändringar."
    for ready in marks:
        return f"{ready} och tar inte emot ändringar. Öppna den igen på sidan Godkännande om något ska ändras."
    return ""
