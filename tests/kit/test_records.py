"""Records are frozen dataclasses, which share the methods that are alike in all of them."""

from __future__ import annotations

import dataclasses
from dataclasses import field
from typing import Any

import pytest
from chalicelib.kit.wiring import dataclass


@dataclass(frozen=True)
class Line:
    product: str
    quantity: int = 1
    seen: list[str] = field(default_factory=list, compare=False, repr=False)


@dataclass(frozen=True)
class Other:
    product: str
    quantity: int = 1


@dataclass(frozen=True)
class Nothing: ...


@dataclass(frozen=True)
class Named:
    tags: Any

    def __repr__(self) -> str:
        return "a secret"


@dataclass(frozen=True)
class Loose:  # noqa: PLW1641 (its hash is what is tested)
    """Equal whatever they hold."""

    number: int

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Loose)


def test_they_are_equal_by_class_and_compared_fields() -> None:
    assert Line("A", 2, ["x"]) == Line("A", 2, [])
    assert Line("A", 2) != Line("A", 3)
    assert Line("A", 2) != Other("A", 2)
    assert Line("A") != "A"
    assert Nothing() == Nothing()
    nothing = float("nan")
    assert Named(nothing) == Named(nothing), "as in a tuple, what is the same is equal"
    assert Loose(1) == Loose(2)


def test_they_are_hashed_by_the_same_fields() -> None:
    assert {Line("A", 2, ["x"]), Line("A", 2), Line("B", 2)} == {Line("A", 2), Line("B", 2)}
    assert hash(Nothing()) == hash(Nothing())
    assert len({Loose(1), Loose(1)}) == 1
    with pytest.raises(TypeError, match="unhashable"):
        hash(Named([]))


def test_they_are_printed_as_any_dataclass_unless_they_say_how() -> None:
    assert repr(Line("A", 2, ["x"])) == "Line(product='A', quantity=2)"
    assert repr(Named(1)) == "a secret"


def test_they_are_dataclasses_and_can_not_be_changed() -> None:
    line = Line("A")

    assert dataclasses.asdict(dataclasses.replace(line, quantity=5)) == {"product": "A", "quantity": 5, "seen": []}
    with pytest.raises(dataclasses.FrozenInstanceError):
        line.quantity = 2  # type: ignore[misc]


@pytest.mark.parametrize(
    "options", [{}, {"frozen": False}, {"frozen": True, "eq": False}, {"frozen": True, "order": True}]
)
def test_what_is_no_such_record_is_refused(options: dict[str, bool]) -> None:
    with pytest.raises(TypeError):
        dataclass(**options)(type("A", (), {}))  # type: ignore[call-overload]
