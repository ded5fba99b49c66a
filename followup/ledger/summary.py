"""What a file holds, as ``import_ledger`` tells it: to a program as JSON, to a person as text.

Needs no database: without rules and registered projects, only the balance accounts are told apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from followup.classify import AccountMap, Kind
from followup.ledger.labels import encoding_label, format_label, months_text, rows_text, skipped_sentence
from followup.ledger.parsed import Cell, ParsedLedger, Problem
from followup.ledger.preview import AccountChange, MonthState, Preview
from sydit.money import Unit, shown, text

MOST_CHANGES = 60  # accounts of months that are listed
Maps = Mapping[int, AccountMap]  # by calendar year


@dataclass(frozen=True, slots=True)
class Summary:
    """A file's öre: ``booked`` are part of the economy, ``balance`` and ``set_aside`` are left out."""

    parsed: ParsedLedger
    booked: Mapping[Cell, int]
    balance: Mapping[Cell, int]
    set_aside: Mapping[Cell, int]


def summarise(parsed: ParsedLedger, maps: Maps) -> Summary:
    """Every cell of the file goes to exactly one of the three."""
    parts: dict[Kind, dict[Cell, int]] = {Kind.CATEGORY: {}, Kind.BALANCE: {}, Kind.SET_ASIDE: {}}
    nothing_known = AccountMap()
    for cell, ore in parsed.sums.items():
        place = maps.get(cell.month.year, nothing_known).place(cell.account, cell.project)
        parts[Kind.CATEGORY if place.is_booked else place.kind][cell] = ore
    return Summary(parsed, parts[Kind.CATEGORY], parts[Kind.BALANCE], parts[Kind.SET_ASIDE])


def as_json(summary: Summary) -> dict[str, Any]:
    """Amounts are whole öre; ``total_ore``, ``months``, ``accounts`` and ``projects`` are of what is booked."""
    parsed = summary.parsed
    return {
        "filename": parsed.filename,
        "format": parsed.format,
        "encoding": parsed.encoding,
        "sha256": parsed.sha256,
        "rows": parsed.rows,
        "total_ore": sum(summary.booked.values()),
        "months": _summed(summary.booked, lambda cell: str(cell.month)),
        "accounts": _summed(summary.booked, lambda cell: cell.account),
        "projects": _summed(summary.booked, lambda cell: cell.project),
        "balance_accounts": _summed(summary.balance, lambda cell: cell.account),
        "set_aside": _summed(summary.set_aside, lambda cell: cell.account),
        "account_months": _account_months(summary.booked),
        "reported_months": [str(month) for month in parsed.months],
        "problems": [_problem(problem) for problem in parsed.problems],
        "profile": parsed.profile.name if parsed.profile else None,
        "notices": list(parsed.notices),
        "skipped": [{"reason": row.reason, "rows": row.rows, "total_ore": row.total} for row in parsed.skipped],
    }


def _summed(sums: Mapping[Cell, int], key: Callable[[Cell], str]) -> dict[str, int]:
    """By ``key``, in order; what has an empty key (no project) is left out."""
    totals: dict[str, int] = {}
    for cell, ore in sums.items():
        if name := key(cell):
            totals[name] = totals.get(name, 0) + ore
    return dict(sorted(totals.items()))


def _account_months(sums: Mapping[Cell, int]) -> dict[str, dict[str, int]]:
    by_account: dict[str, dict[Cell, int]] = {}
    for cell, ore in sums.items():
        by_account.setdefault(cell.account, {})[cell] = ore
    return {account: _summed(by_account[account], lambda cell: str(cell.month)) for account in sorted(by_account)}


def _problem(problem: Problem) -> dict[str, Any]:
    return {"row": problem.row, "column": problem.column, "value": problem.value, "message": problem.message}


def as_text(summary: Summary) -> Iterator[str]:
    """The lines that a person reads before the file is imported."""
    parsed = summary.parsed
    encoding = f", {encoding_label(parsed.encoding)}" if parsed.encoding else ""
    yield f"{parsed.filename}: {format_label(parsed.format)}{encoding}"
    yield f"SHA-256 {parsed.sha256}"
    if parsed.rows:
        yield f"{rows_text(parsed.rows)}, {months_text(parsed.months)}, summa {_kr(sum(parsed.sums.values()))}."
    for skipped in parsed.skipped:
        yield skipped_sentence(skipped)
    yield from parsed.notices
    yield from _listing("Per månad, drift och investeringar:", _summed(summary.booked, lambda cell: str(cell.month)))
    yield from _listing("Räknas inte, balanskonton:", _summed(summary.balance, lambda cell: cell.account))
    yield from _listing("Räknas inte, enligt kontoregel:", _summed(summary.set_aside, lambda cell: cell.account))


def _listing(heading: str, sums: Mapping[str, int]) -> Iterator[str]:
    if sums:
        yield heading
        yield from listing(sums)


def listing(sums: Mapping[str, int]) -> Iterator[str]:
    """Names and kronor in two columns."""
    names = max(map(len, sums))
    figures = max(len(_kr(ore)) for ore in sums.values())
    for name, ore in sums.items():
        yield f"  {name:<{names}}  {_kr(ore):>{figures}}"


def differences(found: Preview) -> Iterator[str]:
    """What differs from what is booked: per month, with those that are published marked, and per account."""
    months = {
        change.month.label + (" (publicerad)" if change.is_published else ""): change.difference or 0
        for change in found.months
        if change.state is MonthState.CHANGED
    }
    if not found.changes:
        yield "Inget som är bokfört ändras."
        return
    yield from _listing("Skillnad mot det som är bokfört, per månad:", months)
    yield from _listing(
        "Skillnad mot det som är bokfört, per månad och konto:",
        {_changed(change): change.difference for change in found.changes[:MOST_CHANGES]},
    )
    if len(found.changes) > MOST_CHANGES:
        yield f"  … och {len(found.changes) - MOST_CHANGES} till, som visas i webbläsaren."


def _changed(change: AccountChange) -> str:
    project = f" projekt {change.project}" if change.project else ""
    return f"{change.month} {change.account}{project} {change.name} ({change.place})".replace("  ", " ")


def problem_line(problem: Problem) -> str:
    """``Rad 12, Belopp, ”x”: …``; only the sentence where the whole file is meant."""
    value = f"”{shown(problem.value)}”" if problem.value else ""
    row = f"Rad {problem.row}" if problem.row else ""
    place = ", ".join(part for part in (row, problem.column, value) if part)
    return f"{place}: {problem.message}" if place else problem.message


def _kr(ore: int) -> str:
    return f"{text(ore, Unit.KR)} kr"
