"""Where a report's figures come from: which files, and that what they hold agrees with the report to the öre."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from django.utils import timezone

from followup.actuals import YearToDate
from followup.classify import UNASSIGNED, AccountMap, Kind, Place, Placed
from followup.economy import UNASSIGNED_KEY, EconomicResult
from followup.ledger.labels import listed, months_text
from sydit.money import EN_DASH, NO_BREAK_SPACE, Unit, text
from sydit.report import cells
from sydit.report.document import (
    Basis,
    Block,
    Column,
    ColumnKind,
    LedgerSource,
    Paragraph,
    ParagraphKind,
    Report,
    Row,
    RowKind,
    Section,
    SetAside,
    Table,
)

REASON_NOT_KEPT = "orsaken står inte i den publicerade rapporten"
COLUMNS = (
    Column("months", "Månader", ColumnKind.TEXT),
    Column("total", "Summa", ColumnKind.AMOUNT),
    Column("imported", "Importerad", ColumnKind.TEXT),
    Column("control", "Huvudbokens saldo", ColumnKind.TEXT),
)
_PARTS = (
    ("drift", (Kind.CATEGORY, Kind.UNASSIGNED)),
    ("investeringar", (Kind.PROJECT,)),
    ("konton som inte räknas", (Kind.SET_ASIDE,)),
    ("balanskonton", (Kind.BALANCE,)),
)


def of(booked: YearToDate, result: EconomicResult) -> Basis:
    """What a report keeps, so that its figures can be opened, reconciled and compared by month for ever."""
    return Basis(
        sources=booked.sources,
        projects=tuple(sorted(booked.account_map.projects)),
        set_aside=tuple(
            SetAside(place.key, place.reason, booked.placed.accounts[place])
            for place in sorted(booked.placed.of(Kind.SET_ASIDE), key=lambda place: place.key)
        ),
        budget_by_month={line.key: line.budget_by_month for line in result.lines if line.budget_by_month},
    )


def account_map(report: Report) -> AccountMap:
    """Where the report placed its lines, whatever the rules say now: every account with lines, by its full number."""
    rules = {"": Place(Kind.SET_ASIDE, "", REASON_NOT_KEPT)}
    for rule in report.basis.set_aside:
        rules |= dict.fromkeys(rule.accounts, Place(Kind.SET_ASIDE, rule.prefix, rule.reason))
    for row in report.tables["result"].rows:
        if row.kind is RowKind.LINE and row.lines:
            place = UNASSIGNED if row.key == UNASSIGNED_KEY else Place(Kind.CATEGORY, row.key)
            rules |= dict.fromkeys(row.lines.accounts, place)
    return AccountMap(rules=rules, projects=frozenset(report.basis.projects))


# --- the section of the report ---------------------------------------------------------------------------------------


def section(booked: YearToDate) -> Section:
    """That the figures agree with the ledger, at which total, and from which files."""
    if not booked.sources:
        return Section("basis", "", "Underlag", 1, (Paragraph("Ingen huvudbok är importerad.", ParagraphKind.NOTICE),))
    blocks: tuple[Block, ...] = (_agreement(booked), sources_table(booked.sources), *checksums(booked.sources))
    return Section("basis", "", "Underlag", 1, blocks)


def _agreement(booked: YearToDate) -> Paragraph:
    months = months_text(source.month for source in booked.sources)
    ledger = sum(source.total for source in booked.sources)
    placed = sum(booked.placed.amounts.values())
    if placed != ledger:
        return Paragraph(
            f"Siffrorna stämmer inte med huvudboken för {months}: den redovisar {kronor(ledger)} och rapporten "
            f"{kronor(placed)}. Importera månaderna igen.",
            ParagraphKind.NOTICE,
        )
    return Paragraph(
        f"Siffrorna stämmer med huvudboken på öret: för {months} redovisar den {kronor(ledger)}, "
        f"varav {listed(list(_parts(booked.placed)))}."
    )


def _parts(placed: Placed) -> Iterator[str]:
    """What is left out of the economy is told where there is any."""
    for label, kinds in _PARTS:
        if Kind.CATEGORY in kinds or Kind.PROJECT in kinds or any(placed.of(kind) for kind in kinds):
            yield f"{label} {kronor(placed.total(*kinds))}"


def sources_table(sources: Sequence[LedgerSource]) -> Table:
    """A row a file: its months, their sum, imported when and by whom, and control total."""
    rows = [_file_row(number, months) for number, months in enumerate(_files(sources), start=1)]
    everything = cells.amount(sum(source.total for source in sources), Unit.KR)
    blank = cells.words("")
    return Table(
        key="basis",
        caption="Importerade filer",
        label_heading="Fil",
        unit=Unit.KR,
        columns=COLUMNS,
        rows=(*rows, Row("total", "Summa", (blank, everything, blank, blank), RowKind.TOTAL)),
    )


def _files(sources: Sequence[LedgerSource]) -> list[list[LedgerSource]]:
    """The months of each import."""
    files: dict[tuple[str, dt.datetime | None], list[LedgerSource]] = {}
    for source in sources:
        files.setdefault((source.sha256, source.imported_at), []).append(source)
    return list(files.values())


def checksums(sources: Sequence[LedgerSource]) -> tuple[Paragraph, ...]:
    """Each file's checksum in a paragraph: no column of a printed page is wide enough for it."""
    names = {source.sha256: source.filename for source in sources}
    return tuple(Paragraph(f"Kontrollsumma (SHA-256) för {name}: {sha256}") for sha256, name in names.items())


def _file_row(number: int, months: Sequence[LedgerSource]) -> Row:
    first = months[0]
    return Row(
        key=str(number),
        label=first.filename,
        cells=(
            cells.words(months_text(source.month for source in months)),
            cells.amount(sum(source.total for source in months), Unit.KR),
            cells.words(imported(first)),
            cells.words(control(first)),
        ),
    )


def imported(source: LedgerSource) -> str:
    """``2024-11-04 08:12 av Anna Ek``, Swedish time."""
    if source.imported_at is None:
        return EN_DASH
    return f"{timezone.localtime(source.imported_at):%Y-%m-%d %H:%M} av {source.imported_by}"


def control(source: LedgerSource) -> str:
    """The ledger's own balance as it was typed when the file was booked, which is refused where they do not agree."""
    if source.control_total is None:
        return "Ingen angiven"
    return f"{kronor(source.control_total)}, stämde vid bokföringen"


def kronor(ore: int) -> str:
    return f"{text(ore, Unit.KR)}{NO_BREAK_SPACE}kr"
