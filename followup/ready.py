"""Why a part of a follow-up takes no changes, in one sentence for every page and action."""

from __future__ import annotations

from followup.models import FollowUp, PartReady
from followup.parts import Part
from sydit import plain


def closed_sentence(follow_up: FollowUp, part: Part) -> str:
    """Why nothing can be entered in the part, and how it is opened again; empty while it is open."""
    if not follow_up.is_open:
        return f"Uppföljningen är {follow_up.get_state_display().lower()} och tar inte emot ändringar."
    for ready in plain.rows(PartReady, follow_up_id=follow_up.pk, part=part.value):
        return f"{ready} och tar inte emot ändringar. Öppna den igen på sidan Godkännande om något ska ändras."
    return ""
