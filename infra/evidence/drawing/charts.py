"""The dashboard's graphs, from the numbers that CloudWatch has."""

from collections.abc import Callable
from datetime import UTC, datetime

from markupsafe import Markup

from infra.evidence.drawing import svg
from infra.ops.dashboard_data import Panel, Series

_WIDE, _HIGH, _LEFT, _RIGHT, _TOP, _BOTTOM = 360, 170, 46, 8, 10, 24
Place = Callable[[float, float], tuple[float, float]]
_MOST = 200
"""Points of a line: more than that no reader tells apart at this width."""


def draw(panel: Panel, start: float, end: float) -> Markup:
    """One graph: all lines on one scale from 0 up."""
    top = _round_up(max((value for each in panel.series for _, value in each.points), default=0))
    x_scale = (_WIDE - _LEFT - _RIGHT) / max(end - start, 1)
    y_scale = (_HIGH - _TOP - _BOTTOM) / top

    def place(at: float, value: float) -> tuple[float, float]:
        return _LEFT + (min(max(at, start), end) - start) * x_scale, _HIGH - _BOTTOM - max(value, 0) * y_scale

    parts = []
    for share in (0, 0.5, 1):
        _, y = place(start, top * share)
        parts.append(svg.element("line", x1=_LEFT, y1=y, x2=_WIDE - _RIGHT, y2=y, class_="grid"))
        parts.append(svg.text(_LEFT - 6, y + 4, number(top * share), "soft", "end"))
    for at, anchor in ((start, "start"), (end, "end")):
        parts.append(svg.text(place(at, 0)[0], _HIGH - 6, _clock(at), "soft", anchor))
    for each in panel.series:
        parts += _line(each, place)
    told = "; ".join(f"{each.label}: {number(each.number)}" for each in panel.series)
    return svg.picture(_WIDE, _HIGH, panel.title, parts, told)


def number(value: float | None) -> str:
    """For people, with no superfluous digits."""
    if value is None:
        return "–"
    if abs(value) >= 10_000:
        return f"{value / 1000:,.0f} k"
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:,.1f}"


def _line(series: Series, place: Place) -> list[Markup]:
    points = _thinned(series.points)
    if len(points) == 1:
        x, y = place(*points[0])
        return [svg.element("circle", cx=x, cy=y, r=3, style=f"fill:{series.color}")]
    way = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*point) for point in points))
    return [svg.element("polyline", points=way, class_="line", style=f"stroke:{series.color}")] if way else []


def _thinned(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The highest of each stretch, so that no peak is lost."""
    stretch = -(-len(points) // _MOST) or 1
    return [max(points[n : n + stretch], key=lambda point: point[1]) for n in range(0, len(points), stretch)]


def _round_up(value: float) -> float:
    """To a number that halves well."""
    if value <= 0:
        return 1
    power = 10.0 ** (len(str(int(value))) - 1) if value >= 1 else 0.1
    return float(next(step * power for step in (1, 2, 4, 6, 8, 10, 20) if step * power >= value))


def _clock(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%H:%M")
