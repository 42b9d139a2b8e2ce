"""Rows of imported files: CSV cells or a line of JSON, read into the API's bodies and judged as those are."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ..inventory import requests as inventory_requests
from ..inventory.commands import PutProduct
from ..inventory.schema import PRODUCT_PATH
from ..kit.errors import FieldError, InvalidRequest, MalformedMessage
from ..kit.jsonio import InvalidJson, at, canonical
from ..kit.request_rules import fingerprint
from ..kit.text import clean
from ..kit.validation import parse_object, parse_part, read
from ..orders import requests as orders_requests
from ..orders.commands import PlaceOrder
from .model import FileRefused, RowError, RowRejected

_LONGEST_VALUE = 80
_LINE_FIELDS = ("productId", "name", "quantity", "price")
_ADDRESS_FIELDS = ("company", "street", "street2", "city", "state", "zipCode", "country")
"""Those of the shipping address that a header may name alone: `name` is a product's."""
_ADDRESSES = tuple(
    f"{address}.{name}" for address in ("shippingAddress", "billingAddress") for name in ("name", *_ADDRESS_FIELDS)
)
_ORDER_FIELDS = (
    "customerId",
    "customerEmail",
    "phoneNumber",
    "totalAmount",
    "currency",
    "paymentMethod",
    "reference",
    "note",
    "locale",
    "metadata",
    "items",
    "shippingAddress",
    "billingAddress",
)
_PRODUCT_FIELDS = ("productId", "name", "price", "description", "currency", "stock")
_SHORT = {
    **{name: f"items[0].{name}" for name in _LINE_FIELDS},
    **{name: f"shippingAddress.{name}" for name in _ADDRESS_FIELDS},
}
_KNOWN = {
    "orders": {
        name.lower(): path
        for name, path in {**_SHORT, **{n: n for n in (*_ORDER_FIELDS, *_SHORT.values(), *_ADDRESSES)}}.items()
    },
    "products": {name.lower(): name for name in _PRODUCT_FIELDS},
}
_REQUIRED = {
    "orders": ("customerId", "customerEmail", *(_SHORT[n] for n in ("productId", "quantity"))),
    "products": ("productId", "name", "price"),
}
_REQUIRED_ADDRESS = tuple(_SHORT[n] for n in ("street", "city", "country"))
_OF_A_LINE = re.compile(r"items\[(\d{1,2})\]\.(productid|name|quantity|price)")
_PART = re.compile(r"(items|shippingAddress|billingAddress|metadata)[\[.]")
_OF_METADATA = "metadata."
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?")


def columns(kind: str, header: list[str]) -> list[str]:
    """The paths in the body that the header's cells mean. Raises FileRefused naming all that is wrong with it."""
    header = [clean(cell) for cell in header]
    while header and not header[-1]:  # as spreadsheets leave them
        header = header[:-1]
    paths = [_path(kind, cell) for cell in header]
    wrong = [f"{cell[:60]!r}" for cell, path in zip(header, paths, strict=True) if path is None]
    found = [path for path in paths if path is not None]
    twice = sorted({path for path in found if found.count(path) > 1})
    twice += sorted({_PART.match(p)[1] for p in found if _PART.match(p) and _PART.match(p)[1] in found})  # type: ignore[index]
    missing = [path for path in _required(kind, found) if path not in found]
    sentences = [
        f"unknown columns: {', '.join(wrong[:20])}" if wrong else "",
        f"columns given twice: {', '.join(twice)}" if twice else "",
        f"missing columns: {', '.join(missing)}" if missing else "",
    ]
    if any(sentences):
        said = "; ".join(filter(None, sentences))
        raise FileRefused(f"The header (the first line) has {said}. Known columns are {_known_columns(kind)}.")
    return found


def place_order(row: Mapping[str, Any], *, owner: str, default_currency: str, correlation_id: str) -> PlaceOrder:
    """The row is the key: the same row, or another with the same reference, always leads to the same order.

    Raises RowRejected with every wrong field."""
    shown = _body(row, "orders")
    whole = orders_requests.judged(shown, default_currency)
    if whole.errors:
        raise _rejected(whole.errors, shown)
    command = whole.command(owner, correlation_id)
    same = {name: value for name, value in whole.body.items() if name != "reference"} | {"currency": command.currency}
    if not command.unpriced:
        same["totalAmount"] = command.total_amount
    key = f"ref\n{command.reference}" if command.reference else f"row\n{hashlib.sha256(canonical(same)).hexdigest()}"
    # No key that a client could send has a line end in it.
    return replace(command, idempotency_key=f"import\n{key}", fingerprint=fingerprint(same))


def put_product(row: Mapping[str, Any], *, default_currency: str) -> PutProduct:
    """Raises RowRejected with every wrong field."""
    shown = _body(row, "products")
    body = {name: value for name, value in shown.items() if name != "productId"}
    product_id = shown.get("productId")
    _, named = read({} if product_id is None else {"productId": product_id}, PRODUCT_PATH)
    try:
        command = inventory_requests.put_product("unnamed" if named else str(product_id), body, default_currency)
    except InvalidRequest as error:
        raise _rejected([*named, *error.errors], shown) from None
    if named:
        raise _rejected(named, shown)
    return command


def _path(kind: str, cell: str) -> str | None:
    name = cell.lower()
    if kind == "orders" and name.startswith(_OF_METADATA):
        return _OF_METADATA + cell[len(_OF_METADATA) :].strip()
    if name in _KNOWN[kind]:
        return _KNOWN[kind][name]
    line = _OF_A_LINE.fullmatch(name) if kind == "orders" else None
    field = next((f for f in _LINE_FIELDS if line and f.lower() == line[2]), "")
    return f"items[{int(line[1])}].{field}" if line else None


def _required(kind: str, found: list[str]) -> list[str]:
    required = [path for path in _REQUIRED[kind] if not ("items" in found and path.startswith("items["))]
    if kind == "orders" and "shippingAddress" not in found:
        required += _REQUIRED_ADDRESS
    return required


def _known_columns(kind: str) -> str:
    if kind == "products":
        return ", ".join(_PRODUCT_FIELDS)
    named = ("items[1].productId", "shippingAddress.name", "billingAddress.city", "metadata.channel and so on")
    return ", ".join((*_ORDER_FIELDS, *_LINE_FIELDS, *_ADDRESS_FIELDS, *named))


def _body(row: Mapping[str, Any], kind: str) -> dict[str, Any]:
    if "error" in row:
        raise RowRejected([RowError("", str(row["error"]))])
    if "text" in row:
        try:
            return parse_object(str(row["text"]).encode())
        except InvalidRequest as error:
            raise RowRejected([RowError("", error.detail.replace("The body", "The row"))]) from None
    if not isinstance(row.get("cells"), dict):
        raise MalformedMessage("A row has neither cells nor text.")
    return _of_cells(row["cells"]) if kind == "orders" else {n: _typed(n, c) for n, c in row["cells"].items()}


def _of_cells(cells: Mapping[str, str]) -> dict[str, Any]:
    body: dict[str, Any] = {}
    lines: dict[int, dict[str, Any]] = {}
    errors = []
    for path, cell in cells.items():
        if line := re.fullmatch(r"items\[(\d+)\]\.(\w+)", path):
            lines.setdefault(int(line[1]), {})[line[2]] = _typed(line[2], cell)
        elif path.startswith(("shippingAddress.", "billingAddress.", _OF_METADATA)):
            whole, _, name = path.partition(".")
            body.setdefault(whole, {})[name] = cell
        elif path in ("items", "shippingAddress", "billingAddress", "metadata"):
            try:
                body[path] = parse_part(cell)
            except InvalidJson as error:
                errors.append(RowError(path, f"is not valid JSON: {error}", cell[:_LONGEST_VALUE]))
        else:
            body[path] = _typed(path, cell)
    if errors:
        raise RowRejected(errors)
    if lines:
        body["items"] = [lines.get(n, {}) for n in range(max(lines) + 1)]
    return body


def _typed(field: str, cell: str) -> Any:
    """A cell is a text; where a number is due and it is written as one, it is that. Else the schema says so."""
    if field in ("quantity", "stock") and _WHOLE.fullmatch(cell):
        return int(cell)
    return Decimal(cell) if field in ("price", "totalAmount") and _NUMBER.fullmatch(cell) else cell


def _rejected(errors: list[FieldError], body: Mapping[str, Any]) -> RowRejected:
    return RowRejected([RowError(e.field, e.message, _value_at(body, e.field)) for e in errors])


def _value_at(body: Any, path: str) -> str | None:
    """The value there, shortened; None if there is none, or if it is a list or an object."""
    parts = re.findall(r"[^.\[\]]+", path)
    value = at(body, *(int(part) if part.isdecimal() else part for part in parts))
    return None if value is None or isinstance(value, (dict, list)) else str(value)[:_LONGEST_VALUE]
