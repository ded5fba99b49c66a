"""The arithmetic of the investments and what is said about it: exact, and rounded once."""

from __future__ import annotations

from investments.economy import FrameLine, ProjectLine, by_owner, total_of
from investments.sentences import notes

TKR = 100_000  # öre


def line(
    key: str = "91002",
    *,
    owner: str = "Lekeberg",
    budget: int | None = 3000 * TKR,
    booked: int | None = 1000 * TKR,
    forecast: int | None = 3000 * TKR,
    reason: str = "",
    comment: str = "",
) -> ProjectLine:
    return ProjectLine(key, f"Projekt {key}", budget, booked, forecast, owner, reason, comment)


def test_lines_are_grouped_by_owner_and_their_sums_are_the_whole() -> None:
    lines = (line("1", owner="Gemensamt"), line("2"), line("3", owner="Gemensamt", budget=None))
    owned = by_owner(lines)
    assert {owner: [one.key for one in group] for owner, group in owned.items()} == {
        "Gemensamt": ["1", "3"],
        "Lekeberg": ["2"],
    }
    assert total_of(owned["Gemensamt"]).budget is None
    assert sum(total_of(group).booked or 0 for group in owned.values()) == total_of(lines).booked


def test_what_is_left_of_the_frame_is_missing_where_the_frame_is() -> None:
    assert FrameLine(500, 200).left == 300
    assert FrameLine(None, 200).left is None


def test_a_project_is_explained_where_somebody_said_why() -> None:
    lines = (
        line("1", forecast=3100 * TKR, reason="Fördyring", comment="Dyrare servrar."),
        line("2", forecast=2900 * TKR, reason="Tidsförskjutning"),
        line("3", comment="Allt enligt plan."),
        line("4", forecast=2000 * TKR),
        line("5", forecast=None, reason="Annat"),
    )
    assert [" ".join(note.split()) for note in notes(lines)] == [
        "Projekt 1: ett underskott om 100 tkr, fördyring. Dyrare servrar.",
        "Projekt 2: ett överskott om 100 tkr, tidsförskjutning.",
        "Projekt 3: Allt enligt plan.",
        "Projekt 5: annat.",
    ]
