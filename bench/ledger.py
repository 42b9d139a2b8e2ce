"""A ledger of real SDK calls: every call of every client of this process, by hooks of botocore.

Install it before the first client is made. Between `stage(…)` blocks nothing is recorded."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import boto3

from bench import capacity
from bench.capacity import Item, Table, Written


@dataclass(frozen=True, slots=True)
class Call:
    """One call. `sent` is the size of its HTTP body; `payload` is what SQS, SNS and EventBridge charge by;
    units are DynamoDB's. `tries` counts HTTP requests: more than one if the SDK repeated it."""

    stage: str
    service: str
    operation: str
    target: str
    sent: int
    tries: int
    payload: int = 0
    entries: int = 1
    writes: float = 0
    index_writes: float = 0
    reads: float = 0


@dataclass
class Ledger:
    """`plain` makes clients that the ledger does not see: it looks items up through them, before and after a write."""

    plain: Callable[[str], Any]
    calls: list[Call] = field(default_factory=list)
    order_bytes: dict[str, int] = field(default_factory=dict)
    """The size of the last order item that was written in each status."""
    _stage: str = ""
    _sent: int = 0
    _tables: dict[str, Table] = field(default_factory=dict)

    def install(self) -> None:
        """Watch all clients that are made from boto3's default session from now on."""
        if boto3.DEFAULT_SESSION is None:
            boto3.setup_default_session()
        session: Any = boto3.DEFAULT_SESSION
        session.events.register("provide-client-params.*.*", self._before)
        session.events.register("before-send.*.*", self._sending)
        session.events.register("after-call.*.*", self._after)

    @contextlib.contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Calls made in the body are of this stage."""
        self._stage = name
        try:
            yield
        finally:
            self._stage = ""

    def during(self, work: Callable[[], object]) -> list[Call]:
        """The calls that the work makes within its stages."""
        self.calls.clear()
        work()
        return list(self.calls)

    def _before(self, params: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        if not self._stage:
            return
        note: dict[str, Any] = {"params": params}
        context["ledger"] = note
        if model.service_model.service_name == "dynamodb":
            note["old"] = [self._peek(table, key) for table, key, _ in self._writes(model.name, params)]

    def _sending(self, request: Any, **_: Any) -> None:
        if self._stage:
            self._sent = len(_bytes(request.body))

    def _after(self, http_response: Any, parsed: Any, model: Any, context: dict[str, Any], **_: Any) -> None:
        note = context.get("ledger")
        if note is None:
            return
        service, params = model.service_model.service_name, note["params"]
        charged: dict[str, Any] = {}
        if service == "dynamodb":
            charged = self._dynamodb(model.name, params, note["old"], parsed, http_response.status_code >= 300)
        elif service in _PAYLOADS:
            charged = _PAYLOADS[service](params)
        self.calls.append(
            Call(
                stage=self._stage,
                service=service,
                operation=model.name,
                target=_target(params),
                sent=self._sent,
                tries=1 + parsed.get("ResponseMetadata", {}).get("RetryAttempts", 0),
                **charged,
            )
        )

    def _dynamodb(
        self, operation: str, params: Any, old: Sequence[Item | None], parsed: Any, refused: bool
    ) -> dict[str, Any]:
        if operation in _READS:
            return {"reads": _READS[operation](params, parsed)}
        total = Written(0, 0)
        for (name, key, new), before in zip(self._writes(operation, params), old, strict=True):
            table = self._table(name)
            after = self._peek(name, key)
            self._note_order(after)
            cost = capacity.refused(before, new) if refused else capacity.write(table, before, after)
            cost = cost.transacted() if operation == "TransactWriteItems" else cost
            total = Written(total.table + cost.table, total.indexes + cost.indexes)
        return {"writes": total.table, "index_writes": total.indexes}

    def _writes(self, operation: str, params: Any) -> list[tuple[str, Item, Item | None]]:
        """Table, key, and the whole new item where it is a put."""
        if operation == "TransactWriteItems":
            single = [next(iter(item.values())) for item in params["TransactItems"]]
        elif operation == "BatchWriteItem":
            single = [
                {"TableName": table, **next(iter(request.values()))}
                for table, requests in params["RequestItems"].items()
                for request in requests
            ]
        elif operation in ("PutItem", "UpdateItem", "DeleteItem"):
            single = [params]
        else:
            return []
        return [
            (one["TableName"], one.get("Key") or self._table(one["TableName"]).key_of(one["Item"]), one.get("Item"))
            for one in single
        ]

    def _note_order(self, item: Item | None) -> None:
        if item and "history" in item:
            self.order_bytes[item["status"]["S"]] = capacity.item_bytes(item)

    def _peek(self, table: str, key: Item) -> Item | None:
        found: Item | None = self.plain("dynamodb").get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")
        return found

    def _table(self, name: str) -> Table:
        if name not in self._tables:
            described = self.plain("dynamodb").describe_table(TableName=name)["Table"]
            self._tables[name] = capacity.table_from(described)
        return self._tables[name]


def _get_item(params: Any, parsed: Any) -> float:
    return capacity.read_one(parsed.get("Item"), consistent=params.get("ConsistentRead", False))


def _batch_get(params: Any, parsed: Any) -> float:
    units = 0.0
    for table, asked in params["RequestItems"].items():
        found = parsed.get("Responses", {}).get(table, [])
        missing = len(asked["Keys"]) - len(found)
        consistent = asked.get("ConsistentRead", False)
        units += sum(capacity.read_one(item, consistent=consistent) for item in [*found, *[None] * missing])
    return units


def _page(params: Any, parsed: Any) -> float:
    return capacity.read_many(parsed.get("Items", []), consistent=params.get("ConsistentRead", False))


def _sqs(params: Mapping[str, Any]) -> dict[str, Any]:
    return {"payload": len(_bytes(params.get("MessageBody", "")))}


def _sns(params: Mapping[str, Any]) -> dict[str, Any]:
    entries = params.get("PublishBatchRequestEntries") or [params]
    payload = sum(len(_bytes(entry["Message"])) + _attribute_bytes(entry) for entry in entries)
    return {"payload": payload, "entries": len(entries)}


def _attribute_bytes(entry: Mapping[str, Any]) -> int:
    """Of names, types and values: https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html"""
    attributes = entry.get("MessageAttributes", {})
    return sum(len(name) + len("".join(map(str, value.values())).encode()) for name, value in attributes.items())


def _events(params: Mapping[str, Any]) -> dict[str, Any]:
    """Each entry counts by its own size: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html"""
    sizes = [
        14 * ("Time" in entry) + sum(len(_bytes(entry[name])) for name in ("Source", "DetailType", "Detail"))
        for entry in params["Entries"]
    ]
    return {"payload": sum(sizes), "entries": sum(-(-size // 65536) for size in sizes)}


_READS: dict[str, Callable[[Any, Any], float]] = {
    "GetItem": _get_item,
    "BatchGetItem": _batch_get,
    "Query": _page,
    "Scan": _page,
}
_PAYLOADS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {"sqs": _sqs, "sns": _sns, "events": _events}


def _target(params: Mapping[str, Any]) -> str:
    """The table, queue, topic or key at hand, for people."""
    if "TransactItems" in params:
        names = [next(iter(item.values()))["TableName"] for item in params["TransactItems"]]
        return " + ".join(name.rpartition("-")[2] for name in dict.fromkeys(names))
    if "RequestItems" in params:
        return " + ".join(name.rpartition("-")[2] for name in params["RequestItems"])
    if "Key" in params and "Bucket" in params:
        return str(params["Key"]).partition("/")[0] + "/"
    for name in ("TableName", "QueueUrl", "TopicArn"):
        if name in params:
            return str(params[name]).rpartition("-")[2]
    return ""


def _bytes(body: Any) -> bytes:
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, (bytes, bytearray)):
        return bytes(body)
    position = body.tell()
    content: bytes = body.read()
    body.seek(position)
    return content
