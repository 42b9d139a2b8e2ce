"""For staff: who buys, and what they are worth."""

from __future__ import annotations

from chalice.app import Blueprint, Response

from ...bootstrap import services
from ...orders.filters import filters_of
from ...orders.views import customer_view
from ..shared import http, order_pages
from ..shared.operations import Caller, serves
from ..shared.permissions import Permission

bp = Blueprint(__name__)


@serves(
    bp,
    "GET /admin/customers",
    Caller.STAFF,
    "Staff",
    "List or search customers",
    "Each once, by the newest order that is searched for, newest first. A customer is an account, a partner's "
    "customer, or a guest by the e-mail address.",
    {200: ("A page", "CustomerPage")},
    errors=("SEARCH_OFF",),
    query=("customers:q", "limit", "cursor"),
    may=Permission.READ,
)
def list_customers() -> Response:
    """Customers with an order that is searched for."""
    query = http.query_of(bp.current_request)
    scope = order_pages.scope_of("customers", query)
    _, filters, limit, position = http.together(
        lambda: http.only(query, "q", "limit", "cursor"),
        lambda: filters_of({name: query[name] for name in query if name == "q"}),
        lambda: http.limit_of(query),
        lambda: http.position_of(query, scope, *order_pages.POSITIONS),
    )
    page = services().search.customers.page(limit, position, filters)
    body = {"customers": [customer_view(order) for order in page.items]}
    return http.json_response({**body, "nextCursor": http.cursor_for(page.next, scope)})


@serves(
    bp,
    "GET /admin/customers/{customer_id}",
    Caller.STAFF,
    "Staff",
    "Get a customer",
    "Contact, what their orders come to, and a page of these, newest first.",
    {200: ("The customer", "CustomerDetails")},
    errors=("CUSTOMER_NOT_FOUND", "ORDER_DAMAGED", "SEARCH_OFF"),
    query=("limit", "cursor"),
    may=Permission.READ,
)
def get_customer(customer_id: str) -> Response:
    """By the id of one of their orders, or by their own."""
    query = http.query_of(bp.current_request)
    key = http.path_key(customer_id, "customer")
    scope = order_pages.scope_of(f"customer {key}", query)
    _, limit, position = http.together(
        lambda: http.only(query, "limit", "cursor"),
        lambda: http.limit_of(query),
        lambda: http.position_of(query, scope, *order_pages.POSITIONS),
    )
    found = services().search.customers.details(key, limit, position)
    worth = {
        "orderCount": found.worth.orders,
        "complete": found.worth.complete,
        "spent": dict(found.worth.spent),
        "firstOrderAt": found.worth.first_order_at,
    }
    return http.json_response({**customer_view(found.newest), **worth, **order_pages.body_of(found.orders, scope)})
