"""What a problem repeats of a request."""

from __future__ import annotations

from chalicelib.api.shared.echo import shortened, within_limits
from chalicelib.kit.errors import FieldError
from chalicelib.kit.jsonio import dumps
from chalicelib.kit.validation import read
from chalicelib.orders.schema import ORDER_REQUEST
from hypothesis import given
from hypothesis import strategies as st

NAMES = st.lists(st.text(max_size=100) | st.text("\x00💥'\".[]7", min_size=80, max_size=100), max_size=150, unique=True)
OURS = [f"items[{n}].{name}" for n in range(100) for name in ("productId", "name", "quantity", "price")]


@given(NAMES, st.text(max_size=2000))
def test_no_more_than_four_kilobytes_are_repeated(names: list[str], detail: str) -> None:
    errors = [FieldError(name, "is not a known field") for name in names]

    shown = within_limits(errors)

    repeated = shortened(detail) + "".join(error.field for error in shown)
    assert len(dumps([error.field for error in shown]).encode()) + len(shortened(detail).encode()) <= 4096, repeated
    assert shown[: len(errors)] == errors or shown[-1] == FieldError(
        "", f"{len(errors) - len(shown) + 1} more errors are not shown"
    )


def test_all_that_is_wrong_with_our_own_fields_is_named() -> None:
    errors = [FieldError(name, "must be a payment method, like pm_card_visa") for name in OURS]

    assert within_limits(errors) == errors


def test_a_short_detail_stays_and_a_long_one_is_cut_between_characters() -> None:
    assert shortened("The cart is empty.") == "The cart is empty."
    assert shortened("é" * 2000) == "é" * 510 + "…"


def test_a_body_made_for_a_long_answer_gets_a_short_one() -> None:
    lines = [{f"{n}{'x' * 20}": 1 for n in range(100)} for _ in range(100)]

    _, errors = read({"items": lines, **{"y" * 90 + str(n): 1 for n in range(100)}}, ORDER_REQUEST)
    text = dumps([[error.field, error.message] for error in within_limits(errors)])

    assert len(errors) > 10_000
    assert "more errors are not shown" in text
    assert text.count("xxx") + text.count("yyy") < 4096
