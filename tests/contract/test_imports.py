"""How far imports are, and products that files put."""

from __future__ import annotations

import uuid
from dataclasses import replace
from decimal import Decimal
from typing import Any

from chalicelib.imports.model import Import, ImportStatus, import_id_for

from tests.contract.adapters import Storage, unique
from tests.contract.threads import concurrently
from tests.support.builders.examples import MOUSE

AT = "2026-11-21T14:00:00.000Z"


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
