"""Fields that name a person are masked in each language of the shops."""

from __future__ import annotations

from typing import Any

import pytest
from chalicelib.kit.redaction import MASK, masked, masked_text, reason_of

FIELDS = {
    "en": [
        *("to", "To", "cc", "bcc", "sendTo", "reply_to", "shipTo", "line1", "line2", "address_line1", "AddressLine2"),
        *("customer", "Customer", "buyer", "contact", "client", "consignee", "bankAccount", "taxCode"),
    ],
    "de": [
        *("Straße", "strasse", "Strasse", "hausnummer", "PLZ", "Postleitzahl", "Ort", "Wohnort", "Stadt", "Anschrift"),
        *("Adresse", "Vorname", "Nachname", "Familienname", "Kundenname", "Empfänger", "Empfaenger", "Telefon"),
        *("Telefonnummer", "Handy", "Handynummer", "Rufnummer", "Geburtsdatum", "geburtsort", "Geschlecht"),
        *("Passwort", "Kennwort", "Kontonummer", "Kartennummer", "Kreditkarte", "Steuernummer", "steuerId"),
        *("Kunde", "Kundin", "Käufer", "Besteller", "Ansprechpartner", "hausnr", "kontonr", "Konto-Nr", "Steuernr"),
        *("Sozialversicherungsnummer", "Personalausweis", "Reisepass", "Unterschrift", "E-Mail-Adresse"),
    ],
    "nl": [
        *("straat", "Straatnaam", "huisnummer", "postcode", "plaats", "woonplaats", "stad", "adres", "bezorgadres"),
        *("voornaam", "achternaam", "tussenvoegsel", "klantnaam", "ontvanger", "telefoon", "telefoonnummer"),
        *("mobiel", "mobielNummer", "geboortedatum", "geslacht", "wachtwoord", "rekeningnummer", "kaartnummer"),
        *("klant", "koper", "contactpersoon", "gsm", "gsm-nummer", "huisnr", "rekeningnr", "bsnnummer"),
        *("bsn", "BSN", "burgerservicenummer", "paspoortnummer", "handtekening", "e-mailadres"),
    ],
    "fr": [
        *("rue", "voie", "ville", "commune", "code_postal", "codePostal", "adresse", "prénom", "prenom", "PRÉNOM"),
        *("nomDeFamille", "nom_client", "destinataire", "téléphone", "telephone", "portable", "courriel"),
        *("dateDeNaissance", "date_naissance", "sexe", "motDePasse", "mot_de_passe", "numéroDeCarte"),
        *("acheteur", "numéroFiscal", "identifiant_fiscal", "compteBancaire"),
        *("numeroCarte", "numéroDeCompte", "carteBancaire", "rib", "nir", "numéroSécuritéSociale", "passeport"),
    ],
    "es": [
        *("calle", "código_postal", "codigoPostal", "cp", "ciudad", "localidad", "población", "dirección"),
        *("cliente", "comprador", "contacto", "códigoFiscal", "cuentaBancaria"),
        *("domicilio", "apellido", "apellidos", "nombreCliente", "nombre_completo", "destinatario", "teléfono"),
        *("móvil", "correo", "correoElectrónico", "fechaDeNacimiento", "sexo", "contraseña", "clave"),
        *("númeroDeTarjeta", "numero_de_cuenta", "dni", "DNI", "nie", "nif", "seguridadSocial", "pasaporte"),
    ],
}


@pytest.mark.parametrize("name", [name for names in FIELDS.values() for name in names])
def test_fields_of_persons_are_known_in_the_shops_languages(name: str) -> None:
    assert masked({name: "Xyz 1"}) == {name: MASK}
    assert masked_text(f"{name}: Xyz 1, status: PENDING") == f"{name}: {MASK}, status: PENDING"
    assert "Xyz 1" not in reason_of(ValueError("no Xyz 1 here"), {"a": [{name: "Xyz 1"}]})


@pytest.mark.parametrize(
    "address",
    [
        {"name": "Erika", "strasse": "Weg 1", "plz": "1", "land": "Nord", "firma": "Muster"},
        {"naam": "Erika", "straat": "Weg 1", "postcode": "1", "land": "Nord", "toevoeging": "bis"},
        {"nom": "Erika", "rue": "Weg 1", "numéro": "1", "pays": "Nord", "complément": "bis"},
        {"nombre": "Erika", "calle": "Weg 1", "número": "1", "país": "Nord", "provincia": "Muster"},
        {"name": "Erika", "line1": "Weg 1", "number": "1", "country": "Nord"},
    ],
)
def test_what_stands_in_an_address_is_masked_in_the_shops_languages(address: dict[str, str]) -> None:
    assert masked(address) == dict.fromkeys(address, MASK)


@pytest.mark.parametrize(
    "shown",
    [
        {"token_type": 1, "total": 5, "stock": 7, "together": "x", "timeToLive": 60, "topic": "x", "photo": "x"},
        {"productId": "P1", "nombre": "Silla", "precio": 5},
        {"produit": "P1", "nom": "Chaise", "prix": 5},
        {"artikel": "P1", "naam": "Stoel", "prijs": 5},
        {"artikel": "P1", "name": "Stuhl", "preis": 5, "menge": 1},
        {"number": 5, "line": 3, "lines": [1], "land": "NL", "called": "x", "report": "x", "sort": "x", "nominal": 1},
        {"calledAt": "x", "transport": "DHL", "support": "x", "valley": "x", "true": 1, "version": "x"},
    ],
    ids=str,
)
def test_fields_that_only_sound_like_it_stay(shown: dict[str, Any]) -> None:
    kept = {name: value for name, value in shown.items() if name != "token_type"}

    assert masked(kept) == kept
