"""The dashboard as one HTML file that needs nothing else: line charts drawn as SVG."""

import html
import math
import re
from collections.abc import Sequence

from infra.ops.dashboard_data import Panel, Picture, Series, clock
from infra.ops.dashboard_terminal import number

_UNIT = 52
"""Pixels of a widget's unit of height."""
_CHART = (600, 190)
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 8, 8, 20
_STYLE = """
:root { color-scheme: light; font: 14px/1.4 system-ui, sans-serif; color: #16191f; background: #f2f3f3 }
body { margin: 0 auto; max-width: 1500px; padding: 16px }
h1 { font-size: 20px; margin: 0 0 12px } h1 small { color: #687078; font-weight: normal; font-size: 14px }
main { display: grid; grid-template-columns: repeat(24, 1fr); gap: 10px }
section { background: #fff; border: 1px solid #dde1e3; border-radius: 6px; padding: 10px 12px; min-width: 0 }
section.text { background: none; border: 0; padding: 8px 2px 0 }
h2 { font-size: 16px; margin: 0 } h3 { font-size: 13px; margin: 0 0 6px; color: #414750 }
.numbers { display: flex; justify-content: space-around; gap: 12px; text-align: center }
.numbers b { display: block; font-size: 26px; font-weight: 600; line-height: 1.2 } .numbers span { color: #687078 }
svg { width: 100%; height: auto; display: block } svg text { font-size: 11px; fill: #687078 }
ul { list-style: none; margin: 6px 0 0; padding: 0; display: flex; flex-wrap: wrap; gap: 2px 14px; font-size: 12px }
li i { display: inline-block; width: 9px; height: 9px; border-radius: 2px; margin-right: 5px }
ul.alarms { display: grid; grid-template-columns: repeat(auto-fill, minmax(185px, 1fr)); gap: 5px }
ul.alarms li { border-radius: 4px; padding: 3px 8px; background: #e9f5ec; color: #17672f }
ul.alarms li.ALARM { background: #d13212; color: #fff; font-weight: 600 }
ul.alarms li.INSUFFICIENT_DATA { background: #eee; color: #687078 }
@media (max-width: 900px) { section { grid-column: 1 / -1 !important } }
"""


def page(picture: Picture) -> str:
    """The whole file."""
    span = " – ".join(clock(at, "%Y-%m-%d %H:%M") for at in (picture.start, picture.end))
    sections = "\n".join(_section(panel, picture) for row in picture.rows for panel in row)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{html.escape(picture.name)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>\n'
        f"<body><h1>{html.escape(picture.name)} <small>{span}</small></h1>\n<main>\n{sections}\n</main></body></html>\n"
    )


def _section(panel: Panel, picture: Picture) -> str:
    style = f"grid-column: span {panel.width}"
    if panel.kind == "text":
        return f'<section class="text" style="{style}"><h2>{_markdown(panel.text)}</h2></section>'
    drawn = {"alarm": _alarms, "singleValue": _numbers}
    content = drawn[panel.kind](panel) if panel.kind in drawn else _chart(panel, picture)
    return f'<section style="{style}"><h3>{html.escape(panel.title)}</h3>{content}</section>'


def _markdown(text: str) -> str:
    return re.sub(r"\[([^\]]+)\]\((https?:[^)\s]+)\)", r'<a href="\2">\1</a>', html.escape(text.lstrip("# ")))


def _alarms(panel: Panel) -> str:
    items = (
        f'<li class="{a.state}" title="{html.escape(a.description)}&#10;{html.escape(a.reason)}">{a.name}</li>'
        for a in panel.alarms
    )
    return f'<ul class="alarms">{"".join(items)}</ul>'


def _numbers(panel: Panel) -> str:
    def shown(series: Series) -> str:
        last = series.points[-1][1] if series.points else None
        color = series.color if last else "#8d99a5"
        return f'<div><b style="color: {color}">{number(last)}</b><span>{html.escape(series.label)}</span></div>'

    return f'<div class="numbers">{"".join(shown(series) for series in panel.series)}</div>'


def _chart(panel: Panel, picture: Picture) -> str:
    width, height = _CHART
    top = ceiling(max((value for series in panel.series for _, value in series.points), default=0))

    def x(at: float) -> float:
        share = min(max((at - picture.start) / (picture.end - picture.start), 0), 1)
        return _LEFT + share * (width - _LEFT - _RIGHT)

    def y(value: float) -> float:
        return height - _BOTTOM - value / top * (height - _TOP - _BOTTOM)

    marks = [_level(width, y(top * part / 4), number(top * part / 4)) for part in range(0, 5, 2)]
    for part in range(5):
        at = picture.start + (picture.end - picture.start) * part / 4
        anchor = ("start", "middle", "middle", "middle", "end")[part]
        marks.append(f'<text x="{x(at):.0f}" y="{height - 4}" text-anchor="{anchor}">{clock(at)}</text>')
    lines = [_line([(x(at), y(value)) for at, value in series.points], series.color) for series in panel.series]
    label = html.escape(panel.title)
    drawn = f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{label}">{"".join([*marks, *lines])}</svg>'
    return drawn + _legend(panel.series)


def _level(width: int, y: float, text: str) -> str:
    line = f'<line x1="{_LEFT}" x2="{width - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#e4e7e9"/>'
    return f'{line}<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{text}</text>'


def _line(points: Sequence[tuple[float, float]], color: str) -> str:
    if not points:
        return ""
    if len(points) == 1:
        return f'<circle cx="{points[0][0]:.1f}" cy="{points[0][1]:.1f}" r="3" fill="{color}"/>'
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="1.8" stroke-linejoin="round"/>'


def _legend(series: Sequence[Series]) -> str:
    items = (
        f'<li><i style="background: {s.color}"></i>{html.escape(s.label)} <b>{number(s.number)}</b></li>'
        for s in series
    )
    return f"<ul>{''.join(items)}</ul>"


def ceiling(highest: float) -> float:
    """The next round number, so that the axis has readable marks: 1, 2, 4, 5 or 8 times a power of ten; at least 1."""
    if highest <= 1:
        return 1
    power = 10.0 ** math.floor(math.log10(highest))
    return next(step * power for step in (1, 2, 4, 5, 8, 10) if step * power >= highest)
