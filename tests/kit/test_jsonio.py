"""JSON as RFC 8259 has it, with exact numbers; everything else is refused in words."""

from __future__ import annotations

import contextlib
import json
import math
from decimal import Decimal
from typing import Any

import pytest
from chalicelib.kit.jsonio import InvalidJson, at, canonical, dumps, loads
from hypothesis import given
from hypothesis import strategies as st

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NUMBERS = st.integers(-(10**30), 10**30) | st.decimals(allow_nan=False, allow_infinity=False, places=3)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_what_is_written_is_read_back(value: Any) -> None:
    assert loads(dumps(value)) == value


@given(VALUES)
def test_what_is_written_is_json_to_others(value: Any) -> None:
    json.loads(dumps(value))


@given(st.binary(max_size=60) | st.text(max_size=60))
def test_any_input_is_read_or_refused_and_nothing_else(text: bytes | str) -> None:
    with contextlib.suppress(InvalidJson):
        loads(text)


def test_numbers_keep_every_digit() -> None:
    read = loads('{"price": 1299.990, "tenth": 0.1, "small": 1.5e-7, "whole": 12}')

    assert [str(n) for n in read.values()] == ["1299.990", "0.1", "1.5E-7", "12"]
    assert isinstance(read["whole"], int)


def test_amounts_are_written_with_their_digits() -> None:
    assert dumps({"a": Decimal("20.00"), "b": Decimal(1500)}) == '{"a":20.00,"b":1500}'


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", '{"a": NaN}', "[1, Infinity]"])
def test_nan_and_infinity_are_no_json(text: str) -> None:
    with pytest.raises(InvalidJson, match="not a JSON number"):
        loads(text)


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), math.nan, math.inf])
def test_nan_and_infinity_are_never_written(value: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        dumps({"a": value})


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "{",
        "{'a': 1}",
        '{"a": 1,}',
        "[1 2]",
        "01",
        "1.",
        ".5",
        "+1",
        "0x10",
        "nul",
        '"tab\there"',
        '"open',
        '{"a": 1} {"b": 2}',
        "{}\ufeff",
        "\ufeff\ufeff{}",
        "//x\n1",
    ],
)
def test_what_is_no_json_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(InvalidJson):
        loads(text)


def test_a_second_byte_order_mark_is_called_that() -> None:
    with pytest.raises(InvalidJson, match=r"^There is more than one byte order mark"):
        loads(b"\xef\xbb\xbf\xef\xbb\xbf{}")


@pytest.mark.parametrize("text", [r'"\ud800"', r'{"a": ["\udfff x"]}', r'{"\ud83d": 1}', '"\ud800"'])
def test_half_a_surrogate_pair_is_no_text(text: str) -> None:
    with pytest.raises(InvalidJson, match="UTF-8"):
        loads(text)


def test_a_whole_surrogate_pair_is_a_character() -> None:
    assert loads(r'"\ud83c\udf81"') == "🎁"


@pytest.mark.parametrize("text", [b"\xff", b'"\xc3"', b'"\xed\xa0\x80"', '{"a": 1}'.encode("utf-16")])
def test_bytes_that_are_no_utf_8_are_refused(text: bytes) -> None:
    with pytest.raises(InvalidJson):
        loads(text)


@pytest.mark.parametrize("depth", [5_000, 200_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_nesting_that_would_exhaust_the_stack_is_refused(depth: int, opening: str, closing: str) -> None:
    with pytest.raises(InvalidJson, match="deep"):
        loads(opening * depth + "1" + closing * depth)


@pytest.mark.parametrize(
    "text", ["9" * 5_000, "1e99999999999999999999", "1e999999999", "-1.0E+9999999", "1e-9999999", f"0.{'1' * 5_000}"]
)
def test_numbers_that_nobody_can_calculate_with_are_refused(text: str) -> None:
    with pytest.raises(InvalidJson, match="number"):
        loads(f'{{"price": {text}}}')


@given(st.dictionaries(TEXT, VALUES, max_size=5))
def test_the_order_of_keys_does_not_count(value: dict[str, Any]) -> None:
    assert canonical(dict(reversed(value.items()))) == canonical(value)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('{"a": 1, "b": 2}', '{"b":2,"a":1}'),
        ('{"a": 20.0}', '{"a": 20.00}'),
        ('{"a": 20.00}', '{"a": 20}'),
        ('{"a": 1e2}', '{"a": 100}'),
        ('{"a": 1.50}', '{"a": 15e-1}'),
        ('{"a": "é"}', '{"a": "\\u00e9"}'),
        ('[{"x": 1, "y": [0.10]}]', '[{"y": [0.1], "x": 1}]'),
        ('{"a": -0.0}', '{"a": 0}'),
    ],
)
def test_these_mean_the_same(one: str, other: str) -> None:
    assert canonical(loads(one)) == canonical(loads(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('{"a": 1}', '{"a": 2}'),
        ('{"a": 1}', '{"a": "1"}'),
        ('{"a": 1}', '{"a": true}'),
        ('{"a": 0.1}', '{"a": 0.10000000000000001}'),
        ('{"a": [1, 2]}', '{"a": [2, 1]}'),
        ('{"a": null}', "{}"),
        ('{"a": ""}', '{"a": null}'),
        ('{"a": {"b": 1}}', '{"a": [{"b": 1}]}'),
    ],
)
def test_these_do_not(one: str, other: str) -> None:
    assert canonical(loads(one)) != canonical(loads(other))


def test_a_byte_order_mark_is_passed_over() -> None:
    assert loads("\ufeff{}") == loads(b"\xef\xbb\xbf {}") == {}


@pytest.mark.parametrize(
    "text",
    ['{"a": 1, "a": 1}', '{"a": 1, "b": 2, "\\u0061": 3}', '[{"b": {"a": 1, "c": {}, "a": null}}]', b'{"a":{},"a":{}}'],
)
def test_a_key_that_an_object_has_twice_is_refused_by_name(text: str | bytes) -> None:
    with pytest.raises(InvalidJson, match='The key "a" is there twice in one object'):
        loads(text)


def test_objects_may_have_keys_of_each_other() -> None:
    assert loads('{"a": {"a": 1}, "b": [{"a": 1}, {"a": 2}], "A": 1}') == {
        "a": {"a": 1},
        "b": [{"a": 1}, {"a": 2}],
        "A": 1,
    }


def test_a_repeated_key_is_not_all_repeated_again() -> None:
    key = "\\ud800" + "é" * 100_000
    with pytest.raises(InvalidJson) as raised:
        loads(f'{{"{key}": 1, "{key}": 2}}')

    assert len(str(raised.value)) < 500
    str(raised.value).encode()


def test_what_is_only_looked_at_may_repeat_keys() -> None:
    assert loads('{"a": 1, "a": {"b": 2, "b": 3}}', last_of_repeated_keys=True) == {"a": {"b": 3}}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (("a", "b", 1), 2),
        (("a", "b"), [1, 2]),
        ((), {"a": {"b": [1, 2]}, "c": None}),
        (("a", "b", 2), None),
        (("a", "b", -1), None),
        (("a", "b", "1"), None),
        (("a", 0), None),
        (("c", "d"), None),
        (("x",), None),
    ],
)
def test_what_a_path_leads_to(path: tuple[str | int, ...], found: Any) -> None:
    assert at({"a": {"b": [1, 2]}, "c": None}, *path) == found
