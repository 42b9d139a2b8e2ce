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
    return Group(title, *(_row(row, picture, width) for row in rows))


def sparkline(series: Series, start: float, end: float, width: int) -> str:
    """The highest value of each stretch of time, from 0 up; a blank where there is none."""
    stretch = (end - start) / width
    highest: dict[int, float] = {}
    for at, value in series.points:
        first = max(int((at - start) / stretch), 0)
        for place in range(
            min(first, width - 1), min(max(int((at + series.period - start) / stretch), first + 1), width)
        ):
            highest[place] = max(value, highest.get(place, value))
    top = max(highest.values(), default=0) or 1
    bar = {place: _BARS[round(max(value, 0) / top * (len(_BARS) - 1))] for place, value in highest.items()}
    return "".join(bar.get(place, " ") for place in range(width))


def number(value: float | None) -> str:
    """For people: no digits that nobody reads, a dash for none."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:,.1f}"


def _row(panels: Sequence[Panel], picture: Picture, width: int) -> RenderableType:
    if len(panels) == 1:
        return _panel(panels[0], picture, width, None)
    lines = max(len(panel.series) for panel in panels) if all(p.kind == "timeSeries" for p in panels) else 3
    columns = sum(panel.width for panel in panels)
    grid = Table.grid(expand=True)
    for panel in panels:
        grid.add_column(ratio=panel.width)
    grid.add_row(*(_panel(panel, picture, width * panel.width // columns, lines + 2) for panel in panels))
    return grid


def _panel(panel: Panel, picture: Picture, width: int, height: int | None) -> RenderableType:
    if panel.kind == "text":
        return Text(plain(panel.text), style="bold cyan")
    if panel.kind == "alarm":
        return Box(_alarms(panel.alarms), title=panel.title, title_align="left", box=box.ROUNDED)
    content = _numbers(panel) if panel.kind == "singleValue" else _lines(panel, picture, width)
    return Box(content, title=panel.title, title_align="left", box=box.ROUNDED, border_style="dim", height=height)


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
    numbers = []
    grid = Table.grid(expand=True)
    for _ in panel.series:
        grid.add_column(justify="center")
    for series in panel.series:
        last = series.points[-1][1] if series.points else None
        numbers.append(Text(number(last), style=f"bold {series.color}" if last else "dim"))
    grid.add_row(*numbers)
    grid.add_row(*(Text(series.label, style="dim") for series in panel.series))
    return grid


def _lines(panel: Panel, picture: Picture, width: int) -> RenderableType:
    label = max((len(series.label) for series in panel.series), default=0)
    room = max(width - min(label, width // 3) - 14, 10)
    grid = Table.grid(padding=(0, 1))
    grid.add_column(max_width=width // 3, no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column(justify="right", min_width=6, no_wrap=True)
    for series in panel.series:
        line = sparkline(series, picture.start, picture.end, room)
        grid.add_row(Text(series.label), Text(line, style=series.color), Text(number(series.number)))
    return grid
