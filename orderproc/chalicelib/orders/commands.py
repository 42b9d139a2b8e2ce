"""What others ask of us, after their request was read and found valid; and who of the signed-in asks."""

from __future__ import annotations

from decimal import Decimal

from ..kit.errors import FieldError
from ..kit.wiring import dataclass
from .model import Address, Line

_CUSTOMER = "c-"
GUEST = "guest"
"""The owner of orders that the shop's own page placed for people who did not sign in. A partner's begins with `p-`."""


def is_customer(owner: str) -> bool:
    """Whether it is one signed-in person that owns; else it is a partner, with customers of its own."""
    return owner.startswith(_CUSTOMER)


@dataclass(frozen=True)
class Customer:
    """A signed-in person, as their ID token says. `email` is empty and `phone_number` None unless verified."""

    id: str
    email: str
    phone_number: str | None

    @property
    def owner(self) -> str:
        return f"{_CUSTOMER}{self.id}"


@dataclass(frozen=True)
class PlaceOrder:
    """Accept this order for `owner`. `idempotency_key` with the owner decides the order's id, where it is given."""

    owner: str
    customer_id: str
    customer_email: str
    payment_method: str
    phone_number: str | None
    shipping_address: Address | None
    correlation_id: str
    billing_address: Address | None = None
    reference: str | None = None
    note: str | None = None
    metadata: tuple[tuple[str, str], ...] = ()
    locale: str = ""
    """Empty is the shop's."""
    lines: tuple[Line, ...] = ()
    currency: str = ""
    total_amount: Decimal = Decimal(0)
    idempotency_key: str | None = None
    fingerprint: bytes = b""
    workflow: str = "queue"
    fulfilment: str = "auto"
    from_cart: bool = False
    cart_version: str = ""
    # What the catalogue decides, because it was left out. The order that is made of it has it.
    unpriced: frozenset[int] = frozenset()
    """Places of the lines without a price: it is 0 until then."""
    total_open: bool = False
    currency_open: bool = False
    """`currency` is the shop's, unless the products are sold in another."""


@dataclass(frozen=True)
class AnnouncedOrder:
    """An order that another system announced, with its own `order_id`. `errors` says why it can be no order: then
    `command` holds what of it is right."""

    order_id: str
    command: PlaceOrder
    by_name: bool = False
    """Its line's `product_id` is a product's id or its exact name: which of them, the catalogue knows."""
    errors: tuple[FieldError, ...] = ()
