"""Which orders are read for a question, and how few reads that takes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from chalicelib.orders.model import HistoryRow, Order, Status

from tests.assistant.asking import asked, behind
from tests.assistant.questions import CONFIRMED, PENDING, READY, SHIPPED
from tests.assistant.sample_orders import CUSTOMER, FOREIGN, ORDERS, PARTNER, SECRETS, shop, whole_id
from tests.support.builders.examples import order
from tests.support.fakes.adapters import FakeAdapters


@pytest.mark.parametrize(
    ("question", "calls"),
    [
        ("Hello", []),
        ("What is the meaning of life?", []),
        (f"status of {whole_id(PENDING)}", ["GetItem"]),
        (f"{whole_id(PENDING)} {whole_id(SHIPPED)}", ["GetItem"] * 2),
        (" ".join(made.order_id for made in ORDERS.values()), ["GetItem"] * 3),
        (f"status of {PENDING}", ["Query", "BatchGetItem"]),
        ("status of 0badf00d, 0badf00e and 0badf00f", ["Query", "BatchGetItem", "GetItem"]),
        (f"{whole_id(PENDING)}, {whole_id(SHIPPED)} and {CONFIRMED}", ["Query", "BatchGetItem"]),
        ("order bus-99999", ["Query", "BatchGetItem", "GetItem"]),
        ("Show me my recent orders", ["Query", "BatchGetItem"]),
        ("Where is my package?", ["Query", "BatchGetItem"]),
    ],
)
def test_a_question_takes_few_reads(question: str, calls: list[str]) -> None:
    assert asked(question)[1] == calls


def test_a_word_that_is_no_id_costs_one_call_more_and_is_forgotten() -> None:
    answer, calls = asked("Where is my order? My number is 12345678")

    assert answer.orders == (whole_id(PENDING),)
    assert calls == ["Query", "BatchGetItem", "GetItem"]


@pytest.mark.parametrize("foreign", FOREIGN, ids=["another partner's", "another customer's", "a signed-in person's"])
@pytest.mark.parametrize("form", ["{}", "{:.8}", "{:.13}"])
def test_anothers_order_is_answered_as_one_that_is_not_there(foreign: Order, form: str) -> None:
    question = "Where is my order {}? It is mine, I paid for it."

    anothers, _ = asked(question.format(form.format(foreign.order_id)))
    nobodys, _ = asked(question.format(form.format("0badf00d-0000-4000-8000-000000000001")))

    assert anothers == nobodys
    assert anothers.orders == ()
    assert not [secret for secret in SECRETS if secret in anothers.answer]


def test_without_a_customer_a_partner_asks_about_all_its_orders_by_id() -> None:
    answer, _ = asked(f"status of {FOREIGN[1].order_id}", customer_id=None)

    assert answer.orders == (FOREIGN[1].order_id,)


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("Show me my recent orders", "customerId"),
        ("Where is my order?", "Which order"),
        ("What is in my order?", "Which order"),
        ("How do I track my package?", "number"),
        ("How do I cancel?", "cancel"),
        ("How do I return it?", "return"),
        ("I need an invoice", "receipt"),
    ],
)
def test_without_a_customer_nobodys_latest_order_is_meant(question: str, says: str) -> None:
    answer, calls = asked(question, customer_id=None)

    assert says in answer.answer
    assert answer.orders == ()
    assert calls == []


def test_a_customer_without_orders_is_told_so() -> None:
    for question in ("Show me my recent orders", "Where is my order?"):
        assert asked(question, customer_id="nobody")[0].answer == "I find no orders here."


def test_a_signed_in_customer_who_names_another_sees_nothing() -> None:
    answer, _ = asked("Show me my recent orders", "c-anne", "ben")

    assert answer.orders == ()


def test_an_order_that_there_was_no_call_left_to_look_for_is_not_denied() -> None:
    answer, _ = asked(f"{whole_id(PENDING)}, {whole_id(SHIPPED)} and 0badf00d", fakes=behind(130))

    assert answer.orders == (whole_id(PENDING),)


@pytest.mark.parametrize("newer", [24, 25, 30, 99, 100, 130, 500])
@pytest.mark.parametrize("customer_id", [CUSTOMER, None])
@pytest.mark.parametrize("words", ["Where is my order {}?", "status of order {}", "{}"])
def test_an_order_is_found_by_its_short_number_however_many_are_newer(
    newer: int, customer_id: str | None, words: str
) -> None:
    answer, calls = asked(words.format(SHIPPED), customer_id=customer_id, fakes=behind(newer))

    assert answer.orders == (whole_id(SHIPPED),)
    assert len(calls) <= 4


@pytest.mark.parametrize("foreign", FOREIGN, ids=["another partner's", "another customer's", "a signed-in person's"])
def test_anothers_order_is_not_found_behind_many_either(foreign: Order) -> None:
    fakes = behind(130)

    anothers, _ = asked(f"Where is order {foreign.order_id[:8]}?", fakes=fakes)

    assert anothers == asked("Where is order 0badf00d?", fakes=fakes)[0]
    assert anothers.orders == ()
    assert "no such order among yours" in anothers.answer


LATEST_WORDS = {
    "Where is parcel #3SNOBODY9?": "among the latest 100 of yours",
    "Waar is mijn bestelling #3SNOBODY9?": "laatste 100 bestellingen",
    "Wo ist meine Bestellung #3SNOBODY9?": "letzten 100 Bestellungen",
    "Où est ma commande #3SNOBODY9 ?": "vos 100 dernières",
    "¿Dónde está mi pedido #3SNOBODY9?": "últimos 100",
}


@pytest.mark.parametrize(("question", "said"), LATEST_WORDS.items(), ids=["en", "nl", "de", "fr", "es"])
def test_what_was_looked_for_among_the_latest_only_is_said_to_be(question: str, said: str) -> None:
    assert said not in asked(question)[0].answer

    answer, _ = asked(question, fakes=behind(130))

    assert said in answer.answer
    assert answer.orders == ()


def test_a_short_number_is_denied_only_as_far_as_it_was_looked_for() -> None:
    fakes = behind(130)
    fakes.orders.most_keys = 120

    answer, _ = asked(f"Where is order {SHIPPED}?", fakes=fakes)

    assert "among the latest 120 of yours" in answer.answer


def test_a_model_that_does_not_know_how_far_it_was_looked_is_not_asked() -> None:
    fakes = behind(130)

    class Model:
        def draft(self, *_: Any) -> Any:
            raise AssertionError("asked")

    fakes.chat_model = Model()

    answer, _ = asked("Where is order #3SNOBODY9?", fakes=fakes)

    assert answer.source == "template"


@pytest.mark.parametrize(
    ("question", "there", "none"),
    [
        ("Where is the receipt of order {}?", "confirmation e-mail", "There is no receipt"),
        ("Waar is de factuur van bestelling {}?", "bevestigingsmail", "geen bon"),
        ("Ich brauche die Rechnung für Bestellung {}", "Bestätigungsmail", "keine Quittung"),
        ("Où est la facture de la commande {} ?", "e-mail de confirmation", "pas de reçu"),
        ("Necesito la factura del pedido {}", "correo de confirmación", "No hay recibo"),
    ],
)
@pytest.mark.parametrize("unsuccessful", ["0ca9ce11", "00cebac1", "04ef04de"])
def test_of_an_order_that_was_cancelled_the_receipt_is_told_of_if_it_was_written(
    question: str, there: str, none: str, unsuccessful: str
) -> None:
    _, fakes = shop()
    before = asked(question.format(unsuccessful), fakes=fakes)[0].answer

    fakes.documents.add(f"receipts/{whole_id(unsuccessful)}.pdf", b"receipt", "application/pdf")

    after = asked(question.format(unsuccessful), fakes=fakes)[0].answer
    assert (none in before, there in before) == (True, False)
    assert (none in after, there in after) == (False, True)


def test_a_product_names_an_order_only_where_all_are_one_customers() -> None:
    assert asked("where is my LAPTOP001?")[0].orders == (whole_id(CONFIRMED), whole_id(READY))
    assert asked("where is my LAPTOP001?", customer_id=None)[0].orders == ()


def test_of_the_latest_orders_those_with_the_product_are_meant() -> None:
    answer, _ = asked("When will my laptop arrive?")

    assert answer.orders == (whole_id(CONFIRMED),)


@pytest.mark.parametrize("ended", ["FAILED", "CANCELLED", "REFUNDED"])
def test_of_an_order_that_ended_early_nobody_expects_a_shipment(ended: str) -> None:
    bought, unsuccessful = placed(20, "CONFIRMED"), placed(21, ended)
    fakes = holding(bought, unsuccessful)

    assert asked("How do I track my package?", fakes=fakes)[0].orders == (bought.order_id,)
    assert asked("What is the status of my order?", fakes=fakes)[0].orders == (unsuccessful.order_id,)


def test_where_all_ended_early_the_latest_is_told_of() -> None:
    fakes = holding(placed(20, "FAILED"), placed(21, "FAILED"))

    answer, _ = asked("How do I track my package?", fakes=fakes)

    assert answer.orders == (placed(21, "FAILED").order_id,)
    assert "FAILED" in answer.answer


def test_an_order_is_found_behind_many_that_were_cancelled() -> None:
    bought, *unsuccessful = (placed(day, "CANCELLED" if day > 10 else "CONFIRMED") for day in range(10, 30))

    answer, _ = asked("Where is my package?", fakes=holding(bought, *unsuccessful))

    assert answer.orders == (bought.order_id,)


def holding(*orders: Order) -> FakeAdapters:
    fakes = FakeAdapters()
    for one in orders:
        fakes.orders.add(one)
    return fakes


def placed(day: int, status: str) -> Order:
    at = f"2026-11-{day}T10:00:00.000Z"
    history = (HistoryRow(Status.PENDING, at), HistoryRow(Status(status), at))
    order_id = f"{day:08x}-0000-4000-8000-000000000000"
    return order(order_id=order_id, owner=PARTNER, customer_id=CUSTOMER, created_at=at, history=history)


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("Why was my card refused?", "0decc11e"),
        ("¿Por qué rechazaron mi tarjeta?", "0decc11e"),
        ("Why did my order fail?", "0ff70c40"),
        ("When will I get my refund?", "0ca9ce11"),
        ("How can I get a refund?", "09a77ed1"),
        ("I want to send it back for a refund", "09a77ed1"),
    ],
)
def test_of_the_latest_that_one_is_meant_that_fits_the_question(question: str, meant: str) -> None:
    assert asked(question)[0].orders == (whole_id(meant),)


def numbered(number: str = "100482", **changes: Any) -> FakeAdapters:
    """The shop, and one order with a number."""
    _, fakes = shop()
    made = order(owner=PARTNER, customer_id=CUSTOMER, order_number=number, created_at="2026-11-01T00:00:00.000Z")
    fakes.orders.add(replace(made, order_id="0ddba11a-0000-4000-8000-000000000000", **changes))
    return fakes


@pytest.mark.parametrize(
    "question",
    [
        "Where is my order 100482?",
        "Where is #100482?",
        "100482?",
        "Wo ist meine Bestellung Nr. 100482?",
        "Où est ma commande numéro 100482 ?",
    ],
)
def test_an_order_is_found_by_its_number(question: str) -> None:
    answer, calls = asked(question, fakes=numbered())

    assert answer.orders == ("0ddba11a-0000-4000-8000-000000000000",)
    assert "100482 (0ddba11a-0000-4000-8000-000000000000)" in answer.answer
    assert calls == ["Query", "BatchGetItem"]


@pytest.mark.parametrize("changes", [{"owner": "p-two"}, {"customer_id": "ben"}, {"owner": "c-anne"}], ids=str)
def test_anothers_number_is_answered_as_one_that_no_order_has(changes: dict[str, str]) -> None:
    anothers, _ = asked("Where is my order 100482?", fakes=numbered(**changes))
    nobodys, _ = asked("Where is my order 100482?", fakes=shop()[1])

    assert anothers == nobodys
    assert anothers.orders == ()
