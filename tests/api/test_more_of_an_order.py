"""Reference, note, metadata, language and both addresses of an order: the same by every way in, and in every answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.kit.jsonio import dumps
from chalicelib.orders.items import order_from_item, order_to_item
from chalicelib.orders.model import Order

from tests.support.api.gateway import Gateway, recorded
from tests.support.builders.examples import SETTINGS, body
from tests.support.fakes.adapters import FakeAdapters
from tests.support.imported_files import Importer

ADDRESS = {"street": "1 Main St", "city": "Delft", "state": "", "zipCode": "2611 AB", "country": "NL"}
MORE: dict[str, Any] = {
    "shippingAddress": {**ADDRESS, "name": "Ann Smith", "company": "Smith BV", "street2": "2nd floor"},
    "billingAddress": {**ADDRESS, "name": "Accounting"},
    "reference": "PO-4711",
    "note": "Ring twice.\nThen wait.",
    "metadata": {"zebra": "  as sent ", "a": "", "Ключ": "\n"},
    "locale": "nl",
}
Placed = Callable[[Gateway, FakeAdapters, dict[str, Any]], None]


def over_http(api: Gateway, _: FakeAdapters, more: dict[str, Any]) -> None:
    assert api.post("/orders", body(**more)).status == 201


def of_one_product(api: Gateway, _: FakeAdapters, more: dict[str, Any]) -> None:
    sent = {"productId": "MOUSE001", "quantity": 1, "customerEmail": "customer@example.com", **more}
    assert api.post("/place-order", sent).status == 202


def signed_in(api: Gateway, method: str, path: str, sent: Any = None) -> Any:
    claims = {**recorded("cognito_claims"), "aud": SETTINGS.user_pool_client_id, "sub": "anne", "cognito:groups": ""}
    event = api.event(method, path, sent)
    event["requestContext"]["authorizer"] = {"claims": claims}
    return api.send(event)


def checked_out(api: Gateway, _: FakeAdapters, more: dict[str, Any]) -> None:
    signed_in(api, "PUT", "/cart/items/MOUSE001", {"quantity": 1})
    assert signed_in(api, "POST", "/checkout", more).status == 202


def on_the_bus(adapters: FakeAdapters, detail: dict[str, Any]) -> None:
    event = {"detail-type": "OrderCreated", "detail": detail}
    Services(SETTINGS, adapters).workflow.event_steps.take_stock(event)


def by_event(_: Gateway, adapters: FakeAdapters, more: dict[str, Any]) -> None:
    on_the_bus(adapters, {"orderId": "shop-1", **body(**more), "surprise": True})


def by_flat_event(_: Gateway, adapters: FakeAdapters, more: dict[str, Any]) -> None:
    spelt = {name[0].upper() + name[1:]: value for name, value in more.items()}
    on_the_bus(adapters, {"OrderId": "shop-1", "Product": "Mouse", "Quantity": 1, **spelt})


def in_json_lines(_: Gateway, adapters: FakeAdapters, more: dict[str, Any]) -> None:
    report = Importer(adapters).run(dumps(body(**more)).encode(), "orders/week47.jsonl")
    assert report["counts"]["accepted"] == 1, report


WAYS = [over_http, of_one_product, checked_out, by_event, by_flat_event, in_json_lines]
every_way = pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)


def one(adapters: FakeAdapters) -> Order:
    (found,) = adapters.store.orders.values()
    return found


@every_way
def test_all_of_it_is_kept_and_shown_as_it_was_sent(api: Gateway, adapters: FakeAdapters, way: Placed) -> None:
    way(api, adapters, MORE)

    placed = one(adapters)
    shown = api.get(f"/admin/orders/{placed.order_id}", groups="admin").json
    assert {name: shown[name] for name in MORE} == MORE
    assert list(shown["metadata"]) == list(MORE["metadata"])
    assert shown["orderNumber"] == placed.order_number == "100000"
    assert order_from_item(order_to_item(placed)) == placed


@every_way
def test_who_sends_none_of_it_has_the_shops_language_and_no_more(
    api: Gateway, adapters: FakeAdapters, way: Placed
) -> None:
    way(api, adapters, {})

    shown = api.get(f"/admin/orders/{one(adapters).order_id}", groups="admin").json
    assert (shown["locale"], shown["metadata"]) == ("en", {})
    assert [shown[name] for name in ("billingAddress", "reference", "note")] == [None, None, None]
    assert not {"name", "company", "street2"} & set(shown["shippingAddress"] or {})


@every_way
def test_blanks_alone_are_no_text(api: Gateway, adapters: FakeAdapters, way: Placed) -> None:
    way(api, adapters, {"note": " \n ", "shippingAddress": {**ADDRESS, "name": "\xa0", "street2": " "}})

    placed = one(adapters)
    assert placed.note is None
    assert placed.shipping_address is not None
    assert (placed.shipping_address.name, placed.shipping_address.street2) == ("", "")


WRONG: list[tuple[dict[str, Any], list[str]]] = [
    ({"reference": "x" * 65}, ["reference"]),
    ({"reference": "  "}, ["reference"]),
    ({"reference": "two\nlines"}, ["reference"]),
    ({"reference": 4711}, ["reference"]),
    ({"note": "x" * 501}, ["note"]),
    ({"note": "\x00"}, ["note"]),
    ({"locale": "it"}, ["locale"]),
    ({"locale": "en-GB"}, ["locale"]),
    ({"locale": ""}, ["locale"]),
    ({"metadata": "x"}, ["metadata"]),
    ({"metadata": ["x"]}, ["metadata"]),
    ({"metadata": {"x" * 41: "1"}}, ["metadata"]),
    ({"metadata": {"": "1"}}, ["metadata"]),
    ({"metadata": {"a": "x" * 501}}, ["metadata.a"]),
    ({"metadata": {"a": 1, "b": None, "c": {"d": "e"}, "f": "\x07"}}, [f"metadata.{n}" for n in "abcf"]),
    ({"metadata": {f"n{n}": "1" for n in range(21)}}, ["metadata"]),
    ({"metadata": {f"n{n}": 1 for n in range(5000)}}, ["metadata", *(f"metadata.n{n}" for n in range(20))]),
    ({"billingAddress": {"street": "1"}}, [f"billingAddress.{n}" for n in ("city", "country", "zipCode")]),
    ({"billingAddress": {**ADDRESS, "country": "Holland"}}, ["billingAddress.country"]),
    ({"billingAddress": {**ADDRESS, "zipCode": " "}}, ["billingAddress.zipCode"]),
    ({"billingAddress": {**ADDRESS, "surname": "x"}}, ["billingAddress.surname"]),
    ({"shippingAddress": {**ADDRESS, "name": "x" * 201}}, ["shippingAddress.name"]),
    ({"shippingAddress": {**ADDRESS, "street2": 2}}, ["shippingAddress.street2"]),
    ({"orderNumber": "123456"}, ["orderNumber"]),
]


@pytest.mark.parametrize("path", ["/orders", "/place-order"])
@pytest.mark.parametrize(("sent", "fields"), WRONG, ids=lambda given: str(given)[:50])
def test_what_is_wrong_is_named_and_nothing_is_stored(
    api: Gateway, adapters: FakeAdapters, path: str, sent: dict[str, Any], fields: list[str]
) -> None:
    of_one = {"productId": "MOUSE001", "quantity": 1, "customerEmail": "customer@example.com"}

    answer = api.post(path, {**(body() if path == "/orders" else of_one), **sent})

    assert answer.status == 400
    assert sorted(answer.fields) == sorted(fields)
    assert adapters.store.orders == {}


@pytest.mark.parametrize(
    "longest",
    [
        {"reference": "x" * 64},
        {"note": "x" * 500},
        {"metadata": {f"{n:040d}": "x" * 500 for n in range(20)}},
        {"metadata": {}},
        *({"locale": locale} for locale in ("en", "nl", "de", "fr", "es")),
    ],
    ids=lambda sent: str(sent)[:40],
)
def test_up_to_the_limits_all_is_right(api: Gateway, longest: dict[str, Any]) -> None:
    answer = api.post("/orders", body(**longest))

    assert answer.status == 201
    assert {name: answer.json[name] for name in longest} == longest


@pytest.mark.parametrize("field", ["reference", "note", "metadata", "locale", "billingAddress", "shippingAddress"])
def test_each_of_them_tells_one_body_from_another(api: Gateway, field: str) -> None:
    key = {"Idempotency-Key": "k"}
    first = api.post("/orders", body(**MORE), headers=key)

    other = {**MORE[field], "name": "x"} if isinstance(MORE[field], dict) else "de" if field == "locale" else "x"
    changed = api.post("/orders", body(**{**MORE, field: other}), headers=key)

    assert api.post("/orders", body(**MORE), headers=key).json == first.json
    assert changed.status == 422


def test_prices_and_total_may_be_left_out(api: Gateway) -> None:
    sent = body(totalAmount=None, currency=None, items=[{"productId": "MOUSE001", "quantity": 2}])

    answer = api.post("/orders", sent)

    assert answer.status == 201
    assert (answer.json["items"][0]["price"], answer.json["totalAmount"]) == (20, 40)


def test_a_product_without_a_price_in_the_catalogue_is_named(api: Gateway, adapters: FakeAdapters) -> None:
    answer = api.post("/orders", body(totalAmount=None, items=[{"productId": "GONE001", "quantity": 2}]))

    assert (answer.status, answer.fields) == (400, ["items[0].productId"])
    assert adapters.store.orders == {}


def test_an_order_of_before_is_shown_as_it_was(api: Gateway, adapters: FakeAdapters) -> None:
    order_id = api.post("/orders", body()).json["orderId"]
    item = order_to_item(adapters.store.orders[order_id])
    for name in ("number", "locale"):
        del item[name]
    adapters.store.orders[order_id] = order_from_item(item)

    shown = api.get(f"/orders/{order_id}").json

    assert (shown["orderNumber"], shown["locale"], shown["metadata"]) == (None, None, {})


def test_its_number_is_in_the_answer_of_the_short_ways(api: Gateway) -> None:
    sent = {"productId": "MOUSE001", "quantity": 1, "customerEmail": "customer@example.com"}

    assert api.post("/place-order", sent).json["orderNumber"] == "100000"


def test_events_have_number_and_language_and_nothing_that_was_written_freely(
    api: Gateway, adapters: FakeAdapters
) -> None:
    order_id = api.post("/orders", body(**MORE)).json["orderId"]
    Services(SETTINGS, adapters).workflow.steps.run_all(order_id)

    details = [event.detail for event in adapters.events.published]
    assert {(d["orderNumber"], d["reference"], d["locale"]) for d in details} == {("100000", "PO-4711", "nl")}
    text = json.dumps(details, default=str)
    assert [word for word in ("Ring", "zebra", "Ann", "Smith", "2nd", "Accounting") if word in text] == []


def test_the_archive_has_all_of_it(api: Gateway, adapters: FakeAdapters) -> None:
    order_id = api.post("/orders", body(**MORE)).json["orderId"]
    services = Services(SETTINGS, adapters)
    services.workflow.receipts.issue(services.workflow.steps.run_all(order_id))

    (archived,) = [json.loads(text) for key, text in adapters.documents.files.items() if key.startswith("orders/")]
    assert {name: archived[name] for name in (*MORE, "orderNumber")} == {**MORE, "orderNumber": "100000"}


def test_the_log_says_nothing_of_it(api: Gateway, capsys: pytest.CaptureFixture[str]) -> None:
    api.post("/orders", body(**MORE))
    api.post("/orders", body(**{**MORE, "locale": "it"}))

    written = "".join(capsys.readouterr())
    assert [word for word in ("Ring", "zebra", "Smith", "2nd floor", "Accounting") if word in written] == []
