"""The words by which the guard knows what an answer says about an order, in five languages. Data, read by `guard_*.py`.

Alternatives of regular expressions, on text as `words.plain` makes it: lower case, no accents."""

from __future__ import annotations

WORKING = frozenset({"PENDING", "VALIDATING", "INVENTORY_CHECK", "PAYMENT_PROCESSING"})
_GONE = frozenset({"PARTLY_SHIPPED", "SHIPPED", "DELIVERED", "LOST"})
_DONE = _GONE | {"COMPLETED"}
_PAID = _DONE | {"CONFIRMED", "FULFILLMENT"}
OVER = frozenset({"FAILED", "CANCELLED", "REFUNDED"})

TRUE_OF: dict[str, frozenset[str]] = {
    "WAITING": WORKING,
    "WORKING": WORKING | {"CONFIRMED", "FULFILLMENT"},
    "CHECKING": frozenset({"VALIDATING", "INVENTORY_CHECK", "PENDING"}),
    "CONFIRMED": _PAID,
    "PAID": _PAID | {"REFUNDED"},
    "PACKED": _DONE | {"CONFIRMED", "FULFILLMENT"},
    "READY": frozenset({"COMPLETED"}),
    "COMPLETED": _DONE,
    "SHIPPED": _GONE,
    "DELIVERED": frozenset({"DELIVERED"}),
    "LOST": frozenset({"LOST"}),
    "FAILED": frozenset({"FAILED"}),
    "CANCELLED": frozenset({"CANCELLED"}),
    "CALLED_OFF": frozenset({"CANCELLED", "REFUNDED"}),
    "REFUNDED": frozenset({"REFUNDED"}),
    "NEVER": frozenset(),
}
"""In which states of an order (`templates.state_of`) a saying holds. Whoever was delivered was shipped before."""

STATES: dict[str, dict[str, str]] = {
    "en": {
        "WAITING": "pending|awaiting|waiting for",
        "WORKING": "in progress|processing|being processed",
        "CHECKING": "being checked|being validated|being verified|validating|validated",
        "CONFIRMED": "confirmed",
        "PAID": "(?:is|been|was|fully|already) paid|payment (?:has been|was) (?:received|successful|captured|taken)",
        "PACKED": "packed|packing|being prepared",
        "READY": "ready (?:for|to) (?:be )?(?:ship|dispatch|send|sent|deliver|collect|pick)\\w*",
        "COMPLETED": "completed|complete|finali[sz]ed|fulfilled",
        "SHIPPED": "shipped|dispatched|despatched|sent out|on (?:its|the|their) way(?! back)|in transit|under ?way"
        "|en route"
        "|handed (?:over )?to|picked up by|left (?:our|the) warehouse",
        "DELIVERED": "delivered|(?:has|have) arrived|arrived",
        "LOST": "lost|missing",
        "FAILED": "failed|unsuccessful|declined|rejected|refused|out of stock|sold out",
        "CANCELLED": "cancell?ed|voided",
        "CALLED_OFF": "called off|revoked",
        "REFUNDED": "refunded|reimbursed|refunding|refund (?:has been|was|is) \\w+",
        "NEVER": "returned|delayed|out for delivery|on hold|back-?ordered|expired|postponed|archived|deleted",
    },
    "nl": {
        "WAITING": "in afwachting|wachten?d? op|openstaande?",
        "WORKING": "in behandeling|wordt verwerkt|in verwerking",
        "CHECKING": "gecontroleerd|gevalideerd",
        "CONFIRMED": "bevestigd",
        "PAID": "betaald",
        "PACKED": "ingepakt|verpakt|voorbereid|klaargemaakt",
        "READY": "klaar voor (?:de )?verzending|klaar om (?:te worden )?(?:verzonden|verstuurd)|verzendklaar",
        "COMPLETED": "voltooid|afgerond|afgehandeld|compleet",
        "SHIPPED": "verzonden|verstuurd|verscheept|onderweg|opgestuurd|overgedragen aan",
        "DELIVERED": "bezorgd|geleverd|afgeleverd|aangekomen",
        "LOST": "kwijtgeraakt|kwijt|zoekgeraakt|vermist",
        "FAILED": "mislukt|geweigerd|afgewezen|uitverkocht",
        "CANCELLED": "geannuleerde?|gecanceld",
        "CALLED_OFF": "ingetrokken",
        "REFUNDED": "terugbetaald|gerestitueerd|teruggestort|vergoed",
        "NEVER": "geretourneerd|teruggestuurd|vertraagd|verlopen|vertraging|uitgesteld",
    },
    "de": {
        "WAITING": "ausstehend|wartet auf",
        "WORKING": "in bearbeitung|wird (?:gerade |derzeit )?bearbeitet",
        "CHECKING": "gepruft|validiert|uberpruft",
        "CONFIRMED": "bestatigt",
        "PAID": "bezahlt",
        "PACKED": "gepackt|verpackt|eingepackt|vorbereitet",
        "READY": "bereit (?:zum|fur den) versand|versandbereit|versandfertig",
        "COMPLETED": "abgeschlossen|fertiggestellt|erledigt",
        "SHIPPED": "verschickt|versendet|versandt|unterwegs|abgeschickt",
        "DELIVERED": "zugestellt|geliefert|ausgeliefert|angekommen|eingetroffen",
        "LOST": "verloren|verschollen",
        "FAILED": "fehlgeschlagen|gescheitert|abgelehnt|ausverkauft",
        "CANCELLED": "storniert|annulliert|abgesagt",
        "CALLED_OFF": "ruckgangig gemacht|widerrufen",
        "REFUNDED": "erstattet|zuruckerstattet|ruckerstattet|zuruckgezahlt|gutgeschrieben",
        "NEVER": "zuruckgesendet|zuruckgeschickt|retourniert|verspatet|verzogert|abgelaufen|verschoben",
    },
    "fr": {
        "WAITING": "en attente",
        "WORKING": "en cours de traitement|en traitement",
        "CHECKING": "verifiee?s?|en cours de verification",
        "CONFIRMED": "confirmee?s?",
        "PAID": "payee?s?|reglee?s?",
        "PACKED": "emballee?s?|en cours d'emballage|preparee?s?|en preparation|en cours de preparation",
        "READY": "pret(?:e|s|es)? (?:a|pour) (?:etre |l')?(?:exped\\w+|envo\\w+|livr\\w+)",
        "COMPLETED": "terminee?s?|achevee?s?|completee?s|finalisee?s?",
        "SHIPPED": "expediee?s?|envoyees?|colis (?:est|a ete) envoye|en route|en chemin|en transit|en livraison",
        "DELIVERED": "livree?s?|arrivee?s?|remis en main",
        "LOST": "perdue?s?|egaree?s?",
        "FAILED": "echouee?s?|refusee?s?|rejetee?s?|rupture de stock",
        "CANCELLED": "annulee?s?",
        "CALLED_OFF": "revoquee?s?",
        "REFUNDED": "remboursee?s?|creditee?s?",
        "NEVER": "retournee?s?|renvoyee?s?|retardee?s?|en retard|expiree?s?|reportee?s?",
    },
    "es": {
        "WAITING": "pendientes?|en espera",
        "WORKING": "en proceso|en tramite|procesando|tramitando",
        "CHECKING": "comprobando|verificad[oa]s?|validad[oa]s?",
        "CONFIRMED": "confirmad[oa]s?",
        "PAID": "pagad[oa]s?",
        "PACKED": "empaquetad[oa]s?|embalad[oa]s?|preparad[oa]s?|en preparacion|preparando",
        "READY": "list[oa]s? para (?:ser |el |su )?(?:envi\\w+|entreg\\w+)",
        "COMPLETED": "completad[oa]s?|finalizad[oa]s?|terminad[oa]s?",
        "SHIPPED": "enviad[oa]s?|en camino|en transito|despachad[oa]s?|expedid[oa]s?|en reparto",
        "DELIVERED": "entregad[oa]s?|(?:ha|han) llegado|llego(?! con el correo)",
        "LOST": "perdid[oa]s?|extraviad[oa]s?",
        "FAILED": "fallid[oa]s?|fallado|fallo|rechazad[oa]s?|rechazo|agotad[oa]s?",
        "CANCELLED": "cancelad[oa]s?|anulad[oa]s?",
        "CALLED_OFF": "revocad[oa]s?",
        "REFUNDED": "reembolsad[oa]s?|devuelt[oa]s?|abonad[oa]s?",
        "NEVER": "retrasad[oa]s?|caducad[oa]s?|expirad[oa]s?|aplazad[oa]s?",
    },
}
"""What is said of an order that is so. `NEVER` is what no order of ours ever is."""

NOT_SO = {
    "en": "not|no|never|cannot|nothing|none|nor|without|until|unless|if|once|when|as soon as|as long as|before|after"
    "|whether|can|could|may|might|would|should|to be|what|whatever|anything",
    "nl": "niet|geen|nooit|niets|zonder|zodra|als|wanneer|tot|tenzij|indien|zolang|nadat|voordat|kan|kun|kunt|kunnen"
    "|mag|zou|wat|alles|te worden",
    "de": "nicht|kein\\w*|nie|nichts|ohne|sobald|wenn|falls|bis|bevor|nachdem|solange|ob|kann|konnen|konnte\\w*|darf"
    "|was|alles|zu werden",
    "fr": "pas|aucune?|jamais|rien|sans|ne|n"
    "|des reception|des que|des qu|si|quand|lorsque|lorsqu|tant que|tant qu|avant|apres"
    "|une fois|peut|peuvent|pouvez|pourra\\w*|pourrait|ce que|ce qui|etre",
    "es": "no|nada|nunca|ningun\\w*|sin|si|cuando|en cuanto|una vez|mientras|antes|despues|hasta|puede\\w*|puedes"
    "|podra\\w*|pueda\\w*|lo que|para ser|ser",
}
"""With one of these in front, in German and Dutch anywhere beside it, it is denied, or only possible."""

SOON = {
    "en": "will|'ll|going to|being",
    "nl": "zal|zullen|wordt|worden|gaan?",
    "de": "wird|werden",
    "fr": "sera|seront|serez|va|vont|allez",
    "es": "sera|seran|va a|van a|vas a|sea",
}
"""With one of these it is to come: which may be said of what is not over."""

SMALL_WORDS = {
    "en": "we our us by so can its it's into under here order orders other than as only since placed these",
    "nl": "wij we ons onze uit over door zodra als dit dat om dan nog ook bestelling bestellingen alleen naar kun jouw",
    "de": "wir uns unser unsere ihre ihrer ihren ihrem am um vom zum zur durch wurde wurden ist sobald als oder hier"
    " dann"
    " bestellung bestellungen seit uhr letzten unter ihnen ich",
    "fr": "nous notre nos par avec depuis ete est des qui commande commandes voici le ont aux pas se au vos dans sur",
    "es": "tus nos nuestro nuestra por con desde ha han sido fue pedido pedidos estos estas aqui se te ti solo ser"
    " a sobre",
}
"""More of those that tell one language from another: of statements, where `vocabulary.py` has those of questions."""

CARRIERS = (
    "dhl|ups|fedex|fed ex|usps|postnl|post nl|dpd|gls|hermes|evri|yodel|royal mail|parcelforce|la poste|colissimo"
    "|chronopost|mondial relay|colis prive|relais colis|seur|mrw|nacex|zeleris|bpost|b post|tnt"
    "|amazon logistics|deutsche post|swiss post|osterreichische post|poste italiane|bartolini|brt|budbee|trunkrs"
    "|homerr|dynalogic|inpost|packeta|db schenker|dachser|canada post|australia post|purolator|ontrac|lasership"
    "|aramex|cainiao|yunexpress|sf express|japan post|yamato|postnord|matkahuolto"
)
"""Those that a model may have heard of."""

DURATIONS = (
    "days|weeks|(?<!opening )hours|months|business day|working day|dagen|weken|uren|maanden|werkdagen?|tagen?"
    "|wochen?|stunden"
    "|monaten?"
    "|werktagen?|jours?|semaines?|heures|mois|dias|semanas|horas|meses"
)
"""How long anything takes stands in no order."""

DAYS = {
    "en": "today|tomorrow|yesterday|tonight|this week|next week|last week",
    "nl": "vandaag|morgen|gisteren|eergisteren|overmorgen|vanavond|volgende week|deze week|vorige week",
    "de": "heute|morgen|gestern|vorgestern|ubermorgen|nachste woche|diese woche|letzte woche",
    "fr": "aujourd'hui|demain|hier|avant-hier|la semaine prochaine|cette semaine|la semaine derniere",
    "es": "hoy|manana|ayer|anteayer|pasado manana|la proxima semana|esta semana|la semana pasada",
}
"""A model does not know today's date."""

WEEKDAYS = (
    ("monday", "maandag", "montag", "lundi", "lunes"),
    ("tuesday", "dinsdag", "dienstag", "mardi", "martes"),
    ("wednesday", "woensdag", "mittwoch", "mercredi", "miercoles"),
    ("thursday", "donderdag", "donnerstag", "jeudi", "jueves"),
    ("friday", "vrijdag", "freitag", "vendredi", "viernes"),
    ("saturday", "zaterdag", "samstag", "samedi", "sabado"),
    ("sunday", "zondag", "sonntag", "dimanche", "domingo"),
)

MONTHS = (
    "january|jan|januari|januar|janner|janvier|janv|enero|ene",
    "february|feb|februari|februar|fevrier|fevr|febrero",
    "march|mar|maart|mrt|marz|mars|marzo",
    "april|apr|avril|avr|abril|abr",
    "may|mei|mai|mayo",
    "june|jun|juni|juin|junio",
    "july|jul|juli|juillet|juil|julio",
    "august|aug|augustus|aout|agosto|ago",
    "september|sept|sep|septembre|septiembre",
    "october|oct|okt|oktober|octobre|octubre",
    "november|nov|novembre|noviembre",
    "december|dec|dez|dezember|decembre|diciembre|dic",
)

MONEY = {
    "€": "EUR",
    "$": "USD",
    "us$": "USD",
    "£": "GBP",
    "¥": "JPY",
    "cn¥": "CNY",
    "₹": "INR",
    "zł": "PLN",
    "₴": "UAH",
    "euro": "EUR",
    "euros": "EUR",
    "dollar": "USD",
    "dollars": "USD",
    "dolares": "USD",
    "pounds": "GBP",
    "pond": "GBP",
    "pfund": "GBP",
    "francs": "CHF",
    "franken": "CHF",
    "francos": "CHF",
    "yen": "JPY",
    "cents": "?",
    "centimes": "?",
    "centimos": "?",
}
