"""What the templates say: the same in each language, and for every order there can be."""

from __future__ import annotations

import string
from dataclasses import replace
from itertools import product

import pytest
from chalicelib.assistant.context import Intent
from chalicelib.assistant.languages import WITH_TEXTS as LANGUAGES
from chalicelib.assistant.languages import texts_in, words_in
from chalicelib.assistant.templates import Wording
from chalicelib.notifications import wording as mails
from chalicelib.orders.model import Shipment, ShipmentStatus, Status

from tests.assistant.contexts import PENDING, context

OTHERS = [language for language in LANGUAGES if language != "en"]


def places(text: str) -> list[str]:
    return sorted({name for _, name, _, _ in string.Formatter().parse(text) if name})


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_there_in_each_language_with_the_same_places(language: str) -> None:
    english = texts_in("en")

    assert texts_in(language).keys() == english.keys()
    for key, text in english.items():
        assert places(texts_in(language)[key]) == places(text), key


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_was_left_untranslated(language: str) -> None:
    same = {key for key, text in texts_in("en").items() if texts_in(language)[key] == text}

    assert same <= {"recent.line"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_can_be_understood_in_all_that_can_be_asked(language: str) -> None:
    assert words_in(language)["concepts"].keys() == words_in("en")["concepts"].keys()
    assert len(words_in(language)["function"].split()) > 40


def explained(language: str, code: str) -> list[str]:
    failed = replace(PENDING, status="FAILED", failure=code)
    return Wording(context(failed, language=language)).failure(failed)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_that_mails_explain_is_explained_here_too(language: str) -> None:
    unexplained = texts_in(language)["failure.OTHER"]

    for code in set(mails.CODES) - {"CANCELLED_BY_CUSTOMER"}:
        assert explained(language, code) not in ([unexplained], []), code
    assert explained(language, "WHO_KNOWS") == [unexplained]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("intent", Intent)
def test_there_is_an_answer_about_every_order_there_can_be(intent: Intent, language: str) -> None:
    shipment = Shipment("DHL", "JD0001", (), ShipmentStatus.SHIPPED, "2026-11-21T15:00:00.000Z")
    on_its_way = [(), *((replace(shipment, status=status),) for status in ShipmentStatus)]
    for status, shipments, left, receipt in product(Status, on_its_way, (0, 1), (False, True)):
        facts = replace(
            PENDING,
            status=status.value,
            shipments=shipments,
            left_to_ship=left,
            has_receipt=receipt,
            may_cancel=not shipments,
            failure="CARD_DECLINED" if status is Status.FAILED else "",
        )
        for orders in ((facts,), (facts, facts)):
            said = Wording(context(*orders, language=language, intent=intent)).text([intent])
            assert PENDING.order_id in said
            assert status.value in said or intent is Intent.RECEIPT
            assert "{" not in said
            assert "  " not in said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("intent", Intent)
@pytest.mark.parametrize("whose", [True, False])
@pytest.mark.parametrize("not_found", [(), ("abc12345",)])
def test_there_is_an_answer_where_there_is_no_order(
    intent: Intent, language: str, whose: bool, not_found: tuple[str, ...]
) -> None:
    said = Wording(context(language=language, not_found=not_found, whose=whose)).text([intent])

    assert said.strip()
    assert "{" not in said
    assert "abc12345" not in said


def test_a_shop_without_an_address_on_the_web_is_named() -> None:
    said = Wording(context(shop_name="Corner Shop", shop_url="")).text([Intent.GENERAL])

    assert "Please contact Corner Shop." in said


def test_words_from_outside_are_not_taken_for_places() -> None:
    facts = replace(PENDING, items=(("{contact} {0} {}", 2),))

    said = Wording(context(facts, shop_name="{name}", shop_url="{url}")).text([Intent.ITEMS])

    assert "2 × {contact} {0} {}" in said


def test_of_many_items_the_first_are_named_and_all_counted() -> None:
    facts = replace(PENDING, items=tuple((f"Thing {n}", 2) for n in range(100)))

    said = Wording(context(facts)).text([Intent.ITEMS])

    assert "Thing 9" in said
    assert "Thing 10" not in said
    assert "200 in all" in said
