"""What the chatbot says in Dutch: the keys and places of `wording_en.py`."""

WORDS = {
    "order": "Bestelling {id} van {placed}: {words} (status: {status}, sinds {since}).",
    "words.PENDING": "we hebben haar ontvangen en gaan er zo mee aan de slag",
    "words.VALIDATING": "we controleren producten en prijzen",
    "words.INVENTORY_CHECK": "we kijken of alles op voorraad is",
    "words.PAYMENT_PROCESSING": "je artikelen liggen klaar en we verwerken de betaling",
    "words.CONFIRMED": "ze is betaald en onze medewerkers versturen haar binnenkort",
    "words.FULFILLMENT": "ze is betaald en wordt ingepakt",
    "words.COMPLETED": "ze is betaald en klaar voor verzending",
    "words.PARTLY_SHIPPED": "een deel ervan is verzonden",
    "words.SHIPPED": "ze is verzonden",
    "words.DELIVERED": "ze is bezorgd",
    "words.LOST": "een pakket ervan is onderweg kwijtgeraakt; het spijt ons",
    "words.FAILED": "we konden haar niet afronden; het spijt ons",
    "words.CANCELLED": "ze is geannuleerd",
    "words.REFUNDED": "ze is ingetrokken en terugbetaald",
    "label.PENDING": "ontvangen",
    "label.VALIDATING": "wordt gecontroleerd",
    "label.INVENTORY_CHECK": "voorraad wordt gecontroleerd",
    "label.PAYMENT_PROCESSING": "betaling wordt verwerkt",
    "label.CONFIRMED": "betaald, wordt verzonden",
    "label.FULFILLMENT": "wordt ingepakt",
    "label.COMPLETED": "klaar voor verzending",
    "label.PARTLY_SHIPPED": "deels verzonden",
    "label.SHIPPED": "verzonden",
    "label.DELIVERED": "bezorgd",
    "label.LOST": "pakket kwijtgeraakt",
    "label.FAILED": "mislukt",
    "label.CANCELLED": "geannuleerd",
    "label.REFUNDED": "terugbetaald",
    "next.WORKING": "Dat duurt zelden langer dan een minuut; daarna krijg je een e-mail van ons.",
    "next.TO_SHIP": "Zodra ze is verzonden, krijg je een e-mail met het volgnummer.",
    "next.SHIPPED": "Met het volgnummer kun je haar volgen op de website van de vervoerder.",
    "next.DELIVERED": "Kun je het pakket niet vinden, vraag het dan eerst bij de buren en daarna bij ons. {contact}",
    "next.LOST": "Laat ons weten of je de artikelen opnieuw wilt ontvangen of je geld terug wilt. {contact}",
    "next.NEVER": "Ze wordt niet verzonden.",
    "parcel.SHIPPED": "{carrier}, volgnummer {number}: onderweg sinds {at}.",
    "parcel.DELIVERED": "{carrier}, volgnummer {number}: bezorgd op {at}.",
    "parcel.LOST": "{carrier}, volgnummer {number}: als kwijtgeraakt gemeld op {at}.",
    "left": "Nog niet verzonden, aantal artikelen: {count}.",
    "money.refunded": "Terugbetaald: {refunded}. Het kan tien dagen duren voor je het op je rekening ziet.",
    "money.owed": "We betalen {owed} terug. Het kan tien dagen duren voor je het op je rekening ziet.",
    "money.none": "Je bent ons niets schuldig. Toont je bank toch een betaling, dan krijg je die vanzelf terug.",
    "failure.INVALID_ORDER": "Ze kwam onvolledig of met een fout bij ons aan. Bestel alsjeblieft opnieuw.",
    "failure.PRODUCT_NOT_FOUND": "Een product eruit is niet meer in onze winkel. De rest kun je opnieuw bestellen.",
    "failure.PRICE_MISMATCH": (
        "De prijs van een product was veranderd. Bekijk de prijs van vandaag en bestel opnieuw."
    ),
    "failure.OUT_OF_STOCK": (
        "Iets eruit was niet op voorraad. Bestel er minder van, of probeer het over een paar dagen."
    ),
    "failure.CARD_DECLINED": "Je bank heeft de betaling geweigerd. Bestel alsjeblieft opnieuw met een andere kaart.",
    "failure.INSUFFICIENT_FUNDS": "Je bank heeft de betaling geweigerd: er stond niet genoeg geld op de rekening.",
    "failure.PAYMENT_UNAVAILABLE": "We konden onze betaaldienst niet bereiken. Bestel over een poosje opnieuw.",
    "failure.EXPIRED": "We konden haar niet op tijd afronden. Bestel over een poosje opnieuw.",
    "failure.OTHER": "Er ging bij ons iets mis. Bestel over een poosje opnieuw.",
    "items": "Bestelling {id} van {placed} (status: {status}, {label}): {items}. Totaal: {total}.",
    "items.more": "en meer, {count} in totaal",
    "cancel.possible": (
        "Ja, bestelling {id} kan nog worden geannuleerd (status: {status}), zolang er niets van is verzonden. "
        "Annuleer haar {shop} onder je bestellingen, of vraag het ons. Wat je hebt betaald, krijg je terug."
    ),
    "cancel.SHIPPED": (
        "Bestelling {id} kan niet meer worden geannuleerd, want ze is verzonden (status: {status}). Je kunt haar "
        "retourneren. {contact}"
    ),
    "cancel.CANCELLED": "Bestelling {id} is al geannuleerd (status: {status}).",
    "cancel.REFUNDED": "Bestelling {id} is al ingetrokken en terugbetaald (status: {status}).",
    "cancel.FAILED": "Bestelling {id} kon niet worden afgerond (status: {status}); er valt dus niets te annuleren.",
    "cancel.general": (
        "Je kunt een bestelling annuleren zolang er niets van is verzonden: {shop} onder je bestellingen, of door "
        "het ons te vragen. Daarna kun je haar retourneren. {contact}"
    ),
    "return.SHIPPED": (
        "Wil je iets van bestelling {id} (status: {status}) retourneren, geef ons dan het nummer van de bestelling "
        "en wat je wilt terugsturen; zodra we het hebben, betalen we het terug. {contact}"
    ),
    "return.TO_SHIP": (
        "Bestelling {id} is nog niet verzonden (status: {status}): je hoeft niets terug te sturen, maar kunt haar "
        "annuleren, {shop} onder je bestellingen of door het ons te vragen. Heb je al betaald, dan krijg je {total}"
        " terug."
    ),
    "return.over": "Voor bestelling {id} hoeft niets te worden teruggestuurd (status: {status}: {label}).",
    "return.general": (
        "Wil je iets retourneren, geef ons dan het nummer van de bestelling en wat je wilt terugsturen; zodra we "
        "het hebben, betalen we het terug. Wat nog niet is verzonden, kun je gewoon annuleren. {contact}"
    ),
    "track.general": (
        "Zodra een bestelling is verzonden, krijg je een e-mail met de vervoerder en het volgnummer, waarmee je "
        "haar op de website van de vervoerder kunt volgen. Of noem me het nummer van de bestelling, dan kijk ik."
    ),
    "receipt.there": (
        "De bon van bestelling {id} (totaal: {total}) zat bij je bevestigingsmail. Je vindt hem ook {shop} onder je"
        " bestellingen."
    ),
    "receipt.later": (
        "Van bestelling {id} is er nog geen bon (status: {status}, {label}). Je krijgt hem per e-mail zodra de "
        "bestelling is bevestigd."
    ),
    "receipt.never": "Van bestelling {id} is er geen bon (status: {status}, {label}).",
    "receipt.general": (
        "De bon komt met de bevestigingsmail van een bestelling, en je vindt hem {shop} onder je bestellingen. Noem"
        " me het nummer van de bestelling, dan kijk ik of er een is."
    ),
    "recent.title": "Recente bestellingen, de nieuwste eerst:",
    "recent.line": "- {id}, {day}: {label} ({status}), {total}",
    "recent.none": "Ik vind hier geen bestellingen.",
    "recent.whose": (
        "Om recente bestellingen te tonen moet ik weten van wie: stuur alsjeblieft de customerId mee. Of noem me "
        "het nummer van een bestelling."
    ),
    "which": "Welke bestelling bedoel je? Noem me alsjeblieft haar nummer; het staat in de e-mails erover.",
    "latest": "Bedoel je een andere bestelling, noem me dan haar nummer.",
    "not_found": (
        "Ik vind zo'n bestelling niet onder de jouwe. Controleer het nummer, liefst helemaal; het staat in de "
        "e-mails over de bestelling. {contact}"
    ),
    "not_found.too": "Een andere bestelling die je noemde vind ik niet onder de jouwe; controleer haar nummer.",
    "not_found.recent": (
        "Onder je laatste {count} bestellingen vind ik zo'n bestelling niet. Geef voor een oudere het hele nummer; het "
        "staat in de e-mails over de bestelling. {contact}"
    ),
    "general": "Ik kan alleen iets over bestellingen vertellen, en niets veranderen. {contact}",
    "unknown": "Daar kan ik je helaas niet mee helpen.",
    "help": (
        "Ik ben de assistent van {name} en kan je over je eigen bestellingen vertellen: status, artikelen en "
        "totaal, volgen van pakketten, annuleren, retourneren en terugbetaling, de bon, en je recente bestellingen."
        " Vraag maar, liefst met het nummer van de bestelling."
    ),
    "contact": "Je bereikt ons op {url}.",
    "contact.none": "Neem alsjeblieft contact op met {name}.",
    "shop": "in onze winkel ({url})",
    "shop.none": "in onze winkel",
}
