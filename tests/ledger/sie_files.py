"""Small SIE files made up for the tests, and a short way to read them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from followup.ledger import sie
from followup.ledger.content import Content
from followup.ledger.parsed import Findings, LedgerLine

DATA = Path(__file__).parent.parent / "data" / "sie"

HEAD = """#FLAGGA 0
#PROGRAM "Provbok" 1.0
#FORMAT PC8
#SIETYP {sietyp}
#FNAMN "Åsättra Öl & Färg AB"
#RAR 0 20240101 20241231
#DIM 1 "Ansvar"
#DIM 6 "Projekt"
#OBJEKT 6 "91001" "Nätverk"
#KONTO 5010 "Lokalhyra"
#KONTO 1930 "Bank"
"""


@dataclass(frozen=True)
class Result:
    lines: list[LedgerLine]
    findings: Findings

    @property
    def problems(self) -> list[tuple[int | None, str]]:
        return [(problem.row, problem.message) for problem in self.findings.problems]

    def sums(self) -> dict[tuple[str, str, str], int]:
        """Öre per month, account and project, without zeros."""
        found: Counter[tuple[str, str, str]] = Counter()
        for line in self.lines:
            found[str(line.month), line.account, line.project] += line.amount
        return {key: ore for key, ore in found.items() if ore}

    def by_account(self) -> dict[str, int]:
        found: Counter[str] = Counter()
        for line in self.lines:
            found[line.account] += line.amount
        return {key: ore for key, ore in found.items() if ore}


def read(content: str | bytes, year: int | None = None, *, other_years: bool = False) -> Result:
    findings = Findings(accepts_other_years=other_years)
    data = content.encode("cp437") if isinstance(content, str) else content
    return Result(list(sie.read(Content.of(data), findings, year)), findings)


def file(*body: str, sietyp: int = 4, head: str = HEAD) -> str:
    return head.format(sietyp=sietyp) + "".join(f"{line}\n" for line in body)


def voucher(*lines: str, head: str = '#VER A 1 20240315 "Hyra"') -> str:
    return "\n".join([head, "{", *lines, "}"])


def trans(line: str, against: str = "-100.00") -> str:
    """A file of one voucher: the line, and what balances it on the bank account."""
    return file(voucher(line, f"#TRANS 1930 {{}} {against}"))


def row_of(content: str, text: str) -> int:
    """The row that a text first stands on."""
    return content[: content.index(text)].count("\n") + 1


def with_checksum(content: str) -> str:
    """The file with a control sum over all its lines, computed field by field as the standard tells it."""
    covered = "".join("".join(_fields(line)) for line in content.splitlines())
    return f"#KSUMMA\n{content}#KSUMMA {crc32(covered.encode('cp437'))}\n"


def _fields(line: str) -> list[str]:
    found = re.findall(r'"((?:\\"|[^"])*)"|([^\s"{}]+)', line)
    return [quoted.replace('\\"', '"') or bare for quoted, bare in found]
