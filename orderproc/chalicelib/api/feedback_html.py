"""The pages that the link in a mail leads to, in the order's language: plain HTML with one style sheet in it, no
script, nothing from elsewhere.

They show what was bought in a line, and no person: the link may be opened by others than the customer."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache

from chalice.app import Response

from ..kit.language import Language, language_of
from ..kit.plain_text import one_line
from ..kit.shop import Shop
from ..kit.templates import ASSETS, render
from ..notifications.messages import order_name, what_was_bought
from ..orders.model import Feedback, Order

_TROUBLE = (404, 503)
"""Those with words of their own."""


def form(
    shop: Shop, order: Order, score: int | None = None, comment: str = "", problems: Sequence[str] = ()
) -> Response:
    """Asks for stars and a comment; with those that were given if there was something wrong with them. `problems` are
    names of texts."""
    language = _language(shop, order)
    return _page(
        shop,
        language,
        400 if problems else 200,
        "form.html",
        title=language.say("feedback.title"),
        order=order_name(order),
        day=language.day(order.created_at),
        bought=what_was_bought(order, language),
        names=[(count, _stars(language, count)) for count in range(1, 6)],
        problems=problems,
        chosen=score,
        comment=comment,
    )


def thanks(shop: Shop, order: Order, feedback: Feedback) -> Response:
    """It was stored just now."""
    return _message(shop, _language(shop, order), 201, "thanks", feedback.score)


def already_given(shop: Shop, order: Order, status: int) -> Response:
    return _message(shop, _language(shop, order), status, "given")


def too_early(shop: Shop, order: Order, status: int) -> Response:
    return _message(shop, _language(shop, order), status, "early")


def trouble(shop: Shop, status: int) -> Response:
    """For what is no business of the customer's: the link, or us."""
    return _message(shop, language_of(shop.locale), status, str(status if status in _TROUBLE else 500))


def _language(shop: Shop, order: Order) -> Language:
    return language_of(order.locale or shop.locale)


def _message(shop: Shop, language: Language, status: int, name: str, score: int = 0) -> Response:
    return _page(
        shop,
        language,
        status,
        "message.html",
        title=language.say(f"page.{name}.title"),
        text=language.say(f"page.{name}.text"),
        score=score,
        stars=_stars(language, score),
    )


def _page(shop: Shop, language: Language, status: int, template: str, **values: object) -> Response:
    page = render(
        f"feedback/{template}",
        **values,
        language=language,
        shop=one_line(shop.name),
        url=shop.url if shop.url.startswith(("https://", "http://")) else "",
        style=_style(),
    )
    return Response(page, {**_headers(), "Content-Type": "text/html; charset=utf-8"}, status)


def _stars(language: Language, count: int) -> str:
    return language.say("stars.one") if count == 1 else language.say("stars.other", count=count)


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


@cache
def _style() -> str:
    return (ASSETS / "feedback" / "style.css").read_text(encoding="utf-8")
