"""What an order is found by, and how texts are compared."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from chalicelib.orders.model import Address, Line, Order, Shipment, ShipmentStatus
from chalicelib.orders.search_tokens import LONGEST, SearchText, normalised, tokens_of
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import examples

HOME = Address("1 Canal St", "Amsterdam", "", "1011 AB", "NL", name="Zoë van  Dijk", company="Café Ö")
PARCEL = Shipment("DHL", "JVGL 0601 2345", (("LAPTOP001", 1),), ShipmentStatus.SHIPPED, examples.NOW)


def whole_order() -> Order:
    return examples.order(
        order_id="Order-ABC",
        order_number="1004820",
        customer_email="Anna@Example.COM",
        customer_id="Customer 123",
        reference="PO 2026/17",
        tags=("VIP Buyer",),
        shipping_address=HOME,
        billing_address=Address("", "", "", "", "NL", name="A. Payer"),
        shipments=(PARCEL,),
        lines=(Line("LAPTOP001", "Laptop", 1, 1), Line("mouse-1", "Mouse", 1, 1)),  # type: ignore[arg-type]
    )


def test_an_order_is_found_by_all_that_names_it() -> None:
    assert tokens_of(whole_order()) == {
        *("tag:vipbuyer", "order-abc", "1004820", "anna@example.com", "customer123", "po2026/17", "jvgl06012345"),
        *("laptop001", "mouse-1", "zoë", "van", "dijk", "café", "ö", "a.", "payer"),
    }


def test_what_an_order_lacks_is_no_token() -> None:
    bare = examples.order(reference=None, shipping_address=None, order_number="", customer_email="")

    assert "" not in tokens_of(bare)
    assert normalised(" \u200b\t") == ""


def test_of_a_long_name_the_first_eight_words_are_tokens() -> None:
    words = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    named = replace(whole_order(), shipping_address=replace(HOME, name=" ".join(words)))

    assert tokens_of(named) & set(words) == set(words[:8])


@given(st.text())
def test_case_composition_and_spaces_make_no_difference(text: str) -> None:
    same = normalised(text)

    assert normalised(unicodedata.normalize("NFD", text)) == same
    assert normalised(f" {text}\t") == same
    assert len(same) <= LONGEST
    assert "\x1f" not in same


@pytest.mark.parametrize(("one", "other"), [("Straße", "STRASSE"), ("ΣΊΣΥΦΟΣ", "σίσυφος"), ("Ångström", "ÅNGSTRÖM")])
def test_letters_that_unicode_folds_are_one(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "order-a",
            "ORDER-ABC",
            "1004820",
            "100482",
            "anna@",
            "ANNA@EXAMPLE.COM",
            "customer 123",
            "po 2026",
            "jvgl 0601",
        ),
        *("laptop", "Mouse-1", "zoe\u0308", "dijk", "zoë dijk", "Dijk Zoë", "van dij", "cafe\u0301", "payer laptop001"),
    ],
)
def test_typed_in_any_of_these_ways_it_matches(typed: str) -> None:
    assert SearchText.of(typed).matches(whole_order())


@pytest.mark.parametrize("typed", ["rder", "zoe", "dijk smith", "example.com", "laptop002", "1004821"])
def test_the_middle_of_a_word_and_other_words_do_not(typed: str) -> None:
    assert not SearchText.of(typed).matches(whole_order())


def test_several_words_are_looked_up_as_a_whole_and_by_the_longest() -> None:
    assert SearchText.of("Zoë van Dijk").lookups == ("zoëvandijk", "dijk")
    assert SearchText.of("dijk").lookups == ("dijk",)
