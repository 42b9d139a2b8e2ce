"""Feedback as the page's form and the API's clients give it: kept once, or refused with a reason."""

from __future__ import annotations

from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.orders.model import Feedback, Order

from tests.support.api.feedback import FORM, kept, look, send, title
from tests.support.api.gateway import Gateway
from tests.support.builders.examples import body


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


@pytest.mark.parametrize("media_type", ["text/plain", "multipart/form-data; boundary=x", "application/xml"])
def test_other_media_types_are_refused(api: Gateway, link: str, media_type: str) -> None:
    assert api.call("POST", link, "score=5", key=None, headers={"Content-Type": media_type}).status == 415
