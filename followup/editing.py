"""What the pages in which people enter things share: who sees fields, who only reads, and what a refusal shows."""

from __future__ import annotations

from typing import Any, Self

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from followup.models import FollowUp
from followup.parts import Part
from followup.ready import closed_sentence
from sydit.access import Permission, allows, user_of
from sydit.forms import Form, VersionField

NOT_SAVED = 409  # the follow-up is closed, or somebody else was first
UNREADABLE = 422


class VersionedForm(Form):
    """A form for one row that two people may edit at once; the version that was on the screen is sent along."""

    version = VersionField()

    def seen(self, version: int, **stored: str) -> Self:
        """The form with what was typed, measured against ``version`` when it is sent again: then a knowing choice.

        ``stored`` are the row's fields as they are now: what the user left alone takes them over.
        """
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        data[self.add_prefix("version")] = str(version)
        for name, value in stored.items():
            data[self.add_initial_prefix(name)] = value
            if name not in self.changed_data:
                data[self.add_prefix(name)] = value
        self.data = data
        return self


def draft_key(request: HttpRequest) -> str:
    """What a page's form is called among what this browser keeps of what was typed (``js/draft.js``)."""
    return f"{user_of(request).pk}:{request.get_full_path()}"


def tell_saved(request: HttpRequest, sentence: str) -> None:
    """Tell on the next page that the form is saved, so that the browser offers what was typed in it no more."""
    messages.success(request, sentence, extra_tags=draft_key(request))


def needed(request: HttpRequest, to_write: Permission) -> Permission:
    """Whoever reads drafts may open the page; sending its form takes ``to_write``."""
    return to_write if request.method == "POST" else Permission.READ_DRAFTS


def writes_in(request: HttpRequest, follow_up: FollowUp, part: Part) -> bool:
    """Whether the page has fields. After a try that was refused they stay, also in a closed part: what was typed is
    still there."""
    if request.method == "POST":
        return True
    return allows(user_of(request), part.permission) and not closed_sentence(follow_up, part)


def editing_page(
    request: HttpRequest,
    template: str,
    follow_up: FollowUp,
    *,
    part: Part,
    closed: str | None = None,
    refusal: str = "",
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """The page with fields for those who may write while the part is open, and without for everyone else.

    ``closed`` is why nothing can be entered, where that is known already. After a try that was refused the fields stay,
    also in a closed part: what was typed is still there.
    """
    user = user_of(request)
    may_write = allows(user, part.permission)
    if closed is None:
        closed = closed_sentence(follow_up, part) if may_write else ""
    is_answer = request.method == "POST"
    context |= {
        "follow_up": follow_up,
        "is_answer": is_answer,
        "has_fields": is_answer or (may_write and not closed),
        "refusal": refusal,
        "closed": "" if refusal else closed,
        "draft_key": draft_key(request),
    }
    return render(request, template, context, status=status)
