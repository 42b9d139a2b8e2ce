"""The page: templates with automatic escaping, one style sheet inside it, and no address that a browser would load."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from infra.evidence import model
from infra.evidence.drawing import charts, machine, timeline
from infra.evidence.report import Report
from infra.evidence.versions import masked
from infra.ops.dashboard_terminal import plain

TEMPLATES = Path(__file__).parent / "templates"


def render(report: Report, account: str) -> str:
    """The report as HTML, with the account's number masked wherever it stands in it."""
    template = "proof.html" if report.proof else "stage.html"
    page = _environment().get_template(template).render(report=report, **vars(report))
    return page.replace(account, masked(account)) if account else page


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "size": model.size,
        "moment": model.moment,
        "duration": model.duration,
        "plain": plain,
        "number": _number,
        "slug": _slug,
    }
    environment.globals |= {
        "draw_machine": machine.draw,
        "draw_steps": timeline.draw,
        "draw_chart": charts.draw,
        "chart_number": charts.number,
        "style": Markup((TEMPLATES / "style.css").read_text(encoding="utf-8")),  # noqa: S704  # our own file
    }
    return environment


def _number(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}".rstrip("0").rstrip(".")


def _slug(title: str) -> str:
    return "".join(char if char.isalnum() else "-" for char in title.lower())
