"""The figures that choose the catalogue's cache: how they follow from the bill of a read and from its number."""

from __future__ import annotations

import pytest

from bench import catalogue
from bench.bill import Line
from bench.catalogue import Catalogue, Read
from bench.prices import price_list


def read(sent: int, units: float) -> Read:
    quantities = {"apigateway.request": 1, "transfer.out": sent, "dynamodb.read": units, "lambda.request": 1}
    prices = price_list()
    return Read([], [Line("accept", name, quantity, prices[name]) for name, quantity in quantities.items()], sent)


FOUND = Catalogue(read(3_000, 12), read(1_000, 1))


def test_the_more_are_read_the_fewer_are_missed() -> None:
    missed = [FOUND.missed(reads) for reads in (1, *catalogue.VOLUMES, 10**12)]

    assert missed == sorted(missed, reverse=True)
    assert missed[0] == pytest.approx(1, abs=1e-3)
    assert missed[-1] == pytest.approx(0, abs=1e-3)


def test_a_page_and_products_are_halves_of_the_reads() -> None:
    assert FOUND.mean("apigateway", "transfer", "lambda") == pytest.approx(0.125 * (12 + 1) / 2)
    assert FOUND.sent == 2_000


def test_a_cache_at_the_edge_pays_by_its_reads_alone_and_others_by_the_hour() -> None:
    assert FOUND.cloudfront(0) == 0
    assert FOUND.api_cache(0) == pytest.approx(0.02 * 720)
    assert FOUND.beside_the_tables("dax.node_hour", 0) == pytest.approx(0.04 * 720)


def test_what_cloudfront_answers_costs_its_request_and_its_bytes() -> None:
    """With so many reads that none is missed."""
    reads = 10**13
    each = 1e-6 + 0.085e-9 * FOUND.sent

    assert FOUND.cloudfront(reads) / reads == pytest.approx(each, rel=0.01)


def test_the_page_has_every_volume_with_every_cache() -> None:
    written = catalogue._page(FOUND)

    for reads in catalogue.VOLUMES:
        [row] = [line for line in written.splitlines() if line.startswith(f"| {reads:,} |")]
        assert row.count("|") == 8
        assert f"| {FOUND.cloudfront(reads):,.2f} |" in row
