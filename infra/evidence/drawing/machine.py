"""A state machine's definition in Amazon States Language as a graph: the way that succeeds on the left, from top to
bottom; what errors lead to (`Catch`) dashed.

https://states-language.net/spec.html"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from markupsafe import Markup

from infra.evidence.drawing import svg

_WIDE, _HIGH, _LANE, _ROW, _EDGE = 168, 42, 236, 66, 24
_GAP = (_LANE - _WIDE) / 2
States = Mapping[str, Mapping[str, Any]]


class Edge(NamedTuple):
    source: str
    target: str
    caught: bool


class Place(NamedTuple):
    lane: int
    row: int

    @property
    def left(self) -> float:
        return _EDGE + self.lane * _LANE

    @property
    def middle(self) -> float:
        return _EDGE + self.row * _ROW + _HIGH / 2


def draw(definition: Mapping[str, Any], title: str, results: Mapping[str, str] | None = None) -> Markup:
    """The graph. With `results` (`ok`, `failed` or `running` by state) of an execution, its states are coloured, and
    those that it did not come to are pale."""
    states: States = definition["States"]
    edges = list(_edges(states))
    places = layout(definition)
    tip = re.sub(r"\W+", "-", title)
    parts = [_arrows(tip)]
    parts += [_line(places[edge.source], places[edge.target], edge, results, tip) for edge in edges]
    parts += [_state(name, states[name], place, results) for name, place in places.items()]
    width = _EDGE * 2 + max(place.lane for place in places.values()) * _LANE + _WIDE
    height = _EDGE * 2 + max(place.row for place in places.values()) * _ROW + _HIGH
    told = "; ".join(f"{e.source} {'on an error' if e.caught else 'then'} {e.target}" for e in edges)
    return svg.picture(width, height, title, parts, told)


def layout(definition: Mapping[str, Any]) -> dict[str, Place]:
    """Where each state is: never two at one place, and none above a state that leads to it unless there is a loop."""
    states: States = definition["States"]
    rows = _rows(definition["StartAt"], states)
    lanes: list[list[range]] = []
    places: dict[str, Place] = {}
    for first in [definition["StartAt"], *states]:
        chain = _chain(first, states, places)
        if not chain:
            continue
        taken = range(rows[chain[0]], max(rows[name] for name in chain) + 1)
        lane = next((n for n, used in enumerate(lanes) if not any(_overlap(taken, one) for one in used)), len(lanes))
        lanes.extend([] for _ in range(lane + 1 - len(lanes)))
        lanes[lane].append(taken)
        places.update({name: Place(lane, rows[name]) for name in chain})
    return places


def _overlap(one: range, other: range) -> bool:
    return one.start < other.stop + 1 and other.start < one.stop + 1


def _edges(states: States) -> Iterator[Edge]:
    for name, state in states.items():
        yield from (Edge(name, target, False) for target in dict.fromkeys(_onwards(state)))
        yield from (Edge(name, target, True) for target in dict.fromkeys(c["Next"] for c in state.get("Catch", ())))


def _onwards(state: Mapping[str, Any]) -> list[str]:
    return [
        *([state["Next"]] if "Next" in state else []),
        *(choice["Next"] for choice in state.get("Choices", ())),
        *([state["Default"]] if "Default" in state else []),
    ]


def _chain(first: str, states: States, placed: Mapping[str, Place]) -> list[str]:
    """From there along the first way on, to what has a place or to the end."""
    chain: list[str] = []
    name: str | None = first
    while name is not None and name not in placed and name not in chain:
        chain.append(name)
        name = next((one for one in _onwards(states[name]) if one not in placed), None)
    return chain


def _rows(start: str, states: States) -> dict[str, int]:
    """The longest way from the start to each; an edge that closes a loop does not count."""
    before: dict[str, list[str]] = {name: [] for name in states}
    for source, target in _forward([start, *states], list(_edges(states))):
        before[target].append(source)

    @cache
    def row(name: str) -> int:
        return 1 + max((row(one) for one in before[name]), default=-1)

    return {name: row(name) for name in states}


def _forward(starts: Sequence[str], edges: Sequence[Edge]) -> Iterator[tuple[str, str]]:
    """Each edge that does not lead back to a state on the way to it: depth first."""
    done: set[str] = set()

    def visit(name: str, on_the_way: frozenset[str]) -> Iterator[tuple[str, str]]:
        done.add(name)
        way = on_the_way | {name}
        for target in dict.fromkeys(edge.target for edge in edges if edge.source == name):
            if target not in way:
                yield name, target
                if target not in done:
                    yield from visit(target, way)

    for name in starts:
        if name not in done:
            yield from visit(name, frozenset())


def _arrows(tip: str) -> Markup:
    """Ids of this picture's own: another one may be hidden, with its tips."""
    tips = ((f"{tip}-tip", "tip"), (f"{tip}-caught", "tip caught"))
    return svg.element(
        "defs",
        *(
            svg.element(
                *("marker", svg.element("path", d="M0 0L8 4L0 8z", class_=class_)),
                id=name,
                viewBox="0 0 8 8",
                refX=7,
                refY=4,
                markerWidth=7,
                markerHeight=7,
                orient="auto-start-reverse",
            )
            for name, class_ in tips
        ),
    )


def _line(source: Place, target: Place, edge: Edge, results: Mapping[str, str] | None, tip: str) -> Markup:
    right, into = source.left + _WIDE, target.left + _WIDE
    if source.lane == target.lane and target.row == source.row + 1 and not edge.caught:
        x = source.left + _WIDE / 2
        way = f"M{x:g} {source.middle + _HIGH / 2:g}V{target.middle - _HIGH / 2:g}"
    elif target.lane > source.lane:
        gutter = target.left - _GAP + (10 if edge.caught else -10)
        way = f"M{right:g} {source.middle:g}H{gutter:g}V{target.middle:g}H{target.left:g}"
    elif target.lane < source.lane:
        gutter = into + _GAP - (22 if edge.caught else 30)
        way = f"M{source.left:g} {source.middle + 9:g}H{gutter:g}V{target.middle + 9:g}H{into:g}"
    else:
        gutter = source.left - (14 if edge.caught else 8)
        way = f"M{source.left:g} {source.middle:g}H{gutter:g}V{target.middle:g}H{target.left:g}"
    pale = results is not None and not (edge.source in results and edge.target in results)
    class_ = " ".join(["way", *(["caught"] if edge.caught else []), *(["pale"] if pale else [])])
    return svg.element("path", d=way, class_=class_, marker_end=f"url(#{tip}-{'caught' if edge.caught else 'tip'})")


def _state(name: str, state: Mapping[str, Any], place: Place, results: Mapping[str, str] | None) -> Markup:
    kind = state["Type"].lower()
    result = "" if results is None else results.get(name, "pale")
    y = place.middle - _HIGH / 2
    round_ = {"choice": 4, "succeed": _HIGH / 2, "fail": _HIGH / 2}.get(kind, 8)
    tries = sum(retry.get("MaxAttempts", 3) for retry in state.get("Retry", ()))
    said = f"{state['Type']}{f', up to {tries} retries' if tries else ''}"
    return svg.element(
        "g",
        svg.element("title", f"{name}: {state.get('Comment') or said}"),
        svg.element("rect", x=place.left, y=y, width=_WIDE, height=_HIGH, rx=round_),
        svg.text(place.left + _WIDE / 2, place.middle - 2, name, "strong", "middle"),
        svg.text(place.left + _WIDE / 2, place.middle + 13, said, "small", "middle"),
        class_=f"state {kind} {result}".strip(),
    )
