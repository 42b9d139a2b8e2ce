"""The words by which the guard knows what an answer says about an order, in five languages. Data, read by"
" `guard_*.py`.

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
    "UNDER_WAY": frozenset({"SHIPPED", "PARTLY_SHIPPED", "LOST"}),
    "PACKING": frozenset({"CONFIRMED", "FULFILLMENT", "COMPLETED", "PARTLY_SHIPPED"}),
    "DELIVERED": frozenset({"DELIVERED"}),
    "LOST": frozenset({"LOST"}),
    "FAILED": frozenset({"FAILED"}),
    "CANCELLED": frozenset({"CANCELLED"}),
    "CALLED_OFF": frozenset({"CANCELLED", "REFUNDED"}),
    "REFUNDED": frozenset({"REFUNDED"}),
    "MONEY_BACK": frozenset({"REFUNDED"}),
    "ARRIVING": _PAID | WORKING,
    "NEVER": frozenset(),
}
"""In which states of an order (`templates.state_of`) a saying holds. Whoever was delivered was shipped before."""

STATES: dict[str, dict[str, str]] = {
    "en": {
        "WAITING": "pending|awaiting|waiting for",
        "WORKING": "working on (?:it|your|this)|in progress|processing|being processed",
        "CHECKING": "being checked|being validated|being verified|validating|validated",
        "CONFIRMED": "confirmed|processed",
        "PAID": "succeed(?:ed|s)?|(?:have|has|received|got|get|took|taken|receive) (?:your|the) payment"
        "|payment (?:is here"
        "|has come|was made)|charged|(?:is|been|was|fully|already) paid|payment (?:has been|was) (?:received"
        "|successful"
        "|captured|taken)",
        "PACKING": "waiting to be shipped|being prepared|being packed|preparing|packing",
        "PACKED": "packed|packing|being prepared|preparing",
        "READY": "(?:is|are|now|all) ready(?! to (?:help|assist))|ready (?:for|to) (?:be )?(?:ship|dispatch"
        "|send|sent|deliver|collect|pick)\\w*",
        "COMPLETED": "completed|complete|finali[sz]ed|fulfilled",
        "UNDER_WAY": "(?:is|are|currently|still|now|it's|been) (?:\\w+ )?(?:on (?:its|the|their) way(?! back)"
        "|in transit|under ?way|en route)",
        "SHIPPED": "(?:is|are|were) sending (?:it|(?:your|the|this) (?:order|parcel|package))|(?:shipping"
        "|delivery|shipment) (?:has )?(?:started|begun|began)|(?:began"
        "|started) (?:the )?(?:delivery|shipping)|sent (?:it|them|(?:your|this|the) (?:order|parcel|package"
        "|items?))(?! back)|(?:order|parcel"
        "|package|items?)[\\s\\0]+(?:is|was|were|has been|have been) (?:\\w+ )?sent"
        "(?! (?:to you )?(?:by|via|in) (?:an )?e-?mail)|shipped|dispatched"
        "|despatched|sent out|on (?:its|the|their) way(?! back)|in transit|under ?way"
        "|en route"
        "|handed (?:over )?to|(?:with|to|at) (?:the|our|a) carrier(?! and| or|'s)|picked up by|left (?:our"
        "|the) warehouse",
        "DELIVERED": "you(?:'ve| have)? (?:\\w+ )?(?:received|got) (?:it|(?:your|the|this) (?:order|parcel"
        "|package|items?))|delivered|(?:has|have) arrived|arrived(?! with your (?:confirmation|e-mail|email))",
        "LOST": "lost|missing",
        "FAILED": "failed|unsuccessful|declined|rejected|refused|out of stock|sold out",
        "CANCELLED": "^ ?cancel ?$|cancellation(?! ?$| and\\b| or\\b| is (?:still |not |no longer )*possible)"
        "|cancell?ed|voided",
        "CALLED_OFF": "called off|revoked",
        "MONEY_BACK": "money|(?:gets?|given?|giving|receive|have|comes?|coming) (?:\\w+ ){0,4}back|all back"
        "|return (?:your|the) payment",
        "REFUNDED": "refunded(?! (?:once|as soon as|when|after) (?:the|we|it))|reimbursed|refunding"
        "|refund (?:has been|was|is) \\w+|returned to you",
        "ARRIVING": "(?:get|receive) (?:it|(?:your|the|this) (?:order|parcel|package|items?))(?! back)|ships"
        "|we ship|arrives?|arriving|(?:order|parcel|package|it)[\\s\\0]+comes?|coming|be with you",
        "NEVER": "different address|nobody has|no news of|everything is right|on request|costs? you nothing"
        "|(?:someone|somebody) else|another customer|contains no|(?:order"
        "|it) (?:can't|cannot|can not|could not|couldn't) be found|never received|(?:paid|for|pay) nothing"
        "|returned(?! to you)|delayed|out for delivery|on hold"
        "|back-?ordered|expired|postponed|archived|deleted",
    },
    "nl": {
        "WAITING": "in afwachting|wachten?d? op|openstaande?",
        "WORKING": "in behandeling|wordt verwerkt|in verwerking",
        "CHECKING": "gecontroleerd|gevalideerd",
        "CONFIRMED": "bevestigd",
        "PAID": "betaling(?: \\w+)? ontvangen|betaald",
        "PACKED": "ingepakt|verpakt|voorbereid|klaargemaakt",
        "READY": "(?:is|staat|ligt|en) (?:\\w+ ){0,2}klaar(?!\\w)|klaar voor (?:de )?verzending"
        "|klaar om (?:te worden )?(?:verzonden|verstuurd)|verzendklaar",
        "COMPLETED": "(?<!wordt )(?<!binnenkort )(?<!worden )verwerkt|gelukt|voltooid|afgerond|afgehandeld|compleet",
        "UNDER_WAY": "onderweg",
        "SHIPPED": "(?:verzending|bezorging|levering) is (?:begonnen|gestart)|(?:bestelling|pakket"
        "|artikelen)[\\s\\0]+(?:\\w+ ){0,3}(?:gestuurd|toegestuurd)|verzonden"
        "|verstuurd|verscheept|onderweg|opgestuurd|overgedragen aan",
        "DELIVERED": "(?:is|al|ligt) bij (?:je|jou|u)(?! bestelling)|(?:hebt|heeft) (?:\\w+ ){0,4}(?:bestelling"
        "|pakket|artikelen) (?:\\w+ )?(?:ontvangen"
        "|gekregen)|bezorgd|geleverd|afgeleverd|aangekomen",
        "LOST": "kwijtgeraakt|kwijt|zoekgeraakt|vermist",
        "FAILED": "betaling (?:nog )?niet ontvangen|niet gelukt|niet helemaal gelukt|mislukt|geweigerd"
        "|afgewezen|uitverkocht",
        "CANCELLED": "geannuleerde?|gecanceld",
        "CALLED_OFF": "ingetrokken",
        "MONEY_BACK": "geld|(?:krijg|krijgt|krijgen|geven) (?:\\w+ ){0,4}terug",
        "REFUNDED": "terugbetaald|gerestitueerd|teruggestort|vergoed",
        "ARRIVING": "bezorgt|brengt|(?:bestelling|pakket)[\\s\\0]+komt|komt eraan|verzenden|versturen|bezorgen",
        "NEVER": "bestaat niet|geretourneerd|teruggestuurd|vertraagd|verlopen|vertraging|uitgesteld",
    },
    "de": {
        "WAITING": "ausstehend|wartet auf",
        "WORKING": "in bearbeitung|wird (?:gerade |derzeit )?bearbeitet",
        "CHECKING": "gepruft|validiert|uberpruft",
        "CONFIRMED": "bestatigt",
        "PAID": "zahlung(?: \\w+)? erhalten|bezahlt",
        "PACKED": "gepackt|verpackt|eingepackt|vorbereitet",
        "READY": "bereit(?! sind| bin)|bereit (?:zum|fur den) versand|versandbereit|versandfertig",
        "COMPLETED": "abgeschlossen|fertiggestellt|erledigt",
        "UNDER_WAY": "auf dem weg(?! zu uns)|unterwegs",
        "SHIPPED": "(?<!nicht )ubergeben|(?:versand|lieferung|zustellung) hat (?:begonnen|gestartet)"
        "|(?:bestellung|paket|sendung"
        "|artikel)[\\s\\0]+(?:\\w+ ){0,3}(?:geschickt|zugeschickt"
        "|gesendet|zugesandt)|verschickt|versendet|versandt|unterwegs|abgeschickt",
        "DELIVERED": "(?:ist|schon|bereits) bei ihnen|sie haben (?:\\w+ ){0,4}(?:bestellung|paket|ware"
        "|artikel) (?:\\w+ )?(?:erhalten|bekommen)"
        "|zugestellt|geliefert|ausgeliefert|angekommen|eingetroffen",
        "LOST": "verloren|verschollen",
        "FAILED": "zahlung (?:noch )?nicht erhalten|fehlgeschlagen|gescheitert|abgelehnt|ausverkauft",
        "CANCELLED": "stornierung(?! ?$| und\\b| oder\\b| (?:ist )?(?:(?:noch|nicht|mehr|jetzt) )*moglich)"
        "|storniert|annulliert|abgesagt",
        "CALLED_OFF": "ruckgangig gemacht|widerrufen",
        "MONEY_BACK": "geld|(?:bekommen|erhalten) (?:\\w+ ){0,4}zuruck",
        "REFUNDED": "erstattet|zuruckerstattet|ruckerstattet|zuruckgezahlt|gutgeschrieben",
        "ARRIVING": "(?:bestellung|paket)[\\s\\0]+kommt|verschicken|versenden|liefern|kommt an",
        "NEVER": "zuruckgesendet|zuruckgeschickt|retourniert|verspatet|verzogert|abgelaufen|verschoben",
    },
    "fr": {
        "WAITING": "en attente",
        "WORKING": "en cours de traitement|en traitement",
        "CHECKING": "verifiee?s?|en cours de verification",
        "CONFIRMED": "confirmee?s?",
        "PAID": "recu votre paiement|payee?s?|reglee?s?",
        "PACKED": "emballee?s?|en cours d'emballage|preparee?s?|en preparation|en cours de preparation",
        "READY": "(?:est|et) (?:\\w+ )?prete?|pret(?:e|s|es)? (?:a|pour) (?:etre |l')?(?:exped\\w+|envo\\w+|livr\\w+)",
        "COMPLETED": "abouti|terminee?s?|achevee?s?|completee?s|finalisee?s?",
        "UNDER_WAY": "en route|en chemin|en transit|en livraison",
        "SHIPPED": "(?:livraison|expedition) a commence|envoye (?:\\w+ )?(?:commande|colis)|(?:est"
        "|sont) partie?s?(?! de)|expediee?s?|envoyees?"
        "|colis (?:est|a ete) envoye|en route|en chemin|en transit|en livraison",
        "DELIVERED": "(?:est|deja) chez vous|avez (?:\\w+ )?recu (?:votre|le|la|cette) (?:commande|colis)"
        "|livree?s?|arrivee?s?|remis en main",
        "LOST": "perdue?s?|egaree?s?",
        "FAILED": "n'a pas abouti|echouee?s?|refusee?s?|rejetee?s?|rupture de stock",
        "CANCELLED": "annulation(?! ?$| et\\b| ou\\b| (?:est|n'est) (?:\\w+ )*possible)|annulee?s?",
        "CALLED_OFF": "revoquee?s?",
        "MONEY_BACK": "argent|rendons|rendu",
        "REFUNDED": "remboursee?s?|creditee?s?",
        "ARRIVING": "arrive|arrivera|expedions|envoyons|livrons",
        "NEVER": "retournee?s?|renvoyee?s?|retardee?s?|en retard|expiree?s?|reportee?s?",
    },
    "es": {
        "WAITING": "pendientes?|en espera",
        "WORKING": "en proceso|en tramite|procesando|tramitando",
        "CHECKING": "comprobando|verificad[oa]s?|validad[oa]s?",
        "CONFIRMED": "confirmad[oa]s?",
        "PAID": "recibido (?:tu|el) pago|pagad[oa]s?",
        "PACKED": "empaquetad[oa]s?|embalad[oa]s?|preparad[oa]s?|en preparacion|preparando",
        "READY": "(?:esta|y) (?:\\w+ )?list[oa]|list[oa]s? para (?:ser |el |su )?(?:envi\\w+|entreg\\w+)",
        "COMPLETED": "completad[oa]s?|finalizad[oa]s?|terminad[oa]s?",
        "UNDER_WAY": "de camino|en camino|en transito|en reparto",
        "SHIPPED": "salio|(?:envio|entrega) ha (?:empezado|comenzado)|enviad[oa]s?|en camino|en transito"
        "|despachad[oa]s?|expedid[oa]s?|en reparto",
        "DELIVERED": "contigo|has (?:\\w+ )?recibido (?:tu|el|este) (?:pedido|paquete)|entregad[oa]s?|(?:ha"
        "|han) llegado|llego(?! con el correo)",
        "LOST": "perdid[oa]s?|extraviad[oa]s?",
        "FAILED": "fallid[oa]s?|fallado|fallo|rechazad[oa]s?|rechazo|agotad[oa]s?",
        "CANCELLED": "cancelacion(?! ?$| y\\b| o\\b| (?:es|no es|ya no es) (?:\\w+ )*posible)|cancelad[oa]s?"
        "|anulad[oa]s?",
        "CALLED_OFF": "revocad[oa]s?",
        "MONEY_BACK": "dinero|devolvemos|devolveremos|devolvera",
        "REFUNDED": "reembolsad[oa]s?|devuelt[oa]s?|abonad[oa]s?",
        "ARRIVING": "llega|llegara|enviamos|entregamos",
        "NEVER": "retrasad[oa]s?|caducad[oa]s?|expirad[oa]s?|aplazad[oa]s?",
    },
}
"""What is said of an order that is so. `NEVER` is what no order of ours ever is."""

DENIABLE = frozenset(
    {"PAID", "CONFIRMED", "PACKED", "COMPLETED", "SHIPPED", "DELIVERED", "LOST", "FAILED", "CANCELLED", "CALLED_OFF"}
    | {"REFUNDED", "MONEY_BACK", "READY"}
)
"""Where one of these holds, nobody may say that it does not."""

TO_COME = frozenset(
    {
        "WAITING",
        "WORKING",
        "CHECKING",
        "CONFIRMED",
        "PAID",
        "PACKED",
        "PACKING",
        "UNDER_WAY",
        "READY",
        "COMPLETED",
        "SHIPPED",
        "DELIVERED",
    }
    | {"ARRIVING"}
)
"""What happens to an order that is not over; that it fails, or is called off, nobody can foretell."""

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
    "(?:in|within) (?:a|one) day|een dag|einem tag|un jour|un dia|days|weeks|(?<!opening )hours|months"
    "|business day|working day|dagen|weken|uren|maanden|werkdagen?|tagen?"
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
