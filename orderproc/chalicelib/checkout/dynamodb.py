"""Carts in DynamoDB: one item per customer, a map of units per product, so that two devices change two lines of it
without knowing of each other.

| attribute | holds |
|---|---|
| `lines` | units by product |
| `since` | by product: the `version` that the cart had before the line was put in |
| `version` | a number, higher with each change: by one, or by two where the customer takes a line out |
| `cart` | a random token: a cart that is begun anew, because it was emptied or expired, has another |
| `currency` | of its lines, as the first of them had it |
| `expiresAt` | when it is empty |

An order remembers token and version of the cart that it bought (`3f9a01bc.7`). So a line put in later is not mistaken
for the one that was bought, even if the product is the same. Carts from before that have
`lines` and `expiresAt` alone."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from ..kit.aws import code_of, lost_to_others, reasons_of
from ..kit.clock import from_iso, from_millis, to_millis
from ..kit.damaged_items import UNREADABLE, Report, readable, reads, unreported
from ..kit.dynamodb import Item, from_dynamodb, to_dynamodb
from ..kit.errors import Conflict, Damaged, TemporarilyUnavailable
from ..kit.retrying import BACKOFF, Backoff
from ..kit.wiring import dataclass, service
from ..orders.model import Order
from .model import STEP_OF_REMOVAL, QuietCart, StoredCart
from .rules import MAX_LINES, Refusal

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_CART_SECONDS = 30 * 24 * 3600
_BUYS_SECONDS = 30 * 24 * 3600
"""So long after it was placed an order takes what it bought out of the cart. Later it takes nothing: if it was done
before, the claim that says so may be gone."""
_CLAIM_SECONDS = _BUYS_SECONDS + 2 * 24 * 3600
"""Longer than that for every order, whenever it makes its claim, and however clocks differ."""
_PAGE = 500
_ALIVE = "expiresAt >= :now"
_ROOM = "(attribute_exists(#l.#p) OR size(#l) < :max)"
_PUT = "SET #l.#p = :q, #s.#p = if_not_exists(#s.#p, version), version = version + :one, expiresAt = :e"
_IS_THIS = f"{_ALIVE} AND currency = :c AND {_ROOM}"
_BEGIN = "SET #l = :lines, #s = :since, version = :one, cart = :cart, currency = :c, expiresAt = :e"
_BEGUN_ANEW = (
    "attribute_not_exists(customerId) OR expiresAt < :now OR size(#l) = :none"
    " OR (size(#l) = :one AND attribute_exists(#l.#p) AND attribute_exists(currency) AND currency <> :c)"
)
_REMOVE = "REMOVE #l.#p, #s.#p SET version = version + :step, expiresAt = :e"
# Carts from before there were versions, which are gone 30 days later:
_PUT_OLD = "SET #l.#p = :q, expiresAt = :e"
_IS_OLD = f"{_ALIVE} AND attribute_not_exists(currency) AND {_ROOM}"
_REMOVE_OLD = "REMOVE #l.#p SET expiresAt = :e"

PERMISSIONS = {
    "get": ["dynamodb:GetItem table/carts"],
    "change": ["dynamodb:GetItem table/carts", "dynamodb:UpdateItem table/carts", "dynamodb:DeleteItem table/carts"],
    "quiet": ["dynamodb:Scan table/carts"],
    "remove_bought": [
        "dynamodb:GetItem table/carts",
        "dynamodb:UpdateItem table/carts",
        "dynamodb:PutItem table/claims",
    ],
}


@dataclass(frozen=True)
class _Cart:
    """The item as it is stored."""

    lines: dict[str, int]
    since: dict[str, int]
    version: int
    token: str
    currency: str
    expires: int

    @property
    def seen(self) -> StoredCart:
        version = f"{self.token}.{self.version}" if self.token else self._old_version
        return StoredCart(self.lines, self.currency, version)

    @property
    def _old_version(self) -> str:
        """Of a cart from before there were versions: it has no token, and every change of it moves its expiry."""
        content = f"{self.expires}\n{sorted(self.lines.items())}"
        return f".{hashlib.sha256(content.encode()).hexdigest()[:16]}" if self.lines else ""


@service
class DynamoCarts:
    client: DynamoDBClient
    table: str
    claims_table: str
    seconds: Callable[[], float] = time.time
    report: Report = unreported
    backoff: Backoff = BACKOFF

    def get(self, customer_id: str) -> StoredCart:
        cart = self._cart(customer_id)
        return cart.seen if cart else StoredCart()

    def put(self, customer_id: str, product_id: str, quantity: int, currency: str) -> Refusal | None:
        now = int(self.seconds())
        names = {"#l": "lines", "#p": product_id}
        until: Item = {":e": now + _CART_SECONDS, ":now": now}
        line = {**until, ":q": quantity, ":max": MAX_LINES}
        begun: Item = {":lines": {product_id: quantity}, ":since": {product_id: 0}, ":cart": secrets.token_hex(4)}
        ways: list[tuple[str, str, dict[str, str], Item]] = [
            (_PUT, _IS_THIS, {**names, "#s": "since"}, {**line, ":c": currency, ":one": 1}),
            (_BEGIN, _BEGUN_ANEW, {**names, "#s": "since"}, {**until, **begun, ":c": currency, ":one": 1, ":none": 0}),
            (_PUT_OLD, _IS_OLD, names, line),
        ]
        for _ in self.backoff.turns():
            if any(self._update(customer_id, *way) for way in ways):
                return None
            if refusal := self._refusal(customer_id, product_id, currency):
                return refusal
        raise _changes_all_the_time()

    def remove(self, customer_id: str, product_id: str) -> None:
        now = int(self.seconds())
        values: Item = {":e": now + _CART_SECONDS, ":now": now}
        names = {"#l": "lines", "#p": product_id}
        ways: list[tuple[str, str, dict[str, str], Item]] = [
            (
                _REMOVE,
                f"{_ALIVE} AND attribute_exists(version) AND attribute_exists(#l.#p)",
                {**names, "#s": "since"},
                {**values, ":step": STEP_OF_REMOVAL},
            ),
            (_REMOVE_OLD, f"{_ALIVE} AND attribute_not_exists(version)", names, values),
        ]
        for _ in self.backoff.turns():
            if any(self._update(customer_id, *way) for way in ways) or product_id not in self.get(customer_id).lines:
                return
        raise _changes_all_the_time()

    def clear(self, customer_id: str) -> None:
        key = to_dynamodb({"customerId": customer_id})
        self.backoff.past_conflicts(lambda: self.client.delete_item(TableName=self.table, Key=key))

    def quiet(self, since: str, until: str) -> Iterator[QuietCart]:
        # A Scan, but of carts, an item for each customer who has one; orders are never scanned.
        pages = self.client.get_paginator("scan").paginate(
            TableName=self.table,
            PaginationConfig={"PageSize": _PAGE},
            ProjectionExpression="customerId, #l, expiresAt",
            FilterExpression="expiresAt BETWEEN :since AND :until AND size(#l) > :none",
            ExpressionAttributeNames={"#l": "lines"},
            ExpressionAttributeValues=to_dynamodb(
                {":since": _expiry(since, up=True), ":until": _expiry(until), ":none": 0}
            ),
        )
        for page in pages:
            yield from readable(page["Items"], _quiet, self.report)

    def remove_bought(self, order: Order) -> None:
        if self.seconds() - from_iso(order.created_at).timestamp() > _BUYS_SECONDS:
            return
        for _ in self.backoff.turns():
            change = self._without(order, self._cart(order.customer_id))
            actions: list[Any] = [{"Put": self._claim(order)}]
            if change:
                actions.append({"Update": change})
            try:
                self.client.transact_write_items(TransactItems=actions)
                return
            except ClientError as error:
                reasons = reasons_of(error)
                if reasons[:1] == ["ConditionalCheckFailed"]:
                    return  # it was done before
                if "ConditionalCheckFailed" not in reasons and not lost_to_others(error):
                    raise
        raise _changes_all_the_time()

    def _without(self, order: Order, cart: _Cart | None) -> dict[str, Any] | None:
        """The update that takes the bought units out, provided that the cart is still as it was read."""
        token, _, version = order.cart_version.partition(".")
        if cart is None or token not in ("", cart.token):
            return None
        bought = [
            (product_id, quantity)
            for product_id, quantity in order.quantities().items()
            if product_id in cart.lines and (not token or cart.since.get(product_id, 0) < int(version))
        ]
        return self._taking(order.customer_id, cart, bought) if bought else None

    def _taking(self, customer_id: str, cart: _Cart, bought: list[tuple[str, int]]) -> dict[str, Any]:
        names, sets, removes = {"#l": "lines"}, [], []
        values: Item = {}
        for n, (product_id, quantity) in enumerate(bought):
            names[f"#p{n}"], left = product_id, cart.lines[product_id] - quantity
            if left > 0:
                sets.append(f"#l.#p{n} = :left{n}")
                values[f":left{n}"] = left
            else:
                removes.append(f"#l.#p{n}")
        if cart.token:
            condition = "cart = :cart AND version = :version"
            values |= {":cart": cart.token, ":version": cart.version, ":one": 1}
            sets.append("version = version + :one")
            if removes:
                names["#s"] = "since"
                removes += [path.replace("#l", "#s") for path in removes]
        else:
            condition = " AND ".join(f"#l.#p{n} = :was{n}" for n in range(len(bought)))
            values |= {f":was{n}": cart.lines[product_id] for n, (product_id, _) in enumerate(bought)}
        parts = [f"SET {', '.join(sets)}"] if sets else []
        parts += [f"REMOVE {', '.join(removes)}"] if removes else []
        return {
            "TableName": self.table,
            "Key": to_dynamodb({"customerId": customer_id}),
            "UpdateExpression": " ".join(parts),
            "ConditionExpression": condition,
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": to_dynamodb(values),
        }

    def _claim(self, order: Order) -> dict[str, Any]:
        expires = int(self.seconds()) + _CLAIM_SECONDS
        return {
            "TableName": self.claims_table,
            "Item": to_dynamodb({"claim": f"{order.order_id}#cart", "expiresAt": expires}),
            "ConditionExpression": "attribute_not_exists(claim)",
        }

    def _refusal(self, customer_id: str, product_id: str, currency: str) -> Refusal | None:
        cart = self.get(customer_id)
        others = cart.lines.keys() - {product_id}
        if others and cart.currency not in ("", currency):
            return Refusal.CURRENCY
        return Refusal.FULL if len(others) >= MAX_LINES else None

    def _cart(self, customer_id: str) -> _Cart | None:
        """None if there is none, it expired, or it can't be read at all."""
        key = to_dynamodb({"customerId": customer_id})
        item = self.client.get_item(TableName=self.table, Key=key, ConsistentRead=True).get("Item")
        for cart, wrong in readable([item] if item else [], _stored, self.report):
            if wrong:
                self.report(wrong)
            # DynamoDB tidies expired items up to days late, so the time is judged here.
            return cart if cart.expires >= self.seconds() else None
        return None

    def _update(self, customer_id: str, update: str, condition: str, names: dict[str, str], values: Item) -> bool:
        try:
            self.backoff.past_conflicts(
                lambda: self.client.update_item(
                    TableName=self.table,
                    Key=to_dynamodb({"customerId": customer_id}),
                    UpdateExpression=update,
                    ConditionExpression=condition,
                    ExpressionAttributeNames=names,
                    ExpressionAttributeValues=to_dynamodb(values),
                )
            )
        except ClientError as error:
            code = code_of(error)
            if code == "ValidationException":
                words = "The cart is damaged and can't be changed: empty it and begin anew."
                raise Conflict(words, "CART_DAMAGED") from error
            if code == "ConditionalCheckFailedException":
                return False
            raise
        return True


@reads("cart", "customerId")
def _stored(item: Item) -> tuple[_Cart, Damaged | None]:
    """With its lines that can be read, and what is wrong with others."""
    v = from_dynamodb(item)
    lines: dict[str, int] = {}
    wrong: Damaged | None = None
    for product_id, quantity in v["lines"].items():
        try:
            lines[product_id] = _units(quantity)
        except UNREADABLE as error:
            message = f"The cart {v['customerId']} is damaged: the line {product_id}: {error!r}."
            wrong = Damaged(message, "cart", v["customerId"])
    since = {product_id: int(version) for product_id, version in v.get("since", {}).items()}
    cart = _Cart(lines, since, int(v.get("version", 0)), v.get("cart", ""), v.get("currency", ""), int(v["expiresAt"]))
    return cart, wrong


@reads("cart", "customerId")
def _quiet(item: Item) -> QuietCart:
    v = from_dynamodb(item)
    touched = from_millis((int(v["expiresAt"]) - _CART_SECONDS) * 1000)
    return QuietCart(touched, {product_id: _units(n) for product_id, n in v["lines"].items()})


def _units(value: Any) -> int:
    if value != int(value) or value < 1:
        raise ValueError(f"{value} is no quantity")
    return int(value)


def _changes_all_the_time() -> TemporarilyUnavailable:
    return TemporarilyUnavailable("The cart is being changed all the time.")


def _expiry(touched: str, *, up: bool = False) -> int:
    """When a cart expires that was touched then: whole seconds, a part of one cut off, or rounded up."""
    millis = to_millis(touched)
    return (-(-millis // 1000) if up else millis // 1000) + _CART_SECONDS
