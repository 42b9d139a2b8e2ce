"""The receipt's fonts: read once per process, cut to one receipt's characters per document.

fpdf2 reads and cuts every font anew for each document, in Python, glyph by glyph of the whole font: 60 ms for
DejaVu Sans, 400 ms with the CJK font. Here the characters of one document are picked out of the font's bytes
first, so that fpdf2 sees a font of some dozen glyphs. Nothing of a document stays: a `Face` never changes.

The files are made by `tools/cut_fonts.py`, and what is relied on here (one character map of format 12, no hinting)
holds for its output alone.
"""

from __future__ import annotations

import json
import struct
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent.parent / "assets" / "fonts"
EUROPEAN, EUROPEAN_BOLD, CJK, EMOJI = "DejaVuSans", "DejaVuSans-Bold", "DroidSansFallback", "NotoEmoji"

# glyf table, composite glyphs: https://learn.microsoft.com/typography/opentype/spec/glyf#composite-glyph-description
_ARGS_ARE_WORDS, _HAS_SCALE, _MORE_COMPONENTS, _HAS_XY_SCALE, _HAS_MATRIX = 0x1, 0x8, 0x20, 0x40, 0x80
_LONG_OFFSETS = b"\0\1"
"""`indexToLocFormat` of the head table."""


class Face:
    """One font file in memory, searched as it lies there. Immutable."""

    def __init__(self, content: bytes) -> None:
        self._tables = _tables(content)
        self._offsets = _glyph_offsets(self._tables["loca"], self._tables["head"])
        self._metrics = struct.unpack_from(">34xH", self._tables["hhea"])[0]
        self._runs = list(struct.iter_unpack(">III", self._tables["cmap"][12 + 16 :]))
        self._firsts = [first for first, _, _ in self._runs]

    def glyph(self, char: str) -> int:
        """The number of the character's glyph; 0 where the font has none."""
        code = ord(char)
        first, last, glyph = self._runs[max(bisect_right(self._firsts, code) - 1, 0)]
        return glyph + code - first if first <= code <= last else 0

    def cut(self, chars: Iterable[str]) -> bytes:
        """A whole TrueType font of these characters, each of which the font must have."""
        return self.cut_glyphs({ord(char): self.glyph(char) for char in chars})

    def cut_glyphs(self, numbers: Mapping[int, int]) -> bytes:
        """A whole TrueType font in which each of these codes shows the glyph of that number."""
        codes = sorted(numbers)
        # A glyph per code, even where two share one: text can be copied back out of the PDF.
        glyphs = [0, *(numbers[code] for code in codes)]
        outlines = self._outlines(glyphs)
        return _font_file(
            {
                **{tag: self._tables[tag] for tag in ("OS/2", "post")},
                "cmap": _character_map(codes),
                "glyf": b"".join(outlines),
                "head": self._tables["head"][:50] + _LONG_OFFSETS + self._tables["head"][52:],
                "hhea": self._tables["hhea"][:34] + struct.pack(">H", len(glyphs)),
                "hmtx": b"".join(map(self._metric, glyphs)),
                "loca": _offsets_of(outlines),
                "maxp": self._tables["maxp"][:4] + struct.pack(">H", len(glyphs)) + self._tables["maxp"][6:],
                "name": self._tables["name"],
            }
        )

    def _outlines(self, glyphs: list[int]) -> list[bytes]:
        """The glyphs' data. Parts of composite ones are appended to `glyphs` and referred to by their place."""
        outlines = []
        places: dict[int, int] = {}
        for glyph in glyphs:  # grows while it is walked
            outline = bytearray(self._tables["glyf"][self._offsets[glyph] : self._offsets[glyph + 1]])
            for at in _component_places(outline):
                part = int.from_bytes(outline[at : at + 2], "big")
                if part not in places:
                    places[part] = len(glyphs)
                    glyphs.append(part)
                outline[at : at + 2] = places[part].to_bytes(2, "big")
            outlines.append(bytes(outline) + bytes(-len(outline) % 4))
        return outlines

    def _metric(self, glyph: int) -> bytes:
        """Advance width and left side bearing; the last width holds for all glyphs beyond."""
        metrics = self._tables["hmtx"]
        if glyph < self._metrics:
            return metrics[4 * glyph : 4 * glyph + 4]
        bearing = 4 * self._metrics + 2 * (glyph - self._metrics)
        return metrics[4 * self._metrics - 4 : 4 * self._metrics - 2] + metrics[bearing : bearing + 2]


@cache
def face(name: str) -> Face:
    """The shipped font of that name, read on first use and kept."""
    return Face(font_file(name).read_bytes())


def font_file(name: str) -> Path:
    return _FOLDER / f"{name}-receipt.ttf"


def font_of(char: str) -> str:
    """The name of the font that prints the character by itself; empty if none does."""
    if face(EUROPEAN).glyph(char):
        return EUROPEAN
    names, firsts, runs = _coverage()
    first, last, place = runs[max(bisect_right(firsts, ord(char)) - 1, 0)]
    return names[place] if first <= ord(char) <= last else ""


@cache
def _coverage() -> tuple[list[str], list[int], list[tuple[int, int, int]]]:
    """Which font prints what, so that no font is read only to see that it lacks a character."""
    content = json.loads((_FOLDER / "coverage.json").read_text(encoding="utf-8"))
    return content["fonts"], [first for first, _, _ in content["runs"]], content["runs"]


def _tables(content: bytes) -> dict[str, bytes]:
    """The tables of a TrueType file by their tag."""
    count = int.from_bytes(content[4:6], "big")
    directory = struct.iter_unpack(">4s4xII", content[12 : 12 + 16 * count])
    return {tag.decode("ascii"): content[start : start + size] for tag, start, size in directory}


def _glyph_offsets(loca: bytes, head: bytes) -> tuple[int, ...]:
    """Where each outline begins, and where the last one ends: stored as it is, or by half in two bytes."""
    if head[50:52] == _LONG_OFFSETS:
        return struct.unpack(f">{len(loca) // 4}I", loca)
    return tuple(2 * half for half in struct.unpack(f">{len(loca) // 2}H", loca))


def _font_file(tables: dict[str, bytes]) -> bytes:
    """The reverse of `_tables`. Checksums stay 0: whoever embeds the font computes them as it saves."""
    place = 12 + 16 * len(tables)
    directory, body = [struct.pack(">IHHHH", 0x00010000, len(tables), 0, 0, 0)], []
    for tag, table in sorted(tables.items()):
        directory.append(struct.pack(">4sIII", tag.encode("ascii"), 0, place, len(table)))
        body.append(table + bytes(-len(table) % 4))
        place += len(body[-1])
    return b"".join(directory + body)


def _character_map(codes: list[int]) -> bytes:
    """A cmap table that gives the nth of the characters the glyph n, counting from 1."""
    groups = b"".join(struct.pack(">III", code, code, glyph) for glyph, code in enumerate(codes, 1))
    head = struct.pack(">HHHHIHHIII", 0, 1, 3, 10, 12, 12, 0, 16 + len(groups), 0, len(codes))
    return head + groups


def _offsets_of(outlines: list[bytes]) -> bytes:
    """A loca table: where each outline begins, and where the last one ends."""
    places = [0]
    for outline in outlines:
        places.append(places[-1] + len(outline))
    return struct.pack(f">{len(places)}I", *places)


def _component_places(outline: bytes | bytearray) -> list[int]:
    """Where a composite glyph names its parts; nothing for a glyph that has an outline of its own."""
    if not outline or outline[0] < 0x80:  # the number of contours, negative for a composite
        return []
    places, at, flags = [], 10, _MORE_COMPONENTS
    while flags & _MORE_COMPONENTS:
        flags = int.from_bytes(outline[at : at + 2], "big")
        places.append(at + 2)
        at += 8 if flags & _ARGS_ARE_WORDS else 6
        at += 2 * bool(flags & _HAS_SCALE) + 4 * bool(flags & _HAS_XY_SCALE) + 8 * bool(flags & _HAS_MATRIX)
    return places
