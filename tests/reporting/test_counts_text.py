"""Counts are stored as text and come back the same, to the last digit."""

from __future__ import annotations

from decimal import Decimal

import pytest
from chalicelib.reporting.counts import to_counts, to_text
from hypothesis import given
from hypothesis import strategies as st

_NUMBERS = st.integers(0, 10**12) | st.decimals("0", "999999999999.999", places=3)


_NAMES = st.text(st.characters(codec="utf-8"), max_size=30).filter(lambda name: name != "time")
_TIMES = st.builds("time/{}/{}".format, st.sampled_from(["pending", "total", "a b"]), st.integers(0, 300))


@given(st.dictionaries(_NAMES | _TIMES, _NUMBERS, max_size=8))
def test_counts_come_back_the_same(counts: dict[str, int | Decimal]) -> None:
    assert to_counts(to_text(counts)) == counts


def test_amounts_keep_their_digits_and_no_byte_is_wasted() -> None:
    text = to_text({"placed": 3, "value/EUR": Decimal("20.00")})

    assert text == '{"placed":3,"value/EUR":20.00}'
    assert str(to_counts(text)["value/EUR"]) == "20.00"


def test_times_share_their_prefixes_and_may_be_written_without() -> None:
    counts = {"placed": 2, "time/total/3": 1, "time/total/40": 1, "time/pending/0": 2}

    assert to_text(counts) == '{"placed":2,"time":{"total":{"3":1,"40":1},"pending":{"0":2}}}'
    assert to_counts('{"placed":2,"time/total/3":1,"time/total/40":1,"time/pending/0":2}') == counts


def test_numbers_written_as_strings_are_read_too() -> None:
    assert to_counts('{"placed":"3","value/EUR":"20.00"}') == {"placed": 3, "value/EUR": Decimal("20.00")}


@pytest.mark.parametrize("text", ["[]", '{"placed":true}', '{"placed":null}', "{"])
def test_what_are_no_counts_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - InvalidJson is one, too
        to_counts(text)
