"""What is read out of a question: ids, language, negations, slips of the finger."""

from __future__ import annotations

import pytest
from chalicelib.assistant.context import Intent
from chalicelib.assistant.references import Reference, references
from chalicelib.assistant.understanding import understand
from chalicelib.assistant.words import words_of
from chalicelib.kit.typing_errors import nearest
from hypothesis import given
from hypothesis import strategies as st

WHOLE = "142e376a-c742-593f-927c-a60475641398"


@pytest.mark.parametrize(
    "question",
    [
        f"order {WHOLE}",
        f"order {WHOLE.upper()}?",
        f"#{WHOLE}.",
        f'"{WHOLE}"',
        f"https://shop.test/orders/{WHOLE}/receipt",
        f"my order is {WHOLE.replace('-', '')}, where is it",
        f"{WHOLE} {WHOLE}",
        f"({WHOLE})",
    ],
)
def test_a_whole_id_is_found_however_it_is_written(question: str) -> None:
    found, rest = references(question)

    assert found == (Reference(WHOLE, True),)
    assert found[0].whole
    assert "142e376a" not in rest.lower()


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("abc12345", "abc12345"),
        ("Order ID: abc12345...", "abc12345"),
        ("ABC12345?", "abc12345"),
        ("#abc12345!", "abc12345"),
        ("'abc12345'", "abc12345"),
        ("«abc12345»", "abc12345"),
        ("142e376a-c742-593f", "142e376a-c742-593f"),
        ("order 12345", "12345"),
        ("Order No. 1234", "1234"),
        ("bestelling nummer 98765", "98765"),
        ("Bestellung Nr. 98765", "98765"),
        ("commande n° 98765", "98765"),
        ("pedido número 98765", "98765"),
        ("order #7", "7"),
        ('order "the-first"', "the-first"),
    ],
)
def test_what_is_meant_as_an_order_is_certain(question: str, text: str) -> None:
    assert references(question)[0] == (Reference(text, True),)


@pytest.mark.parametrize("question", ["where is ORD-2026-77?", "3SABC0001", "it is 1234567", "my RTX4090X card"])
def test_what_could_be_an_id_is_looked_for_but_not_insisted_on(question: str) -> None:
    found, rest = references(question)

    assert [reference.certain for reference in found] == [False]
    assert found[0].text in rest


@pytest.mark.parametrize(
    "question",
    [
        "",
        "my order from 2026",
        "I ordered 2 laptops on 2026-11-21",
        "on 21.11.2026 at 10:30",
        "it cost 1299.99",
        "I paid €12345",
        "call +31612345678",
        "order two mice",
        "the order of the phoenix",
        "24/7 service",
        "ordered the 3rd time",
    ],
)
def test_dates_amounts_and_telephone_numbers_are_no_ids(question: str) -> None:
    assert references(question)[0] == ()


def test_many_words_that_look_like_ids_do_not_crowd_out_a_real_one() -> None:
    found, _ = references(" ".join(f"AB-{n:05d}" for n in range(50)) + f" order {WHOLE}")

    assert found[0] == Reference(WHOLE, True)
    assert len(found) == 5


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("I don't want to cancel my order", Intent.STATUS),
        ("I never wanted to return it, where is my order", Intent.STATUS),
        ("Why can't I cancel my order", Intent.CANCEL),
        ("I cannot cancel", Intent.CANCEL),
        ("Ik wil mijn bestelling niet annuleren", Intent.STATUS),
        ("Waarom kan ik mijn bestelling niet annuleren", Intent.CANCEL),
        ("Ich will die Bestellung nicht stornieren", Intent.STATUS),
        ("Warum kann ich nicht stornieren", Intent.CANCEL),
        ("Je ne veux pas annuler ma commande", Intent.STATUS),
        ("Je ne peux pas annuler ma commande", Intent.CANCEL),
        ("No quiero cancelar el pedido", Intent.STATUS),
        ("No puedo cancelar el pedido", Intent.CANCEL),
        ("It is not here. How do I cancel?", Intent.CANCEL),
        ("please don't ship my order, cancel it", Intent.CANCEL),
        ("Do not cancel, but return my order", Intent.RETURN),
    ],
)
def test_who_does_not_want_to_cancel_is_not_told_how(question: str, intent: Intent) -> None:
    assert understand(question).intents[0] is intent


@pytest.mark.parametrize(
    ("question", "intents"),
    [
        ("Where is my parcel and can I get an invoice?", (Intent.TRACKING, Intent.RECEIPT)),
        ("How do I cancel it? And what was in my order?", (Intent.CANCEL, Intent.ITEMS)),
        ("cancel return invoice track status items", (Intent.CANCEL, Intent.RETURN)),
        ("Hey, any idea when my laptop gets here??", (Intent.TRACKING,)),
    ],
)
def test_two_questions_at_once_are_both_understood_and_one_is_one(question: str, intents: tuple[Intent, ...]) -> None:
    assert understand(question).intents == intents


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Status", "en"),
        ("", "en"),
        ("Gdzie jest moja paczka?", "pl"),
        ("注文はどこですか", "ja"),
        ("Kus on minu pakk?", "en"),
        ("Waar is mijn bestelling", "nl"),
        ("Wo ist meine Bestellung", "de"),
        ("Où est ma commande", "fr"),
        ("Dónde está mi pedido", "es"),
        ("WO BLEIBT MEIN PAKET", "de"),
        ("c'est où mon colis", "fr"),
        ("factura por favor", "es"),
        ("Me habéis cobrado dos veces", "es"),
    ],
)
def test_the_language_is_that_of_the_question_or_english(question: str, language: str) -> None:
    assert understand(question).language == language


@pytest.mark.parametrize(
    ("question", "intent", "language"),
    [
        ("Hi, I ordered a laptop last week and it still hasn't arrived. Can you help?", "TRACKING", "en"),
        ("When can I expect my order?", "STATUS", "en"),
        ("Did you charge my card?", "STATUS", "en"),
        ("Which of my orders are shipped?", "RECENT", "en"),
        ("How much was my last order", "ITEMS", "en"),
        ("I need a new parcel, this one got lost", "TRACKING", "en"),
        ("Where is my money?", "RETURN", "en"),
        ("I'd like to speak to a human", "GENERAL", "en"),
        ("am i talking to a robot?", "UNKNOWN", "en"),
        ("Hoi, ik heb vorige week een laptop besteld maar nog niks ontvangen", "TRACKING", "nl"),
        ("Kunnen jullie mij de factuur van mijn laatste bestelling sturen?", "RECEIPT", "nl"),
        ("Wat is de totaalprijs van mijn bestelling?", "ITEMS", "nl"),
        ("Welke bestellingen heb ik gedaan?", "RECENT", "nl"),
        ("Waarom is mijn betaling geweigerd?", "STATUS", "nl"),
        ("Kan ik met iDEAL betalen?", "GENERAL", "nl"),
        ("Guten Tag, ich warte seit zwei Wochen auf mein Paket", "TRACKING", "de"),
        ("Wann bekomme ich mein Geld zurück?", "RETURN", "de"),
        ("Wurde meine Bestellung storniert?", "STATUS", "de"),
        ("bitte meine bestelung stonieren", "CANCEL", "de"),
        ("Ich möchte die Lieferadresse ändern", "GENERAL", "de"),
        ("Bonjour, j'ai commandé un ordinateur et je n'ai rien reçu", "TRACKING", "fr"),
        ("Qu'est-ce que j'ai commandé ?", "ITEMS", "fr"),
        ("Quand serai-je remboursé ?", "RETURN", "fr"),
        ("Ma commande est-elle annulée ?", "STATUS", "fr"),
        ("Je veux annuller ma comande", "CANCEL", "fr"),
        ("Hola, compré un portátil y no me ha llegado", "TRACKING", "es"),
        ("¿Cuáles son mis últimos pedidos?", "RECENT", "es"),
        ("¿Por qué rechazaron mi pago?", "STATUS", "es"),
        ("quiero canselar mi pedido", "CANCEL", "es"),
        ("¿Me pueden enviar la factura?", "RECEIPT", "es"),
    ],
)
def test_what_people_write_is_understood(question: str, intent: str, language: str) -> None:
    understood = understand(question)

    assert (understood.intents[0], understood.language) == (intent, language)


def test_apostrophes_and_accents_are_nobodys_burden() -> None:
    words = words_of("Where’s MY Ördér? I don’t, can't and cannot")

    assert " ".join(words) == "where s my order ? i do not , can not and can not"


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("odrer", "order"),
        ("trakc", "track"),
        ("cancell", "cancel"),
        ("cancle", "cancel"),
        ("ordre", "order"),
        ("abcde", None),
    ],
)
def test_typing_errors_are_forgiven(word: str, meant: str | None) -> None:
    assert nearest(word, ("order", "track", "cancel")) == meant


@given(st.text(max_size=1000))
def test_anything_can_be_asked(question: str) -> None:
    understood = understand(question)

    assert 1 <= len(understood.intents) <= 2
    assert len(understood.references) <= 5
