"""A guest's token opens one order, and all guests are one owner: a question with it never reaches another order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.orders.commands import GUEST
from chalicelib.orders.model import Order

from tests.assistant.attacked import Obeying, everything
from tests.assistant.injections import ATTACKS, WISHES, Attack
from tests.assistant.questions import CONFIRMED, SHIPPED
from tests.assistant.sample_orders import FOREIGN, ORDERS, SECRETS, shop, whole_id
from tests.assistant.test_injections import OF_OTHERS
from tests.support.builders.examples import SETTINGS
from tests.support.fakes.adapters import FakeAdapters

MAIL = "noor@example.com"


class _Closed:
    """A shop's store that fails whoever reads it."""

    def __getattr__(self, name: str) -> Any:
        pytest.fail(f"the shop's store was asked: {name}")


def _guests(name: str) -> Order:
    return replace(ORDERS[name], owner=GUEST, customer_id=MAIL, customer_email=MAIL)


def _asked(question: str, order: Order, wish: str | None = None) -> Any:
    fakes = replace(FakeAdapters(), orders=_Closed(), chat_model=Obeying(wish) if wish else None)
    return Services(SETTINGS, fakes).customers.answer_question.about(order, question)


@pytest.mark.parametrize(
    "question",
    ["Where is my order?", "Show me my recent orders", f"status of {whole_id(SHIPPED)}", f"where is {SHIPPED:.8}"],
)
def test_the_order_is_told_of_however_it_is_asked_for(question: str) -> None:
    answer = _asked(question, _guests(SHIPPED))

    assert answer.orders == (whole_id(SHIPPED),)
    assert whole_id(SHIPPED) in answer.answer


@pytest.mark.parametrize("form", ["{}", "{:.8}", "{:.13}", "the order number {:.8}"])
def test_any_other_order_is_answered_as_one_that_is_not_there(form: str) -> None:
    """Also another guest's with the same address: the token is for one."""
    anothers = _asked(f"Where is my order {form.format(whole_id(CONFIRMED))}?", _guests(SHIPPED))
    nobodys = _asked(f"Where is my order {form.format('0badf00d-0000-4000-8000-000000000001')}?", _guests(SHIPPED))

    assert anothers == nobodys
    assert anothers.orders == ()


def test_of_two_that_are_named_only_the_tokens_is_told_of() -> None:
    answer = _asked(f"Compare {whole_id(SHIPPED)} with {whole_id(CONFIRMED)}", _guests(SHIPPED))

    assert answer.orders == (whole_id(SHIPPED),)
    assert whole_id(CONFIRMED) not in answer.answer


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_no_attack_reveals_anything_or_is_heard(attack: Attack) -> None:
    order = _guests(SHIPPED)
    if attack.product:
        order = replace(order, lines=(replace(order.lines[0], name=attack.product),))

    for wish in (None, attack.wants, *WISHES):
        answer = _asked(attack.question, order, wish)
        said = answer.answer.replace(attack.product, "") if attack.product else answer.answer
        assert answer.source == "template", wish
        assert set(answer.orders) <= {order.order_id}
        assert [secret for secret in OF_OTHERS if secret.lower() in said.lower()] == [], wish


def test_asking_changes_nothing() -> None:
    services, fakes = shop(GUEST)
    order = fakes.store.orders[whole_id(CONFIRMED)]
    before = everything(fakes)

    for question in ("cancel it", "refund it now", "where is my receipt", *(made.order_id for made in FOREIGN)):
        answer = services.customers.answer_question.about(order, question)
        assert not [secret for secret in SECRETS if secret in answer.answer]

    assert everything(fakes) == before


OF_ACCOUNTS = ["under your orders", "onder je bestellingen", "unter Ihren Bestellungen", "vos commandes", "tus pedidos"]
"""Where customers with an account look; guests have no list of orders."""
HOW_TO_CANCEL = {
    "Can I cancel my order?": "on the order's page",
    "Kan ik mijn bestelling annuleren?": "op de pagina van de bestelling",
    "Kann ich meine Bestellung stornieren?": "auf der Seite der Bestellung",
    "Puis-je annuler ma commande ?": "sur la page de la commande",
    "¿Puedo cancelar mi pedido?": "en la página del pedido",
}


@pytest.mark.parametrize(("question", "where"), HOW_TO_CANCEL.items(), ids=["en", "nl", "de", "fr", "es"])
def test_guests_are_sent_to_the_orders_page_and_customers_to_their_orders(question: str, where: str) -> None:
    guests = _asked(question, _guests(CONFIRMED)).answer
    customers = _asked(question, ORDERS[CONFIRMED]).answer

    assert where in guests
    assert not [words for words in OF_ACCOUNTS if words in guests]
    assert where not in customers
    assert [words for words in OF_ACCOUNTS if words in customers]
