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

    def dataclass(*, frozen=True, **options):
        """A frozen `dataclasses.dataclass`. That compiles six methods for each class; here three of them, which only
        go over the fields, are the same functions for all classes, and making one takes half of the time."""

        def made(cls):
            own = {name: method for name, method in _METHODS.items() if name not in vars(cls)}
            found = dataclasses.dataclass(frozen=frozen, eq=False, repr=False, **options)(cls)
            for name, method in own.items():
                setattr(found, name, method)
            return found

        return made


def _are_equal(one: Any, other: object) -> Any:
    """As the dataclass's own: of the same class, with the same values of all fields that are compared."""
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
    """Reads the fields that are compared, of any record of the class."""
    if cls not in _VALUES:
        names = [field.name for field in fields(cls) if field.compare]
        _VALUES[cls] = attrgetter(*names) if names else lambda _: ()
    return _VALUES[cls]


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def service(cls: type[_Class]) -> type[_Class]:
    """A frozen dataclass of collaborators: what a use case or an adapter is given, set once. It is never compared,
    hashed by its content or printed."""
    return dataclasses.dataclass(frozen=True, eq=False, repr=False)(cls)
