"""Ledgers of any size, the same lines in every format: what a municipality's system would export.

Vouchers of two to four lines that balance, in the order of their days; texts, codes and amounts vary as they do in
real exports. The same count gives the same file.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import openpyxl

from sydit import money
from sydit.money import Unit

YEAR = 2024
MONTHS = tuple(range(1, 13))
FORMATS = ("csv", "tab", "sie", "xlsx")
ENDINGS = {"csv": ".csv", "tab": ".txt", "sie": ".se", "xlsx": ".xlsx"}
HEADER = (
    "Period", "Bokföringsdatum", "Verifikationsnr", "Konto", "Konto(T)", "Ansvar", "Verksamhet", "Projekt", "Motpart",
    "Text", "Utfall",
)  # fmt: skip
ACCOUNTS = {
    "35110": "Driftbidrag, medlemskommuner", "36900": "Övriga ersättningar", "40233": "Inköp IT-utrustning",
    "50200": "Löner månadsanställda", "51000": "Löner ej arbetad tid", "56100": "Sociala avgifter enligt lag",
    "60110": "Lokalhyror, kontrakt", "64100": "Förbrukningsinventarier", "65400": "IT-förbrukningsmaterial",
    "68100": "Tele- och IT-kommunikation", "68107": "Datakommunikation WAN", "70510": "Resor tåg anställda",
    "74311": "Standardprogram, licenser", "74313": "Avtal service och underhåll", "74500": "Konsulttjänster",
    "75100": "Tillfälligt inhyrd personal", "76500": "Avgifter kurser", "79300": "Avskrivningar inventarier",
}  # fmt: skip
BALANCING = "24900"
PROJECTS = ("", "", "", "", "", "91001", "91002", "91003", "91004", "91005")
COST_CENTERS = ("91000", "91010", "91020", "91030")
ACTIVITIES = ("0210", "0211", "0220", "0230", "0910")
COUNTERPARTIES = ("", "870", "871", "880", "890")
SUBJECTS = ("Licens", "Faktura", "Konsult", "Lön", "Hyra", "Fiber", "Support", "Utrustning", "Resa", "Omföring")
SEED = 20241031
NARROW_NO_BREAK_SPACE = "\N{NARROW NO-BREAK SPACE}"


class Line(NamedTuple):
    day: dt.date
    voucher: int
    account: str
    cost_center: str
    activity: str
    project: str
    counterparty: str
    text: str
    amount: int  # öre


def lines(count: int, months: tuple[int, ...] = MONTHS) -> Iterator[Line]:
    """``count`` lines over the months, evenly."""
    chance = random.Random(SEED + count)  # noqa: S311 - only to vary the lines
    accounts = tuple(ACCOUNTS)
    written = voucher = 0
    while written < count:
        voucher += 1
        month = months[written * len(months) // count]
        day = dt.date(YEAR, month, 1 + voucher % 28)
        size = min(chance.choice((2, 2, 3, 4)), count - written)
        codes = chance.choice(COST_CENTERS), chance.choice(ACTIVITIES)
        text = f"{chance.choice(SUBJECTS)} {YEAR}{month:02d} nr {chance.randrange(10**6)}"
        balance = 0
        for position in range(size):
            last = position == size - 1
            amount = -balance if last else chance.randrange(-3_000_000, 5_000_000)
            balance += amount
            account = BALANCING if last else chance.choice(accounts)
            project, counterparty = ("", "") if last else (chance.choice(PROJECTS), chance.choice(COUNTERPARTIES))
            yield Line(day, voucher, account, *codes, project, counterparty, text, amount)
        written += size


def write(path: Path, kind: str, count: int, months: tuple[int, ...] = MONTHS) -> None:
    """A file of one of :data:`FORMATS`."""
    made = lines(count, months)
    if kind == "xlsx":
        _write_workbook(path, made)
    elif kind == "sie":
        _write_text(path, "cp437", _sie(made, months))
    elif kind == "tab":
        _write_text(path, "utf-8-sig", _delimited(made, "\t", "%Y%m%d", NARROW_NO_BREAK_SPACE, money.MINUS))
    else:
        _write_text(path, "cp1252", _delimited(made, ";", "%Y-%m-%d", money.NO_BREAK_SPACE, "-"))


def _write_text(path: Path, encoding: str, rows: Iterable[str]) -> None:
    with path.open("w", encoding=encoding, newline="\r\n") as file:
        file.writelines(f"{row}\n" for row in rows)


def _delimited(made: Iterable[Line], separator: str, date: str, blank: str, minus: str) -> Iterator[str]:
    yield "Transaktionslista"
    yield f"Urval: Ansvar 91000 Period {YEAR}01-{YEAR}12"
    yield ""
    yield separator.join(HEADER)
    total = 0
    for line in made:
        total += line.amount
        amount = _kronor(line.amount, blank, minus)
        yield separator.join((*_codes(line), line.text, amount)).replace("DATE", line.day.strftime(date), 1)
    yield separator.join(("",) * (len(HEADER) - 2)) + separator + "Summa" + separator + _kronor(total, blank, minus)


def _codes(line: Line) -> tuple[str, ...]:
    """The cells before the text; the day is left as ``DATE``."""
    name = ACCOUNTS.get(line.account, "Avräkning")
    return (
        f"{line.day:%Y%m}", "DATE", f"L{line.voucher:06d}", line.account, name, line.cost_center, line.activity,
        line.project, line.counterparty,
    )  # fmt: skip


def _kronor(ore: int, blank: str, minus: str) -> str:
    return money.text(ore, Unit.KR).replace(money.NO_BREAK_SPACE, blank).replace(money.MINUS, minus)


def _sie(made: Iterable[Line], months: tuple[int, ...]) -> Iterator[str]:
    yield from ("#FLAGGA 0", "#FORMAT PC8", "#SIETYP 4", f"#RAR 0 {YEAR}0101 {YEAR}1231")
    yield f"#OMFATTN {YEAR}{months[-1]:02d}{28 if months[-1] == 2 else 30}"
    yield from ('#DIM 1 "Ansvar"', '#DIM 6 "Projekt"')
    yield from (f'#KONTO {account} "{name}"' for account, name in (ACCOUNTS | {BALANCING: "Avräkning"}).items())
    voucher = 0
    for line in made:
        if line.voucher != voucher:
            if voucher:
                yield "}"
            voucher = line.voucher
            yield f'#VER L {voucher} {line.day:%Y%m%d} "{line.text}"'
            yield "{"
        project = f' "6" "{line.project}"' if line.project else ""
        amount = f"{money.to_kronor(line.amount):.2f}"
        yield f'   #TRANS {line.account} {{"1" "{line.cost_center}"{project}}} {amount} {line.day:%Y%m%d} "{line.text}"'
    yield "}"


def _write_workbook(path: Path, made: Iterable[Line]) -> None:
    """Accounts and periods as numbers, real dates, as a spreadsheet program would save the export."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Huvudbok")
    sheet.append(HEADER)
    for line in made:
        period, _, voucher, account, *codes = _codes(line)
        amount = money.to_kronor(line.amount)
        sheet.append([int(period), line.day, voucher, int(account), *codes, line.text, amount])
    book.save(path)
