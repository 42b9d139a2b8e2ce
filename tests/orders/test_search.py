"""Orders found by what is typed and by filters: full pages, newest first, none twice, none missing."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace

import pytest
from chalicelib.bootstrap import Services
from chalicelib.kit.errors import Conflict, InvalidRequest
from chalicelib.orders import search
from chalicelib.orders.filters import Filters, filters_of
from chalicelib.orders.model import Address, HistoryRow, Line, Order, Status
from chalicelib.orders.search_tokens import SearchText

from tests.support.builders import examples
from tests.support.builders.examples import SETTINGS
from tests.support.fakes.adapters import FakeAdapters
from tests.support.stream import indexed

TODAY = "2026-11-21"


def placed(at: str, status: Status = Status.PENDING, name: str = "", **changes: object) -> Order:
    one = examples.order(created_at=at, history=(HistoryRow(status, at),), **changes)
    address = one.shipping_address
    return replace(one, shipping_address=replace(address, name=name)) if address and name else one


def many(number: int, **changes: object) -> list[Order]:
    """So many orders of some days, two of each moment."""
    return [
        placed(f"2026-11-{10 + n % 11:02}T12:00:{n // 22 % 60:02}.{n // 22 // 60:03}Z", **changes)
        for n in range(number)
    ]


def text(typed: str, **more: object) -> Filters:
    return Filters(text=SearchText.of(typed), **more)  # type: ignore[arg-type]


def pages(services: Services, filters: Filters, limit: int = 20) -> list[list[str]]:
    found: list[list[str]] = []
    after: Mapping[str, str] | None = None
    while len(found) < 400:
        page = services.search.orders(limit, after, filters)
        found.append([order.order_id for order in page.items])
        after = page.next
        if after is None:
            return found
    raise AssertionError("the pages do not end")


def newest_first(orders: list[Order]) -> list[str]:
    return [order.order_id for order in sorted(orders, key=lambda o: (o.created_at, o.order_id), reverse=True)]


def assert_full(found: list[list[str]], expected: list[Order], limit: int = 20) -> None:
    assert [order_id for page in found for order_id in page] == newest_first(expected)
    assert all(len(page) == limit for page in found[:-1])


@pytest.mark.parametrize("limit", [1, 3, 20, 100])
@pytest.mark.parametrize("typed", ["customer@example.com", "CUSTOMER@", "laptop001", "lap", "customer123"])
def test_all_that_begins_with_it_is_found_on_full_pages(
    services: Services, adapters: FakeAdapters, typed: str, limit: int
) -> None:
    wanted = many(70)
    indexed(adapters, *wanted, *many(30, customer_email="o@x.com", customer_id="c", lines=(_mouse(),)))

    assert_full(pages(services, text(typed), limit), wanted, limit)


def _mouse() -> Line:
    return Line("MOUSE001", "Mouse", 1, examples.MOUSE.price)


@pytest.mark.parametrize("few", [5, 100])
def test_many_orders_of_few_products_are_read_side_by_side(
    services: Services, adapters: FakeAdapters, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "FEW", few)
    lines = [(Line(f"LAMP{n}", "Lamp", 1, examples.MOUSE.price),) for n in range(3)]
    wanted = [order for line in lines for order in many(15, lines=line)]
    both = placed("2026-11-15T12:00:00.000Z", lines=(*lines[0], *lines[1]))
    indexed(adapters, *wanted, both, *many(20))

    assert_full(pages(services, text("lamp"), 7), [*wanted, both], 7)


def test_an_order_may_have_the_whole_text_or_its_longest_word(
    services: Services, adapters: FakeAdapters, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though those with the whole are so many that they are read in another way."""
    monkeypatch.setattr(search, "FEW", 5)
    by_product = many(15, lines=(Line("BIGLAMP", "Lamp", 1, examples.MOUSE.price),))
    by_name = placed("2026-11-15T12:00:00.000Z", name="Big Lampson")
    indexed(adapters, *by_product, by_name)

    assert_full(pages(services, text("big lamp"), 7), [*by_product, by_name], 7)


@pytest.mark.parametrize("few", [1, 100])
def test_a_time_from_which_orders_are_wanted_is_one_of_these(
    services: Services, adapters: FakeAdapters, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "FEW", few)
    since = "2026-11-15T12:00:00.000Z"
    first = placed(since, order_id="00000000-aaaa-4bbb-8ccc-000000000001")
    before, after = placed("2026-11-15T11:59:59.999Z"), placed("2026-11-15T12:00:00.001Z")
    indexed(adapters, first, before, after)

    for narrowed in (
        text("laptop", since=since),
        Filters(since=since),
        Filters(since=since, email=first.customer_email),
    ):
        assert_full(pages(services, narrowed), [first, after])


def test_the_index_is_asked_for_what_fewest_orders_have() -> None:
    assert Filters(tag="Gift", reference="PO 7").token == "po7"
    assert Filters(tag="Gift").token == "tag:gift"
    assert Filters(email="Ann@Example.com", tag="gift").token == "ann@example.com"


@pytest.mark.parametrize("many_at_most", [6, 1000])
def test_what_too_many_texts_begin_with_is_sorted_or_looked_for_among_the_newest_orders(
    services: Services, adapters: FakeAdapters, monkeypatch: pytest.MonkeyPatch, many_at_most: int
) -> None:
    monkeypatch.setattr(search, "FEW", 5)
    monkeypatch.setattr(search, "MANY", many_at_most)
    wanted = [order for n in range(25) for order in many(2, customer_email=f"ann{n}@example.com")]
    indexed(adapters, *wanted, *many(40, customer_email="bob@example.com"))

    assert_full(pages(services, text("ann"), 10), wanted, 10)


def test_a_place_in_one_way_of_reading_is_one_in_each(
    services: Services, adapters: FakeAdapters, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Orders arrive between two pages, and the text becomes too common to be sorted at once."""
    wanted = [order for n in range(25) for order in many(2, customer_email=f"ann{n}@example.com")]
    indexed(adapters, *wanted)
    first = services.search.orders(10, None, text("ann"))
    monkeypatch.setattr(search, "FEW", 5)
    monkeypatch.setattr(search, "MANY", 6)
    second = services.search.orders(10, first.next, text("ann"))
    monkeypatch.setattr(search, "MANY", 1000)
    third = services.search.orders(30, second.next, text("ann"))

    found = [order.order_id for page in (first, second, third) for order in page.items]
    assert found == newest_first(wanted)
    assert third.next is None


@pytest.mark.parametrize("typed", ["jansen", "anna jansen", "Jansen Anna", "ann jan", "ANNA MARIA"])
def test_names_are_found_by_their_words_in_any_order(services: Services, adapters: FakeAdapters, typed: str) -> None:
    anna = placed(f"{TODAY}T10:00:00.000Z", name="Anna Maria Jansen")
    indexed(adapters, anna, placed(f"{TODAY}T11:00:00.000Z", name="Bob Smith"))

    assert pages(services, text(typed)) == [[anna.order_id]]


def test_words_must_be_of_one_order(services: Services, adapters: FakeAdapters) -> None:
    indexed(
        adapters,
        placed(f"{TODAY}T10:00:00.000Z", name="Anna Smith"),
        placed(f"{TODAY}T11:00:00.000Z", name="Bob Jansen"),
    )

    assert pages(services, text("anna jansen")) == [[]]


@pytest.mark.parametrize("typed", ["1004821", "100482", "12345678", "JVGL 0601", "po-7", "a1"])
def test_numbers_ids_and_short_products_are_found(services: Services, adapters: FakeAdapters, typed: str) -> None:
    one = placed(
        f"{TODAY}T10:00:00.000Z",
        order_id="12345678-aaaa-4bbb-8ccc-000000000001",
        order_number="1004821",
        reference="PO-7",
        lines=(Line("A1", "Bolt", 1, examples.MOUSE.price),),
        shipments=(),
    )
    other = replace(one, billing_address=Address("", "", "", "", "NL", name="JVGL0601234"))
    indexed(adapters, other)

    assert pages(services, text(typed)) == [[other.order_id]]


def test_an_order_whose_entry_is_stale_is_not_shown(services: Services, adapters: FakeAdapters) -> None:
    one = placed(f"{TODAY}T10:00:00.000Z", reference="OLD")
    indexed(adapters, one)
    adapters.store.orders[one.order_id] = replace(one, reference="NEW")

    assert pages(services, text("old")) == [[]]


def test_a_damaged_order_is_named(services: Services, adapters: FakeAdapters) -> None:
    one, other = (placed(f"{TODAY}T1{n}:00:00.000Z") for n in range(2))
    indexed(adapters, one, other)
    adapters.store.damage("order", other.order_id)

    page = services.search.orders(20, None, text("customer@example.com"))

    assert [order.order_id for order in page.items] == [one.order_id]
    assert [error.key for error in page.damaged] == [other.order_id]


FILTERS = (
    {"email": "CUSTOMER@example.com"},
    {"customerId": "Customer123"},
    {"reference": "ref-1"},
    {"tag": "Gift"},
    {"tag": "gift", "reference": "ref-2"},
    {"status": "COMPLETED"},
    {"from": "2026-11-12", "to": "2026-11-14"},
    {"from": "2026-11-12T12:00:01Z"},
    {"to": "2026-11-12T13:00:01+01:00"},
    {"status": "PENDING", "from": "2026-11-12", "email": "customer@example.com"},
    {"q": "lap", "status": "FAILED"},
    {"q": "lap", "to": "2026-11-13", "reference": "REF-1"},
    {"q": "customer1234", "from": "2026-11-13"},
)


@pytest.mark.parametrize("asked", FILTERS, ids=str)
@pytest.mark.parametrize("switch", ["on", "off"])
def test_filters_hold_together_with_and_without_the_index(
    adapters: FakeAdapters, asked: dict[str, str], switch: str
) -> None:
    choose = random.Random(7)
    orders = [
        replace(
            order,
            reference=choose.choice(["REF-1", "REF-2", None]),
            tags=choose.choice([("gift", "vip"), ("gifted",), ()]),
            customer_email=choose.choice(["customer@example.com", "other@example.com"]),
            customer_id=choose.choice(["customer123", "customer1234"]),
            history=(HistoryRow(choose.choice([Status.PENDING, Status.COMPLETED, Status.FAILED]), order.created_at),),
        )
        for order in many(120)
    ]
    indexed(adapters, *orders)
    services = Services(replace(SETTINGS, order_search=switch), adapters)
    filters = filters_of(asked)
    if switch == "off" and "q" in asked:
        with pytest.raises(Conflict) as refused:
            pages(services, filters)
        assert refused.value.code == "SEARCH_OFF"
        return

    expected = [order for order in orders if filters.wanted(order)]
    assert 0 < len(expected) < len(orders)
    assert_full(pages(services, filters, 10), expected, 10)


def test_times_are_utc_unless_they_say_otherwise_and_a_day_at_the_end_is_whole() -> None:
    filters = filters_of({"from": "2026-11-12T01:00:00+01:00", "to": "2026-11-13"})

    assert (filters.since, filters.until) == ("2026-11-12T00:00:00.000Z", "2026-11-14T00:00:00.000Z")


def test_everything_wrong_is_named_at_once() -> None:
    asked = {
        "q": "x" * 201,
        "status": "LOST",
        "email": "no address",
        "customerId": "c" * 129,
        "reference": "r" * 65,
        "tag": "t" * 41,
        "from": "yesterday",
        "to": "2026-13-01",
    }

    with pytest.raises(InvalidRequest) as refused:
        filters_of(asked)

    assert {error.field for error in refused.value.errors} == set(asked)


@pytest.mark.parametrize("asked", [{"q": " \u200b "}, {"from": "2026-11-14", "to": "2026-11-13"}], ids=str)
def test_what_can_match_nothing_is_refused(asked: dict[str, str]) -> None:
    with pytest.raises(InvalidRequest):
        filters_of(asked)


def test_few_calls_find_an_order_among_many(services: Services, adapters: FakeAdapters) -> None:
    indexed(adapters, *many(300))
    calls: list[str] = []
    read = adapters.orders.at
    adapters.orders.at = lambda places: calls.append(f"at {len(places)}") or read(places)  # type: ignore[func-returns-value]

    services.search.orders(20, None, text("customer@example.com"))

    assert calls == ["at 21"]
