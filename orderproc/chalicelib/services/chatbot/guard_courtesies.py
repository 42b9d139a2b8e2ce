"""Words that an answer may be made of besides those of `guard_vocabulary.py`: courtesies, which say nothing of an
order, and those that fit to orders in some states only. Data, read by `guard_speech.py`; as `words.plain` makes
them."""

from __future__ import annotations

COURTESIES = {
    "en": "shopping based activity breakdown looked frustration frustrating field click copy steps changes discuss"
    " mistyped estimated depend depends enjoy attached explain explains explained explanation works looks"
    " meaning worry worries"
    " assured checked folder spam action needed marked touch cancellations",
    "nl": "vul wijzigingen doorvoeren plezier zorgen leverdatum",
    "de": "helfe unterlagen versanddienstleister versanddienstleisters anderungen vornehmen schonen freude einkauf"
    " geehrte geehrter sorge sorgen genaues lieferdatum belauft sollten stehe verfugung",
    "fr": "me recapitulatif saisissez journee profitez gene occasionnee inquietez dispose",
    "es": "escribirme introduce indicarme cambios tengas buen disfruta preocupes dispongo salga estamos",
}
PHRASES = {"en": r"\bfeel free\b|\breach(?:ing)? out\b|\bkeep an eye\b"}
"""Courtesies of words that could say something of an order, too: `free`."""

TO_SHIP = {"nl": "maken klaarmaken"}
"""Where an order is not over, and nothing of it is shipped."""

PAID = {
    "nl": "gelukt gegaan",
    "de": "erfolgreich geklappt",
    "fr": "reussi abouti",
    "es": "correctamente realizado",
}
"""Where an order was paid for."""

FAILED = {
    "en": "bank card payment problem wrong decline try trying different placing stock price enough process"
    " complete went",
    "nl": "bank kaart betaling probleem fout probeer proberen voorraad prijs genoeg plaats plaatsen verwerken",
    "de": "bank karte zahlung problem fehler versuchen vorratig preis genug bestand bestellen hat geben sie",
    "fr": "banque carte paiement probleme erreur reessayer reessayez essayez stock prix nouveau",
    "es": "banco tarjeta pago problema error intenta intentarlo intentar existencias precio suficiente nuevo"
    " haz vuelve",
}
"""Words beside those of its failure, where an order failed."""

REFUNDED = {
    "en": "bank banks left money original returned take takes may several show appear appears account ten"
    " days until business within",
    "nl": "bank banken geld duren duurt toont rekening zichtbaar tien dagen betalen totdat",
    "de": "bank banken geld dauern dauert anzeigt konto sichtbar zehn tage tagen erscheint",
    "fr": "banque banques argent prendre prennent apparaitre afficher affiche afficher compte dix jours mettre"
    " remboursons",
    "es": "banco bancos dinero tardar tardan mostrar mostrarlo muestre cuenta diez dias estamos devolviendo aparezca"
    " devolvemos devolviendote reembolsando",
}
"""Likewise, where money was given back or is on its way."""
