"""Questions as people ask them, each with what the answer must say, must not say, and which orders it is about.

`says` are parts of the answer; `orders` are starts of ids (sample_orders.py), in the answer's order, and each whole id
must be in the answer; `never` are parts that would make it wrong. Nothing of another's order may ever be said."""

from __future__ import annotations

from dataclasses import dataclass

from tests.assistant.sample_orders import ORDERS, whole_id


@dataclass(frozen=True)
class Ask:
    question: str
    says: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    language: str = "en"
    intent: str = "STATUS"

    def __str__(self) -> str:
        return self.question[:50]


PENDING, PAYING, CONFIRMED, PARTLY = "0e4d1a60", "0a11da7e", "00c0f1ed", "09a77ed1"
SHIPPED, DELIVERED, LOST, READY = "05417ed1", "0de11ce0", "0105700e", "0c033e7e"
SOLD_OUT, DECLINED, CANCELLED, OWED, REFUNDED, TWO = (
    "0ff70c40",
    "0decc11e",
    "0ca9ce11",
    "00cebac1",
    "04ef04de",
    "02b0c5e5",
)
BUS = "bus-12345"
LATEST = tuple(ORDERS)[:5]
NOT_YET, ALREADY = ("has been shipped",), ("not been shipped",)

STATUS = [
    Ask(
        f"What's the status of order {whole_id(PENDING)}?", ("PENDING", "received", "2026-11-21 09:30 UTC"), (PENDING,)
    ),
    Ask(f"status {whole_id(PAYING).upper()}", ("PAYMENT_PROCESSING", "taking the payment"), (PAYING,)),
    Ask(f"Where is my order #{CONFIRMED}?", ("CONFIRMED", "paid", "tracking number"), (CONFIRMED,), ("3S",)),
    Ask(f"wheres my ordr '{PARTLY.upper()}'", ("FULFILLMENT", "a part", "3SPART001", "items: 1"), (PARTLY,)),
    Ask(f"Order {SHIPPED}... any news?", ("COMPLETED", "PostNL", "3SWAY001", "shipped"), (SHIPPED,), ("delivered",)),
    Ask(f"Has order {DELIVERED} been processed?", ("delivered", "3SHOME001", "2026-11-21 11:45 UTC"), (DELIVERED,)),
    Ask(f"What is happening with {LOST}??", ("lost", "3SGONE001", "refund"), (LOST,), ("has been delivered",)),
    Ask(
        f"Could you please tell me the state of my order {READY}, thanks! 😊",
        ("ready for shipping",),
        (READY,),
        NOT_YET,
    ),
    Ask(f"why did {SOLD_OUT} fail?", ("FAILED", "out of stock", "owe us nothing"), (SOLD_OUT,), ("declined",)),
    Ask(
        f"my payment for {DECLINED} was declined, why",
        ("bank declined", "another card", "FAILED"),
        (DECLINED,),
        ("do_not",),
    ),
    Ask(f"Is order {CANCELLED} cancelled?", ("CANCELLED", "Refunded: €40.00"), (CANCELLED,), ("owe us nothing",)),
    Ask(f"state of {OWED}", ("CANCELLED", "Refunded: €10.00", "refunding €30.00"), (OWED,)),
    Ask(f"update on order {REFUNDED} please", ("REFUNDED", "€40.00"), (REFUNDED,)),
    Ask("What is the status of order bus-12345?", ("ready for shipping",), (BUS,)),
    Ask("what about BUS-12345", ("ready for shipping",), (BUS,)),
    Ask(
        f"I do NOT want to cancel order {CONFIRMED}, I just want to know how far you are",
        ("CONFIRMED",),
        (CONFIRMED,),
        ("cancel",),
    ),
    Ask(f"compare {SHIPPED} and {DELIVERED} for me: status?", ("3SWAY001", "3SHOME001"), (SHIPPED, DELIVERED)),
    Ask(f"status of {SHIPPED} and of order 99999999", ("3SWAY001", "Another order"), (SHIPPED,)),
    Ask("where is my order?", ("PENDING", "another order"), (PENDING,)),
    Ask("Why was my payment refused?", ("declined", "FAILED"), (DECLINED,), ()),
    Ask("Wat is de status van mijn bestelling " + CONFIRMED, ("CONFIRMED", "betaald"), (CONFIRMED,), (), "nl"),
    Ask(f"Hebben jullie bestelling {PENDING} ontvangen?", ("PENDING", "ontvangen"), (PENDING,), (), "nl"),
    Ask(f"Wie ist der Stand meiner Bestellung {READY}?", ("COMPLETED", "bereit zum Versand"), (READY,), (), "de"),
    Ask(f"Warum ist meine Bestellung {SOLD_OUT} fehlgeschlagen?", ("FAILED", "vorrätig"), (SOLD_OUT,), (), "de"),
    Ask(f"Où en est ma commande « {PAYING} » ?", ("PAYMENT_PROCESSING", "paiement"), (PAYING,), (), "fr"),
    Ask(f"¿Cuál es el estado de mi pedido {DECLINED}?", ("FAILED", "rechazó", "otra tarjeta"), (DECLINED,), (), "es"),
]
STATUS += [
    Ask(f"Is order {CONFIRMED} paid?", ("it is paid",), (CONFIRMED,)),
    Ask(f"Ist meine Zahlung für {CONFIRMED} angekommen?", ("bezahlt",), (CONFIRMED,), (), "de"),
]
TRACKING = [
    Ask("How do I track my package?", ("3SPART001", "3SWAY001", "PostNL"), (PARTLY, SHIPPED), ("3SHOME001",)),
    Ask(f"track order {SHIPPED}", ("PostNL", "3SWAY001", "2026-11-20 08:15 UTC"), (SHIPPED,)),
    Ask(f"when will {whole_id(CONFIRMED)} arrive", ("CONFIRMED", "As soon as it is shipped"), (CONFIRMED,), ("3S",)),
    Ask(f"I haven't recieved my pacakge {LOST}", ("lost", "3SGONE001"), (LOST,)),
    Ask(f"tracking nubmer for {TWO}?", ("3SONE001", "3STWO002", "on its way", "delivered on"), (TWO,), ("items: ",)),
    Ask("Where is parcel 3SHOME001?", ("delivered", "3SHOME001"), (DELIVERED,)),
    Ask(f"has {DELIVERED} been delivered?", ("has been delivered", "neighbours"), (DELIVERED,)),
    Ask(f"How do I track order {SOLD_OUT}?", ("FAILED", "not be shipped"), (SOLD_OUT,), ("tracking number",)),
    Ask(f"Has {PENDING} shipped yet?", ("PENDING", "tracking number"), (PENDING,), NOT_YET),
    Ask("Waar is mijn pakket?", ("volgnummer 3SWAY001", "onderweg"), (PARTLY, SHIPPED), (), "nl"),
    Ask(f"Wann kommt mein Paket von Bestellung {SHIPPED}?", ("Sendungsnummer 3SWAY001",), (SHIPPED,), (), "de"),
    Ask(f"Je n'ai pas reçu mon colis, commande {SHIPPED}", ("numéro de suivi 3SWAY001",), (SHIPPED,), (), "fr"),
    Ask(f"¿Cómo puedo rastrear el pedido {SHIPPED}?", ("seguimiento 3SWAY001", "en camino"), (SHIPPED,), (), "es"),
]
ITEMS = [
    Ask(f"What is in order {CONFIRMED}?", ("2 × Mouse", "1 × Gaming Laptop", "€1339.99"), (CONFIRMED,)),
    Ask(f"how much did I pay for {READY}", ("€1299.99", "Gaming Laptop"), (READY,), ("Mouse",)),
    Ask(f"Which items did I buy with {TWO}?", ("2 × Mouse", "€40.00", "Refunded: €15.00"), (TWO,)),
    Ask(f"What's the total of order {SHIPPED}", ("€40.00",), (SHIPPED,)),
    Ask(f"Wat zit er in bestelling {CONFIRMED}?", ("1 × Gaming Laptop", "Totaal: €1339.99"), (CONFIRMED,), (), "nl"),
    Ask(f"Wie viel kostet meine Bestellung {READY}", ("Gesamt: €1299.99",), (READY,), (), "de"),
    Ask(f"Combien coûte ma commande {READY} ?", ("Total : €1299.99",), (READY,), (), "fr"),
    Ask(f"¿Qué hay en el pedido {CONFIRMED}?", ("2 × Mouse", "€1339.99"), (CONFIRMED,), (), "es"),
]
CANCEL = [
    Ask(
        f"How do I cancel order {CONFIRMED}?", ("can still be cancelled", "https://shop.test"), (CONFIRMED,), ("POST",)
    ),
    Ask(f"pls cancle {READY} asap!!!", ("can still be cancelled",), (READY,)),
    Ask(f"Can order {SHIPPED} be cancelled?", ("cannot be cancelled", "shipped", "return"), (SHIPPED,), ("can still",)),
    Ask(f"Why can't I cancel {PARTLY}?", ("cannot be cancelled", "shipped"), (PARTLY,), ("can still",)),
    Ask(f"cancel {CANCELLED}", ("already cancelled", "€40.00"), (CANCELLED,), ("can still",)),
    Ask(f"I want to cancel {SOLD_OUT}", ("could not be completed", "FAILED"), (SOLD_OUT,), ("can still",)),
    Ask(f"please cancel {REFUNDED}", ("already", "refunded", "€40.00"), (REFUNDED,), ("can still",)),
    Ask("How can I cancel my order?", ("can still be cancelled", "another order"), (PENDING,)),
    Ask(f"Hoe annuleer ik bestelling {READY}?", ("kan nog worden geannuleerd",), (READY,), (), "nl"),
    Ask(f"Kann ich die Bestellung {SHIPPED} stornieren?", ("kann nicht mehr storniert",), (SHIPPED,), (), "de"),
    Ask(f"Comment annuler la commande {READY} ?", ("peut encore être annulée",), (READY,), (), "fr"),
    Ask(f"No puedo cancelar mi pedido {SHIPPED}", ("ya no se puede cancelar",), (SHIPPED,), (), "es"),
]
RETURN = [
    Ask(f"How do I return my order {DELIVERED}?", ("send back", "https://shop.test"), (DELIVERED,), ("cancel",)),
    Ask(f"I want my money back for {READY}", ("not been shipped", "cancel", "€1299.99"), (READY,)),
    Ask(f"where is my refund for {OWED}?", ("Refunded: €10.00", "refunding €30.00"), (OWED,)),
    Ask(f"Was {TWO} refunded?", ("Refunded: €15.00",), (TWO,)),
    Ask(f"refund {DECLINED}", ("FAILED", "owe us nothing"), (DECLINED,), ("Refunded:",)),
    Ask(f"Ik wil bestelling {DELIVERED} retourneren", ("terugsturen",), (DELIVERED,), (), "nl"),
    Ask(f"Ich möchte Bestellung {DELIVERED} zurückgeben", ("zurückschicken",), (DELIVERED,), (), "de"),
    Ask(f"Je voudrais un remboursement pour la commande {OWED}", ("Remboursé : €10.00", "€30.00"), (OWED,), (), "fr"),
    Ask(f"Quiero devolver el pedido {DELIVERED}", ("devolver",), (DELIVERED,), (), "es"),
]
RETURN += [
    Ask(f"My laptop is broken, order {DELIVERED}", ("send back",), (DELIVERED,)),
    Ask("Mijn bestelling is kapot aangekomen", ("terugsturen", "retourneren"), (PARTLY,), (), "nl"),
]
RECENT = [
    Ask("Show me my recent orders", ("2026-11-21", "PENDING", "CONFIRMED", "€1339.99", "partly shipped"), LATEST),
    Ask("list all orders please", ("PAYMENT_PROCESSING",), LATEST),
    Ask("my order history", ("FULFILLMENT",), LATEST),
    Ask("shwo me my recnt oders", ("PENDING",), LATEST),
    Ask("What have I bought recently?", ("€40.00",), LATEST),
    Ask("Laat mijn laatste bestellingen zien", ("Recente bestellingen", "deels verzonden"), LATEST, (), "nl"),
    Ask("Zeig mir meine letzten Bestellungen", ("Letzte Bestellungen", "verschickt"), LATEST, (), "de"),
    Ask("Montrez-moi mes dernières commandes", ("Commandes récentes",), LATEST, (), "fr"),
    Ask("Muéstrame mis últimos pedidos", ("Pedidos recientes",), LATEST, (), "es"),
]
RECEIPT = [
    Ask(f"Where is the receipt of order {READY}?", ("e-mail", "€1299.99", "https://shop.test"), (READY,)),
    Ask(f"invoice for {PENDING}", ("no receipt", "yet"), (PENDING,)),
    Ask(f"send me the reciept for {SOLD_OUT}", ("no receipt", "FAILED"), (SOLD_OUT,), ("yet",)),
    Ask(f"Waar is de factuur van bestelling {READY}?", ("bevestigingsmail",), (READY,), (), "nl"),
    Ask(f"Ich brauche die Rechnung für {READY}", ("Bestätigungsmail",), (READY,), (), "de"),
    Ask(f"Où est la facture de la commande {READY} ?", ("e-mail de confirmation",), (READY,), (), "fr"),
    Ask(f"Necesito la factura del pedido {READY}", ("correo de confirmación",), (READY,), (), "es"),
]
GENERAL = [
    Ask("Hello!", ("assistant of Test Shop",), language="en", intent="GENERAL"),
    Ask("Can I pay with PayPal?", ("https://shop.test",), intent="GENERAL"),
    Ask("Do you deliver to Belgium?", ("https://shop.test",), intent="GENERAL"),
    Ask("Can I change the delivery address?", ("not change anything", "https://shop.test"), intent="GENERAL"),
    Ask("I was charged twice!", ("https://shop.test",), intent="GENERAL"),
    Ask("What is your phone number?", ("https://shop.test",), intent="GENERAL"),
    Ask("Wat zijn de verzendkosten?", ("https://shop.test", "bestellingen"), language="nl", intent="GENERAL"),
    Ask("Welche Zahlungsarten gibt es?", ("https://shop.test", "Bestellungen"), language="de", intent="GENERAL"),
    Ask("Bonjour, quels sont vos horaires ?", ("https://shop.test",), language="fr", intent="GENERAL"),
    Ask("Hola, ¿tienen atención al cliente?", ("https://shop.test",), language="es", intent="GENERAL"),
]
UNKNOWN = [
    Ask("What is the meaning of life?", ("cannot help", "assistant of Test Shop"), intent="UNKNOWN"),
    Ask("🙃🙃🙃", ("assistant of Test Shop",), intent="UNKNOWN"),
    Ask("????", ("assistant of Test Shop",), intent="UNKNOWN"),
    Ask("asdf qwer zxcv " * 60, ("assistant of Test Shop",), intent="UNKNOWN"),
    Ask("Show me the orders of all customers", ("your own orders",), intent="UNKNOWN"),
    Ask("what did another customer order", ("your own orders",), intent="UNKNOWN"),
]
FOREIGN = [
    Ask(f"status of order {made}", ("no such order",), (), ("PENDING",))
    for made in (
        "0f0e1611-0016-4000-8000-000000000016",
        "0f0e1612-0002-4000-8000-000000000002",
        "0f0e1613-0003-4000-8000-000000000003",
        "0f0e1612",
        "00000000-0000-4000-8000-000000000000",
        "#nobody-1",
    )
] + [Ask("Where is parcel 3SSECRET1?", ("no such order",), (), ("3S",), intent="TRACKING")]

TWO_AT_ONCE = [
    Ask(f"Change the address of order {CONFIRMED}!", ("CONFIRMED", "not change anything"), (CONFIRMED,)),
    Ask(
        f"What's the status of {CONFIRMED} and how do I cancel it?",
        ("CONFIRMED", "paid", "can still be cancelled"),
        (CONFIRMED,),
    ),
    Ask(
        f"What is in {READY}? And can I get the invoice?",
        ("Gaming Laptop", "confirmation e-mail"),
        (READY,),
        intent="ITEMS",
    ),
    Ask("x " * 400 + f"order {SHIPPED}", ("3SWAY001",), (SHIPPED,)),
]

BY_INTENT = {
    "STATUS": STATUS,
    "TRACKING": TRACKING,
    "ITEMS": ITEMS,
    "CANCEL": CANCEL,
    "RETURN": RETURN,
    "RECENT": RECENT,
    "RECEIPT": RECEIPT,
    "GENERAL": GENERAL,
    "UNKNOWN": UNKNOWN,
}
