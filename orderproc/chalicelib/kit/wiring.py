"""What ports and services are made of. Both are there for type checkers more than for running, and a function's cold
start makes a hundred of them: so they get nothing that costs time and that they do not use.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar, dataclass_transform

if TYPE_CHECKING:
    from typing import Protocol as Protocol  # noqa: PLC0414 (re-exported)
else:

    class Protocol:
        """A base for type checkers alone; at run time a plain class, which is made in a hundredth of the time."""


_Class = TypeVar("_Class")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def service(cls: type[_Class]) -> type[_Class]:
    """A frozen dataclass of collaborators: what a use case or an adapter is given, set once. It is never compared,
    hashed by its content or printed. Records are: they stay dataclasses."""
    return dataclass(frozen=True, eq=False, repr=False)(cls)
