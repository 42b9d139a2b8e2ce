"""The demo shop's users and products, and an order for one of them."""

from pathlib import Path
from typing import Any, NamedTuple

from infra.paths import ROOT


class User(NamedTuple):
    """A demo user. The password is no secret: it opens nothing but the stack on this machine."""

    username: str
    password: str
    group: str | None = None


USERS = {
    "customer": User("customer@example.com", "Customer-demo-2026"),
    "other": User("other@example.com", "Other-demo-2026"),
    "admin": User("admin@example.com", "Admin-demo-2026", "admin"),
    "support": User("support@example.com", "Support-demo-2026", "support"),
    "warehouse": User("warehouse@example.com", "Warehouse-demo-2026", "warehouse"),
    "finance": User("finance@example.com", "Finance-demo-2026", "finance"),
    "viewer": User("viewer@example.com", "Viewer-demo-2026", "viewer"),
}


class Product(NamedTuple):
    """One product; the price is in euros."""

    product_id: str
    name: str
    description: str
    price: str
    stock: int

    @property
    def picture(self) -> Path:
        """The file with its picture."""
        return ROOT / "web" / "pictures" / f"{self.product_id}.webp"

    def body(self) -> dict[str, str | float | int]:
        """The request that makes it."""
        price = float(self.price)
        named = {"name": self.name, "description": self.description}
        return {**named, "price": price, "currency": "EUR", "stock": self.stock}


ALARM_CLOCK = Product("CLOCK001", "Alarm Clock", "The demo damages it, and puts it right again", "20.00", 100)
PRODUCTS = (
    Product("LAPTOP001", "Gaming Laptop", "16 inch, 32 GB, for long nights", "1299.99", 50),
    Product("LAPTOP002", "Laptop", "14 inch, for the train", "1200.00", 50),
    Product("MOUSE001", "Wireless Mouse", "Silent, with two batteries", "29.99", 200),
    Product("KEYBOARD001", "Mechanical Keyboard", "Brown switches, ISO layout", "89.50", 120),
    Product("MONITOR001", "Monitor 27″", "4K, with a stand that turns", "349.00", 40),
    Product("HEADSET001", "Headset", "Closed, with a microphone", "149.99", 75),
    Product("COFFEE001", "Café Ελλάς, 250 g", "Ground; for the other long nights", "7.95", 500),
    Product("CAMERA001", "Film Camera", "Second-hand, only two are left", "459.00", 2),
    ALARM_CLOCK,
)
SAMPLE_ORDER: dict[str, Any] = {
    "customerId": "customer123",
    "customerEmail": "customer@example.com",
    "phoneNumber": "+31612345678",
    "items": [{"productId": "LAPTOP001", "name": "Gaming Laptop", "quantity": 1, "price": 1299.99}],
    "totalAmount": 1299.99,
    "currency": "EUR",
    "paymentMethod": "pm_card_visa",
    "shippingAddress": {
        "street": "123 Main St",
        "city": "Anytown",
        "state": "CA",
        "zipCode": "12345",
        "country": "USA",
    },
}
"""What `POST /orders` takes."""


def order_for(product_id: str, price: str, quantity: int = 1, **more: str) -> dict[str, Any]:
    """A demo customer's order for one product."""
    item = {"productId": product_id, "quantity": quantity, "price": float(price)}
    total = round(float(price) * quantity, 2)
    return SAMPLE_ORDER | {"customerId": "demo-customer", "items": [item], "totalAmount": total} | more
