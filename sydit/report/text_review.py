"""The texts of a follow-up as they will stand in its report, with what the figure check marks in each of them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from followup.models import FollowUp, ReportText
from followup.sections import introduction
from sydit.kept import kept
from sydit.report import archive, living_text, publish, text_drafts
from sydit.report.build import Inputs, named_tables, read_inputs
from sydit.report.catalogue import Catalogue, catalogue_of
from sydit.report.document import Block
from sydit.report.text_check import Checked, Mark, MarkKind, Subject, check_together
from sydit.report.text_subject import last_texts_of, subject_of

LIMIT = ReportText.MOST_CHARACTERS  # of a text; a longer one is neither saved nor read
_OF_FIGURES = (MarkKind.TYPED, MarkKind.UNKNOWN, MarkKind.FIGURE, MarkKind.PREVIOUS)
_BEYOND_16_BITS = re.compile("[\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class PlacedMark:
    """A mark where a browser finds it: ``start`` and ``end`` count as its strings do.

    ``text`` is what can be put in, and ``says`` how that will read.
    """

    mark: Mark
    start: int
    end: int
    text: str
    says: str

    @property
    def can_be_chosen(self) -> bool:
        """Whether one may choose among the figures, since none is surely meant."""
        return bool(self.mark.quote) and not self.text and self.mark.kind in _OF_FIGURES


@dataclass(frozen=True, slots=True)
class Review:
    """One text: its blocks in the report and its marks. ``too_long`` is by how many characters, 0 where it is not."""

    key: ReportText.Key
    blocks: tuple[Block, ...]
    marks: tuple[PlacedMark, ...]
    too_long: int = 0
    is_computed: bool = False  # nobody wrote it, so the figures speak

    @property
    def remarks(self) -> tuple[PlacedMark, ...]:
        """What somebody should look at."""
        return tuple(placed for placed in self.marks if placed.mark.kind is not MarkKind.TYPED)

    @property
    def offers(self) -> tuple[PlacedMark, ...]:
        """What is right today, and would follow the report as a living figure."""
        return tuple(placed for placed in self.marks if placed.mark.kind is MarkKind.TYPED)


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies on the table of whoever writes the texts of a draft. ``last_texts`` are those of last time, by key."""

    inputs: Inputs
    last_texts: Mapping[str, str]
    subject: Subject


@kept
def _read(follow_up: FollowUp) -> tuple[Inputs, Mapping[str, str]]:
    """What the database knows, kept while somebody types: each pause asks for it again."""
    return read_inputs(follow_up), last_texts_of(follow_up)


def desk(follow_up: FollowUp) -> Desk:
    """The table of whoever writes. Its catalogue is its own, since a catalogue remembers the names it was asked for."""
    return _desk(*_read(follow_up))


def _desk(inputs: Inputs, last_texts: Mapping[str, str]) -> Desk:
    return Desk(inputs, last_texts, subject_of(named_tables(inputs), inputs.previous, last_texts))


def check_written(inputs: Inputs) -> Checked:
    """The marks of the texts as they are stored."""
    subject = _desk(inputs, last_texts_of(inputs.follow_up)).subject
    return check_together({key.value: inputs.texts.get(key, "") for key in ReportText.Key}, subject)


def reviews(desk: Desk, bodies: Mapping[str, str]) -> dict[str, Review]:
    """Every text of the report reviewed, with ``bodies`` in place of what is stored; each by its key."""
    inputs, subject = desk.inputs, desk.subject
    written = {key.value: bodies.get(key, inputs.texts.get(key, "")) for key in ReportText.Key}
    read = {key: body if len(body) <= LIMIT else "" for key, body in written.items()}
    checked = check_together(read, subject)
    found = {}
    for key in ReportText.Key:
        body = read[key]
        blocks: tuple[Block, ...] = living_text.blocks(body, subject.catalogue)
        is_computed = key is ReportText.Key.INTRODUCTION and not blocks
        if is_computed:
            blocks = introduction(inputs.booked, inputs.result, {}).blocks
        marks = [*checked.of_text[key], *(checked.of_all if key is ReportText.Key.ANALYSIS else ())]
        found[key.value] = Review(
            key,
            blocks,
            tuple(_placed(body, marks, subject.catalogue)),
            max(0, len(written[key]) - LIMIT),
            is_computed and len(written[key]) <= LIMIT,
        )
    return found


def _placed(body: str, marks: Sequence[Mark], figures: Catalogue) -> list[PlacedMark]:
    wide = [match.start() for match in _BEYOND_16_BITS.finditer(body)]

    def place(character: int) -> int:
        return character + bisect_left(wide, character)

    texts = [_text(mark, figures) for mark in marks]
    return [
        PlacedMark(mark, place(mark.start), place(mark.end), text, _said(text, figures))
        for mark, text in zip(marks, texts, strict=True)
    ]


def _text(mark: Mark, figures: Catalogue) -> str:
    """The suggestion; for a row that no text tells of a whole sentence."""
    figure = figures.named(mark.figure) if mark.kind is MarkKind.UNMENTIONED else None
    return text_drafts.sentence_of(figure) if figure else mark.suggestion


def _said(text: str, figures: Catalogue) -> str:
    return living_text.REFERENCE.sub(lambda match: figures.find(match[1]).text or match[0], text)


def blocks_of(follow_up: FollowUp, bodies: Mapping[str, str]) -> dict[str, tuple[Block, ...]]:
    """The texts by key as they read: of an approved follow-up with the figures of its published report."""
    report = publish.report_of(follow_up)
    figures = catalogue_of(report.tables, archive.previous(follow_up))
    return {key: living_text.blocks(body, figures) for key, body in bodies.items()}
