"""The dashboard in a terminal: numbers, a sparkline for each line of a graph, alarms by colour."""

import re
from collections.abc import Sequence

from rich import box
from rich.cells import cell_len
from rich.columns import Columns
from rich.console import Group, RenderableType
from rich.panel import Panel as Box
from rich.table import Table
from rich.text import Text

from infra.ops.dashboard_data import Alarm, Panel, Picture, Series, clock

_BARS = "▁▂▃▄▅▆▇█"
_STATES = {"ALARM": ("bold red", "●"), "INSUFFICIENT_DATA": ("yellow", "○"), "OK": ("green", "●")}
_FRAME = 4
"""Columns of a box's edges and of the blanks beside them."""
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
    """For people: no superfluous digits, a dash for none."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:,.1f}"


def _row(panels: Sequence[Panel], picture: Picture, width: int) -> RenderableType:
    if len(panels) == 1:
        return _panel(panels[0], picture, width, None)
    columns = sum(panel.width for panel in panels)
    widths = [width * panel.width // columns for panel in panels]
    lines = max(_height(panel, room) for panel, room in zip(panels, widths, strict=True))
    grid = Table.grid()
    for room in widths:
        grid.add_column(width=room)
    grid.add_row(*(_panel(panel, picture, room, lines + 2) for panel, room in zip(panels, widths, strict=True)))
    return grid


def _height(panel: Panel, width: int) -> int:
    """Lines of what is in it."""
    return 2 if panel.kind == "singleValue" and _side_by_side(panel, width) else max(len(panel.series), 1)


def _panel(panel: Panel, picture: Picture, width: int, height: int | None) -> RenderableType:
    if panel.kind == "text":
        return Text(plain(panel.text), style="bold cyan")
    if panel.kind == "alarm":
        return Box(_alarms(panel.alarms), title=panel.title, title_align="left", box=box.ROUNDED)
    content = _numbers(panel, width) if panel.kind == "singleValue" else _lines(panel, picture, width)
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


def _side_by_side(panel: Panel, width: int) -> bool:
    """Whether all numbers with their labels stand beside each other without a cut, two blanks between them."""
    wanted = [max(cell_len(series.label), cell_len(_last(series).plain)) + 2 for series in panel.series]
    return max(wanted, default=0) * len(wanted) <= width - _FRAME


def _numbers(panel: Panel, width: int) -> RenderableType:
    if _side_by_side(panel, width):
        grid = Table.grid(expand=True)
        for _ in panel.series:
            grid.add_column(justify="center", ratio=1)
        grid.add_row(*(_last(series) for series in panel.series))
        grid.add_row(*(Text(series.label, style="dim") for series in panel.series))
        return grid
    grid = Table.grid(padding=(0, 2), expand=True)
    grid.add_column(ratio=1, no_wrap=True)
    grid.add_column(justify="right", no_wrap=True, min_width=max(len(_last(s).plain) for s in panel.series))
    for series in panel.series:
        grid.add_row(Text(series.label, style="dim"), _last(series))
    return grid


def _last(series: Series) -> Text:
    last = series.points[-1][1] if series.points else None
    return Text(number(last), style=f"bold {series.color}" if last else "dim")


def _lines(panel: Panel, picture: Picture, width: int) -> RenderableType:
    label = max((len(series.label) for series in panel.series), default=0)
    digits = max((len(number(series.number)) for series in panel.series), default=1)
    room = max(width - min(label, width // 3) - digits - 2 - _FRAME, 10)
    grid = Table.grid(padding=(0, 1))
    grid.add_column(max_width=width // 3, no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column(justify="right", min_width=digits, no_wrap=True)
    for series in panel.series:
        line = sparkline(series, picture.start, picture.end, room)
        grid.add_row(Text(series.label), Text(line, style=series.color), Text(number(series.number)))
    return grid
