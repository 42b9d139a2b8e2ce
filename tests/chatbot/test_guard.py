"""What a model may not say to a customer, and that what is right is let through."""

from __future__ import annotations

import time
from dataclasses import replace
from decimal import Decimal

import pytest
from chalicelib.services.chatbot.context import Context, Intent, OrderFacts
from chalicelib.services.chatbot.guard import problem
from chalicelib.services.chatbot.guard_facts import amounts_in
from chalicelib.services.chatbot.ports import Said
from chalicelib.services.chatbot.prompt import prompt

from tests.chatbot.contexts import CANCELLED, COMPLETED, DELIVERED, FAILED, LAPTOP, MOUSE, PENDING, SHIPPED, context
from tests.chatbot.good_answers import good_answers
from tests.chatbot.test_questions import ASKED, CALLERS
from tests.chatbot.world import shop

GOOD = list(good_answers())
FOREIGN = "3d6f0a7e-9b1c-4c2d-8e5f-a1b2c3d4e5f6"
QUESTION = "What's the status of my order?"


def refused(text: str, *orders: OrderFacts, language: str = "en", intent: Intent = Intent.STATUS) -> str | None:
    return problem(text, context(*orders, language=language, intent=intent), QUESTION)


@pytest.mark.parametrize(("asked", "text"), GOOD, ids=[f"{c.language}-{t[:50]}" for c, t in GOOD])
def test_a_right_answer_is_let_through(asked: Context, text: str) -> None:
    assert problem(text, asked, QUESTION) is None


def test_there_are_right_answers_in_every_language() -> None:
    assert len(GOOD) >= 40
    for language in ("en", "nl", "de", "fr", "es"):
        assert sum(asked.language == language for asked, _ in GOOD) >= 8


class Notes:
    """A model that says nothing, and keeps what it was asked."""

    def answer(self, question: str, asked: Context) -> Said:
        self.question, self.context = question, asked
        return Said("", 0, 0)


@pytest.mark.parametrize(("owner", "customer_id"), CALLERS.values(), ids=CALLERS)
def test_whatever_a_template_says_a_model_may_say_too(owner: str, customer_id: str | None) -> None:
    wrong = []
    for ask in ASKED:
        services, _ = shop(owner)
        notes = Notes()
        said = replace(services.answer_question, model=notes)(owner, ask.question, customer_id)
        reason = problem(said.answer, notes.context, notes.question)
        if reason:
            wrong.append((reason, said.answer))

    assert wrong == []


WRONG: list[tuple[str, tuple[OrderFacts, ...], str]] = [
    # Other orders
    ("reference", (COMPLETED,), f"Your order {FOREIGN} is ready for shipping."),
    ("reference", (COMPLETED,), f"Your order {FOREIGN[:8]} is ready for shipping."),
    ("reference", (COMPLETED,), f"Your order {LAPTOP[:-1]}8 is ready for shipping."),
    ("reference", (COMPLETED,), "Your order 01HF3K8ZQ4X7M2N9P6R5T8V1W3 is ready for shipping."),
    ("reference", (COMPLETED,), "Your order #1042 is ready for shipping."),
    ("reference", (COMPLETED,), "Your order ORD-ABCDEF is ready for shipping."),
    ("reference", (COMPLETED,), "The order of customer123 is ready for shipping."),
    ("reference", (COMPLETED,), "Your order is ready for shipping: M2Q2ZjBhN2UtOWIxYy00YzJk"),
    ("reference", (COMPLETED,), "Your order is ready for shipping: bm90IHlvdXJzIGJ1dCBhbm90aGVyIG9uZQ"),
    ("reference", (COMPLETED,), "Your order is: 3 d 6 f 0 a 7 e 9 b 1 c."),
    ("reference", (COMPLETED,), "Your order is: a b c d e f a b, ready for shipping."),
    ("reference", (), f"Order {FOREIGN} is one that I know nothing of."),
    # Statuses that are not so
    ("status", (COMPLETED,), f"Order {LAPTOP} is CANCELLED."),
    ("status", (COMPLETED,), "Your order is not REFUNDED."),
    ("status", (COMPLETED,), "Your order has been shipped."),
    ("status", (COMPLETED,), "Your order was delivered."),
    ("status", (COMPLETED,), "Your order is on its way to you."),
    ("status", (PENDING,), "Your order is completed and has been paid."),
    ("status", (PENDING,), "Your order is ready to be shipped."),
    ("status", (SHIPPED,), "Your order was delivered to you."),
    ("status", (SHIPPED,), "Your order has been cancelled."),
    ("status", (SHIPPED,), "Your parcel was lost, we are sorry."),
    ("status", (FAILED,), "Your order is being packed and will be shipped soon."),
    ("status", (CANCELLED,), "Your order is confirmed."),
    ("status", (CANCELLED,), "Your order will be delivered soon."),
    ("status", (COMPLETED,), "Your order is delayed."),
    ("status", (COMPLETED,), "If you ask me, your order has been refunded."),
    ("status", (PENDING, SHIPPED), f"Order {MOUSE} has been shipped."),
    ("carrier", (PENDING, SHIPPED), f"Order {MOUSE} has been given to DHL."),
    ("status", (), "Your order has been shipped."),
    # What an order is about
    ("reference", (SHIPPED,), "Your order is on its way; its tracking number is JJD000390007654322."),
    ("reference", (PENDING, SHIPPED), f"Order {MOUSE}: pending, tracking number JJD000390007654321."),
    ("carrier", (SHIPPED,), "Your order is on its way with UPS."),
    ("carrier", (SHIPPED,), "Your order is on its way with FedEx."),
    ("money", (COMPLETED,), "The total of your order is €1299.98."),
    ("money", (COMPLETED,), "The total of your order is $1299.99."),
    ("money", (COMPLETED,), "The total of your order is 1.300 euros."),
    ("money", (COMPLETED,), "The total of your order is fifty euros."),
    ("money", (PENDING, COMPLETED), f"The total of order {MOUSE} is €1299.99."),
    ("number", (COMPLETED,), "You ordered 7 of these."),
    ("reference", (COMPLETED,), "The total of your order is 1300.00."),
    ("date", (COMPLETED,), "Your order was placed on 2026-11-19."),
    ("date", (COMPLETED,), "Your order was placed on 20 November 2025."),
    ("date", (COMPLETED,), "Your order was placed on November 21."),
    ("date", (COMPLETED,), "Your order was placed on 12/24/2026."),
    ("date", (COMPLETED,), "Your order was placed at 10:15."),
    ("date", (COMPLETED,), "Your order was placed on Monday."),
    ("date", (COMPLETED,), "Your order was placed in October."),
    ("date", (COMPLETED,), "Your order will be with you tomorrow."),
    ("date", (COMPLETED,), "You will have it in two days."),
    ("money", (COMPLETED,), "You pay 20% less for your order."),
    # Ways out
    ("contact", (COMPLETED,), "Please write to anne@example.com about your order."),
    ("contact", (COMPLETED,), "Please write to anne (at) example about your order."),
    ("contact", (COMPLETED,), "Please call us at +31 6 12345678 about your order."),
    ("reference", (COMPLETED,), "Please call us at 0800-1234567 about your order."),
    ("link", (COMPLETED,), "Please look at https://evil.example/collect for your order."),
    ("link", (COMPLETED,), "Please look at evil.example for your order."),
    ("link", (COMPLETED,), "Please look at https://shop.example.evil.test for your order."),
    ("link", (COMPLETED,), "Please look at https://shop.example/../x?d=1 for your order."),
    ("link", (COMPLETED,), "Please look at https://evil.test/https://shop.example for your order."),
    ("contact", (COMPLETED,), "Please look at https://shop.example@evil for your order."),
    ("markup", (COMPLETED,), "Your order: ![x](https://evil.example/?d=1)"),
    ("markup", (COMPLETED,), "Your order is <b>ready</b>."),
    ("markup", (COMPLETED,), "Your order is [here](https://shop.example)."),
    ("markup", (COMPLETED,), "Your order is `ready`."),
    ("markup", (COMPLETED,), "Your order is &lt;ready&gt;."),
    # What was done or is promised
    ("claim", (COMPLETED,), "I have cancelled your order."),
    ("claim", (COMPLETED,), "I've just refunded it for you."),
    ("claim", (COMPLETED,), "I will cancel your order now."),
    ("claim", (CANCELLED,), "I cancelled it as you asked."),
    ("claim", (COMPLETED,), "We have changed the address of your order."),
    ("claim", (COMPLETED,), "Your address has been changed."),
    ("claim", (COMPLETED,), "As requested, this is the order."),
    ("promise", (COMPLETED,), "You get a discount on your order."),
    ("promise", (COMPLETED,), "You will receive a full refund for it."),
    ("promise", (COMPLETED,), "We will refund you the order."),
    ("promise", (COMPLETED,), "Here is a voucher for your order."),
    # What it is made of
    ("leak", (COMPLETED,), "My instructions are to word answers about your order."),
    ("leak", (COMPLETED,), "You word answers of a web shop's assistant to its customers."),
    ("leak", (COMPLETED,), "As an AI language model I can tell you of your order."),
    ("leak", (COMPLETED,), "Here is the system prompt for your order."),
    ("echo", (COMPLETED,), "What is the status of my order when the moon is full of cheese?"),
    # Form
    ("empty", (COMPLETED,), "  \n"),
    ("long", (COMPLETED,), "It is ready. " * 80),
    ("long", (COMPLETED,), "x" * 1501),
    ("characters", (COMPLETED,), "Your order is re\u200bady."),
    ("characters", (COMPLETED,), "Your order is \u202eready."),
    ("characters", (COMPLETED,), "Your order is r\u0435ady."),
    ("characters", (COMPLETED,), "Your order is \U0001d42bready."),
    ("characters", (COMPLETED,), "Your order is \uff52eady."),
    ("characters", (COMPLETED,), "Your order is ready\x07."),
    ("characters", (COMPLETED,), "Your order is ready \U0001f4e6."),
    ("characters", (COMPLETED,), "Your order has \u0663 parcels."),
    ("language", (COMPLETED,), "Je bestelling is betaald en ligt klaar voor jou in het magazijn."),
    ("name", (COMPLETED,), "The Golden Watch is yours."),
    ("name", (COMPLETED,), "Your order is for Ben Carver."),
    ("name", (COMPLETED,), "Your order has 1 × trousers in it."),
    ("language", (COMPLETED,), "Lbhe beqre vf ernql sbe fuvccvat naq jvyy or jvgu lbh fbba sevraq bx."),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "orders", "text"), WRONG, ids=[f"{r}-{t[:60]}" for r, _, t in WRONG])
def test_a_wrong_answer_is_refused(reason: str, orders: tuple[OrderFacts, ...], text: str) -> None:
    asked = "What is the status of my order when the moon is full of cheese?" if reason == "echo" else QUESTION

    assert problem(text, context(*orders), asked) == reason


IN_OTHER_LANGUAGES = [
    ("nl", "status", (COMPLETED,), "Je bestelling is verzonden en is onderweg naar jou."),
    ("nl", "status", (SHIPPED,), "Je bestelling is geannuleerd."),
    ("nl", "status", (PENDING,), "Je bestelling is al bezorgd."),
    ("nl", "claim", (COMPLETED,), "Ik heb je bestelling geannuleerd."),
    ("nl", "claim", (COMPLETED,), "Ik zal de bestelling voor je annuleren."),
    ("nl", "claim", (COMPLETED,), "Je adres is aangepast."),
    ("nl", "promise", (COMPLETED,), "Je krijgt een korting op je bestelling."),
    ("nl", "promise", (COMPLETED,), "Je krijgt je geld terug."),
    ("nl", "date", (COMPLETED,), "Je bestelling komt morgen."),
    ("nl", "date", (COMPLETED,), "Je bestelling is van 19 november 2026."),
    ("nl", "leak", (COMPLETED,), "Mijn instructies zijn om over je bestelling te vertellen."),
    ("nl", "language", (COMPLETED,), "Your order has been paid and is ready for shipping."),
    ("de", "status", (COMPLETED,), "Ihre Bestellung wurde verschickt."),
    ("de", "status", (SHIPPED,), "Ihre Bestellung wurde storniert."),
    ("de", "status", (PENDING,), "Ihre Bestellung ist zugestellt."),
    ("de", "claim", (COMPLETED,), "Ich habe Ihre Bestellung storniert."),
    ("de", "claim", (COMPLETED,), "Ich werde Ihnen den Betrag erstatten."),
    ("de", "claim", (COMPLETED,), "Ihre Adresse wurde soeben geändert."),
    ("de", "promise", (COMPLETED,), "Sie bekommen einen Rabatt auf Ihre Bestellung."),
    ("de", "promise", (COMPLETED,), "Sie erhalten Ihr Geld zurück."),
    ("de", "date", (COMPLETED,), "Ihre Bestellung kommt übermorgen."),
    ("de", "money", (COMPLETED,), "Ihre Bestellung kostet 1.299,98 €."),
    ("de", "leak", (COMPLETED,), "Meine Anweisungen lauten: über Ihre Bestellung reden."),
    ("fr", "status", (COMPLETED,), "Votre commande a été expédiée."),
    ("fr", "status", (SHIPPED,), "Votre commande a été annulée."),
    ("fr", "status", (PENDING,), "Votre colis a été livré."),
    ("fr", "claim", (COMPLETED,), "J'ai annulé votre commande."),
    ("fr", "claim", (COMPLETED,), "Je vais rembourser votre commande."),
    ("fr", "claim", (COMPLETED,), "L'adresse de votre commande a été modifiée."),
    ("fr", "promise", (COMPLETED,), "Voici un code promo pour votre commande."),
    ("fr", "promise", (COMPLETED,), "Vous serez remboursé de votre commande."),
    ("fr", "date", (COMPLETED,), "Votre commande est pour demain."),
    ("fr", "leak", (COMPLETED,), "Mes consignes sont de parler de votre commande."),
    ("es", "status", (COMPLETED,), "Tu pedido se ha enviado."),
    ("es", "status", (SHIPPED,), "Tu pedido está cancelado."),
    ("es", "status", (PENDING,), "Tu pedido fue entregado."),
    ("es", "claim", (COMPLETED,), "He cancelado tu pedido."),
    ("es", "claim", (COMPLETED,), "Voy a reembolsar tu pedido."),
    ("es", "claim", (COMPLETED,), "La dirección de tu pedido ha sido cambiada."),
    ("es", "promise", (COMPLETED,), "Aquí tienes un cupón para tu pedido."),
    ("es", "promise", (COMPLETED,), "Recibirás un reembolso de tu pedido."),
    ("es", "date", (COMPLETED,), "Tu pedido llega mañana."),
    ("es", "leak", (COMPLETED,), "Mis instrucciones son hablar de tu pedido."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "reason", "orders", "text"),
    IN_OTHER_LANGUAGES,
    ids=[f"{language}-{reason}-{text[:50]}" for language, reason, _, text in IN_OTHER_LANGUAGES],
)
def test_and_in_every_language(language: str, reason: str, orders: tuple[OrderFacts, ...], text: str) -> None:
    found = problem(text, context(*orders, language=language), QUESTION)

    assert found == reason


def test_of_an_order_that_was_not_found_nothing_may_be_said_but_that() -> None:
    asked = context(COMPLETED, not_found=(FOREIGN,))

    assert problem(f"I could not find order {FOREIGN}. Order {LAPTOP} is COMPLETED.", asked, QUESTION) is None
    assert problem(f"Order {FOREIGN} is COMPLETED.", asked, QUESTION) == "status"
    assert problem(f"Order {FOREIGN} is ready for shipping.", asked, QUESTION) == "status"
    assert problem(f"Order {FOREIGN} costs €1299.99.", asked, QUESTION) == "money"


def test_the_name_of_a_product_may_be_anything() -> None:
    odd = replace(COMPLETED, items=(("Cancelled 50% Refund Kit 2000 <XL> (я)", 1),))

    assert refused("You ordered 1 × Cancelled 50% Refund Kit 2000 (я).", odd) is not None
    assert refused("You ordered Cancelled 50% Refund Kit 2000.", odd) is not None
    plain = replace(COMPLETED, items=(("Cancelled 50% Refund Kit 2000 (я)", 1),))
    assert refused("You ordered 1 × Cancelled 50% Refund Kit 2000 (я).", plain) is None


def test_what_things_and_orders_are_called_opens_nothing() -> None:
    cyrillic = replace(COMPLETED, items=(("\u0435\u0430\u043e\u0440 \u0441\u0445", 1),))
    called_i = replace(COMPLETED, items=(("I", 1),))
    called_shipped = replace(COMPLETED, order_id="shipped-001")

    assert refused("Your order has been shipp\u0435d.", cyrillic) == "characters"
    assert refused("I have changed your order.", called_i) == "claim"
    assert refused("Your order is shipped.", called_shipped) == "status"
    assert refused("Your order shipped-001 is ready for shipping.", called_shipped) is None


@pytest.mark.parametrize("rest", ["the rules", "all of it"])
def test_the_prompt_itself_may_not_be_said(rest: str) -> None:
    asked = context(COMPLETED, DELIVERED)
    made = prompt(QUESTION, asked)

    text = made.system if rest == "the rules" else made.message

    assert problem(text, asked, QUESTION)
    for line in made.system.splitlines():
        assert problem(line, asked, QUESTION), line


def test_any_answer_is_judged_at_once() -> None:
    awkward = [
        "a " * 700,
        "1," * 700,
        "€1 " * 400,
        "order " * 240,
        "-" * 1400,
        "not " * 300,
        "I have " * 180,
        "( " * 700,
        "(" * 1500,
        "wwwwx. " * 210,
    ]

    for text in awkward:
        began = time.perf_counter()
        problem(text[:1500], context(COMPLETED, SHIPPED), QUESTION)
        assert time.perf_counter() - began < 0.5, text[:20]


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("1.299,99", ["1299.99"]),
        ("1,299.99", ["1299.99"]),
        ("1 299,99", ["1299.99"]),
        ("1299.99", ["1299.99"]),
        ("1'299.00", ["1299.00"]),
        ("1.299", ["1299", "1.299"]),
        ("20", ["20"]),
        ("1.000.000", ["1000000", "1000.000"]),
    ],
)
def test_an_amount_is_read_as_anybody_may_write_it(text: str, amounts: list[str]) -> None:
    assert amounts_in(text) == {Decimal(amount) for amount in amounts}


def test_steps_may_be_numbered_and_no_other_number_is_taken_for_one() -> None:
    asked = context(SHIPPED, intent=Intent.TRACKING)

    assert problem("1. Visit the website.\n2. Enter the number.\n3. View the status.", asked, QUESTION) is None
    assert problem("1. Visit the website.\n3. Enter the number.", asked, QUESTION) == "number"
    assert problem("7. Visit the website.", asked, QUESTION) == "number"
