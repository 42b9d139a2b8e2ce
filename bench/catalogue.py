"""What reading the catalogue costs, from a ledger of real reads, and what a cache in front of it would save.

`--write` writes docs/benchmarks/catalogue.md, whose tables decide which cache a stage may have."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bench import bill
from bench.bill import MILLION, Line
from bench.drive import ACCEPT, Driver, answer_bytes, api_event
from bench.ledger import Call, Ledger
from bench.prices import MINUTES_A_MONTH, price_list
from bench.report import Measure, Result, at_most, console, main, markdown, page, table_of
from bench.stand import Stand, stand

PRODUCTS, PAGE = 60, 24
"""In the shop, and on a page of the storefront."""
VOLUMES = (10_000, MILLION, 10 * MILLION, 100 * MILLION)
SECONDS = 30
CACHES = 3
"""Regional caches of CloudFront that ask the API for themselves: those of customers on one or two continents."""
FIRST_PAGE = 0.5
"""Of all reads; the others are spread over the products evenly, which is the worst for a cache."""
CALLS_PAGE, CALLS_PRODUCT = 2, 2
_ROUNDS = 12
_MONTH = MINUTES_A_MONTH * 60
_HOURS = MINUTES_A_MONTH // 60


@dataclass(frozen=True)
class Read:
    """Of one address: its calls, its bill, and the bytes of its answer as they are sent."""

    calls: list[Call]
    lines: list[Line]
    sent: int

    def usd(self, *without: str) -> float:
        """For a million of them."""
        return sum(line.usd for line in self.lines if line.service not in without)


@dataclass(frozen=True)
class Catalogue:
    """Reads of its first page and of a product."""

    first_page: Read
    product: Read

    def mean(self, *without: str) -> float:
        """USD for a million reads, without these services."""
        return FIRST_PAGE * self.first_page.usd(*without) + (1 - FIRST_PAGE) * self.product.usd(*without)

    @property
    def sent(self) -> float:
        return FIRST_PAGE * self.first_page.sent + (1 - FIRST_PAGE) * self.product.sent

    def missed(self, reads: int) -> float:
        """The share of reads a month that CloudFront passes on. Reads of an address come at random; one is a miss if
        none came in the seconds before: 1 of 1 + rate * seconds."""
        rate = reads / _MONTH / CACHES
        page = 1 / (1 + FIRST_PAGE * rate * SECONDS)
        product = 1 / (1 + (1 - FIRST_PAGE) * rate / PRODUCTS * SECONDS)
        return FIRST_PAGE * page + (1 - FIRST_PAGE) * product

    def without_cache(self, reads: int) -> float:
        return self.mean() * reads / MILLION

    def cloudfront(self, reads: int) -> float:
        """What the API sends to CloudFront is not billed."""
        prices = price_list()
        edge = prices["cloudfront.request"].of(reads) + prices["cloudfront.out"].of(self.sent * reads)
        return edge + self.mean("transfer") * self.missed(reads) * reads / MILLION

    def api_cache(self, reads: int) -> float:
        """One cache, with the same misses as one of CloudFront's at best; requests and answers are billed as before."""
        stays = self.mean("lambda", "dynamodb", "logs") * reads / MILLION
        saved = self.mean("transfer", "apigateway") * self.missed(reads) * reads / MILLION
        return price_list()["apigateway.cache_hour"].of(_HOURS) + stays + saved

    def beside_the_tables(self, price: str, reads: int) -> float:
        """A node that answers for DynamoDB: at best all reads of it are saved."""
        return price_list()[price].of(_HOURS) + self.mean("dynamodb") * reads / MILLION


def measure() -> Result:
    with console.status("Reading the catalogue through the emulator …"), stand() as here:
        ledger = Ledger(here.plain)
        ledger.install()
        for number in range(PRODUCTS):
            here.stock_up(f"PRODUCT{number:03}", 1000)
        found = Catalogue(
            _read(here, ledger, "/products", {"limit": str(PAGE)}), _read(here, ledger, "/products/PRODUCT000", {})
        )
    return Result("What reading the catalogue costs", list(_measures(found)), "catalogue.md", _page(found))


def _read(here: Stand, ledger: Ledger, path: str, query: dict[str, str]) -> Read:
    resource = "/products/{product_id}" if path != "/products" else path
    event = api_event(resource) | {
        "httpMethod": "GET",
        "path": path,
        "body": None,
        "queryStringParameters": query or None,
        "multiValueQueryStringParameters": {name: [value] for name, value in query.items()} or None,
        "pathParameters": None if path == "/products" else {"product_id": path.rpartition("/")[2]},
    }
    event["requestContext"]["httpMethod"] = "GET"
    timed, driver = Driver(here), Driver(here, ledger.stage)
    for _ in range(_ROUNDS):
        timed.request(event, 200)
    calls = ledger.during(lambda: driver.request(event, 200))
    durations = {ACCEPT: bill.duration_of(ACCEPT, timed.timings[ACCEPT])}
    lines = bill.lines(driver, calls, orders=1, batch=1, durations=durations)
    return Read(calls, lines, _compressed(driver.answers[0]))


def _compressed(answer: dict[str, Any]) -> int:
    """API Gateway and CloudFront compress what is longer than a kilobyte."""
    body = str(answer["body"]).encode()
    return answer_bytes(answer) - len(body) + min(len(body), len(gzip.compress(body, 6)))


def _measures(found: Catalogue) -> Iterator[Measure]:
    yield at_most("calls to read a page", sum(c.tries for c in found.first_page.calls), CALLS_PAGE, digits=0)
    yield at_most("calls to read a product", sum(c.tries for c in found.product.calls), CALLS_PRODUCT, digits=0)
    yield Measure("USD for a million reads of a page", f"{found.first_page.usd():.2f}")
    yield Measure("USD for a million reads of a product", f"{found.product.usd():.2f}")
    for reads in VOLUMES:
        yield Measure(
            f"CloudFront ÷ none, {reads:,} reads a month", f"{found.cloudfront(reads) / found.without_cache(reads):.2f}"
        )


def _page(found: Catalogue) -> str:
    prices = price_list()
    rows = []
    for reads in VOLUMES:
        usd = (
            found.without_cache(reads),
            found.cloudfront(reads),
            found.api_cache(reads),
            found.beside_the_tables("dax.node_hour", reads),
            found.beside_the_tables("elasticache.node_hour", reads),
        )
        rows.append((f"{reads:,}", f"{100 * found.missed(reads):.0f} %", *(f"{one:,.2f}" for one in usd)))
    services = ("apigateway", "transfer", "lambda", "dynamodb", "logs")
    parts = [
        (what, *(f"{sum(line.usd for line in read.lines if line.service == one):.2f}" for one in services))
        for what, read in (("a page", found.first_page), ("a product", found.product))
    ]
    return page(
        "catalogue.md",
        as_of=prices.as_of,
        page=PAGE,
        products=PRODUCTS,
        seconds=SECONDS,
        caches=CACHES,
        first=100 * FIRST_PAGE,
        sent=found.sent / 1000,
        measures=table_of(_measures(found)),
        parts=markdown("USD for a million reads of", *(f">{one}" for one in services), rows=parts),
        caching=markdown(
            *(">reads a month", ">missed", ">none", ">CloudFront", ">API Gateway's cache", ">DAX", ">ElastiCache"),
            rows=rows,
        ),
    )


if __name__ == "__main__":
    main(measure)
