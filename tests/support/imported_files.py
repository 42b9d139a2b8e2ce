"""Files put into the imports bucket, and the functions that are called for them, over fakes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

from chalicelib.bootstrap import Services
from chalicelib.imports.model import Import

from tests.support.builders.examples import LAPTOP, MOUSE, SETTINGS
from tests.support.fakes.adapters import FakeAdapters

HEADER = "customerId,customerEmail,productId,quantity,price,street,city,zipCode,country"
UPLOADED = "2026-11-21T14:00:00.000Z"


def line(n: int = 1, **changes: str) -> str:
    """A row of HEADER that is right in every way."""
    cells = {
        "customerId": f"customer-{n}",
        "customerEmail": "customer@example.com",
        "productId": "MOUSE001",
        "quantity": "1",
        "price": "20.00",
        "street": f"{n} Main St",
        "city": "Anytown",
        "zipCode": "12345",
        "country": "USA",
        **changes,
    }
    written = io.StringIO()
    csv.writer(written).writerow(cells.values())
    return written.getvalue().removesuffix("\r\n")


def orders_file(*lines: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *lines, ""]).encode()


def json_lines(*rows: Any) -> bytes:
    return "\n".join(json.dumps(row, default=float) for row in rows).encode()


def shop() -> FakeAdapters:
    adapters = FakeAdapters()
    adapters.catalogue.put(LAPTOP, 1000)
    adapters.catalogue.put(MOUSE, 1000)
    return adapters


@dataclass
class Importer:
    """A shop to which files are uploaded."""

    adapters: FakeAdapters

    @property
    def services(self) -> Services:
        """As a new process has them."""
        return Services(SETTINGS, self.adapters)

    def upload(self, content: bytes, key: str = "orders/week47.csv", at: str = UPLOADED, **more: Any) -> Any:
        """The record of S3's event about it."""
        etag = self.adapters.import_files.upload(key, content, at, **more)
        return {"s3": {"object": {"key": quote_plus(key), "eTag": etag, "size": len(content)}}}

    def process_batch(self) -> None:
        """Every message that waits."""
        bodies = self.adapters.row_messages.bodies
        while bodies:
            self.services.imports.rows(json.loads(bodies[0]))
            del bodies[0]

    def bodies(self) -> list[Any]:
        """Of the messages that wait."""
        return [json.loads(text) for text in self.adapters.row_messages.bodies]

    def run(self, content: bytes, key: str = "orders/week47.csv", at: str = UPLOADED, **more: Any) -> Any:
        """The report of the file, uploaded and processed."""
        self.services.imports.file(self.upload(content, key, at, **more))
        self.process_batch()
        return self.report(key)

    def report(self, key: str = "orders/week47.csv") -> Any:
        reports = self.adapters.import_files.reports
        found = reports[f"reports/{key.partition('/')[2]}.json"]
        return json.loads(found)

    @property
    def imported(self) -> Import:
        """The only one there is."""
        [one] = self.adapters.imports.stored.values()
        found: Import = one
        return found

    @property
    def orders(self) -> Mapping[str, Any]:
        return self.adapters.store.orders


def cut(importer: Importer, rows: int) -> list[Any]:
    """The messages of a file of so many good rows."""
    importer.services.imports.file(importer.upload(orders_file(*[line(n) for n in range(1, rows + 1)])))
    return importer.bodies()


def counted(rows: int, **of_which: int) -> dict[str, int]:
    """As reports have it."""
    return {"rows": rows, "accepted": 0, "rejected": 0, "duplicate": 0, "superseded": 0, **of_which}


def outcomes(report: Any) -> list[str]:
    return [row["outcome"] for row in report["rows"]]


def faults(report: Any) -> Iterator[tuple[int, str]]:
    """(row, field) of everything that is wrong."""
    for row in report["rows"]:
        for error in row.get("errors", []):
            yield row["row"], error["field"]
