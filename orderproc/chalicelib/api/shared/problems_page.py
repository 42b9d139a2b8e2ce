"""The page that explains every problem: plain HTML, nothing from elsewhere."""

from __future__ import annotations

import re

from chalice.app import Response

from .problems import PROBLEMS, sentence

_HEADERS: dict[str, str | list[str]] = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}


def page() -> Response:
    """Each problem under its code, where the `#` of a `type` leads."""
    parts = [
        f'<dt id="{code}"><code>{code}</code> ({p.status})</dt>\n'
        f"<dd>{_html(sentence(p.meaning))} {_html(sentence(p.remedy))}</dd>"
        for code, p in PROBLEMS.items()
    ]
    return Response(
        '<!DOCTYPE html>\n<html lang="en">\n<meta charset="utf-8">\n<title>Problems</title>\n<h1>Problems</h1>\n'
        "<p>What the <code>code</code> of an error means, and what to do.</p>\n<dl>\n" + "\n".join(parts) + "\n</dl>\n",
        dict(_HEADERS),
    )


def _html(text: str) -> str:
    from html import escape  # brings a table of 2,000 names

    return re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(text))
