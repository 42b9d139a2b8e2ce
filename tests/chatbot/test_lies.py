"""Lies of all kinds in five languages, as they may be told of the orders of contexts.py: none of them is said.

Of each kind there are others that nobody thought of. So what is refused is not a list of lies: an answer may be made of
the words of right answers only, and whatever these say of an order must hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from chalicelib.services.chatbot.context import Context, Intent
from chalicelib.services.chatbot.guard import problem
from chalicelib.services.chatbot.prompt import RULES

from tests.chatbot import contexts
from tests.chatbot.good_answers import good_answers

_IDS = {"L": contexts.LAPTOP, "M": contexts.MOUSE, "C": contexts.CHAIR}
LIES = json.loads(Path(__file__).with_name("lies.json").read_text(encoding="utf-8"))
QUESTION = "What is going on here?"


def told(lie: dict[str, Any]) -> Context:
    orders = [getattr(contexts, str(name)) for name in lie["orders"]]
    return contexts.context(*orders, language=str(lie["language"]), intent=Intent(lie["intent"]))


@pytest.mark.parametrize("lie", LIES, ids=[f"{lie['language']}-{lie['text'][:60]}" for lie in LIES])
def test_a_lie_is_refused(lie: dict[str, Any]) -> None:
    assert problem(str(lie["text"]).format(**_IDS), told(lie), QUESTION)


def test_there_are_lies_in_every_language() -> None:
    assert len(LIES) >= 300
    for language in ("en", "nl", "de", "fr", "es"):
        assert sum(lie["language"] == language for lie in LIES) >= 20


@pytest.mark.parametrize(
    "word",
    [
        "stolen",
        "gestolen",
        "gestohlen",
        "volé",
        "robado",
        "shiped",
        "ʃhipped",
        "shıpped",
        "srewsna",
        "Amsterdam",
        "PIN",
    ],
)
def test_one_word_that_no_right_answer_needs_is_enough(word: str) -> None:
    for asked, text in good_answers():
        assert problem(f"{text} {word}", asked, QUESTION), text


def test_of_each_order_only_what_holds_for_it_is_said() -> None:
    asked = contexts.context(contexts.PENDING, contexts.SHIPPED)

    assert problem("Your Gaming Laptop has been shipped.", asked, QUESTION) is None
    assert problem("Your Wireless Mouse has been shipped.", asked, QUESTION) == "status"
    assert problem("Both orders have been shipped.", asked, QUESTION) == "status"
    assert problem("The total of the Wireless Mouse is €1299.99.", asked, QUESTION) == "money"
    mixed_up = f"Order {contexts.MOUSE} is on its way, and order {contexts.LAPTOP} is pending."
    assert problem(mixed_up, asked, QUESTION) == "status"


def test_what_holds_is_not_denied() -> None:
    for order, text in (
        (contexts.SHIPPED, "Your order has not been shipped yet."),
        (contexts.DELIVERED, "Your order could not be delivered."),
        (contexts.COMPLETED, "Your order has not been paid."),
        (contexts.COMPLETED, "Your order can no longer be cancelled."),
        (contexts.SHIPPED, "Yes, your order can still be cancelled."),
        (contexts.COMPLETED, "There is no receipt for your order."),
        (contexts.PENDING, "The receipt came with the confirmation e-mail."),
    ):
        assert problem(text, contexts.context(order), QUESTION) == "status", text


@pytest.mark.parametrize("intent", [intent for intent in RULES if RULES[intent]])
def test_the_rules_that_a_model_is_given_may_be_told(intent: Intent) -> None:
    asked = contexts.context(intent=intent, not_found=("0badf00d",))

    assert problem(f"I could not find such an order among yours. {RULES[intent]}", asked, QUESTION) is None
