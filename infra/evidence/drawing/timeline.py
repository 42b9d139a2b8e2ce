"""Steps in the order of time: a bar for each, from its beginning to its end, with its tries and its result."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from markupsafe import Markup

from infra.evidence.drawing import svg
from infra.evidence.model import duration

Result = Literal["ok", "failed", "running", "event"]
_ROW, _TOP, _LABEL, _BARS, _AFTER = 30, 34, 210, 420, 250
_WIDTH = _LABEL + _BARS + _AFTER
_THIN = 4.0


@dataclass(frozen=True)
class Step:
    """`begin` and `end` in seconds since 1970; equal for a moment. `failures` are when tries of it failed."""

    name: str
    begin: float
    end: float
    result: Result
    words: str = ""
    failures: Sequence[float] = field(default_factory=tuple)


def draw(steps: Sequence[Step], title: str) -> Markup:
    """All of it, on one scale."""
    start, end = min(step.begin for step in steps), max(step.end for step in steps)
    span = max(end - start, 0.001)
    height = _TOP + _ROW * len(steps) + 8

    def place(at: float) -> float:
        return _LABEL + (at - start) / span * _BARS

    parts = [part for n in range(5) for part in _grid(n, span, height)]
    for row, step in enumerate(steps):
        middle = _TOP + _ROW * row + _ROW / 2
        left, width = place(step.begin), max(place(step.end) - place(step.begin), _THIN)
        parts.append(svg.text(_LABEL - 12, middle + 4, step.name, "strong", "end"))
        parts.append(
            svg.element(
                *("rect", svg.element("title", f"{step.name}: {_said(step)}")),
                x=min(left, _LABEL + _BARS - _THIN),
                y=middle - 8.0,
                width=width,
                height=16,
                rx=3,
                class_=f"bar {step.result}",
            )
        )
        parts += [svg.element("circle", cx=place(at), cy=middle, r=5, class_="try") for at in step.failures]
        parts.append(svg.text(_LABEL + _BARS + 14, middle + 4, _said(step), "soft"))
    return svg.picture(_WIDTH, height, title, parts, "; ".join(f"{step.name}: {_said(step)}" for step in steps))


def _said(step: Step) -> str:
    length = duration(round(step.end - step.begin, 3)) if step.end > step.begin or step.result != "event" else ""
    tries = f"{len(step.failures) + 1} tries" if step.failures else ""
    return ", ".join(part for part in (length, tries, step.words) if part)


def _grid(n: int, span: float, height: float) -> list[Markup]:
    x = _LABEL + _BARS * n / 4
    return [
        svg.element("line", x1=x, y1=_TOP - 6, x2=x, y2=height, class_="grid"),
        svg.text(x, _TOP - 14, "0" if not n else f"+{duration(round(span * n / 4, 3))}", "soft", "middle"),
    ]
