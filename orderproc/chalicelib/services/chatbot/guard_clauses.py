"""How five languages say that something is not so, only possible, or to come. Data, and how it is read.

Alternatives of regular expressions, on text as `words.plain` makes it."""

from __future__ import annotations

import re
from functools import cache

_MARKS = re.compile(r"[,;:()–—/.!?\n]|\s-\s")
_CUTS = {
    "en": r"\b(?:but|because|since|that|although|though|yet(?= it| your))\b|\bso\b(?! far)"
    r"|(?<!soon )(?<!long )\bas\b(?= (?:it|your|the|this|nothing)\b)"
    r"|\band\b(?= (?:it|is|was|has|have|they|your|the|already|now|then|been)\b)",
    "nl": r"\b(?:maar|omdat|want|dat|hoewel|dus)\b|\ben\b(?= (?:ze|het|je|uw|is|werd|deze|hij|de|al|nu)\b)",
    "de": r"\b(?:aber|sondern|weil|denn|da|dass|obwohl|daher|deshalb)\b"
    r"|\bund\b(?= (?:sie|es|ihre|ist|wurde|hat|die|das|bereits|jetzt)\b)",
    "fr": r"\b(?:mais|car|puisqu\w*|parce|donc)\b|(?<!des )(?<!tant )(?<!avant )(?<!apres )(?<!ce )\bqu(?:e\b|')"
    r"|\bet\b(?= (?:elle|il|est|a|votre|la|le|deja)\b)",
    "es": r"\b(?:pero|sino|porque|pues|aunque)\b|(?<!hasta )(?<!antes de )(?<!despues de )(?<!mientras )(?<!vez )"
    r"(?<!siempre )(?<!lo )\bque\b|\by\b(?= (?:esta|se|ha|tu|su|el|lo|ya|fue)\b)",
}
"""What one says ends here and something else begins: a `not` of before is none of it."""

_SAID: dict[str, dict[str, str]] = {
    "denial": {
        "en": r"not(?! only)|no(?! problem| doubt| worries)|never|cannot|nothing|none|nor|without|anything|whatever",
        "nl": "niet|geen|nooit|niets|zonder",
        "de": r"nicht|kein\w*|nie|nichts|ohne",
        "fr": "pas|aucune?|jamais|rien|sans|ne|n",
        "es": r"no|nada|nunca|ningun\w*|sin",
    },
    "condition": {
        "en": r"until|unless|if|once(?! again| more)|when|as soon as|as long as|before|after(?! all)|whether"
        r"|what(?= ?$| you| was| is)",
        "nl": "zodra|als|wanneer|tot|tenzij|indien|zolang|nadat|voordat|totdat|wat (?:je|u)",
        "de": "sobald|wenn|falls|bis|bevor|nachdem|solange|ob|sofern|was sie",
        "fr": "des reception|des que|des qu|si|quand|lorsque|lorsqu|tant que|tant qu|avant|apres|une fois"
        "|ce que|ce qui",
        "es": "si|cuando|en cuanto|una vez|mientras|antes|despues|hasta|lo que|siempre que|haya\\w*|sea",
    },
    "modal": {
        "en": "can|may|(?<!going )to be",
        "nl": "kan|kun|kunt|kunnen|mag|zou|te worden|hoeft?",
        "de": r"kann|konnen|darf|zu werden",
        "fr": r"peut|peuvent|pouvez|pourra|pourrez|(?<!va )(?<!vont )etre",
        "es": r"puede\w*|puedes|podra\w*|pueda\w*|(?<!va a )(?<!van a )ser",
    },
    "asserted": {
        "en": "is|are|was|were|has|have|had|know|see",
        "nl": "(?!)",
        "de": "(?!)",
        "fr": "est|sont|ete|ont",
        "es": "esta|ha|han|fue|sido",
    },
    "soon": {
        "en": "will|going to|being",
        "nl": "zal|zullen|wordt|worden|gaan?",
        "de": "wird|werden",
        "fr": "sera|seront|serez|va|vont|allez",
        "es": "sera|seran|va a|van a|vas a|sea",
    },
    "never": {
        "en": "(?:will not|will never|won't|never will|'ll (?:not|never))(?! be (?:possible|able))",
        "nl": "nooit|niet meer (?:verzonden|verstuurd|bezorgd|geleverd)",
        "de": "nie|niemals|nicht mehr (?:versandt|versendet|verschickt|geliefert|zugestellt)",
        "fr": "jamais|ne (?:sera|seront|serez) (?:pas|plus)",
        "es": "nunca|jamas|no (?:se )?(?:sera|seran)",
    },
    "failed_to": {
        "en": "could not|couldn't|unable",
        "nl": r"kon(?:den)?(?: \w+){0,6} (?:niet|geen)",
        "de": r"konnten?(?: \w+){0,6} (?:nicht|kein\w*)",
        "fr": r"n'(?:a|ont|avons|ai)(?: \w+)? pas(?: \w+)? pu",
        "es": r"no (?:\w+ )?(?:(?:ha|han|hemos|he) podido|pudo|pudimos)",
    },
    "to_cancel": {
        "en": r"cancel\w*",
        "nl": r"annul\w+|geannuleerd",
        "de": r"storn\w+",
        "fr": r"annul\w+",
        "es": r"(?:cancel|anul)\w+",
    },
    "impossible": {
        "en": r"can(?:not|'t| not| no longer)|no longer(?: be)?(?: cancel\w*| possible)|not possible|too late",
        "nl": r"(?:kan|kun|kunt|kunnen|mogelijk|mag)\b.*\b(?:niet|geen)|(?:niet|geen)\b.*\b(?:kan|kun|kunt"
        r"|kunnen|mogelijk)",
        "de": r"(?:kann|konnen|moglich|lasst)\b.*\b(?:nicht|kein\w*)|(?:nicht|kein\w*)\b.*\b(?:kann|konnen|moglich)",
        "fr": r"ne (?:peut|peuvent|pouvez)|n'est (?:pas|plus) possible|impossible",
        "es": r"no (?:se |lo |la )?(?:puede\w*|es posible)|imposible",
    },
    "possible": {
        "en": "can|possible|may|able",
        "nl": "kan|kun|kunt|kunnen|mogelijk",
        "de": "kann|kannst|konnen|moglich|lasst",
        "fr": "peut|peuvent|pouvez|peux|possible",
        "es": "puede|pueden|puedes|posible",
    },
    "all": {
        "en": "both|all",
        "nl": "beide|allebei|alle",
        "de": "beide|beiden|alle",
        "fr": "les deux|toutes|tous",
        "es": "ambos|ambas|los dos|todos|todas",
    },
    "no_order": {
        "en": r"(?:have|has|find|found|see|are) no (?:recent |other |such )?orders?",
        "nl": r"geen (?:recente )?bestelling(?:en)?(?! (?:is|zijn|kan))",
        "de": r"keine (?:letzten )?bestellung(?:en)?(?! (?:ist|sind))",
        "fr": "aucune commande",
        "es": "ningun pedido",
    },
    "receipt": {
        "en": "receipt",
        "nl": "bon|bonnetje|factuur",
        "de": "rechnung|quittung|beleg",
        "fr": "(?:le|un|votre|de) recu|facture",
        "es": "(?:el|tu|un) recibo|factura",
    },
    "tracking": {
        "en": "tracking number|carrier",
        "nl": "volgnummer|trackingnummer|trackcode|vervoerder",
        "de": "sendungsnummer|trackingnummer|paketdienst",
        "fr": "numero de suivi|transporteur",
        "es": "numero de seguimiento|transportista",
    },
    "paid": {
        "en": "paid",
        "nl": "betaald",
        "de": "bezahlt|gezahlt",
        "fr": "payee?",
        "es": "pagad[oa]",
    },
    "i_can": {
        "en": "i|we",
        "nl": "ik",
        "de": "ich",
        "fr": "je|j",
        "es": "(?:no )?puedo",
    },
}  # fmt: skip


def clauses_of(spoken: str, language: str) -> list[str]:
    """The thoughts of a sentence, one by one."""
    return [clause for clause in _MARKS.split(pattern("cuts", language).sub(",", spoken)) if clause.strip()]


@cache
def pattern(kind: str, language: str) -> re.Pattern[str]:
    """Where something of this kind is said."""
    if kind == "cuts":
        return re.compile(_CUTS.get(language, "(?!)"))
    listed = _SAID[kind]
    short = r"|n't\b" if kind in ("denial", "impossible") else r"|'ll\b" if kind == "soon" else ""
    return re.compile(rf"(?<!\w)(?:{listed.get(language, listed['en'])})(?!\w){short}")
