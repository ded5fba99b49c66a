"""What can be opened down to its lines: every row of a report's tables, and what the report leaves out."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404

from followup import actuals, basis
from followup.classify import Kind, place_sums
from sydit.report.document import Lines, Report

LEDGER = "huvudbok"  # stands where a table's key does, for what is no row of a table
EVERYTHING, BALANCE, SET_ASIDE = "alla", "balanskonton", "raknas-inte"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure by name. ``lines`` is None for the whole ledger of the report's months."""

    label: str
    lines: Lines | None
    is_in_report: bool  # what is not, is for those who may read drafts


def figure_or_404(report: Report, table: str, row: str) -> Figure:
    """The row of a table; under ``huvudbok`` the whole ledger, its balance accounts, or what a rule sets aside.

    A rule is named by its place among the rules of the report's basis, counted from 1: ``raknas-inte-2``.
    """
    found = _of_ledger(report, row) if table == LEDGER else _of_table(report, table, row)
    if found is None:
        raise Http404("Rapporten har ingen sådan rad, eller så har den inga konteringar bakom sig.")
    return found


def _of_table(report: Report, table: str, key: str) -> Figure | None:
    if table not in report.tables:
        return None
    return next(
        (Figure(row.label, row.lines, True) for row in report.tables[table].rows if row.key == key and row.lines), None
    )


def _of_ledger(report: Report, row: str) -> Figure | None:
    if row == EVERYTHING:
        return Figure("Hela huvudboken", None, False)
    if row in (BALANCE, SET_ASIDE):
        kind, label = (Kind.BALANCE, "Balanskonton") if row == BALANCE else (Kind.SET_ASIDE, "Räknas inte")
        return Figure(label, Lines(accounts=_accounts(report, kind)), False)
    for number, rule in enumerate(report.basis.set_aside, start=1):
        if row == f"{SET_ASIDE}-{number}":
            return Figure(f"Räknas inte: {rule.reason}", Lines(accounts=rule.accounts), False)
    return None


def _accounts(report: Report, kind: Kind) -> tuple[str, ...]:
    sums = actuals.account_sums(source.ledger_month for source in report.basis.sources)
    placed = place_sums(sums, basis.account_map(report))
    return tuple(sorted(account for place in placed.of(kind) for account in placed.accounts[place]))
