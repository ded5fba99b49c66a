"""A small report with the figures of October 2024, for the renderers' tests. Its öre make rounding matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sydit.money import Unit
from sydit.periods import Month
from sydit.report import cells
from sydit.report.document import (
    Cell,
    Column,
    ColumnKind,
    Difference,
    Paragraph,
    ParagraphKind,
    Ratio,
    Report,
    Row,
    RowKind,
    Section,
    Table,
)

RESULT = (  # category, budget, actual and forecast in öre
    ("Intäkter", -4_330_600_000, -3_599_512_345, -4_385_600_000),
    ("Personalkostnader", 1_210_600_000, 925_250_001, 1_130_600_000),
    ("Datorer & basutrustning", 20_000_000, 9_699_999, 20_000_000),
    ("Tele- och datakommunikation", 110_000_000, 218_450_000, 240_000_000),
    ("Licenser & serviceavtal", 1_114_300_000, 1_044_649_999, 1_264_300_000),
    ("Övrigt tjänsteköp", 320_000_000, 420_514_818, 515_000_000),
    ("Resor & Kurser", 10_000_000, 4_750_000, 10_000_000),
    ("Övriga kostnader", 40_000_000, 28_349_999, 40_000_000),
    ("Lokalhyror", 79_800_000, 68_249_999, 83_900_000),
    ("Kapitalkostnader", 1_425_900_000, 978_704_258, 1_163_100_000),
)
INVESTMENTS = (  # project, budget, booked and forecast in öre
    ("IT Invest Gemensamt", 300_000_000, 121_350_000, 300_000_000),
    ("IT Invest Lekeberg", 253_300_000, 103_100_000, 253_300_000),
    ("IT Invest Laxå", 165_200_000, 98_100_000, 165_200_000),
    ("IT Invest Askersund", 219_600_000, 178_500_000, 219_600_000),
    ("IT Invest Hallsberg", 195_300_000, 135_000_000, 195_300_000),
)
PRINTED = {
    "result": (
        ("Intäkter", "−43 306", "−35 995", "−43 856", "550"),
        ("Personalkostnader", "12 106", "9 253", "11 306", "800"),
        ("Datorer & basutrustning", "200", "97", "200", "0"),
        ("Tele- och datakommunikation", "1 100", "2 185", "2 400", "−1 300"),
        ("Licenser & serviceavtal", "11 143", "10 446", "12 643", "−1 500"),
        ("Övrigt tjänsteköp", "3 200", "4 205", "5 150", "−1 950"),
        ("Resor & Kurser", "100", "48", "100", "0"),
        ("Övriga kostnader", "400", "283", "400", "0"),
        ("Lokalhyror", "798", "682", "839", "−41"),
        ("Kapitalkostnader", "14 259", "9 787", "11 631", "2 628"),
        ("Summa", "0", "991", "813", "−813"),
    ),
    "investments": (
        ("IT Invest Gemensamt", "3 000", "1 214", "1 787", "40", "3 000", "0"),
        ("IT Invest Lekeberg", "2 533", "1 031", "1 502", "41", "2 533", "0"),
        ("IT Invest Laxå", "1 652", "981", "671", "59", "1 652", "0"),
        ("IT Invest Askersund", "2 196", "1 785", "411", "81", "2 196", "0"),
        ("IT Invest Hallsberg", "1 953", "1 350", "603", "69", "1 953", "0"),
        ("Totalt", "11 334", "6 361", "4 974", "56", "11 334", "0"),
    ),
}


def minus(left: int | None, right: int | None) -> int | None:
    return None if left is None or right is None else left - right


def total(amounts: Sequence[int | None]) -> int | None:
    """None where one is missing."""
    there = [amount for amount in amounts if amount is not None]
    return sum(there) if len(there) == len(amounts) else None


def result_table(lines: Sequence[tuple[str, int | None, int | None, int | None]] = RESULT) -> Table:
    sums = [total([line[place] for line in lines]) for place in (1, 2, 3)]
    columns = (
        Column("budget", "Budget", ColumnKind.AMOUNT),
        Column("actual", "Utfall för perioden", ColumnKind.AMOUNT),
        Column("forecast", "Årsprognos", ColumnKind.AMOUNT),
        Column("variance", "Avvikelse", ColumnKind.VARIANCE, Difference("budget", "forecast")),
    )

    def row_cells(budget: int | None, actual: int | None, forecast: int | None) -> tuple[Cell, ...]:
        amounts = (cells.amount(budget), cells.amount(actual), cells.amount(forecast))
        return (*amounts, cells.variance(minus(budget, forecast)))

    rows = [Row(f"c{place}", label, row_cells(*amounts)) for place, (label, *amounts) in enumerate(lines)]
    rows.append(Row("total", "Summa", row_cells(*sums), RowKind.TOTAL))
    return Table("result", "Ekonomiskt resultat", "Kostnadskategori", Unit.TKR, columns, tuple(rows))


def investments_table(lines: Sequence[tuple[str, int | None, int | None, int | None]] = INVESTMENTS) -> Table:
    sums = [total([line[place] for line in lines]) for place in (1, 2, 3)]
    columns = (
        Column("budget", "Budget", ColumnKind.AMOUNT),
        Column("booked", "Bokfört i perioden", ColumnKind.AMOUNT),
        Column("remaining", "Kvar av budget", ColumnKind.VARIANCE, Difference("budget", "booked")),
        Column("used", "Procent förbrukat", ColumnKind.PERCENT, Ratio("booked", "budget")),
        Column("forecast", "Prognos helår", ColumnKind.AMOUNT),
        Column("variance", "Avvikelse", ColumnKind.VARIANCE, Difference("budget", "forecast")),
    )

    def row_cells(budget: int | None, booked: int | None, forecast: int | None) -> tuple[Cell, ...]:
        left, used = cells.variance(minus(budget, booked)), cells.share(booked, budget)
        variance = cells.variance(minus(budget, forecast))
        return (cells.amount(budget), cells.amount(booked), left, used, cells.amount(forecast), variance)

    rows = [Row(f"p{place}", label, row_cells(*amounts)) for place, (label, *amounts) in enumerate(lines)]
    rows.append(Row("total", "Totalt", row_cells(*sums), RowKind.TOTAL))
    return Table("investments", "Investeringar", "Projekt", Unit.TKR, columns, tuple(rows))


def words_table(*lines: tuple[str, str, str], caption: str = "Fattade politiska beslut") -> Table:
    columns = (Column("status", "Status", ColumnKind.TEXT), Column("comment", "Kommentar", ColumnKind.TEXT))
    rows = tuple(
        Row(f"d{place}", label, (cells.words(status), cells.words(comment)))
        for place, (label, status, comment) in enumerate(lines)
    )
    return Table("decisions", caption, "Beslut", None, columns, rows)


def sample_report(*tables: Table) -> Report:
    """The tables, each in a section of its own, after an introduction."""
    introduction = Section(
        "introduction",
        "1",
        "Inledning",
        1,
        (
            Paragraph("Till och med 31 oktober redovisar SYD-IT ett underskott om 991 tkr."),
            Paragraph("Prognos saknas för en kostnadskategori.", ParagraphKind.NOTICE),
        ),
    )
    chapters = [Section(f"s{place}", f"1.{place}", t.caption, 2, (t,)) for place, t in enumerate(tables, start=1)]
    return Report(Month(2024, 10), "SYD-IT", "Budgetuppföljning oktober 2024", (introduction, *chapters))


def october() -> Report:
    return sample_report(
        words_table(
            ("2020-02-06 § 6 Arbeta efter strategin.", "Avklarat", "Arbetet är klart. " * 12),
            ("2022-12-14 § 27 Visa vad tjänsterna kostar.", "Pågår", "Kommunerna svarar på en enkät."),
        ),
        result_table(),
        investments_table(),
    )


def with_paragraph(report: Report, text: str) -> Report:
    first, *rest = report.sections
    return replace(report, sections=(replace(first, blocks=(*first.blocks, Paragraph(text))), *rest))
