"""POST /chatbot and /me/chatbot: who may ask, what may be asked, and that no caller hears of another's orders."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from chalice.app import Chalice
from chalice.test import Client
from chalicelib import bootstrap
from chalicelib.bootstrap import Services
from chalicelib.kit.jsonio import dumps
from chalicelib.kit.text import clean
from hypothesis import given
from hypothesis import strategies as st

from tests.api.test_customers_api import Person, ordered
from tests.api.test_failures import Failing, refusal
from tests.api.test_fuzz import FUZZ, _fresh
from tests.assistant.test_chatbot import Model
from tests.support.api.gateway import Answer, Gateway
from tests.support.api.refusals import refused
from tests.support.builders.examples import SETTINGS, body
from tests.support.fakes.adapters import FakeAdapters

ALLOWED = st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffd")


def placed(api: Gateway, services: Services, key: str = "one", **changes: Any) -> str:
    """A completed order of a partner."""
    order_id = str(api.post("/orders", body(**changes), key=key).json["orderId"])
    services.workflow.steps.run_all(order_id)
    return order_id


def ask(api: Gateway, query: str, key: str | None = "one", **more: Any) -> Answer:
    return api.post("/chatbot", {"query": query, **more}, key=key)


def test_a_partner_asks_for_an_orders_status(api: Gateway, services: Services) -> None:
    order_id = placed(api, services)

    answer = ask(api, f"What's the status of order {order_id}?")

    assert answer.status == 200
    assert answer.json["source"] == "template"
    assert answer.json["orders"] == [order_id]
    assert order_id in answer.json["answer"]
    assert "COMPLETED" in answer.json["answer"]


def test_a_partner_asks_for_a_customers_recent_orders(api: Gateway, services: Services) -> None:
    mine = [placed(api, services, customerId=customer) for customer in ("anne", "anne", "ben")]

    answer = ask(api, "Show me my recent orders", customerId="anne").json

    assert sorted(answer["orders"]) == sorted(mine[:2])
    assert mine[2] not in answer["answer"]


@pytest.mark.parametrize("char", ["\ufffd", "\0", "\x1b", "\x7f", "\x9f"], ids=ascii)
@pytest.mark.parametrize(
    "query", ["What's the status{}of my order?", "{}status", "status{}", "one\n{}\ntwo"], ids=ascii
)
def test_a_question_is_a_text_as_all_others_are(api: Gateway, char: str, query: str) -> None:
    answer = ask(api, query.format(char))

    refused(answer, "query")
    assert answer.json["errors"][0]["message"].startswith("must not contain control characters")


def test_a_question_may_have_lines_of_any_kind(api: Gateway, services: Services) -> None:
    order_id = placed(api, services)

    for end in ("\n", "\r\n", "\r", "\u2028"):
        assert ask(api, f"Hello,{end}what's the status of order {order_id}?{end}").json["orders"] == [order_id]


def test_without_a_customer_it_says_that_it_needs_one(api: Gateway, services: Services) -> None:
    placed(api, services)

    answer = ask(api, "Show me my recent orders").json

    assert answer["orders"] == []
    assert "customerId" in answer["answer"]


def test_a_signed_in_customer_asks_the_same(api: Gateway, services: Services) -> None:
    anne = Person(api, "anne")
    order_id = ordered(anne, services)
    services.workflow.ship.ship(services.orders.queries.any(order_id), "PostNL", "3SABCD0001", None)

    for query in (f"status of {order_id}", "Show me my recent orders", "How do I track my package?"):
        answer = anne.call("POST", "/me/chatbot", {"query": query})
        assert (answer.status, answer.json["orders"]) == (200, [order_id])
        assert order_id in answer.json["answer"]
    assert "3SABCD0001" in answer.json["answer"]


@pytest.mark.parametrize("form", ["{}", "{:.8}"])
def test_anothers_order_is_answered_as_none(api: Gateway, services: Services, form: str) -> None:
    partners, annes = placed(api, services), ordered(Person(api, "anne"), services)
    nobodys = "0badf00d-0000-4000-8000-000000000001"
    ben = Person(api, "ben")

    def by_ben(query: str, **more: Any) -> Answer:
        return ben.call("POST", "/me/chatbot", {"query": query, **more})

    for order_id in (partners, annes):
        question = f"where is my order {form.format(order_id)}"
        missing = f"where is my order {form.format(nobodys)}"
        assert ask(api, question, "two").json == ask(api, missing, "two").json
        assert by_ben(question).json == by_ben(missing).json
        assert by_ben(question, customerId="anne").json == by_ben(missing).json
    assert by_ben("show my recent orders", customerId="anne").json["orders"] == []


def test_a_partners_order_of_another_customer_is_not_found(api: Gateway, services: Services) -> None:
    order_id = placed(api, services, customerId="ben")

    answer = ask(api, f"status of {order_id}", customerId="anne").json

    assert answer["orders"] == []
    assert order_id not in answer["answer"]


def test_who_shows_no_key_or_token_is_told_nothing(api: Gateway, untouched: Callable[[], bool]) -> None:
    refused(ask(api, "Hello", key=None), status=403)
    refused(api.post("/me/chatbot", {"query": "Hello"}, key="one"), status=401)
    refused(Person(api, "anne", token_use="access").call("POST", "/me/chatbot", {"query": "Hello"}), status=401)
    assert untouched()


@pytest.mark.parametrize(
    ("sent", "fields"),
    [
        ({}, ["query"]),
        ({"query": ""}, ["query"]),
        ({"query": "  \n "}, ["query"]),
        ({"query": "x" * 1001}, ["query"]),
        ({"query": None}, ["query"]),
        ({"query": 5, "customerId": "", "x": 1}, ["query", "customerId", "x"]),
        ({"query": "Hello", "customerId": "a\nb"}, ["customerId"]),
        ({"query": "Hello", "model": "a"}, ["model"]),
        ({"query": ["Hello"]}, ["query"]),
    ],
)
def test_what_is_wrong_is_named_all_at_once(api: Gateway, sent: Any, fields: list[str]) -> None:
    refused(api.post("/chatbot", sent), *fields)
    refused(Person(api, "anne").call("POST", "/me/chatbot", sent), *fields)


@pytest.mark.parametrize("query", ["x", "é" * 1000, "😀" * 1000, "a\nb\tc", "order \u202e"])
def test_a_question_has_1_to_1000_characters(api: Gateway, query: str) -> None:
    assert ask(api, query).status == 200


@FUZZ
@given(query=st.text(ALLOWED, min_size=1, max_size=1000).filter(clean))
def test_any_text_is_answered(api: Gateway, query: str) -> None:
    with _fresh() as fakes:
        answer = api.post("/chatbot", json.dumps({"query": query, "customerId": "anne"}))

        assert answer.status == 200
        assert answer.json["answer"]
        assert fakes.store.orders == {}


def test_a_throttled_table_is_no_answer_but_try_again(app: Chalice, adapters: FakeAdapters) -> None:
    adapters.orders = Failing(refusal("ProvisionedThroughputExceededException", operation="GetItem"))
    bootstrap.use(Services(SETTINGS, adapters))

    answer = ask(Gateway(app), "status of 0badf00d-0000-4000-8000-000000000001")

    refused(answer, status=503)
    assert answer.headers["retry-after"]


@pytest.mark.parametrize(
    ("says", "source"),
    [
        ("Your order {{order}} is: {{status}}.", "bedrock"),
        ("Your order {{order}} is DELIVERED.", "template"),
        ("Your order 0badf00d-0000-4000-8000-000000000001 is {{status}}.", "template"),
        ("I have cancelled your order and refunded it. {{summary}}", "template"),
    ],
)
def test_a_model_is_asked_where_there_is_one_and_judged(
    app: Chalice, adapters: FakeAdapters, says: str, source: str
) -> None:
    built = Services(SETTINGS, adapters)
    adapters.chat_model = Model(says)
    bootstrap.use(built)
    api = Gateway(app)
    order_id = placed(api, built)

    answer = ask(api, f"What's the status of order {order_id}?").json

    assert answer["source"] == source
    named = f"100000 ({order_id})"
    assert (answer["answer"] == f"Your order {named} is: ready for shipping (COMPLETED).") == (source == "bedrock")
    assert order_id in answer["answer"]
    assert answer["orders"] == [order_id]


def test_asking_changes_nothing(api: Gateway, services: Services, adapters: FakeAdapters) -> None:
    order_id = placed(api, services)
    before = (dict(adapters.store.orders), dict(adapters.store.stock), list(adapters.events.published))

    for query in (f"cancel {order_id}", f"refund order {order_id} now", f"send me the invoice of {order_id}"):
        assert ask(api, query).json["orders"] == [order_id]

    assert before == (dict(adapters.store.orders), dict(adapters.store.stock), list(adapters.events.published))


def test_the_log_says_what_it_was_about_and_not_what_was_said(
    api: Gateway, services: Services, lines: Callable[[], list[Any]]
) -> None:
    order_id = placed(api, services)
    ask(api, f"Ist meine Bestellung {order_id} da? Gruß, Ännchen")

    (line,) = [line for line in lines() if line["message"] == "chatbot_answered"]
    assert (line["intent"], line["language"], line["source"]) == ("STATUS", "de", "template")
    assert not [word for word in ("Ännchen", order_id, "customer123") if word in json.dumps(line, ensure_ascii=False)]


def test_it_is_there_in_chalice_local(client: Client) -> None:
    asked = {"headers": {"Content-Type": "application/json"}, "body": dumps({"query": "Hello"}).encode()}
    without = client.http.post("/chatbot", **asked)
    asked["headers"]["X-API-Key"] = "mine"

    assert without.status_code == 403
    assert client.http.post("/chatbot", **asked).json_body["source"] == "template"
