"""Files in the imports bucket, the messages they are cut into, and staff's look at how far they are."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from chalice.test import Client
from chalicelib.kit.sqs_batch import BatchFailed

from tests.support.api.gateway import Gateway, s3_event, sqs_event
from tests.support.api.refusals import refused
from tests.support.builders.examples import body
from tests.support.fakes.adapters import FakeAdapters
from tests.support.imported_files import UPLOADED, Importer, counted, line, orders_file, outcomes


@pytest.fixture
def importer(adapters: FakeAdapters) -> Importer:
    return Importer(adapters)


@pytest.fixture
def put(client: Client, importer: Importer) -> Callable[..., None]:
    """Put a file into the bucket: the function for its folder is called."""

    def upload(content: bytes, key: str = "orders/week47.csv", at: str = UPLOADED) -> None:
        event = s3_event("x")
        event["Records"][0]["s3"]["object"] |= importer.upload(content, key, at)["s3"]["object"]
        client.lambda_.invoke(f"import_{key.partition('/')[0]}", event)

    return upload


@pytest.fixture
def process_batch(client: Client, adapters: FakeAdapters) -> Callable[[], None]:
    """Every message that waits, as SQS delivers them."""

    def deliver() -> None:
        bodies = adapters.row_messages.bodies
        while bodies:
            client.lambda_.invoke("import_rows", sqs_event(bodies[:5]))
            del bodies[:5]

    return deliver


def test_a_file_of_orders_becomes_orders_and_a_report(
    importer: Importer, put: Callable[..., None], process_batch: Callable[[], None]
) -> None:
    put(orders_file(*[line(n) for n in range(700)], line(700, price="1")), "orders/a b+c é.csv")
    process_batch()

    assert len(importer.orders) == 700
    assert importer.report("orders/a b+c é.csv")["counts"] == counted(rows=701, accepted=700, rejected=1)


def test_a_file_of_products_fills_the_catalogue(
    importer: Importer, api: Gateway, put: Callable[..., None], process_batch: Callable[[], None]
) -> None:
    header = "Name,productId,PRICE,currency,stock,description"
    rows = [header, "Chair,CHAIR,10.50,EUR,7,To sit on", "Table,TABLE,99,,,", ",T2,1,,,"]

    put("\n".join(rows).encode(), "products/stock.csv")
    process_batch()

    report = importer.report("products/stock.csv")
    assert outcomes(report) == ["accepted", "accepted", "rejected"]
    assert report["rows"][2]["errors"] == [{"field": "name", "message": "is required"}]
    chair = api.get("/products/CHAIR").json
    assert (chair["name"], str(chair["price"]), chair["stock"], chair["description"]) == (
        "Chair",
        "10.50",
        7,
        "To sit on",
    )
    assert api.get("/products/TABLE").json["stock"] == 0


def test_products_as_json_lines_and_the_last_row_of_a_product_counts(
    importer: Importer, api: Gateway, put: Callable[..., None], process_batch: Callable[[], None]
) -> None:
    rows = [{"productId": "CHAIR", "name": "Chair", "price": n, "stock": n} for n in (1, 2)]

    put("\n".join(json.dumps(row) for row in rows).encode(), "products/stock.jsonl")
    process_batch()

    assert (api.get("/products/CHAIR").json["price"], api.get("/products/CHAIR").json["stock"]) == (2, 2)
    assert outcomes(importer.report("products/stock.jsonl")) == ["accepted", "accepted"]


def test_a_malformed_message_goes_back_and_its_neighbours_are_placed(
    client: Client, importer: Importer, put: Callable[..., None], adapters: FakeAdapters
) -> None:
    put(orders_file(line(1)))

    with pytest.raises(BatchFailed, match="1 of 2"):
        client.lambda_.invoke("import_rows", sqs_event(["{}", adapters.row_messages.bodies[0]]))

    assert importer.imported.status == "DONE"


def test_staff_see_how_far_an_import_is(
    api: Gateway, importer: Importer, put: Callable[..., None], process_batch: Callable[[], None]
) -> None:
    put(orders_file(line(1), line(2), line(2), line(3, price="x")))
    [running] = api.get("/admin/imports", groups="admin").json["imports"]
    assert (running["status"], running["rows"], running["chunks"], running["chunksDone"]) == ("RUNNING", 4, 1, 0)
    assert running["report"] is None

    process_batch()

    done = api.get(f"/admin/imports/{running['importId']}", groups="admin").json
    assert (done["status"], done["chunksDone"]) == ("DONE", 1)
    assert done["counts"] == {"accepted": 2, "rejected": 1, "duplicate": 1, "superseded": 0}
    assert done["report"] == "reports/week47.json"


def test_staff_see_why_a_file_was_refused(api: Gateway, put: Callable[..., None]) -> None:
    put(b"colour\n")

    [refused_one] = api.get("/admin/imports", groups="admin").json["imports"]

    assert refused_one["status"] == "REFUSED"
    assert "'colour'" in refused_one["error"]


def test_imports_are_listed_latest_first_page_by_page(api: Gateway, put: Callable[..., None]) -> None:
    for n in range(5):
        put(orders_file(line(n)), f"orders/{n}.csv", f"2026-11-21T14:00:0{n}.000Z")

    seen, query = [], "?limit=2"
    while query:
        page = api.get(f"/admin/imports{query}", groups="admin").json
        seen += [one["file"] for one in page["imports"]]
        query = f"?limit=2&cursor={page['nextCursor']}" if page["nextCursor"] else ""

    assert seen == [f"orders/{n}.csv" for n in (4, 3, 2, 1, 0)]


def test_an_unknown_import_is_not_found(api: Gateway) -> None:
    refused(api.get("/admin/imports/20261121T140000-000000000000", groups="admin"), status=404)


def test_no_personal_data_of_rows_is_logged_or_shown_as_a_dead_letter(
    put: Callable[..., None], adapters: FakeAdapters, lines: Callable[[], list[Any]], process_batch: Callable[[], None]
) -> None:
    from chalicelib.kit.redaction import masked

    put(orders_file(line(1)))
    put(json.dumps(body(), default=float).encode(), "orders/x.jsonl")

    shown = json.dumps([masked(json.loads(text)) for text in adapters.row_messages.bodies])
    process_batch()

    for personal in ("customer@example.com", "Main St", "+31612345678", "Anytown", "12345"):
        assert personal not in shown
        assert personal not in json.dumps([{k: v for k, v in entry.items() if k != "timestamp"} for entry in lines()])
    assert "MOUSE001" in shown
