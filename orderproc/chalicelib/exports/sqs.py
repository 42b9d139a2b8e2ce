"""The messages that have a process go on with an export."""

from __future__ import annotations

from typing import Any

from ..kit.jsonio import dumps
from ..kit.wiring import service

PERMISSIONS = {"send": ["sqs:SendMessage queue/exports"]}


@service
class SqsExportMessages:
    client: Any
    queue_url: str

    def send(self, export_id: str, seconds: int = 0) -> None:
        body = dumps({"exportId": export_id, "correlationId": export_id})
        self.client.send_message(QueueUrl=self.queue_url, MessageBody=body, DelaySeconds=seconds)
