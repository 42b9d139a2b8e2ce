"""The stand that measures run on: an emulator on a free port with the stage's tables, queues, topic and buckets, and
the real app in this process. No function is deployed: measures call the handlers themselves, and see every call."""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from infra.deploy import render, templates
from infra.deploy.deploy import tracked_config
from local import cloud, processes

STAGE = "local"
PRODUCT = "LAPTOP001"
PRICE = Decimal("1299.99")


class LogMeter(io.TextIOBase):
    """Takes the place of the app's standard output: counts what Lambda would send to CloudWatch, and keeps it."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._open = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        *whole, self._open = (self._open + text).split("\n")
        self.lines += [line for line in whole if line]
        return len(text)


@dataclass(frozen=True)
class Stand:
    """Where things are. `app` is the real module; `plain` makes clients that no ledger sees."""

    app: Any
    logs: LogMeter
    endpoint_url: str
    environment: dict[str, str]
    _plain: dict[str, Any] = field(default_factory=dict)

    def plain(self, service: str) -> Any:
        if service not in self._plain:
            session: Any = boto3.Session(cloud.ACCESS_KEY_ID, cloud.SECRET_ACCESS_KEY, region_name=cloud.REGION)
            config = Config(retries={"mode": "standard"}, signature_version="s3v4" if service == "s3" else None)
            self._plain[service] = session.client(service, endpoint_url=self.endpoint_url, config=config)
        return self._plain[service]

    def stock_up(self, product_id: str = PRODUCT, stock: int = 1_000_000) -> None:
        """Put a product and its stock into the shop, as staff would."""
        from chalicelib import bootstrap
        from chalicelib.inventory.commands import PutProduct

        put = PutProduct(product_id, "Gaming Laptop", "", PRICE, "EUR", stock)
        bootstrap.services().inventory.products.put(put)


@contextlib.contextmanager
def stand() -> Iterator[Stand]:
    """A stand while the body runs. The process can have one only: the app's clients are made once."""
    with tempfile.TemporaryDirectory(prefix="orderproc-bench-", ignore_cleanup_errors=True) as folder:
        emulator = cloud.start(processes.free_port(), Path(folder))
        try:
            target = replace(emulator.target(STAGE), deployment="bench")
            outputs = templates.apply(target)
            base = tracked_config()["stages"][render.BASE_STAGE]["environment_variables"]
            environment = render.environment(base, target, outputs)
            os.environ.update(target.environment() | environment)
            found = Stand(*imported_app(), emulator.endpoint_url, environment)
            found.plain("ses").verify_email_identity(EmailAddress=environment["MAIL_SENDER"])
            yield found
        finally:
            emulator.stop()


def imported_app() -> tuple[Any, LogMeter]:
    """The app's module, and what it logs from now on: loggers keep the standard output they find when they are made."""
    logs = LogMeter()
    with contextlib.redirect_stdout(logs):
        import app
    return app, logs
