"""Make the receipt's fonts from Debian's: `apt-get install fonts-dejavu-core fonts-droid-fallback`, then
`python -m tools.cut_fonts`. The result is committed; run this again only to change what receipts can print.

A receipt needs outlines, widths and a character map. Everything else (hinting, kerning, ligatures, vertical
metrics, glyph names) goes, and the character map gets the one format in which
`chalicelib/services/receipt_fonts.py` searches it as it lies in the file.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._c_m_a_p import cmap_format_12

TARGET = Path(__file__).parent.parent / "orderproc" / "chalicelib" / "assets" / "fonts"
DEJAVU = Path("/usr/share/fonts/truetype/dejavu")
DROID = Path("/usr/share/fonts-droid-fallback/truetype")

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
    (0x25A0, 0x25FF),  # geometric shapes
    (0x2605, 0x2606),  # stars
    (0x2713, 0x2718),  # check marks
    (0xFB00, 0xFB06),  # Latin ligatures
    (0xFFFD, 0xFFFD),  # the replacement for what no font has
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
FONTS = (
    (DEJAVU / "DejaVuSans.ttf", "DejaVuSans-receipt.ttf", EUROPEAN),
    (DEJAVU / "DejaVuSans-Bold.ttf", "DejaVuSans-Bold-receipt.ttf", EUROPEAN),
    (DROID / "DroidSansFallback.ttf", "DroidSansFallback-receipt.ttf", CJK),
)
KEPT_TABLES = {"head", "hhea", "maxp", "OS/2", "hmtx", "cmap", "loca", "glyf", "name", "post"}
KEPT_NAMES = [0, 1, 2, 4, 5, 6]
"""Copyright, family, style, full name, version, PostScript name. The licences lie beside the fonts."""


def cut(source: Path, ranges: tuple[tuple[int, int], ...]) -> TTFont:
    """The font at `source`, with only the needed tables and the characters in `ranges` (ends included)."""
    font = TTFont(source, recalcTimestamp=False)
    options = Options(
        hinting=False,
        layout_features=[],
        glyph_names=False,
        notdef_outline=True,
        name_IDs=KEPT_NAMES,
        drop_tables=sorted({*font.keys()} - KEPT_TABLES - {"GlyphOrder"}),
    )
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[code for first, last in ranges for code in range(first, last + 1)])
    subsetter.subset(font)
    one_character_map(font)
    font["post"].formatType = 3.0
    return font


def one_character_map(font: TTFont) -> None:
    """Keep a single map, of format 12: sorted runs of characters, which can be searched as they lie there."""
    table: Any = cmap_format_12(12)
    table.platformID, table.platEncID, table.language = 3, 10, 0
    table.format, table.reserved, table.length, table.nGroups = 12, 0, 0, 0
    table.cmap = font.getBestCmap()
    font["cmap"].tables = [table]


def main() -> int:
    missing = [str(source) for source, _, _ in FONTS if not source.exists()]
    if missing:
        print(f"Missing: {', '.join(missing)}. Install Debian's packages named above.", file=sys.stderr)
        return 1
    TARGET.mkdir(parents=True, exist_ok=True)
    for source, name, ranges in FONTS:
        font = cut(source, ranges)
        font.save(TARGET / name)
        print(f"{name}: {len(font.getGlyphOrder())} glyphs, {(TARGET / name).stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
