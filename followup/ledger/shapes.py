"""Which profile a table belongs to: the one whose header stands in it, or that reads a table without header."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from followup.ledger.parsed import Findings
from followup.ledger.preamble import told_unit
from followup.ledger.profile import Profile, Profiles, Shape, header_cells
from followup.ledger.table import Row, in_blocks, read_table
from followup.ledger.values import plain

_TRIED = 20  # rows that show whether a table without header is what a profile says


def shape_of(rows: Sequence[Row], form: str, separator: str, header_row: int) -> Shape:
    """The shape of a table that begins with ``rows``. ``header_row`` is the header's number, 0 where there is none."""
    if not header_row:
        return Shape(form, separator, ("",) * width_of(rows))
    header = next((row.cells for row in rows if row.number == header_row), [])
    return Shape(form, separator, header_cells(header), told_unit([row for row in rows if row.number < header_row]))


def width_of(rows: Sequence[Row]) -> int:
    """How many columns a table without header has."""
    return max((len(row.cells) for row in rows[:_TRIED]), default=0)


def find_profile(
    rows: Sequence[Row], form: str, separator: str, profiles: Profiles, *, has_header: bool
) -> tuple[Profile, int] | None:
    """The profile of the table that begins with ``rows``, and the number of its header (0: it has none).

    A profile for files without header is asked only where no header is understood (``has_header``), or by force.
    """
    of_form = [
        profile for profile in profiles.known if (profile.shape.format, profile.shape.separator) == (form, separator)
    ]
    by_header = {profile.shape.header: profile for profile in of_form if profile.shape.has_header}
    for row in rows if by_header else ():
        profile = by_header.get(header_cells(row.cells))
        if profile and profile.shape == shape_of(rows, form, separator, row.number):
            return profile, row.number
    bare = [profile for profile in of_form if not profile.shape.has_header]
    if has_header and not profiles.is_forced:
        return None
    return next(((profile, 0) for profile in bare if _reads(profile, rows)), None)


def _reads(profile: Profile, rows: Sequence[Row]) -> bool:
    """Whether the table is as wide as the profile says, and its first row is a booked line to it."""
    if width_of(rows) != len(profile.shape.header):
        return False
    first = [Row(row.number, list(row.cells)) for row in rows if any(map(plain, row.cells))][:_TRIED]
    lines = read_table(
        in_blocks(first),
        lambda: (Row(row.number, list(row.cells)) for row in first),
        profile.columns(),
        Findings(),
        None,
    )
    return bool(first) and next((line.row for line in islice(lines, 1)), None) == first[0].number
