"""What becomes of a text that comes in, before it is judged."""

from __future__ import annotations

import re
import time
import unicodedata

import pytest
from chalicelib.inventory.schema import PRODUCT_REQUEST
from chalicelib.kit.text import BLANK, INVISIBLE, clean
from hypothesis import given
from hypothesis import strategies as st

BLANKS = [" ", "\t", "\n", "\r\n", "\x85", "\xa0", "\xad", "\u1680", "\u180e", "\u2003", "\u200b", "\u200c", "\u200d"]
BLANKS += ["\u200e", "\u2028", "\u202c", "\u202f", "\u2060", "\u2066", "\u2800", "\u3000", "\u3164", "\ufeff", "\uffa0"]
NEED_OTHERS = ["\ufe0f", "\u034f", "\u1160", "\U000e0067", "\U000e0100"]
# Patterns know the first 65,536 characters only.
PARTS = st.lists(
    st.sampled_from([*BLANKS, *NEED_OTHERS[:3], "\x00", "\x1f", "\ufffd", "a", "é", "e\u0301", "字"]), max_size=6
)


@pytest.mark.parametrize("blank", BLANKS, ids=ascii)
def test_what_nobody_sees_is_trimmed_from_both_ends(blank: str) -> None:
    assert clean(f"{blank}TW1{blank * 3}") == "TW1"
    assert clean(f"T{blank}W") == f"T{blank}W"


@pytest.mark.parametrize("blank", [*BLANKS, *NEED_OTHERS], ids=ascii)
def test_blanks_alone_are_no_text(blank: str) -> None:
    assert clean(blank * 2) == clean(f" {blank}\u200b") == ""


@pytest.mark.parametrize(
    "text", ["\u2764\ufe0f", "\U0001f3f4\U000e0067\U000e0062\U000e007f", "\U0001f469\u200d\U0001f4bb"]
)
def test_what_is_seen_with_others_stays(text: str) -> None:
    assert clean(f" {text} ") == text


def test_control_characters_stay_to_be_refused() -> None:
    assert clean("\x1fa\x00") == "\x1fa\x00"


def test_letters_and_their_accents_are_one() -> None:
    assert clean("Cafe\u0301") == clean("Caf\u00e9 ") == "Caf\u00e9"
    assert clean("\u212b") == "\u00c5"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028", "\u2029"], ids=ascii)
def test_every_line_end_is_a_new_line_where_these_are_allowed(end: str) -> None:
    assert clean(f"one{end}two{end}{end}three{end}", lines=True) == "one\ntwo\n\nthree"
    assert clean(f"one{end}two") == f"one{end}two"


@given(PARTS, st.booleans())
def test_a_clean_text_is_clean_and_as_the_schemas_have_it(parts: list[str], lines: bool) -> None:
    """The patterns are published for texts as they are sent: they must allow and refuse the same."""
    sent = "".join(parts)
    text = clean(sent, lines=lines)
    pattern = str(PRODUCT_REQUEST["properties"]["description" if lines else "name"]["pattern"])

    assert clean(text, lines=lines) == text
    assert unicodedata.is_normalized("NFC", text)
    assert bool(re.search(pattern, sent)) == bool(re.search(pattern, text))


def test_the_classes_say_what_is_trimmed() -> None:
    for char in map(chr, range(0x10000)):
        assert bool(re.fullmatch(f"[{BLANK}]", char)) == (clean(f"{char}a") == "a")
        assert bool(re.fullmatch(f"[{INVISIBLE}]", char)) == (clean(char) == "")


def test_no_text_keeps_a_process_busy() -> None:
    begun = time.process_time()

    for text in ("a" + " \u0316\u0301" * 80_000, "a" + "\u0301\u0316" * 80_000, "a" + " " * 250_000 + "b"):
        clean(text, lines=True)

    assert time.process_time() - begun < 1
