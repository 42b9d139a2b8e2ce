"""Texts and pages from the Jinja2 templates in `assets`. Jinja2 is imported, and a template read, where one is first
filled.

In a template of HTML every value is escaped: what customers wrote stays text. A value that is missing raises."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment

ASSETS = Path(__file__).parent.parent / "assets"


def render(template: str, **values: object) -> str:
    """The template, by its path in `assets`, with these values."""
    return _environment().get_template(template).render(values)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

    return Environment(
        loader=FileSystemLoader(ASSETS),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
