"""What somebody had before them who changes a budget: its latest entry, and the reports that were published by then.

A published report never changes. Where one is published between the look and the save, whoever saves is told that the
change shows in follow-ups from then on, looks again, and chooses.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone

from followup.models import FiscalYear, FollowUp
from followup.models.plan import BudgetEntryBase
from sydit.errors import Refused, StaleEdit
from sydit.models import Publication

BETWEEN = "/"  # the budget's mark, and then that of the reports


def mark_of(latest: BudgetEntryBase | None, year: FiscalYear) -> str:
    """Changes when something is added to the budget, whose ``latest`` entry is given, or a report of the year is
    published."""
    return f"{latest.pk if latest else ''}{BETWEEN}{published_mark([year])}"


def require_seen(seen: str, latest: BudgetEntryBase | None, year: FiscalYear) -> None:
    """Raises ``StaleEdit`` where something was added to the budget after ``seen``, and ``Refused`` where a report of
    the year was published."""
    entry, _, published = seen.partition(BETWEEN)
    if entry != (str(latest.pk) if latest else ""):
        raise StaleEdit(f"{_changed(latest)} Granska igen. Inget har sparats.")
    refuse_published_since(published, [year])


def published_mark(years: Iterable[FiscalYear]) -> str:
    """Changes when a report of the years is published, be it for the first time or as a correction."""
    return ",".join(str(pk) for pk in _publications(years).values_list("pk", flat=True))


def refuse_published_since(seen: str, years: Iterable[FiscalYear]) -> None:
    """Raises ``Refused`` where a report of the years was published after ``seen``, their ``published_mark``.

    Whoever would approve one waits until the transaction ends, and reads what it wrote.
    """
    years = list(years)
    waiting = FollowUp.objects.filter(fiscal_year__in=years, state=FollowUp.State.READY)
    list(waiting.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    new = [each for each in _publications(years) if str(each.pk) not in seen.split(",")]
    if new:
        reports = " ".join(_published(each) for each in new)
        raise Refused(
            f"{reports} En publicerad rapport ändras inte: ändringen syns i uppföljningar från och med nu. "
            "Inget har sparats. Granska igen, och spara om ändringen ändå ska göras."
        )


def _publications(years: Iterable[FiscalYear]) -> QuerySet[Publication]:
    of_years = Publication.objects.filter(follow_up__fiscal_year__in=list(years)).order_by("pk")
    return of_years.select_related("follow_up__fiscal_year", "approved_by").defer("document")


def _published(publication: Publication) -> str:
    moment = timezone.localtime(publication.approved_at)
    return (
        f"Uppföljningen {publication.follow_up.period.label} godkändes av {publication.approved_by} "
        f"{moment:%Y-%m-%d %H:%M}, efter att du granskade ändringen."
    )


def _changed(latest: BudgetEntryBase | None) -> str:
    if latest is None:
        return "Budgeten har ändrats sedan du granskade den."
    moment = timezone.localtime(latest.recorded_at)
    return f"Budgeten har ändrats sedan du granskade den, av {latest.recorded_by} {moment:%Y-%m-%d %H:%M}."
