"""The orders that a report shows: one that succeeded, one that failed, one that went through the state machine, or the
one that was asked for. Without the personal data in them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from infra.errors import Refusal
from infra.evidence import executions
from infra.evidence.drawing.timeline import Result, Step
from infra.evidence.executions import Execution
from infra.evidence.kinds import Looks
from infra.evidence.model import Cell
from infra.evidence.reading import Reader
from infra.paths import make_importable

if TYPE_CHECKING:
    from chalicelib.operations.timeline import Entry
    from chalicelib.orders.dynamodb import DynamoOrders
    from chalicelib.orders.model import Order

WHAT = "Orders"
_DAYS, _A_DAY = 30, 200
"""How far back, and how many orders of a day are looked at."""
_FREE = ("customerId", "reference", "note", "metadata", "feedback")
"""Of an order: who it is for, and texts that may hold anything."""
_WRITTEN = ("feedback", "note")


@dataclass(frozen=True)
class OrderShown:
    """`document` is the order as the API shows it, masked."""

    order_id: str
    number: str
    status: str
    workflow: str
    failure: str
    document: str
    steps: list[Step]
    rows: list[list[Cell]]
    executions: list[Execution]
    note: str


def shown(reader: Reader, looks: Looks, today: date, order_id: str = "") -> list[OrderShown]:
    """Refuses an order that was asked for and is not there."""
    make_importable()
    chosen = reader.attempt(WHAT, lambda: _chosen(_store(reader), today, order_id), otherwise=[])
    return [_shown(reader, looks, order) for order in chosen]


def _store(reader: Reader) -> "DynamoOrders":
    from chalicelib.orders.dynamodb import DynamoOrders

    prefix = reader.target.prefix
    return DynamoOrders(reader.client("dynamodb"), f"{prefix}-orders", f"{prefix}-inventory")


def _chosen(store: "DynamoOrders", today: date, order_id: str) -> "list[Order]":
    if order_id:
        order = store.get(order_id)
        if order is None:
            raise Refusal(f"There is no order {order_id} in this stage: say ORDER=<its id>, or leave it out.")
        return [order]
    wanted: dict[str, Callable[[Order], bool]] = {
        "succeeded": lambda order: order.status.value in ("COMPLETED", "CONFIRMED"),
        "failed": lambda order: order.status.value == "FAILED",
        "executed": lambda order: order.workflow == "stepfunctions",
    }
    found: dict[str, Order] = {}
    for order in _newest(store, today):
        for why in [why for why, fits in wanted.items() if why not in found and fits(order)]:
            found[why] = order
        if len(found) == len(wanted):
            break
    return list({order.order_id: order for order in found.values()}.values())


def _newest(store: "DynamoOrders", today: date) -> "Iterator[Order]":
    for back in range(_DAYS):
        yield from store.by_day((today - timedelta(days=back)).isoformat(), _A_DAY, None).items


def _shown(reader: Reader, looks: Looks, order: "Order") -> OrderShown:
    import simplejson
    from chalicelib.kit import redaction

    entries = _timeline(reader, order)
    failure = redaction.masked_text(f"{order.failure.code}: {order.failure.message}") if order.failure else ""
    return OrderShown(
        order.order_id,
        order.order_number,
        order.status.value,
        order.workflow,
        failure,
        simplejson.dumps(_document(order), use_decimal=True, indent=2, ensure_ascii=False),
        list(_steps(entries)),
        [_row(entry) for entry in entries],
        executions.of_order(reader, looks, order.order_id) if order.workflow == "stepfunctions" else [],
        _how_driven(order.workflow),
    )


def _document(order: "Order") -> dict[str, Any]:
    """Masked by the rules for what staff look at, and without what a customer or partner may have written freely."""
    from chalicelib.kit import jsonio, redaction
    from chalicelib.orders.views import order_view

    view = order_view(order)
    free = {name: redaction.MASK for name in _FREE if view.get(name)}
    items = [{**item, "name": redaction.MASK} for item in view["items"]]  # a partner may name them as it likes
    document: dict[str, Any] = redaction.masked(jsonio.loads(jsonio.dumps({**view, **free, "items": items})))
    return document


def _how_driven(workflow: str) -> str:
    return {
        "queue": "Driven by the orders queue: one function takes it through all steps, and the order has the history.",
        "events": "Driven by events: each step publishes what happened, and a rule takes it to the next step's queue.",
        "stepfunctions": "Driven by the state machine, whose history of this order follows.",
    }.get(workflow, workflow)


class _Nothing:
    """For notes and changes of staff: they are not read."""

    def of(self, _: str) -> list[Any]:
        return []

    of_order = of


def _timeline(reader: Reader, order: "Order") -> "list[Entry]":
    from chalicelib.kit.dynamodb_claims import DynamoClaims
    from chalicelib.operations.timeline import OrderTimeline
    from chalicelib.payments.dynamodb import DynamoLedger

    client, prefix, nothing = reader.client("dynamodb"), reader.target.prefix, _Nothing()
    ledger, claims = DynamoLedger(client, f"{prefix}-payments"), DynamoClaims(client, f"{prefix}-claims")
    read = OrderTimeline(ledger, claims, nothing, nothing)  # type: ignore[arg-type]
    return [entry for entry in reader.attempt(WHAT, lambda: read(order), otherwise=[]) if entry.at]


def _steps(entries: "list[Entry]") -> Iterator[Step]:
    """A status lasts until the next one; all else is a moment."""
    statuses = [entry for entry in entries if entry.kind == "status"]
    ends = {id(one): _seconds(after.at) for one, after in pairwise(statuses)}
    for entry in entries:
        begin = _seconds(entry.at)
        words = entry.outcome.lower() if entry.outcome else ""
        yield Step(_name(entry), begin, ends.get(id(entry), begin), _result(entry), words)


def _name(entry: "Entry") -> str:
    return entry.what if entry.kind == "status" else f"{entry.kind}: {entry.what.lower()}"


def _result(entry: "Entry") -> Result:
    if {entry.what, entry.outcome} & {"FAILED", "DECLINED", "CANCELLED"}:
        return "failed"
    return "ok" if entry.kind == "status" else "event"


def _seconds(at: str) -> float:
    return datetime.fromisoformat(at).timestamp()


def _row(entry: "Entry") -> list[Cell]:
    from chalicelib.kit.redaction import masked_text

    amount = f"{entry.amount}" if entry.amount is not None else None
    detail = "" if entry.kind in _WRITTEN else masked_text(entry.detail)
    return [entry.at, entry.kind, entry.what, entry.outcome.lower() or None, amount, detail or None]
