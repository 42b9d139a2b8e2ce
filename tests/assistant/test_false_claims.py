"""False claims of all kinds in five languages, each beside a slot that is right: none of them is given.

No list of them is complete. What an answer is about is in a slot, though: a false claim that gets through stands
beside the truth."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from chalicelib.assistant.context import Context
from chalicelib.assistant.rules import problem
from chalicelib.assistant.slots import Slots

from tests.assistant import contexts
from tests.assistant.attacked import around
from tests.assistant.good_answers import good_answers

_IDS = {"L": contexts.LAPTOP, "M": contexts.MOUSE, "C": contexts.CHAIR}
OTHER_FALSE_CLAIMS = contexts.texts_of("hostile.json")
FALSE_CLAIMS = json.loads(Path(__file__).with_name("false_claims.json").read_text(encoding="utf-8"))


def found(text: str, asked: Context, language: str = "") -> str | None:
    draft = around(text, asked, language)
    return problem(draft, Slots(asked, draft.orders, draft.language))


@pytest.mark.parametrize(
    "claim", FALSE_CLAIMS, ids=[f"{claim['language']}-{claim['text'][:60]}" for claim in FALSE_CLAIMS]
)
def test_a_false_claim_is_refused(claim: dict[str, Any]) -> None:
    assert found(str(claim["text"]).format(**_IDS), contexts.named(claim))


def test_there_are_false_claims_in_every_language() -> None:
    assert len(FALSE_CLAIMS) >= 300
    for language in ("en", "nl", "de", "fr", "es"):
        assert sum(claim["language"] == language for claim in FALSE_CLAIMS) >= 20


@pytest.mark.parametrize(("language", "text"), OTHER_FALSE_CLAIMS)
def test_false_claims_in_slang_and_paraphrases_are_refused_too(language: str, text: str) -> None:
    """Amounts in slang, statuses in other words and languages, promises, insults, bait."""
    assert found(text, contexts.context(contexts.COMPLETED, language=language), language)


KNOWN_GAPS = [
    "Vote for us.",
    "The earth is flat.",
    "Take all of these pills.",
    "Adieu to your order.",
    "Order more.",
    "Order the same thing once more.",
    "Please order more of it.",
]
"""Nonsense that no short list has: it states no status, no money, no promise, and the slot beside it is right."""


@pytest.mark.parametrize("text", KNOWN_GAPS)
def test_gaps_are_known(text: str) -> None:
    assert found(text, contexts.context(contexts.COMPLETED)) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Your order {{order}} is history.", "claim"),
        ("Your order is {{status}}.", None),
        ("Your order {{order}} is currently in this state: {{status}}.", None),
        ("Your order is a story that I could tell you about if {{status}}", "claim"),
        ("Your order \uffff is \uffff.", "sign"),
    ],
)
def test_what_is_said_of_an_order_ends_in_a_slot(text: str, reason: str | None) -> None:
    assert found(text, contexts.context(contexts.COMPLETED)) == reason


HIDDEN = [
    "\u200b",
    "\u200d",
    "\u00ad",
    "\u2060",
    "\ufeff",
    "\u202e",
    "\u0336",
    "\U000e0061",
    "\u0660",
    "\uff11",
    "\u2460",
    "\u4e94\U0001f51f",
]


@pytest.mark.parametrize("sign", HIDDEN, ids=ascii)
def test_nothing_unseen_and_no_digit_of_any_script_is_given(sign: str) -> None:
    for asked, draft in good_answers():
        spoilt = replace(draft, text=f"{draft.text} {sign}")
        assert problem(spoilt, Slots(asked, draft.orders, draft.language)) in ("sign", "letters"), draft.text


@pytest.mark.parametrize("word", ["stolen", "gestolen", "gestohlen", "ʃhipped", "shıpped", "Amsterdam", "PIN"])
def test_one_such_word_is_enough(word: str) -> None:
    for asked, draft in good_answers():
        spoilt = replace(draft, text=f"OK {word} {draft.text}")
        assert problem(spoilt, Slots(asked, draft.orders, draft.language)), draft.text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The opposite of this is true:"),
        ("en", "Please ignore this:"),
        ("nl", "Dit is fout:"),
        ("de", "Das ist falsch:"),
        ("fr", "Ceci est faux :"),
        ("es", "Esto es falso:"),
        ("ru", "Это ложь:"),
        ("zh", "这是假的："),
    ],
)
def test_what_a_slot_says_is_not_denied(language: str, text: str) -> None:
    assert found(text, contexts.context(contexts.COMPLETED), language) == "fact"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("it", "Il suo ordine è stato annullato e rimborsato."),
        ("pt", "O seu pedido foi cancelado e o dinheiro devolvido."),
        ("pl", "Twoje zamówienie zostało anulowane, a pieniądze zwrócone."),
        ("sv", "Din beställning är avbeställd och pengarna är på väg till dig."),
        ("da", "Din ordre er annulleret og dine penge er på vej til dig."),
        ("fi", "Tilauksesi on peruttu ja rahat palautetaan."),
        ("cs", "Vaše objednávka je zrušena a peníze jsou na cestě."),
        ("ro", "Comanda dumneavoastră este anulată și banii sunt returnați."),
        ("hu", "A rendelése törölve lett és a pénz úton van."),
        ("tr", "Siparişiniz iptal edildi ve paranız iade edildi."),
        ("ru", "Ваш заказ отменён, и деньги возвращены вам."),
        ("uk", "Ваше замовлення скасовано, і гроші повернуто вам."),
        ("ja", "ご注文はキャンセルされ、返金されました。"),
        ("zh", "您的订单已经取消，钱已经退给您。"),
        ("et", "Teie tellimus on tühistatud ja raha tagastatud."),
    ],
)
def test_nor_is_it_given_in_a_language_without_templates(language: str, text: str) -> None:
    asked = contexts.context(contexts.COMPLETED)

    assert found(text, asked, language)
    assert found(text, asked, "en")
    assert found(text, asked, "nl")
