"""How large an item is by DynamoDB's own rules, which decide what a write costs.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any


def item_size(item: dict[str, Any]) -> int:
    """Bytes of an item in DynamoDB's typed form: each attribute's name and value."""
    return sum(len(name.encode()) + _size(value) for name, value in item.items())


def write_units(item: dict[str, Any]) -> int:
    """Write units of one plain put: one per kilobyte begun."""
    return math.ceil(item_size(item) / 1024)


def _size(typed: dict[str, Any]) -> int:
    ((kind, value),) = typed.items()
    match kind:
        case "S" | "SS":
            return len("".join(value).encode())
        case "N":
            return _number_size(Decimal(value))
        case "B":
            return len(value)
        case "BOOL" | "NULL":
            return 1
        case "L":
            return 3 + sum(1 + _size(inner) for inner in value)
        case "M":
            return 3 + sum(1 + len(name.encode()) + _size(inner) for name, inner in value.items())
        case _:
            raise ValueError(f"no rule for {kind}")


def _number_size(number: Decimal) -> int:
    """A byte for two significant digits (zeros at both ends do not count), one more, and one more below 0."""
    digits = "".join(map(str, number.normalize().as_tuple().digits)).strip("0")
    return math.ceil(len(digits) / 2) + 1 + (number < 0)
