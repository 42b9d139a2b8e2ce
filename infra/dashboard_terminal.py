"""The dashboard in a terminal: numbers, a sparkline for each line of a graph, alarms by colour."""

import re
from collections.abc import Sequence

from rich import box
from rich.columns import Columns
from rich.console import Group, RenderableType
from rich.panel import Panel as Box
from rich.table import Table
from rich.text import Text

from infra.dashboard_data import Alarm, Panel, Picture, Series, clock

_BARS = "▁▂▃▄▅▆▇█"
_STATES = {"ALARM": ("bold red", "●"), "INSUFFICIENT_DATA": ("yellow", "○"), "OK": ("green", "●")}
_NARROW = 100
"""Columns of a terminal in which graphs stand below each other."""


def render(picture: Picture, width: int) -> RenderableType:
    """All of it, for a terminal of so many columns."""
    rows = picture.rows
    if width < _NARROW:
        rows = [[panel] for row in rows for panel in row]
    span = " – ".join(clock(at) for at in (picture.start, picture.end))
    title = Text.assemble((picture.name, "bold"), f"  {span}", style="dim")
    return Group(title, *(_row(row, width) for row in rows))


def sparkline(series: Series, start: float, end: float, width: int) -> str:
    """The highest value of each stretch of time, from 0 up; a blank where there is none."""
    stretch = (end - start) / width
    highest: dict[int, float] = {}
    for at, value in series.points:
        place = min(max(int((at - start) / stretch), 0), width - 1)
        highest[place] = max(value, highest.get(place, value))
    top = max(highest.values(), default=0) or 1
    bar = {place: _BARS[round(max(value, 0) / top * (len(_BARS) - 1))] for place, value in highest.items()}
    return "".join(bar.get(place, " ") for place in range(width))


def number(value: float | None) -> str:
    """For people: no digits that nobody reads, a dash for none."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:,.1f}"


def _row(panels: Sequence[Panel], width: int) -> RenderableType:
    if len(panels) == 1:
        return _panel(panels[0], width)
    grid = Table.grid(expand=True)
    for panel in panels:
        grid.add_column(ratio=panel.width)
    grid.add_row(*(_panel(panel, width * panel.width // sum(p.width for p in panels)) for panel in panels))
    return grid


def _panel(panel: Panel, width: int) -> RenderableType:
    if panel.kind == "text":
        return Text(plain(panel.text), style="bold cyan")
    if panel.kind == "alarm":
        return Box(_alarms(panel.alarms), title=panel.title, title_align="left", box=box.ROUNDED)
    content = _numbers(panel) if panel.kind == "singleValue" else _lines(panel, width)
    return Box(content, title=panel.title, title_align="left", box=box.ROUNDED, border_style="dim")


def plain(markdown: str) -> str:
    """A heading without its mark, a link as its text."""
    return re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", markdown).lstrip("# ")


def _alarms(alarms: Sequence[Alarm]) -> RenderableType:
    ringing = Table.grid(padding=(0, 2))
    for alarm in alarms:
        if alarm.state == "ALARM":
            ringing.add_row(Text(f"● {alarm.name}", style="bold red"), Text(alarm.description, style="red"))
    others = [Text.assemble(_STATES[a.state][::-1], f" {a.name}") for a in alarms if a.state != "ALARM"]
    return Group(*([ringing] if ringing.row_count else []), Columns(others, equal=True))


def _numbers(panel: Panel) -> RenderableType:
    grid = Table.grid(expand=True)
    for _ in panel.series:
        grid.add_column(justify="center")
    grid.add_row(*(Text(_value(series), style=f"bold {series.color}") for series in panel.series))
    grid.add_row(*(Text(series.label, style="dim") for series in panel.series))
    return grid


def _value(series: Series) -> str:
    last = series.points[-1][1] if series.points else None
    return number(last) + (" %" if "percent" in series.label and last is not None else "")


def _lines(panel: Panel, width: int) -> RenderableType:
    label = max((len(series.label) for series in panel.series), default=0)
    room = max(width - min(label, width // 3) - 16, 10)
    grid = Table.grid(padding=(0, 1))
    grid.add_column(max_width=width // 3, no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column(justify="right", min_width=6, no_wrap=True)
    times = [at for series in panel.series for at, _ in series.points]
    for series in panel.series:
        line = sparkline(series, min(times), max(times) + 1, room) if times else " " * room
        grid.add_row(Text(series.label), Text(line, style=series.color), Text(number(series.number)))
    return grid
