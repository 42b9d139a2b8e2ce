"""The pages that the link in a mail leads to: plain HTML with one style sheet in it, no script, nothing from elsewhere.

They show what was bought in a line, and no person: the link may be opened by others than the customer."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from string import Template

from chalice.app import Response

from ..kit.clock import from_iso
from ..kit.plain_text import one_line
from ..kit.shop import Shop
from ..notifications.messages import short_id, what_was_bought
from ..orders.model import Feedback, Order

_FOLDER = Path(__file__).parent.parent / "assets" / "feedback"
_WORDS = {1: "Poor", 2: "Fair", 3: "Good", 4: "Very good", 5: "Excellent"}
_TROUBLE = {
    404: ("This link does not work", "It may be incomplete, or it has expired. Nothing was sent."),
    503: ("Please try again", "We can't save your feedback right now. Please try again in a minute."),
}
_ERROR = ("Something went wrong", "This is our fault, and we have been notified. Please try again later.")


def form(
    shop: Shop, order: Order, score: int | None = None, comment: str = "", problems: Sequence[str] = ()
) -> Response:
    """Asks for stars and a comment; with those that were given if there was something wrong with them."""
    stars = "\n".join(
        _filled("star.html", value=str(n), count=_stars(n), word=word, checked=" checked" if n == score else "")
        for n, word in _WORDS.items()
    )
    ordered = from_iso(order.created_at)
    body = _template("form.html").substitute(
        reference=_escaped(short_id(order)),
        ordered=f"{ordered.day} {ordered:%B %Y}",
        bought=_escaped(what_was_bought(order)),
        problems="".join(_filled("problems.html", text=problem) for problem in problems),
        stars=stars,
        comment=_escaped(comment),
    )
    return _page(shop, "How did we do?", body, 400 if problems else 200)


def thanks(shop: Shop, feedback: Feedback) -> Response:
    """It was stored just now."""
    on = feedback.score
    given = _filled("given.html", count=_stars(on), on="★" * on, off="★" * (5 - on))
    text = "We have received your feedback. It helps us improve."
    return _page(shop, "Thank you!", given + _filled("message.html", text=text), 201)


def already_given(shop: Shop, status: int) -> Response:
    text = "You have already given feedback on this order. Thank you!"
    return _page(shop, "We have your feedback", _filled("message.html", text=text), status)


def too_early(shop: Shop, status: int) -> Response:
    text = "We are still processing your order. Please come back when it is complete: this link will still work."
    return _page(shop, "A little too early", _filled("message.html", text=text), status)


def trouble(shop: Shop, status: int) -> Response:
    """For what is no business of the customer's: the link, or us."""
    title, text = _TROUBLE.get(status, _ERROR)
    return _page(shop, title, _filled("message.html", text=text), status)


def _page(shop: Shop, title: str, body: str, status: int) -> Response:
    name = _escaped(one_line(shop.name))
    page = _template("page.html").substitute(
        title=_escaped(title), shop=name, style=_style(), body=body, imprint=_imprint(shop, name)
    )
    return Response(page, {**_headers(), "Content-Type": "text/html; charset=utf-8"}, status)


def _imprint(shop: Shop, name: str) -> str:
    if not shop.url.startswith(("https://", "http://")):
        return name
    return f'<a href="{_escaped(shop.url)}" rel="noreferrer">{name}</a>'


@cache
def _headers() -> dict[str, str]:
    """Nothing may be loaded or run but our style, no other page may frame it, and the link stays here."""
    allowed = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return {
        "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{allowed}'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",
        "X-Frame-Options": "DENY",
        "X-Robots-Tag": "noindex, nofollow",
    }


def _escaped(text: str) -> str:
    from html import escape  # brings a table of 2,000 names

    return escape(text)


def _stars(count: int) -> str:
    return "1 star" if count == 1 else f"{count} stars"


def _style() -> str:
    return _read("style.css")


def _filled(template: str, **texts: str) -> str:
    return _template(template).substitute({place: _escaped(text) for place, text in texts.items()})


@cache
def _template(name: str) -> Template:
    return Template(_read(name))


@cache
def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
