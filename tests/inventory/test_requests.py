"""The limits of what staff send: the last value that is accepted, and the first that is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from chalicelib.inventory import requests
from chalicelib.kit.errors import InvalidRequest

PRODUCT = {"name": "Mug", "price": 5}
STOCK = {"delta": 1, "reason": "Counted"}
UPLOAD = "0c37e717-4d5f-4f63-9a0e-5d0a7f6f2b11"


def put(body: dict[str, Any]) -> object:
    return requests.put_product("MUG001", body, "EUR")


LIMITS: list[tuple[Callable[[Any], object], dict[str, Any], str, list[Any], list[Any]]] = [
    (put, PRODUCT, "name", ["x", "x" * 200], ["", "x" * 201]),
    (put, PRODUCT, "description", ["", "x" * 2000], ["x" * 2001]),
    (put, PRODUCT, "stock", [0, 1_000_000_000], [-1, 1_000_000_001]),
    (requests.change_stock, STOCK, "delta", [-1_000_000_000, 1_000_000_000], [-1_000_000_001, 1_000_000_001]),
    (requests.change_stock, STOCK, "reason", ["x", "x" * 200], ["", "x" * 201]),
    (requests.image, {}, "uploadId", [UPLOAD], [UPLOAD[:-1], f"{UPLOAD}a", UPLOAD.upper(), f"{UPLOAD[:-1]}g"]),
    (lambda body: requests.search(body["q"]), {}, "q", ["", "x", "x" * 100], ["x" * 101]),
]


@pytest.mark.parametrize(
    ("read", "body", "field", "value"),
    [(read, body, field, value) for read, body, field, accepted, _ in LIMITS for value in accepted],
    ids=lambda value: str(value)[:20],
)
def test_the_last_value_is_accepted(
    read: Callable[[Any], object], body: dict[str, Any], field: str, value: object
) -> None:
    read({**body, field: value})


@pytest.mark.parametrize(
    ("read", "body", "field", "value"),
    [(read, body, field, value) for read, body, field, _, refused in LIMITS for value in refused],
    ids=lambda value: str(value)[:20],
)
def test_the_next_one_is_refused(
    read: Callable[[Any], object], body: dict[str, Any], field: str, value: object
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        read({**body, field: value})

    assert {error.field for error in refused.value.errors} == {field}


@pytest.mark.parametrize(("product_id", "fits"), [("A" * 64, True), ("A" * 65, False), ("", False)])
def test_a_products_id_has_up_to_64_characters(product_id: str, fits: bool) -> None:
    if fits:
        assert requests.product_id(product_id) == product_id
        return
    with pytest.raises(InvalidRequest):
        requests.product_id(product_id)
