"""What ports, services and records are made of. A function's cold start makes a hundred of them: so they get nothing
that costs time and that they do not use, and what is alike in all of them is written once.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import field, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform

_Class = TypeVar("_Class")

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # noqa: PLC0414 (re-exported)
    from typing import Protocol as Protocol  # noqa: PLC0414 (re-exported)
else:

    class Protocol:
        """A base for type checkers alone; at run time a plain class, which is made in a hundredth of the time."""

    def dataclass(*, frozen, kw_only=False):
        """A `dataclasses.dataclass` that is frozen, which must be said; for any other the standard one is there. That
        compiles six methods for each class. Here three of them, which only go over the fields, are the same functions
        for all classes, and making one takes half of the time."""
        if frozen is not True:
            raise TypeError("A record is frozen: use dataclasses.dataclass for what changes.")

        def made(cls):
            missing = {name: method for name, method in _METHODS.items() if vars(cls).get(name) is None}
            found = dataclasses.dataclass(frozen=True, eq=False, repr=False, kw_only=kw_only)(cls)
            for name, method in missing.items():
                setattr(found, name, method)
            return found

        return made


def _are_equal(one: Any, other: object) -> Any:
    """They are of the same class, with the same values of all fields that are compared."""
    if other.__class__ is not one.__class__:
        return NotImplemented
    values = _values_of(one.__class__)
    return values(one) == values(other)


def _hashed(one: Any) -> int:
    return hash(_values_of(one.__class__)(one))


def _printed(one: Any) -> str:
    shown = (f"{field.name}={getattr(one, field.name)!r}" for field in fields(one) if field.repr)
    return f"{one.__class__.__qualname__}({', '.join(shown)})"


_METHODS = {"__eq__": _are_equal, "__hash__": _hashed, "__repr__": _printed}
_VALUES: dict[type, Callable[[Any], Any]] = {}


def _values_of(cls: type) -> Callable[[Any], Any]:
    """Reads the fields that are compared, as a tuple, of any record of the class."""
    if cls not in _VALUES:
        names = [field.name for field in fields(cls) if field.compare]
        # Of a single one it would not be a tuple.
        _VALUES[cls] = attrgetter(*names) if len(names) > 1 else lambda one: tuple(getattr(one, name) for name in names)
    return _VALUES[cls]


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def service(cls: type[_Class]) -> type[_Class]:
    """A frozen dataclass of collaborators: what a use case or an adapter is given, set once. It is never compared,
    hashed by its content or printed."""
    return dataclasses.dataclass(frozen=True, eq=False, repr=False)(cls)
