"""Everything that can go wrong with an order, in the shop's own words. Only `api/shared/http.py` makes HTTP of it."""

from __future__ import annotations

import json

from .wiring import dataclass


class OrderProcError(Exception):
    """Base of all errors that the business itself raises on purpose.

    `code` tells programs which error it is. Those that callers of the API see are in `api/shared/problems.py`."""

    code = "INTERNAL_ERROR"

    def __init__(self, message: str = "", code: str = "") -> None:
        super().__init__(message)
        if code:
            self.code = code


@dataclass(frozen=True)
class FieldError:
    """One wrong field: `field` is a path like `items[0].quantity`, empty for the body as a whole."""

    field: str
    message: str


class InvalidRequest(OrderProcError):
    """The caller sent something that can't be understood or isn't allowed; nothing was stored."""

    code = "INVALID_REQUEST"

    def __init__(self, errors: list[FieldError], detail: str = "The request is not valid.") -> None:
        super().__init__(detail)
        self.errors = errors
        self.detail = detail


class NotFound(OrderProcError):
    """There is no such thing for this caller; whether it exists for another is not said."""

    code = "NOT_FOUND"


class Conflict(OrderProcError):
    """The thing exists, but in a state in which this can't be done."""

    code = "CONFLICT"


class IdempotencyMismatch(OrderProcError):
    """The Idempotency-Key was used before by this caller with another body."""

    code = "IDEMPOTENCY_KEY_REUSED"


class IllegalTransition(OrderProcError):
    """A change of status that no order may make: a bug, or a message about an order that moved on."""


class StaleOrder(OrderProcError):
    """Another process changed the order since it was read; read it again and decide anew."""


class OutOfStock(OrderProcError):
    """At least one line asks for more than is available; nothing was reserved."""

    def __init__(self, product_ids: list[str]) -> None:
        super().__init__(f"Not enough stock of {', '.join(product_ids)}.")
        self.product_ids = product_ids


class UnknownOrder(OrderProcError):
    """A message names an order that was never stored."""


class MalformedMessage(OrderProcError):
    """A queue message, event or file that can't be read; it belongs in the dead-letter queue."""


class Damaged(OrderProcError):
    """A stored item can't be read: it was changed by hand. The message names it and what is wrong.

    `what` is its kind (`order`, `cart`), `key` its id; `owner` is an order's, as far as that can be read."""

    def __init__(self, message: str, what: str = "", key: str = "", owner: str = "") -> None:
        super().__init__(message)
        self.what = what
        self.key = key
        self.owner = owner


class Rejected(OrderProcError):
    """The order can't be fulfilled, for a reason of business that trying again will not change.

    As text it is JSON, `{"code", "message"}`: that is all a state machine hands on of an error."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(json.dumps({"code": code, "message": message}))
        self.code = code
        self.message = message


class OrderUnsuccessful(OrderProcError):
    """The order was cancelled, failed or refunded by another process while it was being processed."""


class RefundNotDue(OrderProcError):
    """Money was to go back for an order that may still succeed: a bug, or a decision on a read that no write confirmed.

    Nothing moved."""


class AlreadyRefunded(OrderProcError):
    """The order's money went back, so the order may not succeed: staff must look."""


class RefundRefused(OrderProcError):
    """The payment gateway will not give the money back: staff must."""


class GatewayTimeout(OrderProcError):
    """The payment gateway did not answer: whether it acted is not known, so the same call may be made again."""

    code = "TEMPORARILY_UNAVAILABLE"
    dependency = "payment_gateway"


class PublishRefused(OrderProcError):
    """EventBridge or SNS will not take an event, for a reason that does not pass by itself."""


class TemporarilyUnavailable(OrderProcError):
    """A dependency did not do its part in time; trying again later is right."""

    code = "TEMPORARILY_UNAVAILABLE"


class Undeliverable(OrderProcError):
    """A message can never be sent: its address is none, or takes nothing from us. It was certainly not sent."""


PASSING = (TemporarilyUnavailable, GatewayTimeout, StaleOrder, ConnectionError, TimeoutError)
"""What may pass by itself: the same message is right another time."""
