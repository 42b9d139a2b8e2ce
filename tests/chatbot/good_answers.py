"""Answers as models word them, with a slot for every fact: none of them may be refused.

(language, intent, orders of contexts.py, text); the orders are numbered in this order, and all are chosen."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.services.chatbot.context import Context, Intent
from chalicelib.services.chatbot.ports import Draft

from tests.chatbot import contexts

_S, _T, _C, _G = Intent.STATUS, Intent.TRACKING, Intent.CANCEL, Intent.GENERAL
GOOD: list[tuple[str, Intent, str, str]] = [
    (
        "en",
        _S,
        "COMPLETED",
        "Thanks for asking! Here is what I can tell you about your order: {{summary}} {{next_step}}",
    ),
    ("en", _S, "SHIPPED", "Of course! The status of your order {{order}} is: {{status}}. {{tracking}}"),
    ("en", _S, "FAILED", "I'm sorry about that. {{summary}} {{reason}}"),
    ("en", _S, "PENDING COMPLETED", "Happy to help! {{summary:1}} And here is the other order: {{summary:2}}"),
    ("en", _T, "SHIPPED", "Sure, here are the details of your parcel: {{tracking}}"),
    ("en", Intent.ITEMS, "COMPLETED", "In your order {{order}} you find: {{items}}. The total is {{total}}."),
    (
        "en",
        Intent.RECENT,
        "PENDING COMPLETED",
        "Here are your orders: {{orders}}\nJust ask if you would like to know more.",
    ),
    ("en", _C, "COMPLETED", "Thanks for your question. {{cancel}}"),
    ("en", Intent.RETURN, "DELIVERED", "I'm happy to help with this. {{return}}"),
    ("en", Intent.RECEIPT, "COMPLETED", "About the receipt: {{receipt}}"),
    ("en", _G, "", "Hello! {{about_me}}"),
    ("en", Intent.UNKNOWN, "", "I'm sorry, I can only help with orders. {{limits}}"),
    ("nl", _S, "COMPLETED", "Natuurlijk! Dit is de stand van je bestelling: {{summary}}"),
    ("nl", _S, "SHIPPED", "Graag! Je bestelling {{order}}: {{status}}. {{tracking}}"),
    ("nl", _T, "SHIPPED", "Hier zijn de gegevens van je pakket: {{tracking}}"),
    ("nl", Intent.ITEMS, "COMPLETED", "In deze bestelling zit: {{items}}. Het totaal is {{total}}."),
    ("nl", Intent.RECENT, "PENDING SHIPPED", "Dit zijn je bestellingen: {{orders}}"),
    ("nl", _C, "SHIPPED", "Bedankt voor je vraag. {{cancel}}"),
    ("nl", _G, "", "Hallo! {{about_me}} {{contact}}"),
    ("de", _S, "COMPLETED", "Gerne! Das ist der Stand Ihrer Bestellung: {{summary}} {{next_step}}"),
    ("de", _S, "CANCELLED", "Vielen Dank für Ihre Frage. {{summary}} {{refund}}"),
    ("de", _T, "SHIPPED", "Hier sind die Angaben zu Ihrem Paket: {{tracking}}"),
    ("de", Intent.ITEMS, "PENDING", "In Ihrer Bestellung sind: {{items}}. Die Summe ist {{total}}."),
    ("de", Intent.RECENT, "PENDING SHIPPED", "Das sind Ihre Bestellungen: {{orders}}"),
    ("de", _C, "COMPLETED", "Danke für die Frage. {{cancel}}"),
    ("de", _G, "", "Guten Tag! {{about_me}} {{limits}}"),
    ("fr", _S, "COMPLETED", "Bonjour ! Voici l'état de votre commande : {{summary}}"),
    ("fr", _S, "SHIPPED", "Bien sûr ! Votre commande {{order}} : {{status}}. {{tracking}}"),
    ("fr", _T, "SHIPPED", "Voici les informations sur votre colis : {{tracking}}"),
    ("fr", Intent.ITEMS, "COMPLETED", "Dans votre commande : {{items}}. Le total est de {{total}}."),
    ("fr", Intent.RECENT, "PENDING SHIPPED", "Voici vos commandes : {{orders}}"),
    ("fr", _C, "COMPLETED", "Merci pour votre question. {{cancel}}"),
    ("fr", _G, "", "Bonjour ! {{about_me}}"),
    ("es", _S, "COMPLETED", "¡Claro! Este es el estado de su pedido: {{summary}}"),
    ("es", _S, "SHIPPED", "Con gusto. Su pedido {{order}}: {{status}}. {{tracking}}"),
    ("es", _T, "SHIPPED", "Aquí tiene los detalles de su paquete: {{tracking}}"),
    ("es", Intent.ITEMS, "COMPLETED", "En su pedido están: {{items}}. El total es {{total}}."),
    ("es", Intent.RECENT, "PENDING SHIPPED", "Estos son sus pedidos: {{orders}}"),
    ("es", _C, "COMPLETED", "Gracias por su pregunta. {{cancel}}"),
    ("es", _G, "", "¡Hola! {{about_me}}"),
]


def good_answers() -> Iterator[tuple[Context, Draft]]:
    for language, intent, names, text in GOOD:
        orders = [getattr(contexts, name) for name in names.split()]
        asked = contexts.context(*orders, language=language, intent=intent)
        yield asked, Draft(intent, language, tuple(range(1, len(orders) + 1)), text, 300, 60)
