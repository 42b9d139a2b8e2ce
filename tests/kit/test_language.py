"""The languages that customers are written to in: their texts are complete, and their formats are CLDR's."""

from __future__ import annotations

import json
import re
import string
from decimal import Decimal
from pathlib import Path

import pytest
from chalicelib.kit.language import CLDR, Language, language_of
from chalicelib.kit.locales import LOCALES
from chalicelib.kit.money import _DIGITS, digits

from infra.deploy.vendor import CLDR_LOCALES
from infra.paths import APP

LIBRARY = APP / "chalicelib"
TEXTS = LIBRARY / "assets" / "texts"
AT = "2026-04-03T04:05:06.789Z"


def texts(locale: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((TEXTS / f"{locale}.json").read_text(encoding="utf-8"))
    return found


def places(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def test_there_is_one_file_per_language() -> None:
    assert sorted(path.stem for path in TEXTS.iterdir()) == sorted(LOCALES)


@pytest.mark.parametrize("locale", LOCALES)
def test_no_language_lacks_a_text_or_a_place_in_it(locale: str) -> None:
    english, found = texts("en"), texts(locale)

    assert list(found) == list(english)
    assert {key: places(text) for key, text in found.items()} == {key: places(text) for key, text in english.items()}
    assert [key for key, text in found.items() if not text.strip() or text != text.strip()] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_no_key_is_there_twice(locale: str) -> None:
    pairs = json.loads((TEXTS / f"{locale}.json").read_text(encoding="utf-8"), object_pairs_hook=list)

    assert len({key for key, _ in pairs}) == len(pairs)


@pytest.mark.parametrize("locale", [locale for locale in LOCALES if locale != "en"])
def test_sentences_are_translated(locale: str) -> None:
    english = texts("en")

    assert [k for k, text in texts(locale).items() if text == english[k] and text.count(" ") > 2] == []


def sources() -> str:
    paths = [path for folder in (LIBRARY, LIBRARY / "assets") for path in folder.rglob("*") if path.is_file()]
    wanted = [path for path in paths if path.suffix in (".py", ".html", ".txt") and path.parent != TEXTS]
    return "\n".join(path.read_text(encoding="utf-8") for path in wanted if "fonts" not in path.parts)


def test_each_text_is_said_somewhere() -> None:
    found = set(re.findall(r'f?["\']([\w.{}()% \[\]\'"]+?)["\']', source := sources()))
    patterns = [re.sub(r"\\\{.*?\\\}|%d", "[^.]+", re.escape(name)) for name in found if "." in name]
    dynamic = re.compile("|".join(patterns))

    def is_said(key: str) -> bool:
        area, _, name = key.partition(".")
        if area == "label" and name:
            return f'"{name}"' in source or f'"{key}"' in source
        return key in found or dynamic.fullmatch(key) is not None

    assert [key for key in texts("en") if not is_said(key)] == []


def test_what_fills_a_place_is_not_looked_through_for_others() -> None:
    assert language_of("en").say("label", label="{label} {0} {}") == "{label} {0} {}:"


@pytest.mark.parametrize("locale", ["it", "", "NL", "../en"])
def test_a_language_that_we_do_not_have_is_english(locale: str) -> None:
    assert language_of(locale).code == "en"


@pytest.mark.parametrize(
    ("locale", "shown"),
    [
        ("en", ["€1,299.99", "$9.50", "CHF\xa020.00", "¥1,500", "KWD\xa00.125", "€12,999.00"]),
        ("nl", ["€\xa01.299,99", "US$\xa09,50", "CHF\xa020,00", "JP¥\xa01.500", "KWD\xa00,125", "€\xa012.999,00"]),
        ("de", ["1.299,99\xa0€", "9,50\xa0$", "20,00\xa0CHF", "1.500\xa0¥", "0,125\xa0KWD", "12.999,00\xa0€"]),
        ("fr", ["1 299,99\xa0€", "9,50\xa0$US", "20,00\xa0CHF", "1 500\xa0JPY", "0,125\xa0KWD", "12 999,00\xa0€"]),
        ("es", ["1299,99\xa0€", "9,50\xa0US$", "20,00\xa0CHF", "1500\xa0JPY", "0,125\xa0KWD", "12.999,00\xa0€"]),
    ],
)
def test_money_is_written_as_the_language_writes_it(locale: str, shown: list[str]) -> None:
    amounts = (("1299.99", "EUR"), ("9.5", "USD"), ("20", "CHF"), ("1500", "JPY"), ("0.125", "KWD"), ("12999", "EUR"))

    found = [language_of(locale).money(Decimal(amount), currency) for amount, currency in amounts]

    assert [text.replace("\N{NARROW NO-BREAK SPACE}", " ") for text in found] == shown


@pytest.mark.parametrize("locale", LOCALES)
def test_money_has_all_digits_of_its_currency_and_no_other(locale: str) -> None:
    for currency in _DIGITS:
        amount = 1234567 + Decimal(1).scaleb(-digits(currency))
        shown = language_of(locale).money(amount, currency)
        number = re.sub(r"[^\d.,]", "", shown).strip(".,")

        assert re.sub("[.,]", "", number) == str(amount).replace(".", ""), shown
        assert len(re.split("[.,]", number)[-1]) == (digits(currency) or 3 if locale != "fr" else digits(currency) or 7)


def test_no_amount_is_rounded() -> None:
    with pytest.raises(ValueError, match="not an amount"):
        language_of("nl").money(Decimal("0.005"), "EUR")


@pytest.mark.parametrize(
    ("locale", "moment", "number", "country"),
    [
        ("en", "3 April 2026 at 04:05 UTC", "99,999", "Germany"),
        ("nl", "3 april 2026 om 04:05 UTC", "99.999", "Duitsland"),
        ("de", "3. April 2026 um 04:05 UTC", "99.999", "Deutschland"),
        ("fr", "3 avril 2026 à 04:05 UTC", "99\u202f999", "Allemagne"),
        ("es", "3 de abril de 2026 a las 4:05 UTC", "99.999", "Alemania"),
    ],
)
def test_times_numbers_and_countries(locale: str, moment: str, number: str, country: str) -> None:
    language: Language = language_of(locale)

    assert language.moment(AT) == moment
    assert language.number(99999) == number
    assert language.country("DE") == language.country("DEU") == country


def test_what_is_no_country_stays_as_it_was_written() -> None:
    assert language_of("fr").country("Elbonia") == "Elbonia"


def test_the_package_has_the_data_of_these_languages_and_no_other() -> None:
    """With the locales that each inherits from."""
    from babel.core import get_global

    parents = get_global("parent_exceptions")
    needed = {"root"}
    wanted = {name for pair in CLDR.values() for name in pair}
    while wanted - {""} - needed:
        needed |= wanted - {""}
        wanted = {parents.get(name) or name.rpartition("_")[0] for name in wanted - {"", "root"}}

    assert needed == CLDR_LOCALES


def test_the_data_of_these_languages_is_in_the_tree() -> None:
    import babel

    data = Path(babel.__file__).parent / "locale-data"
    assert [name for name in CLDR_LOCALES if not (data / f"{name}.dat").is_file()] == []
