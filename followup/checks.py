"""What is to be mended in the economy, the plan and the texts of a follow-up: one generator a part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from django.urls import reverse

from followup.actuals import YearToDate
from followup.classify import UNASSIGNED
from followup.economy import UNASSIGNED_KEY, EconomicResult
from followup.grid import comment_threshold
from followup.models import FollowUp, Forecast, Measure, ReportText
from followup.parts import Check, Level, Part
from sydit.access import Role
from sydit.money import Unit, text


class Line(Protocol):
    """A row with a budget and a forecast: a category of the result, or a project."""

    @property
    def key(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def budget(self) -> int | None: ...
    @property
    def forecast(self) -> int | None: ...
    @property
    def variance(self) -> int | None: ...


def report(follow_up: FollowUp) -> Iterator[Check]:
    """Under which number and for which meeting the report is kept."""
    page = reverse("details", kwargs={"month": follow_up.period})
    if not follow_up.registry_number:
        yield Check(Level.RED, None, "registry-number", "Diarienummer saknas.", page, Role.SECRETARY)
    if not follow_up.meeting_date:
        message = "Datum för nämndens sammanträde saknas."
        yield Check(Level.RED, None, "meeting-date", message, page, Role.SECRETARY)


def economy(follow_up: FollowUp, booked: YearToDate, result: EconomicResult) -> Iterator[Check]:
    yield from _ledger(booked)
    lines = [line for line in result.lines if line.key != UNASSIGNED_KEY]
    comments = dict(Forecast.objects.filter(follow_up=follow_up).values_list("category__key", "comment"))
    page = reverse("forecast", kwargs={"month": follow_up.period})
    yield from of_lines(Part.ECONOMY, lines, comments, page)
    unconfirmed = Forecast.objects.carried(follow_up).values_list("category__key", "category__name")
    yield from carried_comments(Part.ECONOMY, unconfirmed, page)


def _ledger(booked: YearToDate) -> Iterator[Check]:
    """Every month is imported, every account has its category, and nothing has gone lost between the two."""
    for missing in booked.missing:
        message = f"Huvudboken för {missing.label} är inte importerad."
        yield _by_administrator(f"missing-month/{missing}", message, reverse("imports"))
    if UNASSIGNED in booked.placed.amounts:
        accounts = ", ".join(booked.placed.accounts[UNASSIGNED])
        ore = text(booked.placed.amounts[UNASSIGNED], Unit.KR)
        rules = f"{reverse('unassigned-accounts')}?year={booked.period.year}"
        yield _by_administrator("unassigned", f"Konton utan kostnadskategori: {accounts} (summa {ore} kr).", rules)
    read, files = sum(booked.placed.amounts.values()), sum(source.total for source in booked.sources)
    if read != files:
        message = (
            f"Huvudboken stämmer inte: filerna är {text(files, Unit.KR)} kr och det lästa {text(read, Unit.KR)} kr."
        )
        yield _by_administrator("not-reconciled", message, reverse("reconciliation", kwargs={"month": booked.period}))


def _by_administrator(key: str, message: str, url: str) -> Check:
    return Check(Level.RED, Part.ECONOMY, key, message, url, Role.ADMINISTRATOR)


def of_lines(part: Part, lines: Iterable[Line], comments: Mapping[str, str], url: str) -> Iterator[Check]:
    """Each row has a budget and a forecast, and a word about a variance that passes the threshold (settings)."""
    for line in lines:
        if line.budget is None:
            message = f"Budget saknas för {line.label}."
            yield Check(Level.RED, part, f"missing-budget/{line.key}", message, url, Role.ADMINISTRATOR)
        if line.forecast is None:
            yield Check(Level.RED, part, f"missing-forecast/{line.key}", f"Prognos saknas för {line.label}.", url)
        is_passed = comment_threshold().is_passed(budget=line.budget, variance=line.variance)
        if is_passed and not comments.get(line.key, "").strip():
            message = f"Kommentar saknas för {line.label}, vars avvikelse är för stor för att lämnas utan."
            yield Check(Level.RED, part, f"missing-comment/{line.key}", message, url)


def carried_comments(part: Part, subjects: Iterable[tuple[str, str]], url: str) -> Iterator[Check]:
    """Every comment that began as last time's has been confirmed or rewritten; ``subjects`` are keys and names."""
    for key, name in subjects:
        message = f"Kommentaren för {name} är förra gångens: bekräfta eller skriv om den."
        yield Check(Level.RED, part, f"unconfirmed/{key}", message, url)


def measures(follow_up: FollowUp, plan: Iterable[Measure]) -> Iterator[Check]:
    """What was carried over is confirmed; and what a reader would ask about."""
    for measure in plan:
        url = reverse("measure", kwargs={"month": follow_up.period, "pk": measure.pk})
        if not measure.confirmed:
            message = f"Åtgärden ”{measure}” är orörd sedan förra gången: bekräfta eller skriv om den."
            yield Check(Level.RED, Part.MEASURES, f"unconfirmed/{measure.key}", message, url)
        if lacks := measure.lacks:
            message = f"Åtgärden ”{measure}”: {', '.join(lacks)}."
            yield Check(Level.YELLOW, Part.MEASURES, f"incomplete/{measure.key}", message, url)


def texts(follow_up: FollowUp, written: Mapping[str, str]) -> Iterator[Check]:
    """The texts that a report must have."""
    url = reverse("texts", kwargs={"month": follow_up.period})
    for key in ReportText.REQUIRED:
        if not written.get(key, "").strip():
            yield Check(Level.RED, Part.TEXTS, f"empty/{key}", f"Texten ”{key.label}” är tom.", f"{url}#{key}")
