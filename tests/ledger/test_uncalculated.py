from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Iterable

import pytest

from followup.ledger.uncalculated import find_uncalculated

RELATIONS = (
    '<Relationships><Relationship Id="r1" Type="http://example.org/worksheet" Target="sheet1.xml"/></Relationships>'
)
BOOK = (
    '<x:workbook xmlns:x="urn:x" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<x:sheet name="Blad" r:id="r1"/></x:workbook>'
)


def found(cells: Iterable[str]) -> dict[int, list[int]]:
    """What is uncalculated in a sheet of these cells."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        archive.writestr("xl/workbook.xml", BOOK)
        archive.writestr("xl/sheet1.xml", f"<sheetData>{''.join(cells)}</sheetData>")
    return dict(find_uncalculated(file.getvalue())["Blad"].by_row)


@pytest.mark.parametrize(
    "cell",
    ['<c r="C2"><f>1+1</f></c>', '<x:c r="C2"><x:f t="shared" si="0"/></x:c>', '<c r="C2" t="e"><v>#N/A</v></c>'],
)
def test_a_formula_without_its_value_and_an_error_are_found_with_any_prefix(cell: str) -> None:
    assert found(['<c r="A2"><v>1</v></c>', cell, '<c r="D2"><v>1</v></c>']) == {2: [2]}


@pytest.mark.parametrize("text", ["Faktura:f ", "a :c b", "kurs:faktura", "t=&quot;e"])
def test_a_text_that_looks_like_a_formula_or_a_cell_is_neither(text: str) -> None:
    cells = [f'<c r="A1" t="inlineStr"><is><t>{text}</t></is></c>', '<c r="B1"><f>2*2</f><v>4</v></c>']
    assert found(cells) == {}


def test_the_time_grows_with_the_formulas_and_not_with_their_square() -> None:
    cells = [f'<c r="A{row}"><f>B{row}*2</f><v>2</v></c>' for row in range(1, 20_001)]
    before = time.process_time()
    assert found(cells) == {}
    assert time.process_time() - before < 2
