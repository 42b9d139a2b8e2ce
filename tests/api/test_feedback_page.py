"""The page that the link in a mail leads to: what it shows, and that nobody else's link or script works on it."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.orders.model import Order

from tests.support.api.feedback import kept, look, send, title
from tests.support.api.gateway import Gateway
from tests.support.api.refusals import SECRET
from tests.support.builders.examples import command
from tests.support.fakes.adapters import FakeAdapters


def test_the_page_shows_the_shop_and_what_was_bought_and_no_person(api: Gateway, link: str, order: Order) -> None:
    page = look(api, link)

    assert (page.status, title(page)) == (200, "How did we do?")
    assert all(text in page.text for text in ("Test Shop", order.order_number, "Gaming Laptop", "21 November 2026"))
    for private in ("customer@example.com", "+31612345678", "123 Main St", "12345", "customer123", order.order_id):
        assert private not in page.text


def test_a_browser_may_load_and_run_nothing_but_the_pages_own_style(api: Gateway, link: str) -> None:
    page = look(api, link)

    [style] = re.findall(r"<style>(.*?)</style>", page.text, flags=re.DOTALL)
    allowed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = page.headers["content-security-policy"].split("; ")
    assert policy == [
        "default-src 'none'",
        f"style-src 'sha256-{allowed}'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
    assert (page.headers["referrer-policy"], page.headers["x-frame-options"]) == ("no-referrer", "DENY")
    assert (page.headers["cache-control"], page.headers["x-content-type-options"]) == ("no-store", "nosniff")
    assert not re.findall(r"<script|<link|<img|<iframe|\bon\w+=|\bstyle=|\bsrc=|@import|url\(", page.text)


def test_each_star_has_a_name_and_the_comment_a_label(api: Gateway, link: str) -> None:
    page = look(api, link).text

    assert re.findall(r'type="radio" name="score" value="(\d)" required>', page) == list("12345")
    assert re.findall(r'class="unseen">(.*?): </span><span class="word">', page)[0] == "1 star"
    assert '<label class="ask" for="comment">' in page
    assert '<html lang="en">' in page
    assert 'name="viewport"' in page


def test_looking_changes_nothing_however_often(api: Gateway, services: Services, order: Order, link: str) -> None:
    before = services.orders.queries.any(order.order_id)

    assert {look(api, link).status for _ in range(3)} == {200}
    assert services.orders.queries.any(order.order_id) == before


@pytest.mark.parametrize(
    ("query", "chosen"), [("?score=4", ["4"]), ("?score=6", []), ("?utm_source=mail", []), ("?score=%FF&x", [])]
)
def test_a_star_of_the_mail_is_chosen_beforehand(api: Gateway, link: str, query: str, chosen: list[str]) -> None:
    page = look(api, link + query)

    assert page.status == 200
    assert re.findall(r'value="(\d)" required checked>', page.text) == chosen


def test_what_was_typed_is_still_there_and_is_no_html(api: Gateway, link: str) -> None:
    typed = '</textarea><script>alert("1")</script>'

    page = send(api, link, ("comment", typed))

    assert "&lt;/textarea&gt;&lt;script&gt;" in page.text
    assert "<script" not in page.text


def test_a_product_can_not_put_html_into_the_page(api: Gateway, services: Services, link: str, order: Order) -> None:
    line = replace(order.lines[0], name="<img src=x onerror=alert(1)> $title ${body}")
    services._a.store.orders[order.order_id] = replace(order, lines=(line,))

    page = look(api, link)

    assert "&lt;img src=x" in page.text
    assert "<img" not in page.text
    assert "$title ${body}" in page.text


def forged(services: Services, order: Order) -> dict[str, str]:
    token = services.customers.feedback_links.token(order.order_id)
    return {
        "nonsense": "nonsense",
        "cut": token[:-1],
        "longer": token + "A",
        "changed": token[:-2] + ("AA" if token[-2:] != "AA" else "BB"),
        "no id": order.order_id,
        "encoded": "%2e%2e%2fadmin",
        "of an order that is gone": services.customers.feedback_links.token("gone"),
    }


@pytest.mark.parametrize(
    "kind", ["nonsense", "cut", "longer", "changed", "no id", "encoded", "of an order that is gone"]
)
def test_a_link_that_is_not_ours_leads_nowhere(api: Gateway, services: Services, order: Order, kind: str) -> None:
    path = f"/feedback/{forged(services, order)[kind]}"

    for answer in (look(api, path), send(api, path, ("score", "1"))):
        assert (answer.status, title(answer)) == (404, "This link does not work")
        assert order.order_id[:8] not in answer.text
        assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
    for answer in (api.get(path, key=None), api.post(path, {"score": 1}, key=None)):
        assert (answer.status, answer.json["detail"]) == (404, "There is no such page.")
    assert kept(services, order) is None


def test_an_order_that_is_still_worked_on_is_judged_later(api: Gateway, services: Services) -> None:
    placed = services.orders.accept(command())
    path = f"/feedback/{services.customers.feedback_links.token(placed.order_id)}"

    assert (look(api, path).status, title(look(api, path))) == (200, "A little too early")
    answer = send(api, path, ("score", "1"))
    assert (answer.status, title(answer)) == (409, "A little too early")
    assert api.post(path, {"score": 1}, key=None).status == 409


def test_a_secret_that_can_not_be_read_is_to_be_tried_again(api: Gateway, adapters: FakeAdapters, link: str) -> None:
    adapters.link_secrets.down = True

    page, problem = look(api, link), api.get(link, key=None)

    assert (page.status, title(page), page.headers["retry-after"]) == (503, "Please try again", "1")
    assert (problem.status, problem.headers["content-type"]) == (503, "application/problem+json")


def test_a_bug_shows_no_internals(api: Gateway, adapters: FakeAdapters, link: str) -> None:
    adapters.link_secrets = None
    page = look(api, link)
    assert (page.status, title(page)) == (200, "How did we do?")  # the one that was made lives on

    class Broken:
        def get(self, order_id: str) -> Order | None:
            raise RuntimeError(SECRET)

    adapters.orders.get = Broken().get
    page = look(api, link)

    assert (page.status, title(page)) == (500, "Something went wrong")
    assert SECRET not in page.text
    assert page.headers["x-correlation-id"]


def test_no_log_line_holds_the_link_or_the_comment(
    api: Gateway, adapters: FakeAdapters, link: str, lines: Callable[[], list[Any]]
) -> None:
    look(api, link)
    send(api, link, ("score", "2"), ("comment", "I am Jane Doe"))
    send(api, link, ("score", "2"))
    look(api, link + "x")
    adapters.orders.get = lambda order_id: 1 / 0
    look(api, link)

    written = repr(lines())
    assert "feedback_given" in written
    assert "unexpected_error" in written
    assert link.rpartition("/")[2][:40] not in written
    assert "Jane" not in written


def test_the_page_is_in_the_orders_language(api: Gateway, services: Services) -> None:
    order = services.workflow.steps.run_all(services.orders.accept(command(locale="fr")).order_id)
    link = f"/feedback/{services.customers.feedback_links.token(order.order_id)}"

    assert '<html lang="fr">' in look(api, link).text
    assert "21 novembre 2026" in look(api, link).text
    assert "Combien d’étoiles" in look(api, link).text
    assert "Choisissez de une à cinq étoiles." in send(api, link, ("comment", "<b>bien</b>")).text
    assert "&lt;b&gt;bien&lt;/b&gt;" in send(api, link, ("comment", "<b>bien</b>")).text
    assert title(send(api, link, ("score", "5"))) == "Merci\u00a0!"
    assert title(look(api, link)) == "Nous avons votre avis"
