"""`POST /orders` with values that an order can't have: each is named, all at once, and nothing happens."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from chalicelib.kit.jsonio import dumps

from tests.support.api.gateway import Gateway
from tests.support.api.refusals import SECRET, refused
from tests.support.api.routes import changed
from tests.support.builders.examples import body
from tests.support.fakes.adapters import FakeAdapters

LONG = SECRET * 100
CONTROLS = ["\x00", "\n", "\r\n", "\t", "\x1b", "\x1f", "\x7f", "\x85", "\u2028", "\ufffd"]
BLANKS = [
    "",
    " ",
    "\t\n",
    "\xa0",
    "\u200b",
    "\u3000",
    "\ufeff",
    "\u2060\u200d",
    "\u2800",
    "\u3164",
    "\ufe0f",
    "\U000e0041",
]
TEXTS = ["customerId", "items[0].name", *[f"shippingAddress.{name}" for name in ("street", "city", "state", "country")]]

RAW_NUMBERS = ['"1"', "1.0", "1e0", "1.5", "true", "null", "[1]", '{"a":1}', "1E+2", "-1.0"]
BAD_QUANTITIES = [*RAW_NUMBERS, "0", "-1", "10001", "1e400", "-0", "0.0", "9" * 4000]
BAD_AMOUNTS = ['"1299.99"', "true", "-1299.99", "-0.01", "1000000000", "1e400", "9" * 4000, f'"{SECRET}"']

BAD_TEXTS: list[tuple[str, Any]] = [
    *[(field, text) for field in [*TEXTS, "shippingAddress.zipCode"] for text in [f"{SECRET}{c}x" for c in CONTROLS]],
    *[(field, LONG) for field in [*TEXTS, "shippingAddress.zipCode"]],
    *[
        (field, text)
        for field in [*TEXTS, "shippingAddress.zipCode"]
        for text in BLANKS
        if field != "shippingAddress.state"
    ],
    *[("items[0].productId", text) for text in ["", " ", "a b", "../x", "-x", f"{SECRET}/", "é", "x" * 65, "x\ny"]],
    *[("customerEmail", text) for text in ["", SECRET, f"{SECRET}@", "@b.c", f"{SECRET}@b", f"{SECRET} @b.cc"]],
    *[("customerEmail", f"a@b.cc{tail}") for tail in ["\nx", "\r\nBcc: x@y.zz", ",x@y.zz", "\x00", " x", "."]],
    *[
        ("customerEmail", text)
        for text in [
            "é@b.cc",
            "a@b..cc",
            "a@-b.cc",
            "a" * 65 + "@b.cc",
            "a@" + "b" * 260 + ".c",
            "a@" + "b" * 64 + ".cc",
        ]
    ],
    *[
        ("customerEmail", text) for text in [" ", ".a@b.cc", "\u200b.a@b.cc", "a.@b.cc", "a..b@b.cc"]
    ],  # SES refuses them
    *[
        ("customerEmail", text)
        for text in ["ü@ü.de", "a@ü", "a@ü..de", "a@-ü.de", "a@☃.net", "a@ü_.de", "a@" + "ü" * 64 + ".de"]
    ],
    *[("customerEmail", text) for text in ["a@" + "ü" * 300 + ".de", "a@ü.de@b.cc"]],
    *[
        ("phoneNumber", text)
        for text in ["", "0612345678", "+0612345678", "+31 612", "+1234567890123456", "+31x", "+٣١٦"]
    ],
    *[("phoneNumber", "+31612345678\n1")],
    *[("currency", text) for text in ["", "eur", "EURO", "EU", "€", "ABC", "XXX", "EU\nR"]],
    *[("paymentMethod", text) for text in ["", SECRET, "pm_", "pm_card visa", "pm_card\nx", "pm_" + "x" * 65]],
    ("items", []),
]


def _raw(field: str, number: str) -> str:
    """The body with a number spelt just so."""
    return dumps(changed(body(), field, "@@")).replace('"@@"', number)


@pytest.mark.parametrize("number", BAD_QUANTITIES, ids=lambda text: text[:12])
def test_a_quantity_is_a_whole_number_from_1_to_10000(api: Gateway, untouched: Callable[[], bool], number: str) -> None:
    refused(api.post("/orders", _raw("items[0].quantity", number)), "items[0].quantity")
    assert untouched()


@pytest.mark.parametrize("field", ["items[0].price", "totalAmount"])
@pytest.mark.parametrize("number", BAD_AMOUNTS, ids=lambda text: text[:12])
def test_an_amount_is_a_decimal_that_can_be_paid(
    api: Gateway, untouched: Callable[[], bool], field: str, number: str
) -> None:
    refused(api.post("/orders", _raw(field, number)), field)
    assert untouched()


@pytest.mark.parametrize(("field", "text"), BAD_TEXTS, ids=lambda value: ascii(value)[:40])
def test_a_text_that_is_not_fit_is_refused(api: Gateway, untouched: Callable[[], bool], field: str, text: Any) -> None:
    refused(api.post("/orders", changed(body(), field, text)), field)
    assert untouched()


@pytest.mark.parametrize(
    ("currency", "amount", "digits"),
    [
        ("EUR", "1.001", 2),
        ("EUR", "0.0000000000000001", 2),
        ("JPY", "100.5", 0),
        ("JPY", "0.1", 0),
        ("KWD", "1.0001", 3),
    ],
)
def test_an_amount_has_no_more_digits_than_its_currency(
    api: Gateway, untouched: Callable[[], bool], currency: str, amount: str, digits: int
) -> None:
    sent = changed(body(currency=currency, totalAmount=Decimal(amount)), "items[0].price", Decimal(amount))

    answer = api.post("/orders", sent)

    refused(answer, "items[0].price", "totalAmount")
    assert answer.json["errors"][0]["message"] == f"must have at most {digits} decimal places in {currency}"
    assert untouched()


@pytest.mark.parametrize(
    ("currency", "amount", "shown"),
    [
        ("EUR", "5", "5.00"),
        ("JPY", "100", "100"),
        ("JPY", "100.0", "100"),
        ("KWD", "1.001", "1.001"),
        ("KWD", "2", "2.000"),
    ],
)
def test_an_amount_is_shown_with_the_digits_of_its_currency(
    api: Gateway, currency: str, amount: str, shown: str
) -> None:
    sent = changed(body(currency=currency, totalAmount=Decimal(amount)), "items[0].price", Decimal(amount))

    answer = api.post("/orders", sent)

    assert answer.status == 201
    assert f'"totalAmount":{shown},' in answer.text


@pytest.mark.parametrize("total", ["1299.98", "1300", "2599.98", "0.01", "1299.99000000000000000001"])
def test_the_total_must_be_the_sum(api: Gateway, untouched: Callable[[], bool], total: str) -> None:
    refused(api.post("/orders", body(totalAmount=Decimal(total))), "totalAmount")
    assert untouched()


def test_a_wrong_total_is_named_beside_other_errors(api: Gateway, untouched: Callable[[], bool]) -> None:
    sent = changed(body(customerEmail="no mail", totalAmount=1), "items[0].surprise", 1)

    refused(api.post("/orders", sent), "customerEmail", "items[0].surprise", "totalAmount")
    assert untouched()


def test_all_that_is_wrong_is_named_at_once(api: Gateway, untouched: Callable[[], bool]) -> None:
    line = {"productId": "?", "name": "", "quantity": 0, "price": -1}
    address = dict.fromkeys(["street", "city", "zipCode", "country"], "")
    wrong = {"customerId": "", "customerEmail": "x", "phoneNumber": "x", "currency": "x", "paymentMethod": "x"}
    sent = body(
        **wrong, items=[line, line], totalAmount=-1, shippingAddress={**address, "state": 1}, status="COMPLETED"
    )

    answer = api.post("/orders", sent, headers={"Idempotency-Key": ""})

    lines = [f"items[{n}].{name}" for n in (0, 1) for name in line]
    fields = [*wrong, *lines, "totalAmount", "status", *[f"shippingAddress.{name}" for name in (*address, "state")]]
    refused(answer, *fields, "Idempotency-Key")
    assert untouched()


def test_101_lines_are_refused(api: Gateway, untouched: Callable[[], bool]) -> None:
    sent = body(items=body()["items"] * 101, totalAmount=Decimal("131298.99"))

    answer = api.post("/orders", sent)

    refused(answer, "items")
    assert answer.json["errors"][0]["message"] == "must have at most 100 entries"
    assert untouched()


def test_100_lines_are_taken(api: Gateway) -> None:
    assert api.post("/orders", body(items=body()["items"] * 100, totalAmount=Decimal("129999.00"))).status == 201


def test_eighty_thousand_lines_get_an_answer_that_can_be_sent(api: Gateway, untouched: Callable[[], bool]) -> None:
    answer = api.post("/orders", {**body(), "items": [{}] * 80_000})

    assert answer.status == 400
    assert len(answer.text) < 100_000
    assert untouched()


@pytest.mark.parametrize("key", ["", "x" * 256, "schlüssel", "a\nb", "a\x00", "\x7f", "ключ"], ids=ascii)
def test_an_idempotency_key_is_1_to_255_printable_ascii(api: Gateway, untouched: Callable[[], bool], key: str) -> None:
    refused(api.post("/orders", body(), headers={"Idempotency-Key": key}), "Idempotency-Key")
    assert untouched()


@pytest.mark.parametrize("key", ["x", "x" * 255, "a key, with: everything / printable ~"])
def test_other_idempotency_keys_are_fine(api: Gateway, key: str) -> None:
    assert api.post("/orders", body(), headers={"Idempotency-Key": key}).status == 201


@pytest.mark.parametrize(
    "name", ["Ω Πελάτης", "Łódź", "東京都 千代田区", "O'Brien & Söhne <b>", "\U0001f4bb", "=cmd|' /C'!A0"]
)
def test_names_of_all_the_world_are_kept_as_they_are(api: Gateway, adapters: FakeAdapters, name: str) -> None:
    sent = changed(changed(body(customerId=name), "items[0].name", name), "shippingAddress.city", name)

    order = api.get(f"/orders/{api.post('/orders', sent).json['orderId']}").json

    assert (order["customerId"], order["items"][0]["name"], order["shippingAddress"]["city"]) == (name, name, name)
