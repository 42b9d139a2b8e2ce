"""Bodies that no test lists: never a 500, and stored if and only if the answer is 201."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from chalice.app import Chalice
from chalicelib import bootstrap
from chalicelib.bootstrap import Services
from chalicelib.kit.jsonio import dumps
from chalicelib.kit.text import clean
from chalicelib.kit.validation import read
from chalicelib.orders.model import Order
from chalicelib.orders.schema import ORDER_REQUEST
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.api import published
from tests.support.api.gateway import Answer, Gateway
from tests.support.api.routes import ORDERS, PRODUCT, STOCK, Route, changed, fields_of, without
from tests.support.builders.examples import LAPTOP, MOUSE, SETTINGS, body
from tests.support.fakes.adapters import FakeAdapters

pytestmark = pytest.mark.slow

FUZZ = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)

texts = st.text(max_size=40) | st.sampled_from(
    ["", "\x00", "EUR", "JPY", "a@b.cc", "+31612345678", "pm_card_visa", "\ud800"]
)
names = st.sampled_from([*body(), *body()["items"][0], *body()["shippingAddress"]]) | texts.filter(
    lambda text: bool(text) and not set(text) & {".", "["}
)
numbers = (
    st.integers()
    | st.integers(-1, 101)
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.decimals(min_value=0, max_value=2000, places=2)
)
scalars = st.none() | st.booleans() | numbers | texts
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)
objects = st.dictionaries(names, anything, max_size=12)


@st.composite
def mutations(draw: st.DrawFn, route: Route) -> Any:
    """The right body with one to three fields changed, taken away, doubled or added."""
    sent: Any = dict(route.body)
    for _ in range(draw(st.integers(1, 3))):
        fields = fields_of(sent)
        if not fields:
            break
        field = draw(st.sampled_from(fields))
        kind = draw(st.sampled_from(["change", "remove", "add"]))
        if kind == "change" or field.endswith("]"):
            sent = changed(sent, field, draw(anything))
        elif kind == "remove":
            sent = without(sent, field)
        else:
            sent = changed(sent, draw(names), draw(anything))
    return sent


def _text(sent: Any) -> str:
    """As a client would write it, with whatever Python can say."""
    try:
        return dumps(sent)
    except ValueError:
        return json.dumps(sent, default=str)


@contextmanager
def _fresh() -> Iterator[FakeAdapters]:
    """A shop of its own for each example."""
    fakes = FakeAdapters()
    fakes.catalogue.put(LAPTOP, 5)
    fakes.catalogue.put(MOUSE, 5)
    bootstrap.use(Services(SETTINGS, fakes))
    yield fakes


def _holds_for_orders(api: Gateway, sent: str | bytes) -> None:
    with _fresh() as fakes:
        answer = api.post("/orders", sent, headers={"Idempotency-Key": "k"})

        assert answer.status in {201, 400}, answer.text
        assert len(fakes.store.orders) == len(fakes.queue.messages) == (answer.status == 201)
        if answer.status == 201:
            _is_what_was_sent(answer, next(iter(fakes.store.orders.values())))


def _is_what_was_sent(answer: Answer, stored: Order) -> None:
    assert answer.json["orderId"] == stored.order_id
    assert stored.total_amount == sum(line.price * line.quantity for line in stored.lines)
    assert all(isinstance(line.quantity, int) and line.quantity > 0 for line in stored.lines)


@FUZZ
@given(sent=mutations(ORDERS))
def test_an_order_with_some_fields_changed(api: Gateway, sent: Any) -> None:
    _holds_for_orders(api, _text(sent))


@FUZZ
@given(sent=objects)
def test_an_order_of_any_fields(api: Gateway, sent: Any) -> None:
    _holds_for_orders(api, _text(sent))


@FUZZ
@given(sent=anything)
def test_an_order_that_is_any_json(api: Gateway, sent: Any) -> None:
    _holds_for_orders(api, _text(sent))


@FUZZ
@given(sent=st.binary(max_size=200) | st.text(max_size=200))
def test_an_order_that_is_any_bytes(api: Gateway, sent: str | bytes) -> None:
    _holds_for_orders(api, sent)


@FUZZ
@given(data=st.data())
def test_an_order_of_the_right_form_is_taken(api: Gateway, data: st.DataObject) -> None:
    """So that the fuzzing above is known to get behind the schema."""
    currency, places = data.draw(st.sampled_from([("EUR", 2), ("JPY", 0), ("KWD", 3)]))
    lines = data.draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "productId": st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", fullmatch=True),
                    "quantity": st.integers(1, 10_000),
                    "price": st.decimals(min_value=0, max_value=1000, places=places),
                },
                optional={
                    "name": st.text(
                        st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\ufffd"),
                        max_size=200,
                    ).filter(lambda name: 1 <= len(clean(name)) <= 200)
                },
            ),
            min_size=1,
            max_size=5,
        )
    )
    total = sum((line["price"] * line["quantity"] for line in lines), Decimal(0))
    with _fresh() as fakes:
        answer = api.post("/orders", body(items=lines, currency=currency, totalAmount=total))

        assert answer.status == 201
        assert len(fakes.store.orders) == 1
        assert answer.json["totalAmount"] == total


@FUZZ
@given(data=st.data())
@pytest.mark.parametrize("route", [PRODUCT, STOCK], ids=str)
def test_what_staff_send(api: Gateway, route: Route, data: st.DataObject) -> None:
    sent = data.draw(mutations(route) | objects)
    with _fresh() as fakes:
        products, stock = dict(fakes.store.products), dict(fakes.store.stock)
        answer = route.call(api, _text(sent))

        assert answer.status in {200, 400, 409}, answer.text
        assert all(s.available >= 0 for s in fakes.store.stock.values())
        if answer.status != 200:
            assert (fakes.store.products, fakes.store.stock) == (products, stock)


@FUZZ
@given(query=st.lists(st.tuples(st.sampled_from(["limit", "cursor", "status", "customerId", "x"]), texts), max_size=4))
@pytest.mark.parametrize("path", ["/orders", "/products"])
def test_any_query(api: Gateway, path: str, query: list[tuple[str, str]]) -> None:
    event = api.event("GET", path, key="one")
    event["multiValueQueryStringParameters"] = {name: [value] for name, value in query} or None
    with _fresh():
        answer = api.send(event)

        assert answer.status in {200, 400}


@FUZZ
@given(sent=mutations(ORDERS) | objects)
def test_what_the_document_refuses_is_refused(app: Chalice, api: Gateway, sent: Any) -> None:
    """Clients that check their bodies by the document are not surprised: but for blanks around a text we may refuse
    more, but never less."""
    text = _text(sent)
    schema = published.validator_of({"$ref": "#/components/schemas/OrderRequest"})
    try:
        right = schema.is_valid(read(json.loads(text), ORDER_REQUEST)[0])
    except (ValueError, OverflowError):
        right = False
    with _fresh():
        assert right or api.post("/orders", text).status == 400
