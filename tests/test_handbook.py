"""The handbook is true: its pictures are those that the script takes, and what it names is called so on the screen."""

from __future__ import annotations

import re
import struct
import zlib
from pathlib import Path

import pytest
from django.urls import resolve

from docs import pictures, small_png
from sydit import navigation
from sydit.access import Role

TOP = Path(__file__).parent.parent
HANDBOOK = (TOP / "docs" / "handbok.md").read_text(encoding="utf-8")
PICTURES = TOP / "docs" / "pictures"
LARGEST = 80_000  # bytes of a picture
LINK = re.compile(r"!\[([^\]]+)\]\(([^)]+)\)")
CODE = re.compile(r"`[^`]*`")
NAMED = re.compile(r"(?<![*\w])\*([^*\n]+)\*(?!\*)")  # *Huvudbok*: what stands on a page
IN_GENERAL = {"så", "saknas"}  # words that are stressed, and are no names


def test_every_picture_has_words_and_is_one_that_the_script_takes() -> None:
    links = LINK.findall(HANDBOOK)
    taken = {f"pictures/{picture.name}.png" for picture in pictures.PICTURES}
    assert {address for _, address in links} == taken
    assert {f"pictures/{path.name}" for path in PICTURES.iterdir()} == taken
    assert all(len(words) > 10 for words, _ in links)
    assert {path.name: size for path in PICTURES.iterdir() if (size := path.stat().st_size) > LARGEST} == {}


def test_the_script_s_addresses_are_pages() -> None:
    found = [resolve(picture.path.partition("?")[0]).url_name for picture in pictures.PICTURES]
    assert len(set(found)) == len(found)  # each picture is of a page of its own


def test_each_role_is_walked_through_its_month() -> None:
    chapters = dict(re.findall(r"^## (\w+)\n\n(.*)", HANDBOOK, re.MULTILINE))
    for role in Role:
        (heading,) = [name for name in chapters if name.lower().startswith(role.label.lower())]
        assert chapters[heading].startswith("**Din månad.**"), heading


@pytest.mark.parametrize("page", [*navigation._MENU, *navigation._TABS], ids=lambda page: page.url_name)
def test_every_page_of_the_menus_is_in_the_handbook(page: navigation._Page) -> None:
    assert re.search(rf"\*{page.label}\*", HANDBOOK)


def test_what_the_handbook_calls_by_name_is_called_so_on_the_screen() -> None:
    folders = ("templates", "static/js", "sydit", "followup", "decisions", "investments")
    files = [path for folder in folders for path in (TOP / folder).rglob("*") if path.suffix in (".html", ".py", ".js")]
    screen = " ".join(" ".join(path.read_text(encoding="utf-8").split()) for path in files)
    named = set(NAMED.findall(CODE.sub("", HANDBOOK))) - IN_GENERAL
    assert len(named) > 20
    assert {name for name in named if name not in screen} == set()


def test_a_picture_keeps_its_pixels_in_fewer_bytes() -> None:
    colours = [[(0, 0, 0), (255, 255, 255)], [(10, 20, 30), (0, 0, 0)]]
    lines = b"".join(b"\0" + bytes(value for colour in row for value in colour) for row in colours)
    header = struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)
    content = zlib.compress(lines)
    chunks = ((b"IHDR", header), (b"IDAT", content), (b"IEND", b""))
    png = small_png.SIGNATURE + b"".join(small_png._chunk(kind, part) for kind, part in chunks)
    assert small_png._decoded(png) == (2, 2, colours)
    parts = dict(small_png._chunks(small_png.smaller(png)))
    places = zlib.decompress(parts[b"IDAT"])
    palette = [tuple(parts[b"PLTE"][at : at + 3]) for at in range(0, len(parts[b"PLTE"]), 3)]
    assert [[palette[place] for place in places[at + 1 : at + 3]] for at in (0, 3)] == colours
