"""Files put into the imports bucket of a deployed stack become orders and products, and reports say which."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
import requests

from tests.e2e.shop import Shop, until
from tests.support.imported_files import HEADER, line

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def put(shop: Shop, key: str, content: bytes) -> None:
    shop.client("s3").put_object(Bucket=shop.described["resources"]["imports_bucket"], Key=key, Body=content)


def ended(shop: Shop, key: str, after: str = "", seconds: float = 180) -> dict[str, Any]:
    """The import of the file that was uploaded last, as staff see it once it has ended."""

    def look() -> list[Any]:
        seen = shop.staff("GET", "/admin/imports?limit=100").json()["imports"]
        return [one for one in seen if one["file"] == key and one["finishedAt"] and one["importId"] > after]

    found: dict[str, Any] = until(look, seconds=seconds)[0]
    return found


def report(shop: Shop, key: str) -> Any:
    bucket = shop.described["resources"]["imports_bucket"]
    return json.loads(shop.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read())


def orders_of(shop: Shop, customer: str) -> list[str]:
    """Ids of the customer's orders, as the first partner sees them."""
    found, cursor = [], ""
    while True:
        page = shop.partner("GET", f"/orders?customerId={customer}&limit=100{cursor}").json()
        found += [order["orderId"] for order in page["orders"]]
        if not page["nextCursor"]:
            return found
        cursor = f"&cursor={page['nextCursor']}"


def test_a_thousand_rows_with_fifty_bad_ones_are_950_orders_and_the_same_file_again_none(shop: Shop) -> None:
    product, customer, name = shop.new_product(2000), f"c-{uuid.uuid4().hex}", uuid.uuid4().hex
    right = {"customerId": customer, "productId": product, "price": "25.00"}
    bad = [{"quantity": "x"}, {"productId": "NOTHING"}, {"price": "24.99"}, {"customerEmail": "?"}, {"country": ""}]
    lines = [line(n, **right) if n % 20 else line(n, **{**right, **bad[n // 20 % 5]}) for n in range(1, 1001)]
    content = "\n".join([HEADER, *lines]).encode()

    put(shop, f"orders/{name}.csv", content)
    first = ended(shop, f"orders/{name}.csv")

    assert first["counts"] == {"accepted": 950, "rejected": 50, "duplicate": 0, "superseded": 0}
    told = report(shop, f"reports/{name}.json")
    assert told == report(shop, f"reports/{name}.csv.json")
    assert [row["row"] for row in told["rows"] if row["outcome"] == "rejected"] == list(range(20, 1001, 20))
    assert {row["errors"][0]["field"] for row in told["rows"] if "errors" in row} == {
        "items[0].quantity",
        "items[0].productId",
        "items[0].price",
        "customerEmail",
        "shippingAddress.country",
    }
    ids = sorted(row["orderId"] for row in told["rows"] if row["outcome"] == "accepted")
    assert until(lambda: sorted(orders_of(shop, customer)), lambda seen: len(seen) >= 950, 60) == ids

    put(shop, f"orders/{name}-again.csv", content)
    again = ended(shop, f"orders/{name}-again.csv")

    assert again["counts"] == first["counts"]
    assert report(shop, f"reports/{name}-again.json")["rows"] == told["rows"]
    assert sorted(orders_of(shop, customer)) == ids
    order = shop.partner.ended(f"/orders/{told['rows'][0]['orderId']}", 120)
    assert (order["status"], order["workflow"], order["fulfilment"]) == ("COMPLETED", "queue", "auto")


def test_products_of_a_file_can_be_bought(shop: Shop) -> None:
    product, name = f"T{uuid.uuid4().hex[:10].upper()}", uuid.uuid4().hex
    row = {"productId": product, "name": "Chair", "price": 12.5, "stock": 3}

    put(shop, f"products/{name}.jsonl", json.dumps(row).encode())

    assert ended(shop, f"products/{name}.jsonl")["counts"]["accepted"] == 1
    found = shop.partner("GET", f"/products/{product}").json()
    assert (found["name"], found["price"], found["stock"]) == ("Chair", 12.5, 3)
    put(shop, f"products/{name}.jsonl", json.dumps({**row, "stock": 9}).encode())
    until(lambda: shop.partner("GET", f"/products/{product}").json()["stock"] == 9, seconds=60)


@pytest.mark.parametrize("kind", ["orders", "products"])
def test_a_file_that_can_not_be_read_is_refused_with_a_sentence(shop: Shop, kind: str) -> None:
    name = uuid.uuid4().hex

    put(shop, f"{kind}/{name}.csv", "Größe\n".encode("latin-1"))

    refused = ended(shop, f"{kind}/{name}.csv")
    assert refused["status"] == "REFUSED"
    assert "Byte 3 (line 1, 0xF6) is not UTF-8" in refused["error"]
    assert report(shop, refused["report"])["error"] == refused["error"]


@pytest.mark.parametrize("kind", ["orders", "products"])
def test_staff_upload_a_file_by_a_form_and_read_its_report(shop: Shop, kind: str) -> None:
    made = shop.staff("POST", "/admin/imports", {"kind": kind, "fileName": "nothing.csv"}).json()

    sent = requests.post(made["url"], data=made["fields"], files={"file": b"no header of ours"}, timeout=30)

    assert sent.ok, sent.text
    seen = ended(shop, made["file"])
    assert shop.staff("GET", f"/admin/imports/{seen['importId']}/report").ok
