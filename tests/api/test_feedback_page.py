"""The page that the link in a mail leads to, and feedback as the API's clients give it."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from chalicelib.bootstrap import Services
from chalicelib.orders.model import Feedback, Order

from tests.support.api.gateway import Answer, Gateway
from tests.support.api.refusals import SECRET
from tests.support.builders.examples import body, command
from tests.support.fakes.adapters import FakeAdapters

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
FORM = {**BROWSER, "Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def order(services: Services) -> Order:
    """One that is finished."""
    return services.workflow.steps.run_all(services.orders.accept(command()).order_id)


@pytest.fixture
def link(services: Services, order: Order) -> str:
    return f"/feedback/{services.customers.feedback_links.token(order.order_id)}"


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


def test_the_form_is_taken_once(api: Gateway, services: Services, order: Order, link: str) -> None:
    first = send(api, link, ("score", "4"), ("comment", "Came the next day – whole & dry."))
    second = send(api, link, ("score", "1"), ("comment", ""))

    assert (first.status, title(first)) == (201, "Thank you!")
    assert "4 stars out of five" in first.text
    assert (second.status, title(second)) == (409, "We have your feedback")
    assert (look(api, link).status, title(look(api, link))) == (200, "We have your feedback")
    found = kept(services, order)
    assert found is not None
    assert (found.score, found.comment) == (4, "Came the next day – whole & dry.")


def test_new_lines_of_a_browser_count_as_one_character(
    api: Gateway, services: Services, order: Order, link: str
) -> None:
    lines = "\n".join(["x" * 49] * 20)
    assert len(lines) == 999

    assert send(api, link, ("score", "5"), ("comment", lines.replace("\n", "\r\n"))).status == 201

    found = kept(services, order)
    assert found is not None
    assert found.comment == lines


def test_what_was_pasted_unseen_is_no_obstacle(api: Gateway, services: Services, order: Order, link: str) -> None:
    assert send(api, link, ("score", "5"), ("comment", " one\u2028two\x0bthree\x00 ")).status == 201

    found = kept(services, order)
    assert found is not None
    assert found.comment == "one\ntwo three"


def test_a_thousand_emoji_are_a_thousand_characters(api: Gateway, services: Services, order: Order, link: str) -> None:
    assert send(api, link, ("score", "5"), ("comment", "🎉" * 1001)).status == 400
    assert send(api, link, ("score", "5"), ("comment", "🎉" * 1000)).status == 201


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ([], "Please choose from one to five stars."),
        ([("comment", "Nice")], "Please choose from one to five stars."),
        ([("score", ""), ("comment", "Nice")], "Please choose from one to five stars."),
        ([("score", "6")], "Please choose from one to five stars."),
        ([("score", "0")], "Please choose from one to five stars."),
        ([("score", "5.0")], "Please choose from one to five stars."),
        ([("score", "٣")], "Please choose from one to five stars."),
        ([("score", "5"), ("comment", "y" * 1001)], "Your comment is longer than 1,000 characters."),
        ([("score", "5"), ("status", "REFUNDED")], "The form arrived incomplete."),
        ([("score", "5"), ("score", "1")], "Please choose from one to five stars."),
        ([("score", "5"), *((f"field{n}", "") for n in range(20))], "The form arrived incomplete."),
        ([("score", "5"), ("comment", "z" * 20_000)], "The form arrived incomplete."),
    ],
    ids=repr,
)
def test_what_is_wrong_is_said_on_the_page(
    api: Gateway, services: Services, order: Order, link: str, fields: list[tuple[str, str]], problem: str
) -> None:
    page = send(api, link, *fields)

    assert (page.status, title(page)) == (400, "How did we do?")
    assert f'role="alert">{problem}' in page.text
    assert kept(services, order) is None


@pytest.mark.parametrize("sent", ["score=5&comment=%ff", b"\xff\xfe", "score=5&comment=ü", "=", "&&&", "\x00"])
def test_what_is_no_form_changes_nothing(
    api: Gateway, services: Services, order: Order, link: str, sent: str | bytes
) -> None:
    assert api.call("POST", link, sent, key=None, headers=FORM).status == 400
    assert kept(services, order) is None


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


def test_as_json_it_is_taken_once(api: Gateway, services: Services, order: Order, link: str) -> None:
    first = api.post(link, {"score": 5, "comment": "Quick."}, key=None)
    second = api.post(link, {"score": 5, "comment": "Quick."}, key=None)

    assert first.status == 201
    assert first.json["score"] == 5
    assert (second.status, second.headers["content-type"]) == (409, "application/problem+json")
    assert [answer.headers["access-control-allow-origin"] for answer in (first, second)] == ["*", "*"]
    assert kept(services, order) == Feedback(5, "Quick.", first.json["at"], kept(services, order).mark)  # type: ignore[union-attr]


def routes_of(services: Services, order: Order) -> list[str]:
    return [
        f"/orders/{order.order_id}/feedback",
        f"/feedback/{services.customers.feedback_links.token(order.order_id)}",
    ]


@pytest.fixture
def partners(api: Gateway, services: Services) -> Order:
    """A finished order of the partner with the key `one`."""
    return services.workflow.steps.run_all(api.post("/orders", body()).json["orderId"])


@pytest.mark.parametrize("score", [0, 6, -1, 5.0, 4.5, True, False, "5", None, [5], {"is": 5}, 10**40], ids=repr)
def test_a_score_is_a_whole_number_from_one_to_five(
    api: Gateway, services: Services, partners: Order, score: Any
) -> None:
    for path in routes_of(services, partners):
        answer = api.post(path, {"score": score})
        assert (answer.status, answer.fields) == (400, ["score"])
    assert kept(services, partners) is None


def test_a_float_is_none_however_it_is_written(api: Gateway, services: Services, partners: Order) -> None:
    for path in routes_of(services, partners):
        for text in ('{"score": 5.0}', '{"score": 5e0}', '{"score": 0.5e1}', '{"score": NaN}', '{"score": 5'):
            assert api.post(path, text).status == 400


def test_a_comment_that_is_much_too_long_is_not_all_shown_again(api: Gateway, link: str) -> None:
    page = send(api, link, ("score", "5"), ("comment", "y" * 15_000))

    assert page.status == 400
    assert 900 < page.text.count("y") < 4096


@pytest.mark.parametrize("comment", ["x" * 1001, "🎉" * 1001, "a\x00b", "a\x1bb", "a\x0bb", "K\ufffdln", 5, ["a"]])
def test_a_comment_that_can_not_be_kept(api: Gateway, services: Services, partners: Order, comment: Any) -> None:
    for path in routes_of(services, partners):
        answer = api.post(path, {"score": 5, "comment": comment})
        assert (answer.status, answer.fields) == (400, ["comment"])


@pytest.mark.parametrize("comment", ["", "x" * 1000, "🎉" * 1000, "one\ntwo\tthree", "名前"])
def test_a_comment_that_is_kept_as_it_is(api: Gateway, partners: Order, comment: str) -> None:
    answer = api.post(f"/orders/{partners.order_id}/feedback", {"score": 1, "comment": comment})

    assert (answer.status, answer.json["comment"]) == (201, comment)


def test_what_is_wrong_in_two_fields_is_named_in_both(api: Gateway, services: Services, partners: Order) -> None:
    for path in routes_of(services, partners):
        answer = api.post(path, {"score": "5", "comment": "\x00", "status": "REFUNDED"})
        assert sorted(answer.fields) == ["comment", "score", "status"]


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


@pytest.mark.parametrize("media_type", ["text/plain", "multipart/form-data; boundary=x", "application/xml"])
def test_other_media_types_are_refused(api: Gateway, link: str, media_type: str) -> None:
    assert api.call("POST", link, "score=5", key=None, headers={"Content-Type": media_type}).status == 415


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
