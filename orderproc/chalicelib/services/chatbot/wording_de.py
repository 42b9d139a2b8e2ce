"""What the chatbot says in German: the keys and places of `wording_en.py`."""

WORDS = {
    "order": "Bestellung {id} vom {placed}: {words} (Status: {status}, seit {since}).",
    "words.PENDING": "wir haben sie erhalten und bearbeiten sie gleich",
    "words.VALIDATING": "wir prüfen Produkte und Preise",
    "words.INVENTORY_CHECK": "wir prüfen, ob alles vorrätig ist",
    "words.PAYMENT_PROCESSING": "Ihre Artikel liegen bereit und wir ziehen die Zahlung ein",
    "words.CONFIRMED": "sie ist bezahlt und wird bald verschickt",
    "words.FULFILLMENT": "sie ist bezahlt und wird gepackt",
    "words.COMPLETED": "sie ist bezahlt und bereit zum Versand",
    "words.PARTLY_SHIPPED": "ein Teil davon ist verschickt",
    "words.SHIPPED": "sie ist verschickt",
    "words.DELIVERED": "sie ist zugestellt",
    "words.LOST": "ein Paket davon ist unterwegs verloren gegangen; das tut uns leid",
    "words.FAILED": "wir konnten sie nicht ausführen; das tut uns leid",
    "words.CANCELLED": "sie ist storniert",
    "words.REFUNDED": "sie ist rückgängig gemacht und erstattet",
    "label.PENDING": "eingegangen",
    "label.VALIDATING": "wird geprüft",
    "label.INVENTORY_CHECK": "Bestand wird geprüft",
    "label.PAYMENT_PROCESSING": "Zahlung läuft",
    "label.CONFIRMED": "bezahlt, wird verschickt",
    "label.FULFILLMENT": "wird gepackt",
    "label.COMPLETED": "bereit zum Versand",
    "label.PARTLY_SHIPPED": "teilweise verschickt",
    "label.SHIPPED": "verschickt",
    "label.DELIVERED": "zugestellt",
    "label.LOST": "Paket verloren",
    "label.FAILED": "fehlgeschlagen",
    "label.CANCELLED": "storniert",
    "label.REFUNDED": "erstattet",
    "next.WORKING": "Das dauert selten länger als eine Minute; danach bekommen Sie eine E-Mail von uns.",
    "next.TO_SHIP": "Sobald sie verschickt ist, bekommen Sie eine E-Mail mit der Sendungsnummer.",
    "next.SHIPPED": "Mit der Sendungsnummer können Sie sie auf der Website des Paketdienstes verfolgen.",
    "next.DELIVERED": "Falls Sie das Paket nicht finden, fragen Sie bitte die Nachbarn und dann uns. {contact}",
    "next.LOST": "Bitte sagen Sie uns, ob Sie die Artikel noch einmal oder Ihr Geld zurück möchten. {contact}",
    "next.NEVER": "Sie wird nicht verschickt.",
    "parcel.SHIPPED": "{carrier}, Sendungsnummer {number}: unterwegs seit {at}.",
    "parcel.DELIVERED": "{carrier}, Sendungsnummer {number}: zugestellt am {at}.",
    "parcel.LOST": "{carrier}, Sendungsnummer {number}: als verloren gemeldet am {at}.",
    "left": "Noch nicht verschickt, Anzahl der Artikel: {count}.",
    "money.refunded": "Erstattet: {refunded}. Bis es auf Ihrem Konto zu sehen ist, können zehn Tage vergehen.",
    "money.owed": "Wir erstatten {owed}. Bis es auf Ihrem Konto zu sehen ist, können zehn Tage vergehen.",
    "money.none": (
        "Sie schulden uns nichts. Zeigt Ihre Bank dennoch eine Zahlung, bekommen Sie sie von selbst zurück."
    ),
    "failure.INVALID_ORDER": "Sie kam unvollständig oder fehlerhaft bei uns an. Bitte bestellen Sie noch einmal.",
    "failure.PRODUCT_NOT_FOUND": "Ein Produkt daraus führen wir nicht mehr. Das Übrige können Sie neu bestellen.",
    "failure.PRICE_MISMATCH": (
        "Der Preis eines Produkts hatte sich geändert. Bitte prüfen Sie den heutigen Preis und bestellen Sie noch "
        "einmal."
    ),
    "failure.OUT_OF_STOCK": (
        "Etwas daraus war nicht vorrätig. Bestellen Sie weniger davon oder versuchen Sie es in ein paar Tagen noch "
        "einmal."
    ),
    "failure.CARD_DECLINED": (
        "Ihre Bank hat die Zahlung abgelehnt. Bitte bestellen Sie noch einmal mit einer anderen Karte."
    ),
    "failure.INSUFFICIENT_FUNDS": "Ihre Bank hat die Zahlung abgelehnt, weil das Konto nicht gedeckt war.",
    "failure.PAYMENT_UNAVAILABLE": (
        "Wir konnten unseren Zahlungsdienst nicht erreichen. Bitte bestellen Sie in einer Weile noch einmal."
    ),
    "failure.EXPIRED": "Wir konnten sie nicht rechtzeitig ausführen. Bitte bestellen Sie in einer Weile noch einmal.",
    "failure.OTHER": "Bei uns ging etwas schief. Bitte bestellen Sie in einer Weile noch einmal.",
    "items": "Bestellung {id} vom {placed} (Status: {status}, {label}): {items}. Gesamt: {total}.",
    "items.more": "und mehr, insgesamt {count}",
    "cancel.possible": (
        "Ja, Bestellung {id} kann noch storniert werden (Status: {status}), solange nichts davon verschickt ist. "
        "Stornieren Sie sie {shop} unter Ihren Bestellungen, oder bitten Sie uns darum. Was Sie bezahlt haben, "
        "bekommen Sie zurück."
    ),
    "cancel.SHIPPED": (
        "Bestellung {id} kann nicht mehr storniert werden, weil sie verschickt ist (Status: {status}). Sie können "
        "sie zurückgeben. {contact}"
    ),
    "cancel.CANCELLED": "Bestellung {id} ist bereits storniert (Status: {status}).",
    "cancel.REFUNDED": "Bestellung {id} ist bereits rückgängig gemacht und erstattet (Status: {status}).",
    "cancel.FAILED": (
        "Bestellung {id} konnte nicht ausgeführt werden (Status: {status}); es gibt nichts zu stornieren."
    ),
    "cancel.general": (
        "Sie können eine Bestellung stornieren, solange nichts davon verschickt ist: {shop} unter Ihren "
        "Bestellungen, oder indem Sie uns darum bitten. Danach können Sie sie zurückgeben. {contact}"
    ),
    "return.SHIPPED": (
        "Um etwas aus Bestellung {id} (Status: {status}) zurückzugeben, nennen Sie uns bitte die Nummer der "
        "Bestellung und was Sie zurückschicken möchten; sobald wir es haben, erstatten wir es. {contact}"
    ),
    "return.TO_SHIP": (
        "Bestellung {id} ist noch nicht verschickt (Status: {status}): Sie brauchen nichts zurückzuschicken, "
        "sondern können sie stornieren, {shop} unter Ihren Bestellungen oder indem Sie uns darum bitten. Falls Sie "
        "schon bezahlt haben, bekommen Sie {total} zurück."
    ),
    "return.over": "Zu Bestellung {id} ist nichts zurückzuschicken (Status: {status}: {label}).",
    "return.general": (
        "Um etwas zurückzugeben, nennen Sie uns bitte die Nummer der Bestellung und was Sie zurückschicken möchten;"
        " sobald wir es haben, erstatten wir es. Was noch nicht verschickt ist, können Sie einfach stornieren. "
        "{contact}"
    ),
    "track.general": (
        "Sobald eine Bestellung verschickt ist, bekommen Sie eine E-Mail mit Paketdienst und Sendungsnummer, mit "
        "der Sie sie auf der Website des Paketdienstes verfolgen können. Oder nennen Sie mir die Nummer der "
        "Bestellung, und ich sehe nach."
    ),
    "receipt.there": (
        "Die Quittung zu Bestellung {id} (Gesamt: {total}) kam mit Ihrer Bestätigungsmail. Sie finden sie auch "
        "{shop} unter Ihren Bestellungen."
    ),
    "receipt.later": (
        "Zu Bestellung {id} gibt es noch keine Quittung (Status: {status}, {label}). Sie bekommen sie per E-Mail, "
        "sobald die Bestellung bestätigt ist."
    ),
    "receipt.never": "Zu Bestellung {id} gibt es keine Quittung (Status: {status}, {label}).",
    "receipt.general": (
        "Die Quittung kommt mit der Bestätigungsmail einer Bestellung, und Sie finden sie {shop} unter Ihren "
        "Bestellungen. Nennen Sie mir die Nummer der Bestellung, und ich sehe nach, ob es eine gibt."
    ),
    "recent.title": "Letzte Bestellungen, die neueste zuerst:",
    "recent.line": "- {id}, {day}: {label} ({status}), {total}",
    "recent.none": "Ich finde hier keine Bestellungen.",
    "recent.whose": (
        "Um letzte Bestellungen zu zeigen, muss ich wissen, wessen: bitte schicken Sie die customerId mit. Oder "
        "nennen Sie mir die Nummer einer Bestellung."
    ),
    "which": "Welche Bestellung meinen Sie? Bitte nennen Sie mir ihre Nummer; sie steht in den E-Mails dazu.",
    "latest": "Falls Sie eine andere Bestellung meinen, nennen Sie mir bitte ihre Nummer.",
    "not_found": (
        "Ich finde keine solche Bestellung unter den Ihren. Bitte prüfen Sie die Nummer, am besten die ganze; sie "
        "steht in den E-Mails zur Bestellung. {contact}"
    ),
    "not_found.too": (
        "Eine andere Bestellung, die Sie nannten, finde ich nicht unter den Ihren; bitte prüfen Sie ihre Nummer."
    ),
    "not_found.recent": (
        "Unter Ihren letzten {count} Bestellungen finde ich keine solche. Für eine ältere nennen Sie bitte die ganze "
        "Nummer; sie steht in den E-Mails zur Bestellung. {contact}"
    ),
    "general": "Ich kann nur über Bestellungen Auskunft geben und nichts ändern. {contact}",
    "unknown": "Dabei kann ich leider nicht helfen.",
    "help": (
        "Ich bin der Assistent von {name} und kann Ihnen über Ihre eigenen Bestellungen Auskunft geben: Status, "
        "Artikel und Gesamtbetrag, Sendungsverfolgung, Stornieren, Rückgabe und Erstattung, Quittung und Ihre "
        "letzten Bestellungen. Fragen Sie einfach, am besten mit der Nummer der Bestellung."
    ),
    "contact": "Sie erreichen uns unter {url}.",
    "contact.none": "Bitte wenden Sie sich an {name}.",
    "shop": "in unserem Shop ({url})",
    "shop.none": "in unserem Shop",
}
