"""What people ask, and that the answers are right: over templates, for a partner's customer and a signed-in one."""

from __future__ import annotations

import pytest
from chalicelib.assistant.context import Context, Intent
from chalicelib.assistant.ports import Draft
from chalicelib.assistant.understanding import understand

from tests.assistant import questions
from tests.assistant.new_questions import GREETINGS, OTHER_WORDS, WITHOUT_TEMPLATES
from tests.assistant.questions import BY_INTENT, Ask
from tests.assistant.sample_orders import CUSTOMER, ORDERS, PARTNER, SECRETS, shop, whole_id

MEANT = [(intent, ask) for intent, asked in BY_INTENT.items() for ask in asked]
ASKED = [ask for _, ask in MEANT] + questions.FOREIGN + questions.TWO_AT_ONCE
ASKED += OTHER_WORDS + WITHOUT_TEMPLATES
CALLERS = {"a partner's customer": (PARTNER, CUSTOMER), "a signed-in customer": ("c-anne", None)}


@pytest.mark.parametrize(("owner", "customer_id"), CALLERS.values(), ids=CALLERS)
@pytest.mark.parametrize("ask", ASKED, ids=str)
def test_the_answer_says_what_is_true(ask: Ask, owner: str, customer_id: str | None) -> None:
    services, _ = shop(owner)

    answer = services.customers.answer_question(owner, ask.question, customer_id)

    text = answer.answer
    assert [fact for fact in ask.says if fact not in text] == [], text
    assert [wrong for wrong in (*ask.never, *SECRETS, "{", "None") if wrong in text] == [], text
    if ask.orders:
        assert answer.orders == tuple(map(whole_id, ask.orders)), text
    assert {made.order_id for made in ORDERS.values() if made.order_id in text} == set(answer.orders), text
    assert answer.source == "template"
    assert len(text) < 1200


@pytest.mark.parametrize(("intent", "ask"), MEANT, ids=str)
def test_the_question_is_understood(intent: str, ask: Ask) -> None:
    understood = understand(ask.question)

    assert understood.intents[0] == intent
    assert understood.language == ask.language


@pytest.mark.parametrize("ask", [*OTHER_WORDS, *WITHOUT_TEMPLATES], ids=str)
def test_the_language_of_a_question_is_told(ask: Ask) -> None:
    assert understand(ask.question).language == ask.language


@pytest.mark.parametrize("ask", WITHOUT_TEMPLATES, ids=str)
def test_a_model_answers_in_a_language_without_templates(ask: Ask) -> None:
    """What an order is, too: only sentences that a slot fills in whole stay English."""
    services, fakes = shop("c-anne")
    greeting = GREETINGS[ask.language]
    wanted = tuple(map(whole_id, ask.orders))

    class Polyglot:
        def draft(self, question: str, context: Context) -> Draft:
            ids = [order.order_id for order in context.offered]
            numbers = tuple(ids.index(order_id) + 1 for order_id in wanted)
            slots = " ".join(f"{{{{order:{n}}}}}: {{{{status:{n}}}}}." for n in numbers)
            return Draft(Intent.STATUS, ask.language, numbers, greeting + slots)

    fakes.chat_model = Polyglot()

    answer = services.customers.answer_question("c-anne", ask.question)

    assert (answer.source, answer.orders) == ("bedrock", wanted)
    assert answer.answer.startswith(greeting)
    assert all(order_id in answer.answer for order_id in wanted)
    assert "shipped" not in answer.answer


def test_there_are_enough_of_all_kinds() -> None:
    assert len(ASKED) >= 160
    assert (len(OTHER_WORDS), len(WITHOUT_TEMPLATES)) == (40, 20)
    for intent, asked in BY_INTENT.items():
        languages = {ask.language for ask in asked}
        assert intent == "UNKNOWN" or languages == {"en", "nl", "de", "fr", "es"}, intent
    spoken_of = {start for ask in ASKED for start in ask.orders}
    assert {whole_id(start) for start in spoken_of} == {made.order_id for made in ORDERS.values()}
