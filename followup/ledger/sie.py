"""Read SIE 1–4 (E and I), the text format that Swedish accounting programs exchange.

Source: SIE file format 4B (sie.se), and what programs really write (docs/decisions.md). SIE 5 is XML and not read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from followup.ledger import sie_checksum
from followup.ledger.content import Content
from followup.ledger.parsed import Findings, LedgerLine
from followup.ledger.sie_balances import Balances, year_lines
from followup.ledger.sie_header import Dimensions, Header, Period, SieError, allowed_period, fiscal_year
from followup.ledger.sie_lexer import (
    FieldError,
    as_bytes_of_one_width,
    blocks,
    encoding_of,
    labelled,
    undecodable,
)
from followup.ledger.sie_months import Months
from followup.ledger.sie_vouchers import VoucherReader
from sydit.money import shown
from sydit.periods import Month

LOOKED_AT = 1 << 14  # bytes that must show what a file is
MOST_MONTHS = 12

_LABEL = re.compile(r"[ \t]*#([^ \t{}\"]*)")
_IN_HEADER = {"KONTO", "OBJEKT", "DIM", "UNDERDIM", "OMFATTN", "SIETYP", "VALUTA"}
_IN_BALANCES = {"IB", "UB", "RES", "PSALDO"}
_IN_VOUCHERS = {"TRANS", "RTRANS", "BTRANS"}
_UNUSED = {
    "ADRESS", "BKOD", "ENHET", "FLAGGA", "FNAMN", "FNR", "FORMAT", "FTYP", "GEN", "KPTYP", "KSUMMA", "KTYP", "OIB",
    "ORGNR", "OUB", "PBUDGET", "PROGRAM", "PROSA", "RAR", "SRU", "TAXAR",
}  # fmt: skip
_BALANCES_THAT_COUNT = ("RES", "PSALDO", "OMFATTN")
_PADDING = b"\x00\x1a \t\r\n"  # after the last line, by programs that fill whole blocks
_SHORT = 3  # letters: another label of the same length is not likely, one letter more or less is
_QUOTED = re.compile(r'"(?:\\"|[^"])*"?')
_LINE_WITHIN = re.compile(r"#(?:TRANS|[RB]TRANS|VER|RES|IB|UB|PSALDO|OMFATTN|KSUMMA)(?![^ \t])", re.IGNORECASE)
_KNOWN = _IN_HEADER | _IN_BALANCES | _IN_VOUCHERS | _UNUSED | {"VER"}
_TELLING = re.compile(
    rb"(?:\A|[\r\n])[ \t]*#(?:FLAGGA|PROGRAM|FORMAT|GEN|SIETYP|FNAMN|ORGNR|RAR|KSUMMA|KONTO|VER|TRANS)(?![^ \t\r\n])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Description:
    """What kind of SIE file it is: ``sie1`` … ``sie4``, ``sie4i``, and its encoding."""

    format: str
    encoding: str


def is_sie(content: Content) -> bool:
    """Whether the file looks like SIE 1–4."""
    start = as_bytes_of_one_width(Content.of(content.head(LOOKED_AT))).whole().removeprefix(b"\xef\xbb\xbf")
    return not start.lstrip().startswith((b"<", b"{", b"%PDF", b"PK")) and bool(_TELLING.search(start))


def describe(content: Content) -> Description:
    """The file's type by ``#SIETYP`` or, where it has none, by what it holds."""
    plain = as_bytes_of_one_width(content)
    encoding = encoding_of(plain)
    name = "utf-16" if plain is not content else encoding
    declared = next((line.rest.strip(b' \t"').decode("ascii", "replace")[:1] for line in labelled(plain, "SIETYP")), "")
    if declared in ("1", "2", "3"):
        return Description(f"sie{declared}", name)
    if declared != "4" and not _has_vouchers(plain):
        return Description(f"sie{2 if _has(plain, 'PSALDO') else 1}", name)
    is_export = (
        _has(plain, "RES") or _has(plain, "UB") or _has(plain, "IB") or bool(fiscal_year(plain, encoding, Findings()))
    )
    return Description("sie4" if is_export else "sie4i", name)


def _has(content: Content, label: str) -> bool:
    return next(labelled(content, label), None) is not None


def _has_vouchers(content: Content) -> bool:
    return _has(content, "VER") or _has(content, "TRANS")


def read(content: Content, findings: Findings, year: int | None = None) -> Iterator[LedgerLine]:
    """The booked lines of a file, in its order. What is wrong or worth knowing ends up in ``findings``.

    ``year`` is the calendar year in which the fiscal year begins; ``None`` takes the file's word.
    """
    if not is_sie(content):
        findings.problem("Filen är ingen SIE-fil: den har inga rader som börjar med #FLAGGA, #RAR eller #VER.", row=1)
        return
    content = as_bytes_of_one_width(content)
    if (nul := content.find(b"\x00")) >= 0 and not content.all(lambda piece: not piece.strip(_PADDING), nul):
        message = "Raden har ett tecken som inte hör hemma i en textfil (NUL). Ta ut filen på nytt."
        findings.problem(message, row=content.row_of(nul))
    encoding = encoding_of(content)
    for row, line in undecodable(content, encoding):
        findings.problem(
            "Raden har tecken som har förstörts innan filen kom hit (\N{REPLACEMENT CHARACTER}). Ta ut filen på nytt.",
            row=row, column="Text", value=shown(line),
        )  # fmt: skip
    for fault in sie_checksum.faults(content, encoding):
        findings.problem(fault.message, row=fault.row, column="Kontrollsumma", value=fault.value)
    found = fiscal_year(content, encoding, findings)
    reader = _Reader(findings, allowed_period(found, year, findings), with_vouchers=_has_vouchers(content))
    lines = reader.lines(content, encoding)
    yield from lines if found else _within_a_year(lines, findings, year)
    yield from reader.finish(found)


def _within_a_year(lines: Iterator[LedgerLine], findings: Findings, year: int | None) -> Iterator[LedgerLine]:
    """The lines of a file without fiscal year: told where they can't all lie in one."""
    first: Month | None = None
    last: Month | None = None
    for line in lines:
        first = min(first or line.month, line.month)
        last = max(last or line.month, line.month)
        yield line
    is_held = year is not None and not findings.accepts_other_years
    if is_held and first and last and last >= first.shifted(MOST_MONTHS):
        message = f"Raderna går från {first} till {last}, mer än ett år, och filen anger inget räkenskapsår (#RAR)."
        findings.problem(message, column="Datum", value=f"{first} – {last}")


class _Reader:
    """Hands each line of a file to the one that reads its label."""

    def __init__(self, findings: Findings, period: Period | None, *, with_vouchers: bool) -> None:
        dimensions = Dimensions()
        self.findings = findings
        self.asked = period.asked if period else None
        self.with_vouchers = with_vouchers
        self.header = Header(findings, dimensions)
        self.balances = Balances(findings, period, dimensions, with_vouchers)
        self.vouchers = VoucherReader(findings, period, dimensions)

    def lines(self, content: Content, encoding: str) -> Iterator[LedgerLine]:
        """The booked lines of the vouchers."""
        for block in blocks(content, encoding):
            yield from self.vouchers.lines(block, self._other_line)
            if self.findings.full:
                return
        self.vouchers.end_unclosed()

    def _other_line(self, row: int, text: str) -> LedgerLine | None:
        try:
            return self._dispatch(row, text)
        except FieldError as error:
            self.findings.problem(str(error), row=row, column="Fält", value=shown(error.value))
        except SieError as error:
            self.findings.problem(str(error), row=row, column=error.column, value=error.value)
        return None

    def _dispatch(self, row: int, text: str) -> LedgerLine | None:
        match = _LABEL.match(text)
        if match is None:
            self._brace_or_stray(row, text.strip(" \t\x1a\x00\x0c"))
            return None
        label = match[1].upper()
        if "#" in text[match.end() :] and _LINE_WITHIN.search(_QUOTED.sub("", text), match.end()):
            raise SieError("Två rader har hamnat på samma rad: radslutet mellan dem är skadat.", "Etikett", text)
        if label in _IN_VOUCHERS:
            return self.vouchers.line(row, label, text, match.end())
        if label == "VER":
            self.vouchers.begin(row, text, match.end())
        elif label in _IN_BALANCES:
            self.balances.take(row, label, text, match.end())
        elif label in _IN_HEADER:
            self.header.take(label, text, match.end())
        elif label not in _UNUSED:
            self._unknown(label, text)
        return None

    def _brace_or_stray(self, row: int, text: str) -> None:
        match text:
            case "":
                pass
            case "{":
                self.vouchers.open_brace(row)
            case "}":
                self.vouchers.close_brace(row)
            case _:
                raise SieError("Raden börjar inte med # som varje rad i en SIE-fil ska göra.", "Etikett", text)

    def _unknown(self, label: str, text: str) -> None:
        """The standard ignores labels it does not know; a damaged label that would lose a line is not one of them."""
        for known in self._lines_that_count():
            written = text.lstrip(" \t")[1:].upper()
            cut = written[: len(known)] if written[len(known) :][:1] in ("", " ", "\t") else label
            if _is_one_edit_from(cut, known) or _is_one_edit_from(label, known):
                message = f"Etiketten #{shown(label)} är okänd men liknar #{known}: raden kan vara skadad."
                raise SieError(message, "Etikett", text)
        if self.vouchers.is_open:
            self.findings.skip(f"okänd etikett (#{shown(label)}) i en verifikation")

    def _lines_that_count(self) -> tuple[str, ...]:
        """The labels that lines may have here which would be missed: no brace or sum tells that one is lost."""
        if self.vouchers.is_open:
            return ("TRANS",)
        return () if self.with_vouchers else _BALANCES_THAT_COUNT

    def finish(self, period: Period | None) -> Iterator[LedgerLine]:
        """What is known at the file's end: the months covered, and the lines of a file without vouchers."""
        covered = list(self.header.covered(period))
        self.findings.covers.extend(month for month in covered if self.asked in (None, month.year))
        if self.with_vouchers:
            self.balances.compare(self.vouchers.sums)
        elif self.balances.months:
            self.findings.notices.append("Filen har inga verifikationer: varje rad är ett kontos summa för en månad.")
            yield from Months(self.balances, self.findings).lines()
        elif self.header.file_type == "4":
            self.findings.problem("Filen är SIE typ 4 men har inga verifikationer (#VER). Den kan vara avhuggen.")
        else:
            last = covered[-1] if covered else Month.of(period.end) if period else None
            yield from year_lines(self.balances, last, self.findings)


def _is_one_edit_from(label: str, known: str) -> bool:
    rest = label.removeprefix(known)
    if rest != label and not rest[:2].isalpha():
        return True  # the blank after the label is damaged
    if len(label) == len(known):
        return sum(map(str.__ne__, label, known)) == 1
    shorter, longer = sorted((label, known), key=len)
    return (
        len(known) > _SHORT
        and len(longer) - len(shorter) == 1
        and any(longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer)))
    )
