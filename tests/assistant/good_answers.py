"""Answers as models word them, with a slot for every fact: none of them may be refused.

(language, intent, orders of contexts.py, text); the orders are numbered in this order, and all are chosen."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.assistant.context import Context, Intent
from chalicelib.assistant.ports import Draft

from tests.assistant import contexts

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
    ("en", _S, "SHIPPED", "Your order {{order}} is currently {{status}}. {{next_step}}"),
    ("en", _S, "SHIPPED", "Hi there! {{summary}} Let me know if you need anything else!"),
    ("en", _S, "SHIPPED", "Here's the latest on your order: {{summary}}"),
    ("en", _S, "SHIPPED", "Good news! {{summary}}"),
    (
        "en",
        _S,
        "SHIPPED",
        "I understand you are curious about your order. {{summary}} Is there anything else I can help you with?",
    ),
    ("en", _S, "SHIPPED", "I apologize for the inconvenience. {{summary}}"),
    ("en", _S, "SHIPPED", "Your order contains {{items}} for a total of {{total}}. {{summary}}"),
    ("en", _S, "SHIPPED", "You asked about your package: {{summary}} {{tracking}}"),
    ("en", _S, "SHIPPED", "The current status of your order is {{status}}."),
    ("en", _S, "SHIPPED", "Your order, placed on {{placed}}, is {{status}}."),
    ("en", _S, "SHIPPED", "Please find the details below. {{summary}}"),
    ("en", _S, "SHIPPED", "I hope this helps! {{summary}}"),
    ("en", _S, "SHIPPED", "I checked your order for you: {{summary}}"),
    ("en", _S, "SHIPPED", "Sure thing! {{summary}} Have a great time!"),
    ("nl", _S, "SHIPPED", "Je bestelling {{order}} heeft nu de status {{status}}."),
    ("nl", _S, "SHIPPED", "Hoi! {{summary}} Heb je nog andere vragen?"),
    ("nl", _S, "SHIPPED", "Ik begrijp dat je benieuwd bent. {{summary}}"),
    ("nl", _S, "SHIPPED", "Wat vervelend! {{summary}}"),
    ("nl", _S, "SHIPPED", "Ik heb het voor je opgezocht: {{summary}}"),
    ("nl", _S, "SHIPPED", "Laat het me weten als ik je verder kan helpen. {{summary}}"),
    ("de", _S, "SHIPPED", "Ihre Bestellung {{order}} hat aktuell den Status {{status}}."),
    ("de", _S, "SHIPPED", "Ich verstehe, dass Sie neugierig sind. {{summary}} Kann ich Ihnen sonst noch helfen?"),
    ("de", _S, "SHIPPED", "Hier ist der aktuelle Stand: {{summary}}"),
    ("de", _S, "SHIPPED", "Es tut mir leid. {{summary}}"),
    ("de", _S, "SHIPPED", "Deine Bestellung: {{summary}}"),
    ("de", _S, "SHIPPED", "Wenn Sie weitere Fragen haben, melden Sie sich gerne. {{summary}}"),
    ("fr", _S, "SHIPPED", "Votre commande {{order}} est actuellement {{status}}."),
    ("fr", _S, "SHIPPED", "Je comprends votre question. {{summary}} Puis-je vous aider avec autre chose ?"),
    ("fr", _S, "SHIPPED", "Je suis désolé. {{summary}}"),
    ("es", _S, "SHIPPED", "Su pedido {{order}} está actualmente {{status}}."),
    ("es", _S, "SHIPPED", "Entiendo su pregunta. {{summary}} ¿Puedo ayudarle con algo más?"),
    ("es", _S, "SHIPPED", "Lo siento mucho. {{summary}}"),
    ("es", _S, "SHIPPED", "Aquí está la información: {{summary}}"),
    ("it", _S, "SHIPPED", "Il suo ordine {{order}} è attualmente {{status}}."),
    ("it", _S, "SHIPPED", "Ecco lo stato del suo ordine: {{status}}."),
    ("pt", _S, "SHIPPED", "O seu pedido {{order}} está {{status}}."),
    ("pl", _S, "SHIPPED", "Status Twojego zamówienia {{order}} to {{status}}."),
    ("pl", _S, "SHIPPED", "Zamówienie {{order}}: {{status}}."),
    ("sv", _S, "SHIPPED", "Din beställning {{order}} är {{status}}."),
    ("da", _S, "SHIPPED", "Din ordre {{order}} er {{status}}."),
    ("fi", _S, "SHIPPED", "Tilauksesi {{order}} tila on {{status}}."),
    ("cs", _S, "SHIPPED", "Vaše objednávka {{order}} je {{status}}."),
    ("ro", _S, "SHIPPED", "Comanda dvs {{order}} este {{status}}."),
    ("hu", _S, "SHIPPED", "A rendelése állapota: {{status}}."),
    ("tr", _S, "SHIPPED", "Siparişinizin durumu: {{status}}."),
    ("ru", _S, "SHIPPED", "Ваш заказ {{order}} сейчас {{status}}."),
    ("ru", _S, "SHIPPED", "Статус вашего заказа: {{status}}."),
    ("uk", _S, "SHIPPED", "Ваше замовлення {{order}}: {{status}}."),
    ("ja", _S, "SHIPPED", "ご注文の状況は{{status}}です。"),
    ("zh", _S, "SHIPPED", "您的订单目前的状态是{{status}}。"),
]


def good_answers() -> Iterator[tuple[Context, Draft]]:
    for language, intent, names, text in GOOD:
        orders = [getattr(contexts, name) for name in names.split()]
        asked = contexts.context(*orders, language=language, intent=intent)
        yield asked, Draft(intent, language, tuple(range(1, len(orders) + 1)), text, 300, 60)
