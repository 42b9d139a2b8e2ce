"""The attacks of tests/assistant/injections.py over HTTP: whoever asks, no answer reveals or changes anything."""

from __future__ import annotations

import pytest
from chalice.app import Chalice
from chalicelib import bootstrap

from tests.api.test_customers_api import Person
from tests.assistant.attacked import attacked, everything
from tests.assistant.injections import ATTACKS, WISHES, Attack
from tests.assistant.sample_orders import ORDERS
from tests.assistant.test_injections import revealed
from tests.support.api.gateway import Answer, Gateway
from tests.support.combinations import each_value
from tests.support.fakes.adapters import FakeAdapters

MINE = {made.order_id for made in ORDERS.values()}


def ask(api: Gateway, attack: Attack, *, signed_in: bool) -> Answer:
    sent = {"query": attack.question}
    if not signed_in:
        return api.post("/chatbot", {**sent, "customerId": "anne"}, key="one")
    more = {"customerId": attack.customer_id} if attack.customer_id else {}
    return Person(api, "anne").call("POST", "/me/chatbot", {**sent, **more})


def shop_of(attack: Attack, wish: str | None, *, signed_in: bool) -> FakeAdapters:
    services, fakes = attacked(attack, "c-anne" if signed_in else "p-one", wish)
    bootstrap.use(services)
    return fakes


@each_value
@pytest.mark.parametrize("signed_in", [False, True], ids=["partner", "person"])
@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_nothing_is_revealed_and_nothing_changes(app: Chalice, attack: Attack, signed_in: bool) -> None:
    api = Gateway(app)
    for wish in (None, attack.wants, WISHES[0], "PROMPT"):
        fakes = shop_of(attack, wish, signed_in=signed_in)
        before = everything(fakes)

        answer = ask(api, attack, signed_in=signed_in)

        assert (answer.status, answer.json["source"]) == (200, "template")
        assert revealed(attack, answer.json["answer"]) == []
        assert set(answer.json["orders"]) <= MINE
        assert everything(fakes) == before


def test_a_model_that_words_the_truth_is_heard(app: Chalice) -> None:
    honest = Attack("none", "Where is my order 05417ed1?")
    shop_of(honest, "Thanks for asking!", signed_in=True)

    answer = ask(Gateway(app), honest, signed_in=True).json

    assert answer["source"] == "bedrock"
    assert answer["answer"].startswith("Thanks for asking! Order 05417ed1")
    assert len(answer["orders"]) == 1
