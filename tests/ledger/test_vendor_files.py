"""A vendor's own files of one company in the four SIE types, where they lie beside the project: they tell the same.

The files are somebody else's and no part of the project. ``SIE_SAMPLES`` names a directory that holds them.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from followup.ledger import detect

BESIDE = Path(__file__).parents[3] / "shared" / "data" / "sie"
SAMPLES = Path(os.environ.get("SIE_SAMPLES") or BESIDE)
TYPES = [SAMPLES / f"BL0001_typ{number}.SE" for number in range(1, 5)]

pytestmark = pytest.mark.skipif(
    not all(path.is_file() for path in TYPES), reason="the vendor's files BL0001_typ1–4.SE are not here"
)


def per_account(path: Path, *, by_month: bool) -> dict[tuple[str, str], int]:
    parsed = detect.read(path.read_bytes(), filename=path.name, year=2009)
    assert parsed.problems == ()
    sums: Counter[tuple[str, str]] = Counter()
    for cell, ore in parsed.sums.items():
        sums[cell.account, str(cell.month) if by_month else ""] += ore
    return {key: ore for key, ore in sums.items() if ore}


def test_the_four_types_give_each_account_the_same_year() -> None:
    years = [per_account(path, by_month=False) for path in TYPES]
    assert years[0]
    assert all(year == years[0] for year in years)


def test_the_types_that_know_months_give_each_account_the_same_months() -> None:
    months = [per_account(path, by_month=True) for path in TYPES[1:]]
    assert len(months[0]) > len(per_account(TYPES[0], by_month=False))
    assert all(each == months[0] for each in months)
