"""The receipt's fonts: read once per process, cut to one receipt's characters per document.

fpdf2 reads and cuts every font anew for each document, in Python, glyph by glyph of the whole font: 60 ms for
DejaVu Sans, 400 ms with the CJK font. Here the characters of one document are picked out of the font's bytes
first, so that fpdf2 sees a font of some dozen glyphs. Nothing of a document stays: a `Face` never changes.

The files are made by `tools/cut_fonts.py`, and what is relied on here (one character map of format 12, long
offsets, no hinting) holds for its output alone.
"""

from __future__ import annotations

import struct
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent.parent / "assets" / "fonts"
EUROPEAN, EUROPEAN_BOLD, CJK = "DejaVuSans", "DejaVuSans-Bold", "DroidSansFallback"
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# glyf table, composite glyphs: https://learn.microsoft.com/typography/opentype/spec/glyf#composite-glyph-description
_ARGS_ARE_WORDS, _HAS_SCALE, _MORE_COMPONENTS, _HAS_XY_SCALE, _HAS_MATRIX = 0x1, 0x8, 0x20, 0x40, 0x80


class Face:
    """One font file in memory, searched as it lies there. Immutable."""

    def __init__(self, content: bytes) -> None:
        self._tables = _tables(content)
        offsets = self._tables["loca"]
        self._offsets = struct.unpack(f">{len(offsets) // 4}I", offsets)
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
        codes = sorted(set(map(ord, chars)))
        # A glyph per character, even where the font shares one: text can be copied back out of the PDF.
        glyphs = [0, *(self.glyph(chr(code)) for code in codes)]
        outlines = self._outlines(glyphs)
        return _font_file(
            {
                **{tag: self._tables[tag] for tag in ("OS/2", "head", "post")},
                "cmap": _character_map(codes),
                "glyf": b"".join(outlines),
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
    """The shipped font of that name (EUROPEAN, EUROPEAN_BOLD, CJK), read on first use and kept."""
    return Face((_FOLDER / f"{name}-receipt.ttf").read_bytes())


def printable(text: str) -> str:
    """The text in one line and in characters that the fonts have; what none has becomes a REPLACEMENT.

    Takes any text: control characters, half of a surrogate pair, emoji, any script."""
    composed = unicodedata.normalize("NFC", " ".join(text.split()))
    return "".join(map(_printable, composed))


def needs_cjk(char: str) -> bool:
    """Whether a printable character is missing in the European fonts."""
    return not face(EUROPEAN).glyph(char)


def _known(char: str) -> bool:
    return bool(face(EUROPEAN).glyph(char) or face(CJK).glyph(char))


def _printable(char: str) -> str:
    if unicodedata.category(char) == "Cf" or 0xFE00 <= ord(char) <= 0xFE0F:
        return ""  # joiners, direction marks and variation selectors show nothing by themselves
    if _known(char):
        return char
    plain = unicodedata.normalize("NFKC", char)
    return plain if plain != char and all(map(_known, plain)) else REPLACEMENT


def _tables(content: bytes) -> dict[str, bytes]:
    """The tables of a TrueType file by their tag."""
    count = int.from_bytes(content[4:6], "big")
    directory = struct.iter_unpack(">4s4xII", content[12 : 12 + 16 * count])
    return {tag.decode("ascii"): content[start : start + size] for tag, start, size in directory}


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
