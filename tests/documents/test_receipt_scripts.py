"""Names in every script: shaped, in the order in which they are read, never broken within a letter."""

from __future__ import annotations

import sys
import unicodedata
from bisect import bisect_right
from dataclasses import replace
from io import BytesIO

import pytest
from chalicelib.documents import fonts as receipt_fonts
from chalicelib.documents.characters import BOX, needs_shaping, printable
from chalicelib.documents.fonts import CJK, EMOJI, EUROPEAN, cut, glyph_of
from chalicelib.documents.shaping import Cluster, in_visual_order, shape
from chalicelib.documents.wrap import wrap
from chalicelib.kit.plain_text import isolated, one_line
from chalicelib.kit.shop import Shop
from chalicelib.orders.model import Address
from fontTools.ttLib import TTFont
from fpdf.bidi import BidiParagraph
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from tests.documents.test_receipt_pdf import (
    LONG_NAMES,
    _in_the_foot,
    fonts_of,
    named,
    reader,
    text_boxes,
    text_of,
)

NAMES = {
    "NotoSansArabic": ["قهوة عربية", "چائے", "می\u200cخواهم", "مَكْتَبَة", "ﷺ"],
    "NotoSansHebrew": ["לַפְּטוֹפ", "פֿאַר"],
    "NotoSansThai": ["กาแฟเย็นที่ร้านน้ำผึ้ง"],
    "NotoSansLao": ["ພາສາລາວ"],
    "NotoSansDevanagari": ["क्षत्रिय चाय कॉफ़ी", "क्\u200dष"],
    "NotoSansBengali": ["বাংলা চা"],
    "NotoSansGurmukhi": ["ਪੰਜਾਬੀ"],
    "NotoSansGujarati": ["ગુજરાતી"],
    "NotoSansOriya": ["ଓଡ଼ିଆ"],
    "NotoSansTamil": ["தமிழ் ஸ்ரீ"],
    "NotoSansTelugu": ["తెలుగు"],
    "NotoSansKannada": ["ಕನ್ನಡ"],
    "NotoSansMalayalam": ["മലയാളം കാപ്പി"],
    "NotoSansSinhala": ["ශ්\u200dරී ලංකා"],
    "NotoSerifTibetan": ["བོད་སྐད་ ཀྵཱི"],
    "NotoSansMyanmar": ["မြန်မာ ကော်ဖီ"],
    "NotoSansKhmer": ["ភាសាខ្មែរ"],
    "NotoSansEthiopic": ["አማርኛ ቡና"],
    "NotoSansGeorgian": ["ᲥᲐᲠᲗᲣᲚᲘ"],
    "NotoSansMongolian": ["ᠮᠣᠩᠭᠣᠯ"],
    "NotoSansCherokee": ["ᏣᎳᎩ"],
    "NotoSansCanadianAboriginal": ["ᐃᓄᒃᑎᑐᑦ"],
    "NotoSansThaana": ["ދިވެހި"],
    "NotoSansSyriac": ["ܣܘܪܝܝܐ"],
    "NotoSansNKo": ["ߒߞߏ"],
    "NotoSansAdlam": ["𞤀𞤣𞤤𞤢𞤥"],
    "NotoSansJavanese": ["ꦧꦱꦗꦮ"],
    "NotoSansYi": ["ꆈꌠꉙ"],
    EMOJI: [
        "🎉",
        "👨\u200d👩\u200d👧",
        "🇩🇪",
        "👍🏽",
        "❤️",
        "1️⃣",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    ],
    "NotoSansCJK": ["𠮷", "㐂", "𩸽"],
    EUROPEAN: ["x̂", "q̣̂", "м̃"],
}


def texts(clusters: list[Cluster]) -> list[str]:
    return [cluster.text for cluster in clusters]


def seen(text: str) -> str:
    """The clusters from left to right."""
    return "".join(texts(in_visual_order(shape(printable(text)))))


@pytest.mark.parametrize("font", NAMES)
def test_names_print_in_the_font_of_their_script_and_lack_no_glyph(font: str) -> None:
    for name in NAMES[font]:
        glyphs = [glyph for cluster in shape(printable(name)) for glyph in cluster.glyphs]

        assert BOX not in printable(name)
        assert font in {glyph.font for glyph in glyphs}
        assert 0 not in {glyph.number for glyph in glyphs}
    full_name = TTFont(receipt_fonts.font_file(font))["name"].getBestFullName().replace(" ", "")
    assert any(full_name in embedded for embedded in fonts_of(reader(named(*NAMES[font]))))


def test_every_letter_can_be_copied() -> None:
    every = [name for names in NAMES.values() for name in names]

    copied = text_of(named(*every))

    assert set(unicodedata.normalize("NFC", "".join(every))) - set(copied) == set()


@pytest.mark.parametrize(
    "sequence",
    [*NAMES[EMOJI], "क्ष", "ကျွ", "ශ්\u200dරී", "x̂", "🏳️\u200d🌈", "👩🏾\u200d💻", "각"],
)
def test_what_reads_as_one_sign_is_one_cluster(sequence: str) -> None:
    assert texts(shape(printable(f"a{sequence}b"))) == ["a", unicodedata.normalize("NFC", sequence), "b"]


def test_emoji_of_one_sequence_are_one_glyph() -> None:
    for sequence in ("👨\u200d👩\u200d👧", "🇩🇪", "👍🏽"):
        assert len([glyph for cluster in shape(sequence) for glyph in cluster.glyphs]) == 1


def test_arabic_letters_take_the_form_of_their_place() -> None:
    alone, first, middle, last = (
        shape(text)[place].glyphs for text, place in (("ب", 0), *(("ببب", n) for n in range(3)))
    )

    assert len({alone, first, middle, last}) == 4


@pytest.mark.parametrize(
    ("text", "from_left_to_right"),
    [
        ("abc אבג", "abc גבא"),
        ("אבג abc", "abc גבא"),
        ("אבג 123 דה", "הד 123 גבא"),
        ("Laptop אבג 15 דה USB", "Laptop הד 15 גבא USB"),
        ("عر 12.5 abc", "abc 12.5 رع"),
        ("a\u202eb", "ab"),  # nothing can turn Latin letters round
    ],
)
def test_mixed_directions_are_laid_out_as_they_are_read(text: str, from_left_to_right: str) -> None:
    assert seen(text) == from_left_to_right


@given(st.text(alphabet="ab אב12,.-ع٣", min_size=1))
@settings(max_examples=60, deadline=None)
def test_the_order_is_that_of_the_unicode_algorithm(text: str) -> None:
    kept = printable(text)

    if needs_shaping(kept):
        assert seen(text) == "".join(
            c.character for c in BidiParagraph(kept, preserve_bn_chars=True).get_reordered_characters()
        )


@pytest.mark.parametrize(
    "text", ["🎉" * 1500, "א" + "🎉" * 1500, "א" + "%" * 1500 + "1", "\u2067" * 300 + "א", "x" + "\u0302" * 1500]
)
def test_no_length_of_a_text_is_too_much(text: str) -> None:
    limit = sys.getrecursionlimit()

    assert "".join(cluster.text for cluster in shape(printable(text))) == printable(text)
    assert sys.getrecursionlimit() == limit


@given(st.text())
@settings(max_examples=100, deadline=None)
def test_shaping_loses_no_text(text: str) -> None:
    assert "".join(texts(list(shape(printable(text))))) == printable(text)


@given(st.lists(st.sampled_from([*"aक-/ 東", "क्ष", "🇩🇪", " "]), max_size=60), st.integers(1, 12))
def test_lines_fit_and_lose_only_spaces(units: list[str], width: int) -> None:
    spans = wrap(units, width, lambda start, end: end - start)

    lines = [units[start:end] for start, end in spans]
    assert all(len(line) <= width for line in lines)
    assert [unit for line in lines for unit in line if unit != " "] == [unit for unit in units if unit != " "]
    assert lines


AMOUNTS_END = 532.9
"""Where the amounts end on the right, in points."""
SOME = ("قهوة", "กาแฟ", "क्षत्रिय", "👨\u200d👩\u200d👧🇩🇪", "𠮷", "ཀྵཱི་")
LONG = [*(f"{name}{space}" * 60 for name in SOME for space in ("", " ")), "👨\u200d" * 100]


@pytest.mark.parametrize("name", LONG)
def test_long_names_of_any_script_wrap_within_their_column(name: str) -> None:
    document = reader(named(name, "Mug", *LONG_NAMES[:1]))

    for page in range(len(document.pages)):
        boxes = list(text_boxes(document, page))
        assert all(left > 55 and right < 540.1 for left, right, _ in boxes)
        assert not _in_the_foot(boxes)
    for row in rows(document):
        *printed, quantity, _price, _amount = row
        assert max(right for _, right in printed) < quantity[0] - 10


def test_amounts_stand_on_the_line_of_the_name_however_high_it_is() -> None:
    found = rows(reader(named("Mug", "قهوة", "ཀྵཱི་", "🎉", "𝄞")))

    assert len(found) == 5
    assert all(row[0][0] < 70 for row in found)


def rows(document: PdfReader) -> list[list[tuple[float, float]]]:
    """Left and right ends of all that stands on one line with an amount, from left to right."""
    found = []
    for page in range(len(document.pages)):
        boxes = list(text_boxes(document, page))
        baselines = {y for _, right, y in boxes if abs(right - AMOUNTS_END) < 0.6}
        for baseline in sorted(baselines)[:-1]:  # the highest is the header's
            line = sorted((left, right) for left, right, y in boxes if abs(y - baseline) < 0.02)
            if len(line) > 3:  # else it is the total
                found.append(line)
    return found


def test_shop_and_address_print_in_any_script() -> None:
    shop = Shop("متجر الزاوية", "רחוב הרצל 12\nתל אביב", "https://пример.example/ไทย")
    order = replace(named("Mug"), shipping_address=Address("शिवाजी मार्ग", "मुंबई", "", "400001", "भारत"))
    copied = text_of(order, shop)

    assert BOX not in copied
    assert set("متجرالزاوية" + "רחובהרצל12" + "ไทย" + "शवज") <= set(copied)


def test_the_foot_of_a_page_reads_from_left_to_right_whatever_the_shop_is_called() -> None:
    assert one_line(seen(f"{isolated('متجر 🎉')} · Order 12")) == "🎉 رجتم · Order 12"
    assert isolated("Corner & Co.") == "Corner & Co."


def test_no_font_is_named_for_what_it_lacks_and_none_is_missing() -> None:
    names, firsts, runs = receipt_fonts._coverage()
    files = {path.name.removesuffix("-receipt.ttf") for path in receipt_fonts._FOLDER.glob("*.ttf")}
    maps = {name: set(TTFont(receipt_fonts.font_file(name)).getBestCmap()) for name in names}

    assert files - {"DejaVuSans-Bold"} == set(names)
    for name, codes in maps.items():
        for code in codes:
            if unicodedata.category(chr(code)) in ("Cc", "Co", "Cs"):
                continue
            first, last, place = runs[bisect_right(firsts, code) - 1]
            assert first <= code <= last
            assert place <= names.index(name)  # an earlier font may have it, too
    assert all(chr(code) and code in maps[names[place]] for first, last, place in runs for code in (first, last))


@pytest.mark.parametrize(("name", "chars"), [("NotoSansThai", "กำ"), ("NotoSansCJK", "𠮷"), (EMOJI, "🎉"), (CJK, "東")])
def test_a_cut_font_has_the_glyphs_it_was_cut_to(name: str, chars: str) -> None:
    numbers = [glyph_of(name, char) for char in chars]
    content, places = cut(name, "", numbers)
    part, whole = TTFont(BytesIO(content)), TTFont(receipt_fonts.font_file(name))

    for number in numbers:
        drawn, original = part.getGlyphName(places[number]), whole.getGlyphName(number)
        assert part["glyf"][drawn].getCoordinates(part["glyf"]) == whole["glyf"][original].getCoordinates(whole["glyf"])
        assert part["hmtx"][drawn][0] == whole["hmtx"][original][0]
