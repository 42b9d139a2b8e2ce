"""The values of condition keys that a request carries, by its body alone.

- `dynamodb:LeadingKeys`: the partition keys of the items that it reads or writes, see
  https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html.
- `events:source`: the sources of the events that it puts, see
  https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Body = Mapping[str, Any]
PartitionKey = Callable[[str, str | None], str | None]
"""The attribute that is the partition key of a table, or of its index; None if there is no such table."""

_BATCH = {"PutRequest": "Item", "DeleteRequest": "Key"}


def event_sources(body: Body) -> list[str]:
    """Of a `PutEvents`, each once."""
    return sorted({str(entry.get("Source", "")) for entry in body.get("Entries", [])})


def leading_keys(body: Body, partition_key: PartitionKey) -> dict[tuple[str, str], list[str]]:
    """By action and table. The action is empty but in a transaction, of which each part is authorised as the action
    that it is."""
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for action, table, value in _values(body, partition_key):
        found[action, table].add(value)
    return {place: sorted(values) for place, values in found.items()}


def _values(body: Body, partition_key: PartitionKey) -> Iterator[tuple[str, str, str]]:
    for part in body.get("TransactItems", []):
        for member, detail in part.items():
            table = detail["TableName"]
            action = f"dynamodb:{member}Item"
            yield from ((action, table, value) for value in _of_one(detail, partition_key(table, None)))
    for table, asked in body.get("RequestItems", {}).items():
        key = partition_key(table, None)
        yield from (("", table, value) for item in _batched(asked) for value in _of_item(item, key))
    if "TableName" in body:
        table = body["TableName"]
        yield from (("", table, value) for value in _of_one(body, partition_key(table, body.get("IndexName"))))


def _batched(asked: Any) -> Iterator[Any]:
    """The items of one table in a batch: of a read a list of keys, of a write a list of requests."""
    if isinstance(asked, Mapping):
        yield from asked.get("Keys", [])
        return
    for request in asked:
        yield from (request[kind].get(_BATCH[kind], {}) for kind in request)


def _of_one(detail: Body, key: str | None) -> Iterator[str]:
    yield from _of_item(detail.get("Item") or detail.get("Key") or {}, key)
    condition = detail.get("KeyConditionExpression")
    if key and isinstance(condition, str):
        yield from _of_condition(condition, key, detail)


def _of_condition(condition: str, key: str, detail: Body) -> Iterator[str]:
    """A query names one partition key, by `=`."""
    names, values = detail.get("ExpressionAttributeNames", {}), detail.get("ExpressionAttributeValues", {})
    for name, placeholder in re.findall(r"([#\w.-]+)\s*=\s*(:\w+)", condition):
        if names.get(name, name) == key:
            yield from _of_item({key: values.get(placeholder, {})}, key)


def _of_item(item: Body, key: str | None) -> Iterator[str]:
    yield from (str(value) for value in item.get(key or "", {}).values())
