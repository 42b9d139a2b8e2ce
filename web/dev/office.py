"""What the back office needs besides the shop in memory: uploads past the API, imports that run, counts of orders, and
something wrong now and then."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import quote, quote_plus

from chalicelib.bootstrap import Services
from chalicelib.exports.model import Export
from chalicelib.kit.jsonio import loads
from chalicelib.kit.uploads import UploadForm
from chalicelib.operations.ports import Alarm, Reason
from chalicelib.orders.discrepancies import Checkpoint, Finding, Kind
from chalicelib.reporting.hours import hour_of

from tests.support.builders import hours
from tests.support.builders.examples import SETTINGS
from tests.support.fakes.adapters import FakeAdapters
from tests.support.fakes.catalogue import FakeImages
from tests.support.fakes.exports import FakeExportFiles
from tests.support.fakes.imports import FakeImportFiles
from tests.support.stream import indexed

UPLOADS = "/uploads/"
DOWNLOADS = ("/reports/", "/exports/")
_DLQ = f"{SETTINGS.order_queue_url}-dlq"


class Images(FakeImages):
    url = ""

    def form(self, upload_id: str, media_type: str, most_bytes: int, seconds: int) -> UploadForm:
        made = super().form(upload_id, media_type, most_bytes, seconds)
        return UploadForm(f"{self.url}{UPLOADS}", made.fields)


class ImportFiles(FakeImportFiles):
    url = ""

    def form(self, key: str, most_bytes: int, seconds: int) -> UploadForm:
        return UploadForm(f"{self.url}{UPLOADS}", super().form(key, most_bytes, seconds).fields)

    def link(self, key: str, seconds: int, file_name: str) -> str:  # noqa: ARG002
        return f"{self.url}/{quote(key)}"


class ExportMessages:
    """A message is delivered at once: the file of a shop in memory is soon written."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def send(self, export_id: str, seconds: int = 0) -> None:  # noqa: ARG002
        threading.Thread(target=self._services.exports.write, args=(export_id,), daemon=True).start()


class ExportFiles(FakeExportFiles):
    url = ""

    def link(self, export: Export, seconds: int) -> str:  # noqa: ARG002
        return f"{self.url}/{export.key}"


class Office:
    """Over the shop's adapters."""

    def __init__(self, adapters: FakeAdapters, services: Services, url: str) -> None:
        self._adapters = adapters
        self._services = services
        self.images, self.files = Images(), ImportFiles()
        exports = ExportFiles()
        self.images.url = self.files.url = exports.url = url
        adapters.export_files, adapters.export_messages = exports, ExportMessages(services)
        adapters.images, adapters.import_files = self.images, self.files
        adapters.alarms.found = _alarms(adapters.clock.now())
        adapters.findings.save(Checkpoint(adapters.clock.now(), adapters.clock.now()))

    def upload(self, content_type: str, body: bytes) -> None:
        """As S3 does with a form: a picture lies there, a file is imported."""
        fields = _form(content_type, body)
        key, content = fields["key"].decode(), fields["file"]
        if key.startswith("uploads/"):
            self.images.uploads[key.removeprefix("uploads/")] = content
        else:
            threading.Thread(target=self._import, args=(key, content), daemon=True).start()

    def download(self, key: str) -> bytes | None:
        """A report of an import, or an export."""
        return self.files.reports.get(key) or self._adapters.export_files.files.get(key)

    def catch_up(self, path: str) -> None:
        """As the functions of the orders' stream do, before what shows their work is asked for."""
        if path == "/admin/metrics":
            self._count()
        elif path in ("/admin/orders", "/admin/customers"):
            indexed(self._adapters)

    def _count(self) -> None:
        """The orders that there are, and those of a week before, which all went well."""
        counters = self._adapters.counters
        counters.parts.clear()
        hours.count(counters, self._adapters.store.orders.values())
        now = datetime.now(UTC)
        for back in range(48):
            hour = hour_of(now - timedelta(days=8) + timedelta(hours=back))
            counters.put_sums(hour, [hours.sold((back * 7) % 5 + 1, "59.99"), {}, {}, {}], 1)

    def poison(self, order_id: str | None) -> None:
        """A message that was given up on, and an order that is stuck."""
        broken = {"productId": "<b>NOTHING</b>", "customerEmail": "petra@example.com"}
        sent = {"orderId": order_id} if order_id else broken
        message_id = self._adapters.dead_sqs.put(_DLQ, json.dumps(sent))
        now, why = self._adapters.clock.now(), "MalformedMessage: The message has no orderId."
        self._adapters.reasons.keep("orders", Reason(message_id, why, order_id or "", now, ""))
        stuck = order_id or "0e6cbabd-d9ab-4e4a-aaf7-f16e81c84d84"
        self._adapters.findings.put(Finding(Kind.STUCK, stuck, {"status": "VALIDATING"}, now, now))

    def _import(self, key: str, content: bytes) -> None:
        etag = self.files.upload(key, content, self._adapters.clock.now())
        self._services.imports.file({"s3": {"object": {"key": quote_plus(key), "eTag": etag, "size": len(content)}}})
        bodies = self._adapters.row_messages.bodies
        while bodies:
            self._services.imports.rows(loads(bodies[0]))
            del bodies[0]


def _form(content_type: str, body: bytes) -> Mapping[str, bytes]:
    """The fields of multipart/form-data (RFC 7578)."""
    whole = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    return {
        str(part.get_param("name", header="content-disposition")): part.get_payload(decode=True)
        for part in whole.iter_parts()
    }


def _alarms(now: str) -> list[Alarm]:
    at = "docs/runbooks/"
    names = ("orders-age", "payment-age", "shipping-age", "api-5xx", "failed-orders", "throttles")
    calm = [Alarm(name, "OK", "", "", now, f"{at}{name}.md") for name in names]
    text = f"Messages of the order queue exhausted their retries. See {at}orders-dlq.md."
    return [Alarm("orders-dlq", "ALARM", text, "1 >= 1", now, f"{at}orders-dlq.md"), *calm]
