"""The page that asks for feedback, as a browser opens and sends it."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from chalicelib.bootstrap import Services
from chalicelib.orders.model import Feedback, Order

from tests.support.api.gateway import Answer, Gateway

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
FORM = {**BROWSER, "Content-Type": "application/x-www-form-urlencoded"}


def look(api: Gateway, link: str) -> Answer:
    return api.call("GET", link, key=None, headers=BROWSER)


def send(api: Gateway, link: str, *fields: tuple[str, str]) -> Answer:
    """As a browser sends the page's form."""
    return api.call("POST", link, urlencode(fields), key=None, headers=FORM)


def kept(services: Services, order: Order) -> Feedback | None:
    return services.orders.queries.any(order.order_id).feedback


def title(answer: Answer) -> str:
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    [found] = re.findall(r"<h1>(.*?)</h1>", answer.text)
    return str(found)
