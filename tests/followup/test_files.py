"""An imported file is kept as it came, whatever its size."""

from __future__ import annotations

import zlib

import pytest

from followup.ledger import files
from followup.ledger.content import Content
from followup.models import LedgerFile, LedgerFilePiece

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PIECE", 64)


@pytest.mark.parametrize("is_ready", [False, True])
def test_a_file_comes_back_as_it_was_from_any_number_of_pieces(*, is_ready: bool) -> None:
    content = Content.of(bytes(range(256)) * 20)
    with files.packing(content) as packed:
        files.keep(content, packed.result() if is_ready else None)
    assert LedgerFilePiece.objects.count() > 2
    assert files.original(content.sha256).whole() == content.whole()


def test_a_file_is_stored_once_and_goes_with_its_pieces() -> None:
    content = Content.of(b"202403;50200;1,00\n" * 90)
    files.keep(content)
    pieces = LedgerFilePiece.objects.count()
    files.keep(content)
    assert LedgerFilePiece.objects.count() == pieces
    LedgerFile.objects.all().delete()
    assert not LedgerFilePiece.objects.exists()


def test_a_file_that_was_stored_as_one_piece_is_read() -> None:
    file = LedgerFile.objects.create(sha256="0" * 64)
    LedgerFilePiece.objects.create(file=file, number=0, packed=zlib.compress(b"202403;50200;1,00\n" * 999))
    assert files.original(file.sha256).whole() == b"202403;50200;1,00\n" * 999


@pytest.mark.parametrize("lost", [0, -1])
def test_a_stored_file_that_lacks_a_piece_is_not_read(lost: int) -> None:
    content = Content.of(bytes(range(256)) * 20)
    files.keep(content)
    list(LedgerFilePiece.objects.order_by("number"))[lost].delete()
    with pytest.raises(zlib.error):
        files.original(content.sha256)
