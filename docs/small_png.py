"""A picture of a page with at most 256 colours, so that it is a third of what the browser makes of it. Pure.

Formats: RFC 2083. Only what a browser's screenshot is: 8 bits, RGB with or without alpha, not interlaced.
"""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_COLOURS = 256
CHANNELS = {2: 3, 6: 4}  # by the colour type of the header

Colour = tuple[int, int, int]


def smaller(png: bytes) -> bytes:
    """The same picture with its most common colours, every other pixel in the nearest of them."""
    width, height, rows = _decoded(png)
    counted: Counter[Colour] = Counter()
    for row in rows:
        counted.update(row)
    palette = [colour for colour, _ in counted.most_common(MOST_COLOURS)]
    places = {colour: place for place, colour in enumerate(palette)}
    for colour in counted.keys() - places.keys():
        places[colour] = min(range(len(palette)), key=lambda place: _distance(palette[place], colour))
    lines = b"".join(b"\0" + bytes(places[colour] for colour in row) for row in rows)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    return b"".join(
        (
            SIGNATURE,
            _chunk(b"IHDR", header),
            _chunk(b"PLTE", bytes(value for colour in palette for value in colour)),
            _chunk(b"IDAT", zlib.compress(lines, 9)),
            _chunk(b"IEND", b""),
        )
    )


def _distance(one: Colour, other: Colour) -> int:
    return sum((left - right) ** 2 for left, right in zip(one, other, strict=True))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += length + 12


def _decoded(png: bytes) -> tuple[int, int, list[list[Colour]]]:
    """Width, height and the rows of colours. Raises ``ValueError`` for any other kind of picture."""
    chunks = list(_chunks(png))
    width, height, depth, colour_type, _, _, interlaced = struct.unpack(">IIBBBBB", dict(chunks)[b"IHDR"])
    if depth != 8 or colour_type not in CHANNELS or interlaced:
        raise ValueError("not a browser's screenshot")
    step = CHANNELS[colour_type]
    content = zlib.decompress(b"".join(part for kind, part in chunks if kind == b"IDAT"))
    above, rows = bytearray(width * step), []
    for number in range(height):
        start = number * (width * step + 1)
        line = bytearray(content[start + 1 : start + 1 + width * step])
        _unfilter(content[start], line, above, step)
        rows.append(list(zip(line[0::step], line[1::step], line[2::step], strict=True)))
        above = line
    return width, height, rows


def _unfilter(kind: int, line: bytearray, above: bytearray, step: int) -> None:
    for at in range(len(line)) if kind else ():
        left = line[at - step] if at >= step else 0
        corner = above[at - step] if at >= step else 0
        guess = (0, left, above[at], (left + above[at]) // 2, _paeth(left, above[at], corner))[kind]
        line[at] = (line[at] + guess) & 0xFF


def _paeth(left: int, above: int, corner: int) -> int:
    guess = left + above - corner
    return min((left, above, corner), key=lambda near: abs(guess - near))
