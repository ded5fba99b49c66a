"""Where two wordings of a text differ, with some words around it. Pure."""

from __future__ import annotations

AROUND = 40  # characters that both have, before and after what differs
ELLIPSIS = "…"


def differing(old: str, new: str) -> tuple[str, str]:
    """The part of each that the other does not have, in whole words with what stands around it.

    Short texts are told whole. Where they differ in several places, it reaches from the first to the last of them.
    """
    start = _alike(old, new)
    end = _alike(old[start:][::-1], new[start:][::-1])
    first = _word_begins(old, max(0, start - AROUND))
    after = max(0, end - AROUND)
    return _part(old, first, after), _part(new, first, after)


def _alike(old: str, new: str) -> int:
    """How many characters both begin with."""
    shortest = min(len(old), len(new))
    return next((at for at in range(shortest) if old[at] != new[at]), shortest)


def _word_begins(text: str, at: int) -> int:
    """The beginning of the word that ``at`` stands in."""
    while at and not text[at - 1].isspace():
        at -= 1
    return at


def _part(text: str, first: int, after: int) -> str:
    """The text from ``first``, without its last ``after`` characters but for the rest of the word they cut."""
    last = len(text) - after
    while last < len(text) and not text[last].isspace():
        last += 1
    before = ELLIPSIS if first else ""
    return f"{before}{text[first:last]}{ELLIPSIS if last < len(text) else ''}"
