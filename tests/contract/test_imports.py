"""How far imports are, their files, and messages by the dozen."""

from __future__ import annotations

import hashlib
import io
import json
import uuid
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from chalicelib.imports.model import Import, ImportStatus, import_id_for
from chalicelib.imports.ports import ImportFiles
from chalicelib.imports.s3 import S3ImportFiles
from chalicelib.imports.sqs import SqsManyHandOvers, SqsRowMessages
from chalicelib.kit.errors import TemporarilyUnavailable
from chalicelib.kit.retrying import Backoff

from tests.contract.adapters import Storage, order, unique
from tests.contract.engines import client
from tests.contract.threads import concurrently
from tests.support.builders.examples import MOUSE
from tests.support.fakes.imports import FakeImportFiles

AT = "2026-11-21T14:00:00.000Z"
NO_PAUSE = Backoff(pause=lambda _: None)
"""Waits for nothing, and counts as if it had."""


def new(**changes: Any) -> Import:
    return replace(Import(unique("import"), "orders/a.csv", AT, AT, rows=250, chunks=3), **changes)


def test_an_import_comes_back_as_it_was_begun(storage: Storage) -> None:
    refused = new(status=ImportStatus.REFUSED, error="Nothing in it.", finished_at=AT, rows=0, chunks=0)
    begun = new()

    for one in (refused, begun):
        assert storage.imports.begin(one) == one
        assert storage.imports.get(one.import_id) == one
    assert storage.imports.get("nobody") is None


def test_what_was_begun_stays_when_it_is_begun_again(storage: Storage) -> None:
    begun = new()
    storage.imports.begin(begun)
    storage.imports.add(begun.import_id, 1, {"accepted": 100})

    again = storage.imports.begin(replace(begun, started_at="2026-11-21T15:00:00.000Z"))

    assert (again.started_at, again.chunks_done) == (AT, 1)


def test_a_chunk_is_counted_once_however_often_it_is_told(storage: Storage) -> None:
    begun = new()
    storage.imports.begin(begun)

    storage.imports.add(begun.import_id, 1, {"accepted": 90, "rejected": 10})
    storage.imports.add(begun.import_id, 2, {"accepted": 1})
    now = storage.imports.add(begun.import_id, 1, {"accepted": 90, "rejected": 10})

    assert now is not None
    assert (now.chunks_done, now.counts) == (2, {"accepted": 91, "rejected": 10})


def test_of_ten_who_count_at_once_none_is_lost_and_the_last_sees_all(storage: Storage) -> None:
    begun = new(chunks=5)
    storage.imports.begin(begun)

    seen = concurrently(10, lambda n: storage.imports.add(begun.import_id, n // 2 + 1, {"accepted": 10}))

    assert max(one.chunks_done for one in seen if one) == 5
    assert storage.imports.get(begun.import_id) == replace(begun, chunks_done=5, counts={"accepted": 50})


def test_that_all_messages_were_sent_is_kept(storage: Storage) -> None:
    begun = new()
    storage.imports.begin(begun)

    storage.imports.sent(begun.import_id)
    storage.imports.sent("nobody")

    assert storage.imports.get(begun.import_id) == replace(begun, is_cut=True)
    assert storage.imports.get("nobody") is None


def test_an_import_ends_once(storage: Storage) -> None:
    begun = new()
    storage.imports.begin(begun)

    storage.imports.end(begun.import_id, ImportStatus.DONE, AT, {"accepted": 240, "duplicate": 10})
    storage.imports.end(begun.import_id, ImportStatus.SUPERSEDED, "2026-11-21T15:00:00.000Z")

    ended = storage.imports.get(begun.import_id)
    assert ended is not None
    assert (ended.status, ended.finished_at) == ("DONE", AT)
    assert ended.counts == {"accepted": 240, "duplicate": 10, "rejected": 0, "superseded": 0}


def test_what_is_superseded_keeps_its_counts(storage: Storage) -> None:
    begun = new()
    storage.imports.begin(begun)
    storage.imports.add(begun.import_id, 1, {"accepted": 90})

    storage.imports.end(begun.import_id, ImportStatus.SUPERSEDED, AT)

    ended = storage.imports.get(begun.import_id)
    assert ended is not None
    assert (ended.status, ended.counts) == ("SUPERSEDED", {"accepted": 90})


def test_imports_come_by_the_page_the_last_id_first(storage: Storage) -> None:
    ids = [f"z{n}-{uuid.uuid4().hex}" for n in range(5)]
    for import_id in ids:
        storage.imports.begin(new(import_id=import_id))

    first = storage.imports.page(2, None)
    second = storage.imports.page(3, first.next)

    assert [one.import_id for one in [*first.items, *second.items]] == ids[::-1]


def test_a_product_is_put_as_of_a_time_once_and_never_over_a_later_one(storage: Storage) -> None:
    product = replace(MOUSE, product_id=unique("product"))
    rat, bat = replace(product, name="Rat"), replace(product, name="Bat")

    assert storage.catalogue.put(product, 5, as_of="2026-11-21T14:00:00.000Z#000002")
    storage.catalogue.change_stock(product.product_id, -1)
    assert storage.catalogue.put(product, 5, as_of="2026-11-21T14:00:00.000Z#000002")
    assert not storage.catalogue.put(rat, 9, as_of="2026-11-21T14:00:00.000Z#000001")
    assert storage.catalogue.stock([product.product_id])[product.product_id].available == 4
    assert storage.catalogue.products([product.product_id]) == {product.product_id: product}

    assert storage.catalogue.put(bat, 7, as_of="2026-11-21T14:00:00.000Z#000003")
    assert storage.catalogue.products([product.product_id]) == {product.product_id: bat}
    assert storage.catalogue.stock([product.product_id])[product.product_id].available == 7


def test_what_staff_put_is_later_than_every_file_uploaded_before(storage: Storage) -> None:
    product = replace(MOUSE, product_id=unique("product"), updated_at="2026-11-21T14:30:00.000Z")
    storage.catalogue.put(product, 5)

    assert not storage.catalogue.put(product, 1, as_of="2026-11-21T14:29:59.000Z#000001")
    assert storage.catalogue.put(replace(product, price=Decimal(1)), 2, as_of="2026-11-21T14:30:00.000Z#000001")
    assert storage.catalogue.put(product, 3)  # whenever it is

    assert storage.catalogue.stock([product.product_id])[product.product_id].available == 3


class Bucket:
    """The imports bucket and a way to put files there."""

    def __init__(self, files: ImportFiles, s3: Any = None, name: str = "") -> None:
        self.files, self._s3, self._name = files, s3, name

    def upload(self, key: str, content: bytes) -> str:
        if self._s3 is None:
            assert isinstance(self.files, FakeImportFiles)
            return self.files.upload(key, content, AT)
        etag: str = self._s3.put_object(Bucket=self._name, Key=key, Body=content)["ETag"].strip('"')
        return etag

    def report(self, key: str) -> bytes:
        if self._s3 is None:
            assert isinstance(self.files, FakeImportFiles)
            return self.files.reports[key]
        content: bytes = self._s3.get_object(Bucket=self._name, Key=key)["Body"].read()
        return content


@pytest.fixture(scope="module", params=["fakes", "ministack"])
def bucket(request: pytest.FixtureRequest) -> Bucket:
    if request.param == "fakes":
        return Bucket(FakeImportFiles())
    s3, name = client("s3", request.getfixturevalue("ministack")), f"imports-{uuid.uuid4().hex[:8]}"
    s3.create_bucket(Bucket=name)
    return Bucket(S3ImportFiles(s3, name), s3, name)


def test_a_file_is_read_in_blocks_as_long_as_it_is_the_one(bucket: Bucket) -> None:
    content = b"0123456789" * 50_000
    etag = bucket.upload("orders/a b.csv", content)

    with bucket.files.open("orders/a b.csv", etag) as upload:
        assert upload is not None
        assert (upload.etag, upload.size) == (etag, len(content))
        assert len(upload.uploaded_at) == len(AT)
        blocks = list(upload.blocks())

    assert len(blocks) > 1
    assert hashlib.sha256(b"".join(blocks)).digest() == hashlib.sha256(content).digest()


def test_a_file_that_was_replaced_or_deleted_is_none(bucket: Bucket) -> None:
    etag = bucket.upload("orders/b.csv", b"first")
    bucket.upload("orders/b.csv", b"second")

    with bucket.files.open("orders/b.csv", etag) as upload:
        assert upload is None
    with bucket.files.open("orders/never.csv", etag) as upload:
        assert upload is None


def test_a_file_that_may_not_be_read_is_an_error_and_no_missing_one() -> None:
    """As if it was encrypted with somebody's key: after its tries the event is among the dead letters, and seen."""
    import boto3
    from botocore.exceptions import ClientError
    from botocore.stub import Stubber

    s3 = boto3.client("s3", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
    with Stubber(s3) as stub:
        stub.add_client_error("get_object", "AccessDenied", http_status_code=403)

        with pytest.raises(ClientError, match="AccessDenied"), S3ImportFiles(s3, "imports").open("orders/a.csv", "e"):
            pass


def test_results_come_back_in_the_order_of_their_chunks(bucket: Bucket) -> None:
    for chunk in range(20, 0, -1):
        bucket.files.put_result("an-import", chunk, b"not yet")
        bucket.files.put_result("an-import", chunk, str(chunk).encode())

    assert list(bucket.files.results("an-import", 20)) == [str(n).encode() for n in range(1, 21)]
    assert list(bucket.files.results("an-import", 0)) == []


def test_a_report_is_put_from_its_beginning_and_replaced(bucket: Bucket) -> None:
    content = io.BytesIO(b"the report")
    content.read()

    for key in ("reports/a.json", "reports/a.csv.json"):
        bucket.files.put_report(key, content, "application/json")
    bucket.files.put_report("reports/a.json", io.BytesIO(b"another"), "application/json")

    assert bucket.report("reports/a.json") == b"another"
    assert bucket.report("reports/a.csv.json") == b"the report"


def test_a_failed_import_is_not_running_until_it_is_reopened(storage: Storage) -> None:
    begun = new()
    storage.imports.begin(begun)
    storage.imports.reopen(begun.import_id)  # it has not failed: nothing happens
    storage.imports.add(begun.import_id, 1, {"accepted": 100})
    storage.imports.end(begun.import_id, ImportStatus.FAILED, AT, {"accepted": 100}, "2 of 3 are missing.")
    failed = storage.imports.get(begun.import_id)
    assert failed is not None
    assert (failed.status, failed.finished_at, failed.error) == ("FAILED", AT, "2 of 3 are missing.")
    assert begun.import_id not in {one.import_id for one in storage.imports.running(AT)}

    storage.imports.reopen(begun.import_id)

    again = storage.imports.get(begun.import_id)
    assert again is not None
    assert (again.status, again.finished_at, again.error, again.chunks_done) == ("RUNNING", None, None, 1)
    storage.imports.reopen(unique("nothing"))


def test_an_import_that_is_done_is_not_reopened(storage: Storage) -> None:
    begun = new()
    storage.imports.begin(begun)
    storage.imports.end(begun.import_id, ImportStatus.DONE, AT)

    storage.imports.reopen(begun.import_id)

    ended = storage.imports.get(begun.import_id)
    assert ended is not None
    assert ended.status is ImportStatus.DONE


def test_those_that_run_are_found_by_when_they_were_uploaded(storage: Storage) -> None:
    stamped = [
        new(import_id=import_id_for(unique("orders/a"), "e", at), uploaded_at=at)
        for at in ("2026-11-20T23:59:59.000Z", AT, "2026-11-22T00:00:00.000Z")
    ]
    for one in stamped:
        storage.imports.begin(one)
    ended = new(import_id=import_id_for(unique("orders/a"), "e", AT))
    storage.imports.begin(ended)
    storage.imports.end(ended.import_id, ImportStatus.DONE, AT)

    found = {one.import_id for one in storage.imports.running(AT)}

    ids = [one.import_id for one in stamped]
    assert found & {*ids, ended.import_id} == {ids[1], ids[2]}


def test_a_message_that_has_no_result_has_none(bucket: Bucket) -> None:
    bucket.files.put_result("half-done", 2, b"two")

    assert list(bucket.files.results("half-done", 3)) == [None, b"two", None]


class Refusing:
    """SQS that refuses what is told once, and is otherwise the real one."""

    def __init__(self, sqs: Any, refusals: list[set[str]]) -> None:
        self._sqs, self._refusals = sqs, refusals
        self.sizes: list[int] = []

    def send_message_batch(self, QueueUrl: str, Entries: list[Any]) -> Any:  # noqa: N803
        self.sizes.append(sum(len(entry["MessageBody"].encode()) for entry in Entries))
        refused = self._refusals.pop(0) if self._refusals else set()
        taken = [entry for entry in Entries if entry["MessageBody"] not in refused]
        answer = self._sqs.send_message_batch(QueueUrl=QueueUrl, Entries=taken) if taken else {}
        failed = [{"Id": entry["Id"], "Code": "x"} for entry in Entries if entry["MessageBody"] in refused]
        return {**answer, "Failed": [*answer.get("Failed", []), *failed]}


@pytest.fixture
def sqs(ministack: str) -> Any:
    return client("sqs", ministack)


@pytest.fixture
def queue_url(sqs: Any) -> str:
    url: str = sqs.create_queue(QueueName=f"imports-{uuid.uuid4().hex[:8]}")["QueueUrl"]
    return url


def received(sqs: Any, url: str) -> list[str]:
    bodies: list[str] = []
    while found := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1).get("Messages"):
        bodies += [message["Body"] for message in found]
    return bodies


def test_messages_are_sent_in_calls_that_sqs_takes_and_those_refused_again(sqs: Any, queue_url: str) -> None:
    bodies = [str(n) + "é" * 49_000 for n in range(7)] + [str(n) for n in range(25)]
    refusing = Refusing(sqs, [{bodies[1]}, {bodies[1]}, set(bodies)])

    SqsRowMessages(refusing, queue_url, NO_PAUSE).send(bodies)

    assert sorted(received(sqs, queue_url)) == sorted(bodies)
    assert max(refusing.sizes) <= 256 * 1024


def test_messages_that_are_refused_again_and_again_are_an_error(sqs: Any, queue_url: str) -> None:
    refusing = Refusing(sqs, [{"a"}] * 99)

    with pytest.raises(TemporarilyUnavailable):
        SqsRowMessages(refusing, queue_url, NO_PAUSE).send(["a", "b"])


def test_many_orders_are_handed_over_and_those_not_taken_are_named(sqs: Any, queue_url: str) -> None:
    orders = [order() for _ in range(23)]
    body = json.dumps({"orderId": orders[3].order_id, "correlationId": orders[3].correlation_id}, separators=(",", ":"))

    left = SqsManyHandOvers(Refusing(sqs, [{body}] * 99), queue_url, NO_PAUSE).hand_over(orders)

    assert left == [orders[3]]
    told = {json.loads(text)["orderId"] for text in received(sqs, queue_url)}
    assert told == {one.order_id for one in orders if one is not orders[3]}


def test_a_message_that_is_sent_for_later_waits_unseen(sqs: Any, queue_url: str) -> None:
    messages = SqsRowMessages(sqs, queue_url)
    assert messages.waiting() == 0

    messages.send(["now"])
    messages.send_later("later", 900)

    assert received(sqs, queue_url) == ["now"]
    assert messages.waiting() == 2  # one is under way


def test_orders_that_are_under_way_do_not_wait(sqs: Any, queue_url: str) -> None:
    queue = SqsManyHandOvers(sqs, queue_url)
    queue.hand_over([order() for _ in range(12)])
    assert queue.waiting() == 12

    received(sqs, queue_url)

    assert queue.waiting() == 0


class Silent:
    """A queue that no call reaches."""

    calls = 0

    def send_message_batch(self, **_: Any) -> Any:
        self.calls += 1
        raise EndpointConnectionError(endpoint_url="https://sqs.test")


def test_a_silent_queue_is_called_once_and_not_for_each_ten() -> None:
    silent, orders = Silent(), [order() for _ in range(100)]

    assert SqsManyHandOvers(silent, "url").hand_over(orders) == orders
    assert silent.calls == 1
