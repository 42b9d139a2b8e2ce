"""Personal data out of what staff look at: payloads of messages, and the words of errors.

By the name of a field where there is one, in the shop's five languages; by its form (e-mail addresses, numbers of
telephones, cards, accounts and authorities, tokens) everywhere. Ids, amounts, quantities and products stay readable:
they are what one looks for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from .jsonio import InvalidJson, dumps, loads
from .personal_data import CREDENTIALS, addresses_replaced, replaced
from .plain_text import one_line

MASK = "[personal]"
_TOO_DEEP = "[nested too deeply]"
_DEEPEST = 40
_LONGEST_REASON = 500
_LONGEST_TEXT = 10_000

# Long forms are not compiled here: `re` does it at their first use, which few cold starts see, and keeps them.
_BY_NAME = (
    r"e?mail|phone|mobile|fax|street|addres|zipcode|postal|postcode|recipient|birth|gender"
    r"|^(home|shipping|billing)?(city|town|zip)$|^((send|reply|ship|bill|deliver)?to|b?cc)$|^(address)?line[0-9]$"
    r"|(first|last|full|given|family|customer|user|holder|contact|sur|middle|nick|billing|shipping)name"
    # German
    r"|strasse|^str$|hausnummer|hausnr|postleitzahl|^plz$|^(wohn|liefer|geburts)?ort$|^stadt$|anschrift|adres|telefon"
    r"|^tel(nr)?$|handy|mobilnummer|rufnummer|empfae?nger|geburt|geschlecht"
    r"|(vor|nach|familien|kunden|benutzer)name"
    # Dutch
    r"|straat|huisn(umme)?r|^gsm|^(woon)?plaats$|^stad$|telefoon|mobiel|ontvanger|geboorte|geslacht|tussenvoegsel"
    r"|(voor|achter|familie|klant|gebruikers)naam"
    # French
    r"|^(nomde)?(rue|voie|ville|commune)$|codepostal|courriel|^portable$|destinataire|naissance|^sexe$|prenom"
    r"|^nom(de)?(famille|client)|^nomcomplet$"
    # Spanish
    r"|^(nombrede)?calle$|codigopostal|^cp$|^ciudad$|^localidad$|^poblacion$|correo|movil|destinatario|nacimiento|^sexo$"
    r"|direccion|domicilio|apellido|^nombre(de)?(l?cliente|usuario|completo)"
)
_PERSON = (
    r"customer|buyer|consignee|subscriber|contact(person)?|client"
    r"|kund(e|in)|kae?ufer(in)?|besteller(in)?|kontakt(person)?|ansprechpartner(in)?"
    r"|klant|koper|afnemer|contactpersoon|cliente?|acheteu(r|se)|abonnee?|comprador(a)?|contacto"
)
"""A text there is a person's name. Of an object there ids and states stay readable."""
_ABOUT = {"id", "arn", "status", "queue", "method", "currency"}
"""As the last word of such a name: `emailId` is an id, `phoneStatus` a status; neither identifies anybody."""
_SENSITIVE = (
    r"token|secret|passw(or)?d|passcode|passphrase|pwd|authori[sz]ation|^auth$|bearer|jwt|cookie|csrf|xsrf|signature"
    r"|credential|(api|access|private|signing|encryption|session)key|sessionid|otp$|^pin(code)?$"
    r"|(security|verification|mfa)code|(card|account)number|creditcard|^pan$|iban|cvc|cvv"
    r"|ssn|socialsecurity|passport|(national|tax|vat|insurance)(id|number)|^nino$"
    # German, Dutch, French, Spanish
    r"|passwort|kennwort|wachtwoord|motdepasse|contrasena|^clave$|unterschrift|handtekening"
    r"|(kredit|credit)?(karten|kaart)(nummer|nr)|kreditkarte|(konto|rekening)(nummer|nr)|^cc(number|num)$|^cardno$"
    r"|bank(account|verbindung|rekening)|comptebancaire|cuentabancaria"
    r"|(numero|no)(dela|de|du)?(carte|compte|tarjeta|cuenta)|cartebancaire|^rib$"
    r"|steuer(id|nr|nummer|identifikation)|(numero|identifiant|identificacion|codigo|code)fiscal|tax(code|no|nr)$"
    r"|sozialversicherung|ausweis|reisepass|^sv(nr|nummer)$"
    r"|^bsn(nr|nummer)?$|burgerservice|sofinummer|rijksregister|paspoort|securitesociale|^nir$|passeport"
    r"|^(dni|nie|nif|nss)$|seguridadsocial|pasaporte"
)
"""Credentials, payment data, and numbers that an authority gave to a person."""
_ABOUT_A_SECRET = {"arn", "status", "method"}
"""Names and states of it. An id of it is masked: `sessionTokenId` may be as good as the token."""
_SAYS_NOTHING = {"", "true", "false", "null", "none"}
"""Values that identify no person under any name: `hasPhoneNumber` is true."""
_NAMES = {"name", "naam", "nom", "nombre"}
_PLACE = (
    r"name|company|country|state|province|region|house(number)?|note|comment|instructions?|number"
    r"|firma|land|bundesland|zusatz|bedrijf|provincie|toevoeging|naam|nom|entreprise|pays|complement|numero"
    r"|nombre|empresa|pais|provincia|piso"
)
"""Personal in an address, or beside one."""
_IN_A_PLACE = r"street|zip|post(al|code)|stra(sse|at)|^plz$|postleitzahl|^(rue|voie|calle)$|^(address)?line1$"
_OF_A_THING = {"productid", "product", "price", "quantity", "sku", "stock", "arn"} | {
    *("produkt", "artikel", "preis", "menge", "prijs", "aantal", "produit", "prix", "quantite"),
    *("producto", "precio", "cantidad"),
}
"""Beside one of these a `name` is that of a product, a bucket, a queue, and of no person."""
_PRODUCT_IDS = {"productid", "sku"}
_FREE = r"note|metadata(\..+)?"
"""What a sender of an order wrote as they liked: anything may be in it. A file's cell is called `metadata.channel`."""
_OF_AN_ORDER = {"customerid", "customeremail", "items", "product", "productid"}

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
"""Of `customerEmail`, `API_KEY`, `vat-id`."""
_SEPARATOR = re.compile("[:=]")
_NAME_BEFORE = re.compile(r"""([\w -]+)["']?\s*$""")
_NAMED = re.compile(r"""([\w-]{1,60})["']?\s{0,3}[:=]""")
_LONGEST_NAME = 60
_VALUE = re.compile(r"""\s*("(?:[^"\\]|\\.)*"?|'[^']*'?|\{[^{}]*\}?|[^,;&\r\n}\]]*)""")


def masked(payload: Any) -> Any:
    """A copy of what `jsonio.loads` gave, or of a text, without personal data at any depth. Texts that hold JSON are
    looked into."""
    return _masked(payload, 0)


def masked_text(text: str) -> str:
    """A text that is no JSON: what has the form of personal data is masked, and what follows such a name. What is
    very long is cut off."""
    shown, done = [], 0
    text = text if len(text) <= _LONGEST_TEXT else text[:_LONGEST_TEXT] + "…"
    of_a_thing = any(_plain(name) in _OF_A_THING for name in _NAMED.findall(text))
    for separator in _SEPARATOR.finditer(text):
        here = separator.start()
        if here < done or not _names_personal(text[max(done, here - _LONGEST_NAME) : here], of_a_thing):
            continue
        value = _VALUE.match(text, separator.end())
        if value and value[1].strip("\"' ").lower() not in _SAYS_NOTHING:
            shown += [text[done : value.start(1)], MASK]
            done = value.end()
    return _formless("".join([*shown, text[done:]]))


def reason_of(error: BaseException, body: Any = None) -> str:
    """An error as class and message in one line, without personal data: also none that it repeats from `body`."""
    words = str(error)
    for value in sorted(_personal_values(body, 0), key=len, reverse=True):
        words = words.replace(value, MASK)
    text = f"{type(error).__name__}: {masked_text(words)}" if words else type(error).__name__
    return one_line(text)[:_LONGEST_REASON]


def _masked(value: Any, depth: int) -> Any:
    if depth > _DEEPEST:
        return _TOO_DEEP
    if isinstance(value, Mapping):
        of_a_place = _is_place(value)
        return {
            _formless(str(name)): _masked_field(str(name), inner, depth + 1, _is_personal(str(name), value, of_a_place))
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [_masked(inner, depth + 1) for inner in value]
    if isinstance(value, int):
        return MASK if _formless(str(value)) == MASK else value
    return _masked_string(value, depth) if isinstance(value, str) else value


def _masked_field(name: str, value: Any, depth: int, personal: bool) -> Any:
    if personal:
        return _blanked(value, depth)
    if _is_person(name):
        return _blanked(value, depth, but_ids=True)
    if _plain(name) in _PRODUCT_IDS and isinstance(value, (str, int)):
        return _masked_product(value)
    return _masked(value, depth)


def _masked_product(product_id: str | int) -> str | int:
    """Readable, as in events: many are long numbers, and some have a card's check digit."""
    return addresses_replaced(product_id, lambda _: MASK) if isinstance(product_id, str) else product_id


def _formless(text: str) -> str:
    return replaced(re.sub(CREDENTIALS, MASK, text), lambda _: MASK)


def _masked_string(text: str, depth: int) -> str:
    if text.lstrip()[:1] in ("{", "["):
        try:
            inner = loads(text, last_of_repeated_keys=True)
        except InvalidJson:
            return masked_text(text)
        return dumps(_masked(inner, depth + 1))
    return masked_text(text)


def _blanked(value: Any, depth: int, *, but_ids: bool = False) -> Any:
    """Every leaf masked, so that one still sees which fields there were."""
    if depth > _DEEPEST:
        return _TOO_DEEP
    if isinstance(value, Mapping):
        return {
            _formless(str(name)): _masked(inner, depth + 1)
            if but_ids and _is_about(str(name)) and not _is_personal_name(str(name))
            else _blanked(inner, depth + 1, but_ids=but_ids)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [_blanked(inner, depth + 1, but_ids=but_ids) for inner in value]
    return value if str(value).lower() in _SAYS_NOTHING else MASK


def _is_personal(name: str, among: Mapping[str, Any], of_a_place: bool) -> bool:
    plain = _plain(name)
    if _is_personal_name(name):
        return True
    if re.fullmatch(_FREE, name.lower()):
        return bool(_OF_AN_ORDER & {_plain(other) for other in among})
    if plain in _NAMES:
        return not _OF_A_THING & {_plain(other) for other in among}
    return of_a_place and re.fullmatch(_PLACE, plain) is not None


def _is_place(value: Mapping[str, Any]) -> bool:
    return any(re.search(_IN_A_PLACE, _plain(str(name))) for name in value)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", _unaccented(name).lower())


def _unaccented(name: str) -> str:
    """`Straße`, `prénom` and `contraseña` in ASCII."""
    if name.isascii():
        return name
    return unicodedata.normalize("NFKD", name.replace("ß", "ss")).encode("ascii", "ignore").decode()


def _is_personal_name(name: str) -> bool:
    plain, last = _plain(name), _last_word(name)
    if re.search(_SENSITIVE, plain):
        return last not in _ABOUT_A_SECRET
    return bool(re.search(_BY_NAME, plain)) and last not in _ABOUT


def _is_person(name: str) -> bool:
    return re.fullmatch(_PERSON, _plain(name)) is not None


def _is_about(name: str) -> bool:
    return _last_word(name) in _ABOUT


def _last_word(name: str) -> str:
    words = _WORD.findall(_unaccented(name))
    return words[-1].lower() if words else ""


def _names_personal(before: str, of_a_thing: bool) -> bool:
    """Whether the words before a separator are such a name, or end in one."""
    found = _NAME_BEFORE.search(before)
    words = found[1].split() if found else []
    if not words:
        return False
    if len(words) == 1 and _plain(words[0]) in _NAMES:
        return not of_a_thing
    return any(_is_personal_name(name) or _is_person(name) for name in (" ".join(words), words[-1]))


def _personal_values(value: Any, depth: int, personal: bool = False, but_ids: bool = False) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(value, Mapping):
        of_a_place = _is_place(value)
        for name, inner in value.items():
            masked_whole = _is_personal(str(name), value, of_a_place)
            of_person = _is_person(str(name))
            inherited = personal and not (but_ids and _is_about(str(name)))
            yield from _personal_values(
                inner, depth + 1, masked_whole or of_person or inherited, not masked_whole and (but_ids or of_person)
            )
    elif isinstance(value, list):
        for inner in value:
            yield from _personal_values(inner, depth + 1, personal, but_ids)
    elif personal and len(str(value)) >= 3 and not isinstance(value, bool):
        yield str(value)
