"""Files that are no ledger, known by their first bytes and named in the refusal."""

from __future__ import annotations

import re
import zipfile
from typing import NamedTuple

from followup.ledger.content import Content
from followup.ledger.encoding import find_encoding

ZIP = b"PK\x03\x04"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Microsoft's compound file: .xls, .doc, encrypted .xlsx
LARGEST_WORKBOOK = 1 << 30  # bytes, unpacked

_HEAD = 65_536
_TYPE = 200  # bytes within which an OpenDocument file says what it is
_NOTHING = b" \t\r\n\x00\x1a\xef\xbb\xbf\xff\xfe\x0c"  # blanks and byte order marks
_EXPORT = "Exportera huvudboken som SIE, CSV eller Excel."


class Refusal(NamedTuple):
    """A file that is no ledger: its format's name, and a Swedish sentence."""

    format: str
    message: str


def _is(format_: str, what: str) -> Refusal:
    return Refusal(format_, f"Filen är {what} och ingen huvudboksexport. {_EXPORT}")


_SIGNATURES = (
    (b"%PDF", _is("pdf", "ett PDF-dokument")),
    (b"\x89PNG\r\n", _is("image", "en bild (PNG)")),
    (b"\xff\xd8\xff", _is("image", "en bild (JPEG)")),
    (b"GIF8", _is("image", "en bild (GIF)")),
    (b"II*\x00", _is("image", "en bild (TIFF)")),
    (b"MM\x00*", _is("image", "en bild (TIFF)")),
    (b"RIFF", _is("media", "en bild eller en ljudfil (RIFF)")),
    (b"{\\rtf", _is("rtf", "ett textdokument (RTF)")),
    (b"\x1f\x8b", _is("archive", "ett packat arkiv (gzip)")),
    (b"7z\xbc\xaf'\x1c", _is("archive", "ett packat arkiv (7-Zip)")),
    (b"Rar!", _is("archive", "ett packat arkiv (RAR)")),
    (b"BZh", _is("archive", "ett packat arkiv (bzip2)")),
    (b"SQLite format 3\x00", _is("database", "en databas (SQLite)")),
    (b"PK\x05\x06", _is("archive", "ett tomt zip-arkiv")),
    (b"\x00\x01\x00\x00Standard ", _is("database", "en databas (Access)")),
    (b"MZ", _is("program", "ett program (EXE)")),
)
# Texts of other kinds that turn up beside ledgers, by how they begin
_TEXTS = (
    (r"#(?:databeskrivning_start|produkt sru|blankett )", _is("sru", "en SRU-fil till Skatteverket")),
    (r"begin:v(?:calendar|card)", _is("calendar", "en kalender eller ett visitkort")),
    (
        r"(?:[a-z-]+: [^\n]*\r?\n(?:[ \t][^\n]*\n)*)*(?:from: [^\n]*@|received: |mime-version: |return-path: )",
        _is("mail", "ett e-brev"),
    ),
    (r"(?:01bgmax |00[0-9]{2}bgmax)", _is("payments", "en betalningsfil från Bankgirot (BgMax)")),
    (r"\{1:f01", _is("payments", "ett kontoutdrag från en bank (MT940)")),
)
_XML = (
    ("iso:20022", _is("payments", "en betalningsfil eller ett kontoutdrag från en bank (ISO 20022)")),
    ("ubl:schema", _is("invoice", "en e-faktura (Peppol)")),
    ("standardauditfile", _is("saft", "en SAF-T-fil")),
)
_ENCRYPTED = Refusal("encrypted", "Arbetsboken är skyddad med lösenord. Spara den utan lösenord och försök igen.")
_BROKEN_ZIP = Refusal("zip", f"Filen är en arbetsbok eller ett zip-arkiv som är skadat eller avklippt. {_EXPORT}")
_TOO_LARGE = Refusal(
    "zip", "Arbetsboken är orimligt stor när den packas upp (över 1 GB). Exportera huvudboken som CSV eller SIE."
)
_EMPTY = Refusal("empty", "Filen är tom.")
_SIE5 = Refusal("sie5", "Filen är en SIE 5-fil (XML), som inte kan läsas in. Exportera huvudboken som SIE 4 (.se).")


def refusal(content: Content) -> Refusal | None:
    """Why the file is no ledger; ``None`` where it may be one."""
    head = content.head(_HEAD)
    if content.all(lambda piece: not piece.strip(_NOTHING)):
        return _EMPTY
    for signature, foreign in _SIGNATURES:
        if head.startswith(signature):
            return foreign
    if head.startswith(ZIP):
        return _archive(content)
    if head.startswith(COMPOUND):
        return _compound(content)
    return _text(head)


def _archive(content: Content) -> Refusal | None:
    try:
        with zipfile.ZipFile(content.opened()) as archive:
            names = set(archive.namelist())
            size = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError, UnicodeDecodeError):
        return _BROKEN_ZIP
    if size > LARGEST_WORKBOOK:
        return _TOO_LARGE
    if "word/document.xml" in names:
        return _is("word", "ett Word-dokument")
    if "ppt/presentation.xml" in names:
        return _is("powerpoint", "en presentation (PowerPoint)")
    if archive_kind(content):
        return None
    if b"application/vnd.oasis.opendocument." in content.head(_TYPE):
        return _is("opendocument", "ett OpenDocument-dokument som inte är ett kalkylark")
    return _is("zip", "ett zip-arkiv")


def archive_kind(content: Content) -> str:
    """``xlsx``, ``xlsb`` or ``ods`` for a workbook in a zip archive, else ``""``. Raises ``zipfile.BadZipFile``."""
    with zipfile.ZipFile(content.opened()) as archive:
        names = set(archive.namelist())
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        return "xlsb"
    return "ods" if b"application/vnd.oasis.opendocument.spreadsheet" in content.head(_TYPE) else ""


def _compound(content: Content) -> Refusal | None:
    """The names of a compound file's streams stand in it as UTF-16."""

    def holds(name: str) -> bool:
        return content.find(name.encode("utf-16-le")) >= 0

    if holds("EncryptedPackage"):
        return _ENCRYPTED
    if holds("Workbook") or holds("Book"):
        return None
    if holds("WordDocument"):
        return _is("word", "ett Word-dokument")
    return _is("compound", "en Office-fil som inte är en arbetsbok")


def _text(head: bytes) -> Refusal | None:
    encoding = find_encoding(head[: len(head) // 4 * 4])
    words = head.decode(encoding.name or "latin-1", "replace").lstrip("\N{ZERO WIDTH NO-BREAK SPACE} \t\r\n").lower()
    if words.startswith("<"):
        return _markup(words)
    if re.match(r"\{\s*[\"}]|\[\s*(?:[\[{\"\]]|-?[0-9])", words):
        return _is("json", "en JSON-fil")
    return next((foreign for begins, foreign in _TEXTS if re.match(begins, words)), None)


def _markup(words: str) -> Refusal:
    if "sie.se/sie5" in words:
        return _SIE5
    if re.search(r"<!doctype html|<html|<head|<body|<table", words):
        return _is("html", "en webbsida (HTML), till exempel ett felmeddelande eller en inloggningssida,")
    if "urn:schemas-microsoft-com:office:spreadsheet" in words:
        return Refusal(
            "xml", "Filen är ett kalkylark i XML-format (Excel 2003). Öppna den i Excel och spara som .xlsx."
        )
    return next((foreign for name, foreign in _XML if name in words), _is("xml", "en XML-fil"))
