"""What no answer may say, whatever the order: that something was done, is promised, or how the assistant is"
" made. Data,
read by `guard.py`. On text as `words.plain` makes it."""

from __future__ import annotations

_ACTIONS = {
    "en": "cancel\\w*|refund\\w*|chang\\w+|updat\\w+|modif\\w+|ship\\w*|dispatch\\w*|process(?:ed|ing)?|initiat\\w+"
    "|issu\\w+"
    "|delet\\w+|remov\\w+|add(?:ed|ing)?|appl(?:y|ied|ying)|replac\\w+|credit\\w*|approv\\w+|plac(?:e|ed|ing)"
    "|arrang\\w+"
    "|revers\\w+|escalat\\w+|forward\\w*|creat\\w+|reset\\w*|grant\\w*|order(?:ed|ing)|discount\\w*|compensat\\w+"
    "|reserv\\w+|transfer\\w*|sen[dt]|waiv\\w+|reduc\\w+|upgrad\\w+|mark(?:ed)?|set|open(?:ed)?|submit\\w*"
    "|enable\\w*",
    "nl": "geannuleerd|annuleren|terugbetaald|terugbetalen|terug te betalen|gewijzigd|wijzigen|veranderd|veranderen"
    "|aangepast|aanpassen|verzonden|verzenden|verstuurd|versturen|verwijderd|verwijderen|toegevoegd|toegepast|vergoed"
    "|goedgekeurd|bijgewerkt|teruggestort|ingetrokken|doorgevoerd|verwerkt|aangevraagd|geregeld|doorgestuurd",
    "de": "storniert|stornieren|erstattet|erstatten|geandert|andern|angepasst|anpassen|versendet|versandt|verschickt"
    "|versenden|verschicken|geloscht|loschen|hinzugefugt|angewendet|gutgeschrieben|genehmigt|aktualisiert|ersetzt"
    "|veranlasst|veranlassen|zuruckgezahlt|beauftragt|weitergeleitet|eingeleitet|durchgefuhrt|zuruckerstattet",
    "fr": "annul\\w+|rembours\\w+|modifi\\w+|chang\\w+|expedi\\w+|envoy\\w+|supprim\\w+|ajout\\w+|appliqu\\w+"
    "|accord\\w+"
    "|mis a jour|mettre a jour|effectu\\w+|valid\\w+|remplac\\w+|transmis|lance|initie\\w*",
    "es": "cancel\\w+|reembols\\w+|cambi\\w+|modific\\w+|envi\\w+|elimin\\w+|anad\\w+|aplic\\w+|anul\\w+"
    "|actualiz\\w+|aprob\\w+"
    "|devuelto|devolver\\w*|tramit\\w+|gestion\\w+|solicit\\w+|sustitu\\w+|reemplaz\\w+",
}
_BETWEEN = {
    "en": "have|had|am|will|would|shall|can|could|just|already|now|hereby|gladly|immediately|also|successfully"
    "|going|to"
    "|been|be|happily|then|do|did|go|ahead|and|are|been able",
    "fr": "bien|deja|donc|aussi|de|d'|l'|la|le|les|vous|vais|viens|peux|pu|maintenant|immediatement|ensuite|a",
    "es": "ya|lo|la|te|le|los|las|de|a|ahora|tambien|inmediatamente|entonces|poder|podido",
}

DONE = {
    "en": (
        f"(?<![\\w'])i(?:'ve|'m|'ll|'d)?(?: (?:{_BETWEEN['en']}))* (?:{_ACTIONS['en']})(?!\\w)",
        "(?<!\\w)i(?:'ve| have)? (?:just |already )?(?:asked|let|took|told|informed|notified|contacted"
        "|requested|handled"
        "|noted|passed|made|gave|put|sent)(?!\\w)",
        "(?<!\\w)we(?:'ve|'re|'ll)?(?: (?:have|are|will|just|now|already|also|been|successfully))*"
        " (?:chang|modif|appl|replac|credit|approv|arrang|delet|remov|add(?:ed|ing)|discount|compensat|initiat|issued"
        "|grant|revers|waiv|reduc|upgrad|updat)\\w*",
        "(?<!\\w)(?:has|have|was|were|is|are|been|now|got)(?: (?:been|now|just|already|successfully))*"
        " (?:changed|modified|removed|applied|replaced|approved|upgraded|reduced|waived|granted|discounted"
        "|reversed|added|credited|initiated|updated(?! on| at|:))(?!\\w)",
        "(?<!\\w)(?:done(?! on our)|consider it done|as (?:you )?(?:requested|asked|wished)|your request (?:has|was"
        "|is))(?!\\w)",
    ),
    "nl": (
        "(?<!\\w)ik (?:annuleer|wijzig|verander|stuur|verstuur|verzend|verwijder|pas|stort|regel)(?!\\w)",
        "(?<!\\w)(?:is|zijn|werd|werden)(?: (?:nu|net|zojuist|succesvol|al|reeds))*"
        " (?:gewijzigd|aangepast|toegepast|verwijderd|toegevoegd|goedgekeurd|doorgevoerd|veranderd"
        "|aangevraagd)(?!\\w)",
        "(?<!\\w)(?:zoals gevraagd|op je verzoek|op uw verzoek|gedaan!)",
    ),
    "de": (
        "(?<!\\w)ich (?:storniere|erstatte|andere|versende|verschicke|losche|veranlasse|aktualisiere|leite)(?!\\w)",
        "(?<!\\w)(?:wurde|wurden|ist|sind)(?: \\w+){0,5} (?:geandert|angepasst|angewendet|geloscht|hinzugefugt"
        "|genehmigt"
        "|ersetzt|veranlasst|eingeleitet)(?!\\w)",
        "(?<!\\w)(?:wie gewunscht|auf ihren wunsch|erledigt!)",
    ),
    "fr": (
        f"(?<!\\w)(?:j'ai|je viens|je vais|je peux|j'ai pu)(?: (?:{_BETWEEN['fr']}))* ?(?:{_ACTIONS['fr']})",
        "(?<!\\w)j'(?:annule|envoie|expedie|ajoute|applique|effectue)|(?<!\\w)je (?:rembourse|modifie|change"
        "|supprime)(?!\\w)",
        "(?<!\\w)nous avons(?: (?:bien|deja))* (?:modifi|chang|appliqu|accord|supprim|ajout|remplac|mis a jour)\\w*",
        "(?<!\\w)(?:a|ont) ete(?: bien)? (?:modifi|chang|appliqu|accord|supprim|ajout|remplac|initi)\\w*",
        "(?<!\\w)(?:comme demande|a votre demande|c'est fait)(?!\\w)",
    ),
    "es": (
        f"(?<!\\w)(?:he|voy|acabo|puedo|procedo|procedere|podre)(?: (?:{_BETWEEN['es']}))* (?:{_ACTIONS['es']})",
        "(?<!\\w)hemos(?: (?:ya|lo|la))* (?:cambiado|modificado|actualizado|aplicado|anadido|eliminado|aprobado"
        "|sustituido)",
        "(?<!\\w)(?:ha|han) sido (?:cambiad|modificad|aplicad|anadid|eliminad|aprobad|sustituid)\\w*",
        "(?<!\\w)se ha (?:cambiado|modificado|aplicado|anadido|eliminado|aprobado|sustituido)",
        "(?<!\\w)(?:tal como (?:has )?pedi\\w+|como solicitaste|hecho!)",
    ),
}
"""The assistant can do nothing, and an order is not changed by talking."""

AUXILIARY = {
    "nl": (
        "(?<!\\w)(?:ik|we|wij) (?:heb|hebben|zal|zullen|ga|gaan|kan|kunnen|ben)(?!\\w)",
        _ACTIONS["nl"],
        "niet|niets|geen|helaas|zien|vertellen|bevestigen|melden|vinden|als|zodra|wanneer",
    ),
    "de": (
        "(?<!\\w)(?:ich|wir) (?:habe|haben|hab|werde|werden|kann|konnen|konnte)(?!\\w)",
        _ACTIONS["de"],
        "nicht|nichts|kein\\w*|leider|sehen|sagen|bestatigen|mitteilen|finden|wenn|sobald|falls",
    ),
}
"""Where the verb stands at the end: who speaks, what of, and the words beside which it is no such claim."""
WE_MAY_HAVE = (
    "terugbetaald|verzonden|verstuurd|geannuleerd|erstattet|versendet|versandt|verschickt|storniert|zuruckerstattet"
)
"""What the shop did is the order's state, and judged as such."""

PROMISES = (
    "full refund|volledige terugbetaling|volle erstattung|remboursement (?:complet|integral|total)"
    "|reembolso (?:completo|integro|total)|"
    "discount\\w*|voucher\\w*|coupon\\w*|promo(?:tion)?(?:al)? codes?|free of charge|for free|compensation"
    "|gift cards?"
    "|store credit|guarantee\\w*|i promise|we promise|korting\\w*|waardebon\\w*|tegoedbon\\w*|cadeaubon\\w*|gratis"
    "|kortingscode"
    "|rabatt\\w*|gutschein\\w*|kostenlos\\w*|nachlass|garantier\\w*|garandeer\\w*|garantie|verspreche\\w*|beloof"
    "|beloven"
    "|remise de|une remise|reduction\\w*|bons? d'achat|codes? promo|gratuit\\w*|garanti\\w*|promets|promettons"
    "|(?:team|staff|someone|colleagues?)(?:'ll| will) (?:contact|call|write|reach)|but it will(?: be)?(?= ?[.!,\n]|$)"
    "|descuent\\w*|cupon\\w*|garantiz\\w*|prometo|prometemos"
)
REFUNDS = (
    "(?:we|i)(?:'ll| will| shall| are going to)(?: \\w+){0,2} (?:refund|reimburse|pay back|compensate|credit)",
    "you(?:'ll| will| are going to| should)(?: \\w+){0,2} (?:receive|get|be)(?: \\w+){0,3}"
    " (?:refund\\w*|money back|reimburse\\w*)",
    "full refund|refund (?:is|will be) on",
    "krijg\\w* (?:\\w+ ){0,5}(?:geld terug|terugbetaling|terugbetaald)",
    "(?:we|wij|ik) (?:zullen|zal|betalen|betaal) (?:\\w+ ){0,6}terug(?:betalen)?",
    "(?:erhalten|bekommen) sie (?:\\w+ ){0,5}(?:geld zuruck|erstattung|ruckerstattung|zuruckerstattet|erstattet)",
    "sie (?:erhalten|bekommen) (?:\\w+ ){0,5}(?:geld zuruck|erstattung|ruckerstattung|zuruckerstattet|erstattet)",
    "(?:wir|ich) (?:werden?|erstatten?) (?:\\w+ ){0,6}(?:erstatten|zuruck)",
    "vous (?:recevrez|serez|allez|obtiendrez) (?:\\w+ ){0,4}rembours\\w+",
    "nous (?:allons )?(?:vous )?(?:le |la |les )?rembours(?:er|erons|ons)",
    "recibiras (?:\\w+ ){0,4}(?:reembolso|dinero)",
    "(?:te|le|se te|lo|la) (?:reembolsaremos|devolveremos|reembolsare|devolvere)",
)
"""Money back is promised by an order's facts, or by the rules of returning, and by nobody else."""

ASKS_FOR_SECRETS = (
    "(?:number|details|data|information|code|name|id) (?:of|on|for|from) (?:your|the) (?:\\w+ )?(?:card|account|bank)"
    "|(?:card|account|bank)(?:'s)? (?:\\w+ )?(?:number|details|data|information|id|code|name)"
    "|(?:send|give|tell|write|share|provide|enter)(?: (?:us|me|here|in|down)){0,2} (?:your|the) (?:\\w+ )?"
    "(?:card|account|bank|money|amount|payment|name|address|phone)"
    "|(?:nummer|gegevens|code|naam) (?:van|op) (?:je|uw|de|jouw) (?:kaart|rekening|bank)"
    "|(?:geef|stuur|noem)(?: \\w+)? (?:je|uw|de) (?:kaart|rekening|bank|naam|adres|bedrag)"
    "|(?:nummer|angaben|daten|namen?|code) (?:ihrer|der|ihres|des|deiner) (?:karte|bank|kontos?)"
    "|(?:numero|details|informations?|code|nom) (?:de|sur|du) (?:votre |la |ta )?(?:carte|banque|compte)"
    "|(?:numero|datos|informacion|codigo|nombre) (?:de|en|del) (?:tu |su |la )?(?:tarjeta|banco|cuenta)"
)
"""Nothing of these is needed for an answer about an order."""

LEAKS = (
    "prompt|system (?:message|text)|my (?:instructions|rules|guidelines)|(?:the|these) (?:instructions|rules) (?:i"
    "|say|above)"
    "|language model|ai model|i am an ai|as an ai|chatgpt|openai|anthropic|claude|bedrock|amazon nova|llama"
    "|mistral|gpt"
    "|json|mijn (?:instructies|regels)|taalmodel|meine (?:anweisungen|regeln|instruktionen)|sprachmodell"
    "|mes (?:instructions|consignes|regles)|modele de langage|mis (?:instrucciones|reglas)|modelo de lenguaje"
    "|developer mode|jailbreak\\w*|dan mode|password|wachtwoord|passwort|mot de passe|contrasena|api key|secret"
)
