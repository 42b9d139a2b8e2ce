"""The routes of staff, as the app has them."""

from __future__ import annotations

from app import app as the_app

CUSTOMERS = ("/me/", "/cart", "/checkout")
STAFFS = sorted(
    (method, path)
    for path, methods in the_app.routes.items()
    for method, route in methods.items()
    if route.authorizer and not path.startswith(CUSTOMERS)
)
NAMED = {
    "{product_id}": "LAPTOP001",
    "{order_id}": "00000000-0000-4000-8000-000000000000",
    "{import_id}": "x",
    "{export_id}": "x",
    "{customer_id}": "x",
    "{user_id}": "x",
}


def named(path: str) -> str:
    """The path with an id for each variable."""
    for variable, value in NAMED.items():
        path = path.replace(variable, value)
    return path
