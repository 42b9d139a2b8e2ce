"""What a model may say around the slots, and how slots are filled."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from chalicelib.assistant.context import Context, Intent
from chalicelib.assistant.languages import LANGUAGES, WITH_TEXTS, texts_in, words_in
from chalicelib.assistant.ports import Draft
from chalicelib.assistant.rules import problem
from chalicelib.assistant.slots import IN_GENERAL, OF_AN_ORDER, Slots
from hypothesis import given
from hypothesis import strategies as st

from tests.assistant.contexts import COMPLETED, FAILED, LAPTOP, MOUSE, PENDING, SHIPPED, context, texts_of
from tests.assistant.good_answers import GOOD, good_answers


def said(text: str, asked: Context | None = None, **changes: Any) -> str | None:
    """What is wrong with it, as an answer about one order that is ready for shipping."""
    draft = replace(Draft(Intent.STATUS, "en", (1,), text), **changes)
    return problem(draft, Slots(asked or context(COMPLETED), draft.orders, draft.language))


@pytest.mark.parametrize(
    ("asked", "draft"), list(good_answers()), ids=[f"{good['language']}-{good['text'][:50]}" for good in GOOD]
)
def test_right_answers_are_given_with_their_facts(asked: Context, draft: Draft) -> None:
    slots = Slots(asked, draft.orders, draft.language)

    assert problem(draft, slots) is None
    filled = slots.fill(draft.text)
    assert "{" not in filled
    assert ".." not in filled


FRIENDLY = texts_of("friendly.json")


@pytest.mark.parametrize(("language", "text"), FRIENDLY)
def test_conversation_in_everyday_words_is_given(language: str, text: str) -> None:
    assert said(text, context(SHIPPED, language=language), language=language) is None


def test_nine_in_ten_answers_that_the_lists_did_not_know_are_given() -> None:
    """Written before the lists were: one that is refused is answered by the template."""
    said_in = {
        (language, text): said(text, context(SHIPPED, language=language), language=language, intent=Intent.TRACKING)
        for language, text in texts_of("conversation.json")
    }

    refused = [text for text, reason in said_in.items() if reason]
    assert len(said_in) == 90
    assert len(refused) <= 9, refused


@pytest.mark.parametrize("language", WITH_TEXTS)
def test_the_lists_stay_short(language: str) -> None:
    assert len(words_in(language)["never"].split(",")) <= 165


def test_facts_stand_behind_the_name_of_their_order() -> None:
    two = context(COMPLETED, PENDING)

    for mixed in ("{{order:1}}: {{status:2}}, {{order:2}}: {{status:1}}", "{{status:1}} {{status:2}}"):
        assert said(mixed, two, orders=(1, 2)) == "mixed"
    assert said("{{order:1}}: {{status:1}}, {{order:2}}: {{status:2}}", two, orders=(1, 2)) is None
    assert said("{{status}}", context(COMPLETED, others=(PENDING,), chosen=True)) is None
    assert said("{{status}}", context(COMPLETED, others=(PENDING,), chosen=True), orders=(2,)) == "mixed"


def test_no_order_that_was_named_is_left_out_or_exchanged() -> None:
    asked = context(COMPLETED, PENDING, others=(SHIPPED,))

    for orders in ((), (1,), (2,), (3,)):
        assert said("{{summary}}", asked, orders=orders) == "orders"


def test_an_answer_is_not_endless() -> None:
    five = context(COMPLETED, others=(PENDING, SHIPPED, FAILED, PENDING), chosen=True)
    everything = " ".join(
        f"{{{{{name}:{n}}}}}" for n in range(1, 6) for name in ("summary", "cancel", "return", "receipt", "items")
    )

    assert said(everything, five, orders=(1, 2, 3, 4, 5)) == "long"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Your order is fine.", "slot"),
        ("{{summary}} {{summary}}", "slot"),
        ("{{summary}} {{tracking_number}}", "slot"),
        ("{{summary:2}}", "slot"),
        ("{{order}}", "missing"),
        ("{{reason}} {{summary}}", "slot"),
        ("{{summary}} {{", "sign"),
        ("{{summary}} {{status:" + "9" * 5_000 + "}}", "long"),
        ("{{summary}} {status}", "sign"),
        ("It is number 5. {{summary}}", "sign"),
        ("It is number ⅷ. {{summary}}", "sign"),
        ("See shop.test: {{summary}}", "spelled"),
        ("See shop/orders: {{summary}}", "sign"),
        ("See *this*: {{summary}}", "sign"),
        ("It is € for you. {{summary}}", "sign"),
        ("That is from Anne. {{summary}}", "name"),
        ("It is c a n c e l l e d. {{summary}}", "spelled"),
        ("Just can-celled. {{summary}}", "fact"),
        ("It is oк. {{summary}}", "letters"),
        ("Zamówienie jest tutaj. {{summary}}", "language"),
        ("Your order is history. {{summary}}", "claim"),
        ("Order deadbeef. {{summary}}", "claim"),
        ("Gladly. " * 80 + "{{summary}}", "long"),
    ],
)
def test_each_rule_refuses(text: str, reason: str) -> None:
    assert said(text) == reason


def test_an_answer_is_about_orders_that_are_on_offer_each_once() -> None:
    assert said("{{summary}}") is None
    assert said("{{summary:1}} {{order:2}} {{status:2}}", context(COMPLETED, PENDING), orders=(1, 2)) is None
    for orders in ((2,), (0,), (-1,), (1, 1), (1, 99)):
        assert said("{{summary}}", orders=orders) == "orders"
    assert said("{{summary:1}}", context(COMPLETED, PENDING), orders=(1, 2)) == "missing"
    assert said("{{limits}}", orders=()) == "orders"
    assert said("{{limits}}", context(COMPLETED, chosen=True), orders=()) is None


def test_that_an_order_was_not_found_is_always_said() -> None:
    asked = context(COMPLETED, not_found=("0badf00d",))

    assert said("{{summary}}", asked) == "missing"
    assert said("{{summary}} {{not_found}}", asked) is None
    assert said("{{not_found}}", context(not_found=("0badf00d",)), orders=()) is None


def test_the_answer_has_the_slot_that_answers() -> None:
    assert said("{{summary}}", intent=Intent.CANCEL) == "missing"
    assert said("{{cancel}}", intent=Intent.CANCEL) is None


def test_an_order_that_the_model_chose_among_the_latest_is_spoken_of() -> None:
    asked = context(PENDING, others=(SHIPPED,), chosen=True)
    draft = Draft(Intent.TRACKING, "en", (2,), "Here is {{order}}: {{tracking}}")
    slots = Slots(asked, draft.orders, "en")

    assert problem(draft, slots) is None
    assert "JJD000390007654321" in slots.fill(draft.text)
    assert slots.orders_in(draft.text) == (LAPTOP,)


def test_slots_are_filled_in_the_language_of_the_answer() -> None:
    slots = Slots(context(FAILED), (1,), "nl")

    assert slots.fill("{{status}}. {{reason}}").startswith("mislukt (FAILED). Je bank heeft de betaling geweigerd.")


def test_a_receipt_that_was_not_looked_for_is_not_denied() -> None:
    assert said("{{receipt}}", intent=Intent.RECEIPT) is None
    assert said("{{receipt}}", context(replace(COMPLETED, has_receipt=None)), intent=Intent.RECEIPT) == "slot"


def test_nothing_is_said_of_orders_that_were_not_looked_up() -> None:
    assert said("{{orders}}", context(), intent=Intent.RECENT, orders=()) == "slot"


def test_what_fills_a_slot_is_not_looked_through_for_slots() -> None:
    asked = context(replace(COMPLETED, items=(("{{order}} {total}", 1),)))

    assert Slots(asked, (1,), "en").fill("{{items}}.") == "1 × {{order}} {total}."


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language not in WITH_TEXTS])
def test_a_language_without_templates_has_its_own_words_for_what_an_order_is(language: str) -> None:
    states = {key.removeprefix("label.") for key in texts_in("en") if key.startswith("label.")}

    assert set(words_in(language)["states"]) == states
    assert len(words_in(language)["never"].split(",")) > 60
    assert Slots(context(SHIPPED), (1,), language).value("status", None) != "shipped (COMPLETED)"


_NAMES = st.sampled_from([*OF_AN_ORDER, *IN_GENERAL, "phone"])
_SLOTS = st.builds(lambda name, n: f"{{{{{name}{n}}}}}", _NAMES, st.sampled_from(["", ":1", ":2", ":3"]))
_TEXTS = st.lists(_SLOTS | st.sampled_from(["Here it is:", "Sure!", "Paid", "\n"]) | st.text(max_size=5), max_size=6)


@given(_TEXTS.map(" ".join), st.lists(st.integers(-1, 4), max_size=3), st.sampled_from(Intent))
def test_whatever_a_model_gives_back_is_refused_or_only_says_what_was_looked_up(
    text: str, orders: list[int], intent: Intent
) -> None:
    asked = context(COMPLETED, others=(PENDING,))
    draft = Draft(intent, "en", tuple(orders), text)
    slots = Slots(asked, draft.orders, "en")

    if problem(draft, slots) is None:
        assert "{{" not in slots.fill(text)
        assert set(slots.orders_in(text)) <= {LAPTOP, MOUSE}
