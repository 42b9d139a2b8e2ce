"""Make the receipt's fonts from these packages, then `python -m tools.cut_fonts`:

    apt-get install fonts-dejavu-core fonts-droid-fallback fonts-noto-core fonts-noto-extra fonts-noto-cjk
    npm install --prefix .local/fonts --ignore-scripts @expo-google-fonts/noto-emoji@0.4.7

The versions stand in the README beside the fonts. The result is committed; run this again only to change what
receipts can print.

A receipt needs outlines, widths and a character map, and HarfBuzz the tables by which it shapes (GSUB, GPOS, GDEF).
Everything else (hinting, vertical metrics, glyph names) goes, and the character map has one format for all planes.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._c_m_a_p import cmap_format_12

TARGET = Path(__file__).parent.parent / "orderproc" / "chalicelib" / "assets" / "fonts"
DEJAVU = Path("/usr/share/fonts/truetype/dejavu")
DROID = Path("/usr/share/fonts-droid-fallback/truetype")
NOTO = Path("/usr/share/fonts/truetype/noto")
NOTO_CJK = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
NOTO_EMOJI = (
    Path(__file__).parent.parent
    / ".local/fonts/node_modules/@expo-google-fonts/noto-emoji/400Regular/NotoEmoji_400Regular.ttf"
)

EUROPEAN = (
    (0x0020, 0x007E),  # Basic Latin
    (0x00A0, 0x024F),  # Latin-1, Latin Extended-A and -B
    (0x02B0, 0x02FF),  # spacing modifiers
    (0x0300, 0x036F),  # combining marks
    (0x0370, 0x03FF),  # Greek
    (0x0400, 0x052F),  # Cyrillic
    (0x0530, 0x058F),  # Armenian
    (0x10A0, 0x10FF),  # Georgian
    (0x1E00, 0x1FFF),  # Latin Extended Additional (Vietnamese), Greek Extended
    (0x2000, 0x214F),  # punctuation, super- and subscripts, currency signs, letterlike symbols
    (0x2150, 0x22FF),  # fractions, arrows, mathematical operators
    (0x2500, 0x25FF),  # box drawing, geometric shapes
    (0x2605, 0x2606),  # stars
    (0x2713, 0x2718),  # check marks
    (0xFB00, 0xFB06),  # Latin ligatures
    (0xFFFD, 0xFFFD),  # the replacement character, where a text has lost one before it came to us
)
CJK = (
    (0x1100, 0x11FF),  # Hangul Jamo
    (0x2E80, 0x2FDF),  # radicals
    (0x3000, 0x33FF),  # punctuation, kana, Bopomofo, enclosed and squared characters
    (0x3400, 0x4DBF),  # Ideographs Extension A
    (0x4E00, 0x9FFF),  # Ideographs
    (0xAC00, 0xD7A3),  # Hangul
    (0xF900, 0xFAFF),  # compatibility ideographs
    (0xFE30, 0xFE4F),  # compatibility forms
    (0xFF00, 0xFFEF),  # half- and fullwidth forms
)
NOT_A_SCRIPT = re.compile(
    "Sans-|Serif-|Display|Mono|UI-|Slanted|Tifinagh[A-Z]|AdlamUnjoined|TamilSupplement|Symbols|Math"
)
TOO_LARGE = re.compile("SignWriting|Tangut|Cuneiform|EgyptianHieroglyphs|AnatolianHieroglyphs")
"""Ten megabytes for writing that is not used in names."""
MARKS = ["ccmp", "mark", "mkmk"]
"""What puts a combining mark in its place; the European fonts need no more."""
KEPT_TABLES = {"head", "hhea", "maxp", "OS/2", "hmtx", "cmap", "loca", "glyf", "CFF ", "name", "post"}
SHAPING_TABLES = {"GSUB", "GPOS", "GDEF"}
NO_CHARACTERS = {"Cc", "Co", "Cs"}
"""Controls, private use and surrogates, for which some fonts have a glyph all the same."""
KEPT_NAMES = [0, 1, 2, 4, 5, 6]
"""Copyright, family, style, full name, version, PostScript name. The licences lie beside the fonts."""


def fonts() -> Iterator[tuple[str, TTFont]]:
    """Every font by the name of its file, cut. The first that has a character prints it."""
    yield "DejaVuSans", cut(opened(DEJAVU / "DejaVuSans.ttf"), within(EUROPEAN), MARKS)
    yield "DejaVuSans-Bold", cut(opened(DEJAVU / "DejaVuSans-Bold.ttf"), within(EUROPEAN), [])
    droid = opened(DROID / "DroidSansFallback.ttf")
    had = set(droid.getBestCmap())
    yield "DroidSansFallback", cut(droid, within(CJK), [])
    for path in [NOTO / "NotoSans-Regular.ttf", *scripts()]:
        yield path.stem.removesuffix("-Regular"), cut(opened(path))
    yield "NotoEmoji", cut(opened(NOTO_EMOJI))
    for name in ("NotoSansSymbols", "NotoSansSymbols2", "NotoSansMath", "NotoMusic"):
        yield name, cut(opened(NOTO / f"{name}-Regular.ttf"))
    yield "NotoSansCJK", cut_rare(opened(NOTO_CJK, fontNumber=2), had)


def scripts() -> list[Path]:
    """Noto's font of each script: Sans, or Serif where there is no other."""
    found = {path.name.removeprefix("NotoSerif"): path for path in NOTO.glob("NotoSerif*-Regular.ttf")}
    found |= {path.name.removeprefix("NotoSans"): path for path in NOTO.glob("NotoSans*-Regular.ttf")}
    return sorted(
        path for path in found.values() if not (NOT_A_SCRIPT.search(path.name) or TOO_LARGE.search(path.name))
    )


def opened(path: Path, **options: int) -> TTFont:
    return TTFont(path, recalcTimestamp=False, **options)


def within(ranges: tuple[tuple[int, int], ...]) -> list[int]:
    """The characters in these ranges, ends included."""
    return [code for first, last in ranges for code in range(first, last + 1)]


def cut(font: TTFont, codes: Iterable[int] | None = None, features: list[str] | None = None) -> TTFont:
    """The font with only the needed tables, these characters (all of its own by default) and these features
    (all that HarfBuzz applies by default)."""
    kept = KEPT_TABLES if features == [] else KEPT_TABLES | SHAPING_TABLES
    options = Options(
        hinting=False,
        glyph_names=False,
        notdef_outline=True,
        name_IDs=KEPT_NAMES,
        drop_tables=sorted({*font.keys()} - kept - {"GlyphOrder"}),
        **({} if features is None else {"layout_features": features}),
    )
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=codes if codes is not None else font.getBestCmap())
    subsetter.subset(font)
    one_character_map(font)
    font["post"].formatType = 3.0
    return font


def cut_rare(font: TTFont, had: set[int]) -> TTFont:
    """The ideographs that the fallback lacks, their cubic outlines made quadratic, as in all the others."""
    rare = {code for code in font.getBestCmap() if code >= 0x2E80 and code not in had}
    font = cut(font, rare, [])
    glyphs = font.getGlyphSet()
    outlines = {}
    for name in font.getGlyphOrder():
        pen = TTGlyphPen(None)
        glyphs[name].draw(Cu2QuPen(pen, max_err=1.0, reverse_direction=True))
        outlines[name] = pen.glyph()
    font["glyf"], font["loca"] = newTable("glyf"), newTable("loca")
    font["glyf"].glyphOrder, font["glyf"].glyphs = font.getGlyphOrder(), outlines
    del font["CFF "]
    font["maxp"].tableVersion = 0x00010000
    unused = ("maxZones", "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs")
    for field in (*unused, "maxStackElements", "maxSizeOfInstructions", "maxComponentElements"):
        setattr(font["maxp"], field, 0)
    font.sfntVersion = "\x00\x01\x00\x00"
    return font


def one_character_map(font: TTFont) -> None:
    """Keep a single map, of format 12: sorted runs of characters, which can be searched as they lie there."""
    table: Any = cmap_format_12(12)
    table.platformID, table.platEncID, table.language = 3, 10, 0
    table.format, table.reserved, table.length, table.nGroups = 12, 0, 0, 0
    table.cmap = font.getBestCmap()
    font["cmap"].tables = [table]


def coverage(maps: dict[str, set[int]]) -> dict[str, list[Any]]:
    """Which font prints which characters, as runs `[first, last, place in the list of fonts]`, sorted."""
    names = list(maps)
    first_font = {code: place for place, name in reversed(list(enumerate(names))) for code in maps[name]}
    runs: list[list[int]] = []
    for code, place in sorted(first_font.items()):
        if unicodedata.category(chr(code)) in NO_CHARACTERS:
            continue
        if runs and runs[-1][1:] == [code - 1, place]:
            runs[-1][1] = code
        else:
            runs.append([code, code, place])
    return {"fonts": names, "runs": runs}


def main() -> int:
    needed = (DEJAVU, DROID, NOTO, NOTO / "NotoSansYi-Regular.ttf", NOTO_CJK, NOTO_EMOJI)
    missing = [str(source) for source in needed if not source.exists()]
    if missing:
        print(f"Missing: {', '.join(missing)}. Install the packages named above.", file=sys.stderr)
        return 1
    logging.disable(logging.WARNING)  # fontTools logs each table that it drops
    TARGET.mkdir(parents=True, exist_ok=True)
    maps = {}
    for name, font in fonts():
        path = TARGET / f"{name}-receipt.ttf"
        font.save(path)
        if not name.endswith("-Bold"):
            maps[name] = set(font.getBestCmap())
        print(f"{name}: {len(font.getGlyphOrder())} glyphs, {path.stat().st_size:,} bytes")
    (TARGET / "coverage.json").write_text(json.dumps(coverage(maps), separators=(",", ":")) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
