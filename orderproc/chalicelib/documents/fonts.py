"""The receipt's fonts: opened once per process, cut to one receipt's characters per document.

fpdf2 reads and cuts every font anew for each document, in Python, glyph by glyph of the whole font: 60 ms for
DejaVu Sans, 400 ms with the CJK font. HarfBuzz cuts it in less than one first, so that fpdf2 sees a font of some dozen
glyphs. Nothing of a document stays: the opened fonts never change.

The files are made by `tools/cut_fonts.py`.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import uharfbuzz as hb

_FOLDER = Path(__file__).parent.parent / "assets" / "fonts"
EUROPEAN, EUROPEAN_BOLD, CJK, EMOJI = "DejaVuSans", "DejaVuSans-Bold", "DroidSansFallback", "NotoEmoji"
_FOR_SHAPING = [int.from_bytes(tag, "big") for tag in (b"GDEF", b"GPOS", b"GSUB")]
"""Tables that a font in a PDF does not need."""


@cache
def shipped(name: str) -> hb.Font:
    """The shipped font of that name, opened on first use and kept."""
    return hb.Font(hb.Face(hb.Blob.from_file_path(str(font_file(name)))))


def font_file(name: str) -> Path:
    return _FOLDER / f"{name}-receipt.ttf"


def glyph_of(name: str, char: str) -> int:
    """The number of the character's glyph in that font; 0 where the font has none."""
    return shipped(name).get_nominal_glyph(ord(char)) or 0


def cut(name: str, chars: Iterable[str], glyphs: Iterable[int] = ()) -> tuple[bytes, Mapping[int, int]]:
    """A whole TrueType font of these characters and glyphs, and each glyph's number in it by its number in the shipped
    font."""
    wanted = hb.SubsetInput()
    wanted.unicode_set.update(map(ord, chars))
    wanted.glyph_set.update(glyphs)
    wanted.drop_table_tag_set.update(_FOR_SHAPING)
    wanted.flags = hb.SubsetFlags.NOTDEF_OUTLINE | hb.SubsetFlags.NO_BIDI_CLOSURE
    plan = hb.SubsetPlan(shipped(name).face, wanted)
    return plan.execute().blob.data, plan.old_to_new_glyph_mapping


def font_of(char: str) -> str:
    """The name of the font that prints the character by itself; empty if none does."""
    names, firsts, runs = _coverage()
    first, last, place = runs[max(bisect_right(firsts, ord(char)) - 1, 0)]
    return names[place] if first <= ord(char) <= last else ""


@cache
def _coverage() -> tuple[list[str], list[int], list[tuple[int, int, int]]]:
    """Which font prints what, so that no font is read only to see that it lacks a character."""
    content = json.loads((_FOLDER / "coverage.json").read_text(encoding="utf-8"))
    return content["fonts"], [first for first, _, _ in content["runs"]], content["runs"]
