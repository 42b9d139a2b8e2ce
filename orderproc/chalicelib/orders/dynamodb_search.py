"""The index of orders in DynamoDB: keys alone, so that an order costs a write unit for each of its tokens.

| part | entry | holds |
|---|---|---|
| the beginning of a token | token, time, id of the order | of the id's own token `tokens`: the list of all |
| `#rebuild` | `progress` | how far a rebuild came |

The beginning is 3 characters, or 6 if those are digits. Within a part entries sort by token, then by time: so a token's
orders are read newest first, and what begins with a text is one range. Order numbers rise: by six digits a thousand of
them at most have a part of their own, where three would let one partition take the writes of all. A partition takes
1,000 writes a second: as many orders of one best seller."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from ..kit.aws import reasons_of
from ..kit.chunks import chunks
from ..kit.concurrency import Few
from ..kit.dynamodb import Item, batch_get, from_dynamodb, put_if, to_dynamodb
from ..kit.errors import TemporarilyUnavailable
from ..kit.page import ListPosition
from ..kit.retrying import BACKOFF, Backoff
from ..kit.wiring import service
from .search_index import Indexed, Tokens
from .search_tokens import normalised

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_END = "\x1f"
"""Ends a token: sorts before all that can go on."""
_AFTER_END = "\x20"
_LAST = "\U0010ffff"
_LATEST = "~"
_NUMBER = 6
_BATCH = 25
_PAGE = 100
_FORGOTTEN_SECONDS = 3 * 24 * 3600
"""Longer than the stream keeps records that could bring an order back."""
_PROGRESS = {"part": "#rebuild", "entry": "progress"}

PERMISSIONS = {
    "find": ["dynamodb:Query table/search"],
    "known": ["dynamodb:BatchGetItem table/search"],
    "add": ["dynamodb:BatchWriteItem table/search", "dynamodb:PutItem table/search"],
    "change": ["dynamodb:PutItem table/search", "dynamodb:DeleteItem table/search"],
}


@service
class DynamoOrderIndex:
    client: DynamoDBClient
    table: str
    few_calls: Few = lambda work, rows: list(map(work, rows))
    seconds: Callable[[], float] = time.time
    backoff: Backoff = BACKOFF

    def add(self, new: Sequence[Indexed]) -> list[Indexed]:
        entries = [_key(token, one.place) for one in new for token in sorted(one.tokens - {_of_list(one.place)})]
        self.few_calls(self._put_all, chunks(entries, _BATCH))
        stored = self.few_calls(self._put_list, new)
        return [one for one, done in zip(new, stored, strict=True) if not done]

    def known(self, places: Sequence[ListPosition]) -> dict[ListPosition, Tokens]:
        keys = [to_dynamodb(_list_key(place)) for place in places]
        items = map(from_dynamodb, batch_get(self.client, self.table, keys, consistent=True))
        return {_place(item["entry"]): frozenset(item["tokens"]) for item in items}

    def change(self, place: ListPosition, before: Tokens | None, after: Tokens, stale: Tokens = frozenset()) -> bool:
        own, old = _of_list(place), before or frozenset()
        come, go = after - old - {own}, (old - after | stale) - {own}
        changes: list[Any] = [{"Put": self._list(place, before, after)}]
        changes += [{"Put": {"TableName": self.table, "Item": _entry(token, place)}} for token in sorted(come)]
        changes += [{"Delete": {"TableName": self.table, "Key": _entry(token, place)}} for token in sorted(go)]
        try:
            self.backoff.past_conflicts(lambda: self.client.transact_write_items(TransactItems=changes))
        except ClientError as error:
            if "ConditionalCheckFailed" in reasons_of(error):
                return False
            raise
        return True

    def few(self, text: str, most: int) -> list[ListPosition] | None:
        items = self._query(_part(text), text, text + _LAST, Limit=most + 1)["Items"]
        return None if len(items) > most else [_place(item["entry"]["S"]) for item in items]

    def tokens(self, text: str, most: int) -> list[str] | None:
        found: list[str] = []
        low = text
        while items := self._query(_part(text), low, text + _LAST, Limit=1)["Items"]:
            if len(found) == most:
                return None
            found.append(items[0]["entry"]["S"].partition(_END)[0])
            low = found[-1] + _AFTER_END
        return found

    def newest(self, token: str, before: ListPosition | None = None, since: str = "") -> Iterator[ListPosition]:
        high = token + _END + (_END.join(before) if before else _LATEST)
        following: dict[str, Any] = {}
        while True:
            answer = self._query(
                _part(token), token + _END + since, high, Limit=_PAGE, ScanIndexForward=False, **following
            )
            places = (_place(item["entry"]["S"]) for item in answer["Items"])
            yield from (place for place in places if before is None or place < before)
            if "LastEvaluatedKey" not in answer:
                return
            following = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def progress(self) -> Mapping[str, str]:
        items = batch_get(self.client, self.table, [to_dynamodb(_PROGRESS)], consistent=True)
        noted: dict[str, str] = from_dynamodb(items[0])["noted"] if items else {}
        return noted

    def note_progress(self, progress: Mapping[str, str]) -> None:
        self.client.put_item(TableName=self.table, Item=to_dynamodb({**_PROGRESS, "noted": dict(progress)}))

    def _query(self, part: str, low: str, high: str, **request: Any) -> Any:
        return self.client.query(
            TableName=self.table,
            KeyConditionExpression="part = :part AND entry BETWEEN :low AND :high",
            ExpressionAttributeValues=to_dynamodb({":part": part, ":low": low, ":high": high}),
            ProjectionExpression="entry",
            **request,
        )

    def _put_all(self, entries: list[Item]) -> None:
        def send(some: Sequence[Any]) -> Sequence[Any]:
            answer = self.client.batch_write_item(RequestItems={self.table: list(some)})
            return answer.get("UnprocessedItems", {}).get(self.table, [])

        requests = [{"PutRequest": {"Item": to_dynamodb(entry)}} for entry in entries]
        if self.backoff.not_taken(requests, send):
            raise TemporarilyUnavailable(f"{self.table} is throttled.")

    def _put_list(self, one: Indexed) -> bool:
        values = {**_list_key(one.place), "tokens": sorted(one.tokens)}
        return self.backoff.past_conflicts(
            lambda: put_if(self.client, self.table, values, "attribute_not_exists(part)") is None
        )

    def _list(self, place: ListPosition, before: Tokens | None, after: Tokens) -> Any:
        expires = None if after else int(self.seconds()) + _FORGOTTEN_SECONDS
        put = {
            "TableName": self.table,
            "Item": to_dynamodb({**_list_key(place), "tokens": sorted(after), "expiresAt": expires}),
        }
        if before is None:
            return {**put, "ConditionExpression": "attribute_not_exists(part)"}
        values = to_dynamodb({":before": sorted(before)})
        return {**put, "ConditionExpression": "tokens = :before", "ExpressionAttributeValues": values}


def _part(text: str) -> str:
    number = text[:_NUMBER]
    return number if len(number) == _NUMBER and number.isascii() and number.isdigit() else text[:3]


def _key(token: str, place: ListPosition) -> Item:
    return {"part": _part(token), "entry": _END.join((token, *place))}


def _entry(token: str, place: ListPosition) -> Item:
    return to_dynamodb(_key(token, place))


def _of_list(place: ListPosition) -> str:
    """The token beside which the list of an order's tokens is kept."""
    return normalised(place[1])


def _list_key(place: ListPosition) -> Item:
    return _key(_of_list(place), place)


def _place(entry: str) -> ListPosition:
    _, created_at, order_id = entry.split(_END, 2)
    return created_at, order_id
