"""Reading `OrderCreated`: two forms, tolerant of what we do not know, strict with what we do."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from chalicelib.kit.errors import MalformedMessage
from chalicelib.kit.jsonio import dumps, loads
from chalicelib.kit.money import MAX_AMOUNT
from chalicelib.orders.commands import AnnouncedOrder, PlaceOrder
from chalicelib.orders.model import Address, Line
from chalicelib.orders.order_created import announced_order
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders.examples import body, command

FLAT = {"OrderId": "12345", "Product": "Laptop", "Quantity": 1, "Price": 1200}


def read(detail: Any) -> AnnouncedOrder:
    """Of a detail as it arrives: as JSON."""
    event = loads(dumps({"detail": detail}))
    return announced_order(event, owner="p-one", default_currency="EUR", correlation_id="corr-1")


def full(**changes: Any) -> dict[str, Any]:
    return {"orderId": "shop-1", **body(**changes)}


def flat(**changes: Any) -> dict[str, Any]:
    return {name: value for name, value in {**FLAT, **changes}.items() if value is not ...}


def wrong_fields(detail: Any) -> set[str]:
    return {error.field for error in read(detail).errors}


def without_fingerprint(found: AnnouncedOrder) -> PlaceOrder:
    return replace(found.command, fingerprint=b"")


def test_the_full_form_is_a_post_orders_body_with_its_id() -> None:
    found = read(full())

    assert (found.order_id, found.errors, found.by_name) == ("shop-1", (), False)
    assert without_fingerprint(found) == command(workflow="events")


def test_the_flat_form_is_one_product_by_id_or_name() -> None:
    found = read(FLAT)

    assert (found.order_id, found.errors, found.by_name) == ("12345", (), True)
    assert found.command.lines == (Line("Laptop", "", 1, Decimal("1200.00")),)
    assert str(found.command.total_amount) == "1200.00"
    assert (found.command.customer_id, found.command.customer_email, found.command.phone_number) == ("", "", None)
    assert (found.command.owner, found.command.workflow, found.command.fulfilment) == ("p-one", "events", "auto")


def test_the_price_of_the_flat_form_is_per_unit() -> None:
    found = read(flat(Quantity=3, Price=Decimal("19.99")))

    assert found.command.total_amount == Decimal("59.97")


@pytest.mark.parametrize("spelt", [lambda name: name, lambda name: name[0].lower() + name[1:]], ids=["Big", "small"])
def test_the_flat_form_may_say_whose_it_is_with_or_without_capitals(spelt: Any) -> None:
    address = {"Street": "1 Main St", "City": "Delft", "State": "ZH", "ZipCode": "2611", "Country": "NL"}
    optional = {
        "CustomerId": "c-1",
        "CustomerEmail": "c@example.com",
        "PhoneNumber": "+31612345678",
        "Currency": "USD",
        "PaymentMethod": "pm_card_chargeDeclined",
        "ShippingAddress": {spelt(name): value for name, value in address.items()},
    }

    found = read(flat(**{spelt(name): value for name, value in optional.items()}))

    assert found.errors == ()
    assert without_fingerprint(found) == command(
        workflow="events",
        customer_id="c-1",
        customer_email="c@example.com",
        currency="USD",
        payment_method="pm_card_chargeDeclined",
        shipping_address=Address("1 Main St", "Delft", "ZH", "2611", "NL"),
        lines=(Line("Laptop", "", 1, Decimal("1200.00")),),
        total_amount=Decimal("1200.00"),
    )


@pytest.mark.parametrize("nothing", ["", None])
def test_an_empty_optional_field_is_not_there(nothing: Any) -> None:
    found = read(flat(CustomerEmail=nothing, CustomerId=nothing, PhoneNumber=nothing))

    assert found.errors == ()
    assert found.command == read(FLAT).command


def test_what_we_do_not_know_is_ignored_and_sets_nothing() -> None:
    more = {"status": "COMPLETED", "owner": "p-two", "workflow": "queue", "fulfilment": "manual", "traceId": {"x": [1]}}
    items = [{**body()["items"][0], "sku": "x"}]

    for detail in (full(), FLAT):
        assert read({**detail, **more}) == read(detail)
    assert read(full(items=items)) == read(full())


def test_the_same_content_has_the_same_fingerprint_however_it_is_written() -> None:
    prints = [
        read(detail).command.fingerprint
        for detail in (
            full(),
            dict(reversed(full().items())),
            full(totalAmount=Decimal("1299.990")),
            {**full(), "sentAt": "later"},
        )
    ]

    assert len(set(prints)) == 1
    assert read(flat(Price=Decimal("1200.0"), product="x")).command.fingerprint == read(FLAT).command.fingerprint


@pytest.mark.parametrize(
    "changed", [full(phoneNumber=None), full(customerId="other"), full(paymentMethod="pm_x"), FLAT, flat(Quantity=2)]
)
def test_another_content_has_another_fingerprint(changed: Any) -> None:
    assert read(changed).command.fingerprint != read(full()).command.fingerprint


def test_an_order_sent_again_with_its_id_put_right_is_another_content() -> None:
    assert read(flat(OrderId=12345)).command.fingerprint != read(FLAT).command.fingerprint


@pytest.mark.parametrize(
    ("detail", "fields"),
    [
        (flat(Price=Decimal("1299.9900000000001")), {"Price"}),
        (flat(Price="1200"), {"Price"}),
        (flat(Price=-1), {"Price"}),
        (flat(Price=True), {"Price"}),
        (flat(Price=[[[1]]]), {"Price"}),
        (flat(Price=Decimal("999999999.99"), Quantity=10_000), {"Price"}),
        (flat(Price=Decimal("1e300")), {"Price"}),
        (flat(Quantity="1"), {"Quantity"}),
        (flat(Quantity=0), {"Quantity"}),
        (flat(Quantity=Decimal("1.5")), {"Quantity"}),
        (flat(Quantity=Decimal("1.0")), {"Quantity"}),
        (flat(Quantity=10_001), {"Quantity"}),
        (flat(Product=""), {"Product"}),
        (flat(Product=7), {"Product"}),
        (flat(Product="x" * 201), {"Product"}),
        (flat(Product="two\nlines"), {"Product"}),
        (flat(Currency="EURO"), {"Currency"}),
        (flat(Currency="ABC"), {"Currency"}),
        (flat(Currency="JPY", Price=Decimal("12.50")), {"Price"}),
        (flat(CustomerEmail="nobody"), {"CustomerEmail"}),
        (flat(ShippingAddress={"Street": "1"}), {f"ShippingAddress.{n}" for n in ("city", "zipCode", "country")}),
        (flat(ShippingAddress="home"), {"ShippingAddress"}),
        ({"OrderId": "1"}, {"Product", "Quantity"}),
        (flat(Price="x", Quantity="y", Product=1), {"Product", "Quantity", "Price"}),
        (flat(OrderId=12345), {"OrderId"}),
        ({"orderId": "1"}, {"customerId", "customerEmail", "items", "shippingAddress"}),
        (full(totalAmount=Decimal("1299.98")), {"totalAmount"}),
        (full(totalAmount="1299.99"), {"totalAmount"}),
        (full(items=[]), {"items"}),
        (full(items={}), {"items"}),
        (full(items=[{**body()["items"][0], "price": Decimal("1299.9900000000001")}]), {"items[0].price"}),
        (full(items=[{**body()["items"][0], "quantity": "1"}, 7]), {"items[0].quantity", "items[1]"}),
        (full(customerEmail="x", phoneNumber="12"), {"customerEmail", "phoneNumber"}),
        ({**full(), "orderId": 7}, {"orderId"}),
    ],
    ids=lambda given: str(sorted(given) if isinstance(given, set) else given),
)
def test_every_wrong_field_is_named(detail: Any, fields: set[str]) -> None:
    assert wrong_fields(detail) == fields


def test_of_what_is_no_order_all_that_is_right_is_kept() -> None:
    right, wrong = body()["items"][0], {**body()["items"][0], "price": "1"}

    kept = read(full(items=[wrong, right], customerEmail="x")).command

    assert kept.lines == (Line("LAPTOP001", "Gaming Laptop", 1, Decimal("1299.99")),)
    assert (kept.customer_id, kept.customer_email, kept.phone_number) == ("customer123", "", "+31612345678")
    assert kept.total_amount == Decimal("1299.99")
    assert kept.shipping_address is not None


def test_a_sum_that_is_beyond_all_totals_is_kept_as_nothing() -> None:
    costly = {**body()["items"][0], "price": MAX_AMOUNT}
    found = read({name: value for name, value in full(items=[costly, costly]).items() if name != "totalAmount"})

    assert {error.field for error in found.errors} == {"totalAmount"}
    assert (len(found.command.lines), found.command.total_amount) == (2, 0)


@pytest.mark.parametrize("order_id", ["12345", "a", "A" * 64, "a.b_c-d", "9d137906-5f28-5115-b85e-b65d1ec31630", 7])
def test_an_id_that_names_objects_urls_and_executions_is_taken(order_id: Any) -> None:
    assert read(flat(OrderId=order_id)).order_id == str(order_id)


@pytest.mark.parametrize(
    "order_id",
    ["", "a" * 65, "../x", "a/b", "a b", "a\nb", " ", "ä", "-a", "a:b", None, True, [], {}, Decimal("1.5"), -5, 10**64],
)
def test_what_no_order_can_be_called_is_refused_with_the_reason(order_id: Any) -> None:
    with pytest.raises(MalformedMessage, match="OrderId must be 1 to 64 letters"):
        read(flat(OrderId=order_id))


@pytest.mark.parametrize("detail", [None, [], "text", 7])
def test_a_detail_that_is_no_object_is_refused(detail: Any) -> None:
    with pytest.raises(MalformedMessage, match="no detail"):
        read(detail)


@pytest.mark.parametrize("detail", [{}, body(), flat(OrderId=...)])
def test_a_detail_without_an_id_is_refused(detail: Any) -> None:
    with pytest.raises(MalformedMessage, match="names no order"):
        read(detail)


def test_an_orderid_beside_a_product_is_the_flat_form_too() -> None:
    small = {name[0].lower() + name[1:]: value for name, value in FLAT.items()}

    assert read(small) == read(FLAT)


def test_nesting_that_would_exhaust_the_stack_is_only_a_wrong_field() -> None:
    deep: Any = 1
    for _ in range(200):
        deep = [deep]

    assert wrong_fields(flat(Price=deep)) == {"Price"}


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)
_names = st.sampled_from([*FLAT, *full(), "items", "customerid", "ProductId"])


@given(st.dictionaries(_names, _values, max_size=6), st.sampled_from([FLAT, full()]))
def test_whatever_comes_is_an_order_or_wrong_in_named_fields_or_refused(changes: Any, detail: Any) -> None:
    try:
        event = loads(dumps({"detail": {**detail, **changes}}))
    except ValueError:
        return  # never was JSON

    try:
        found = announced_order(event, owner="p-one", default_currency="EUR", correlation_id="")
    except MalformedMessage:
        return

    assert all(error.field and error.message for error in found.errors)
    total = sum((line.total for line in found.command.lines), Decimal(0))
    assert (
        found.errors or found.command.total_amount == total >= 0
    )  # one for nothing is an order, if the catalogue says so
