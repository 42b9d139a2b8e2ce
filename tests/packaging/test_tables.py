"""The tables of codes are what the packages say that they were cut from."""

from __future__ import annotations

import pycountry
import pytest
from chalicelib.kit import codes
from chalicelib.kit.countries import COUNTRIES, WITHOUT_POSTAL_CODES, alpha_2
from chalicelib.kit.money import digits, is_currency
from iso4217 import Currency

from tools import cut_tables


def test_the_table_is_what_the_packages_say() -> None:
    """If not: `python -m tools.cut_tables`."""
    assert cut_tables.TARGET.read_text(encoding="utf-8") == cut_tables.render()


def test_currencies_in_use_have_the_digits_of_iso_4217() -> None:
    of_iso = {one.code: one.exponent for one in Currency}
    in_use = [code for some in codes.CURRENCIES.values() for code in some.split()]

    assert {code: digits(code) for code in in_use} == {code: of_iso[code] for code in in_use}
    assert all(map(is_currency, ["EUR", "USD", "XCG", "VED", "XOF", "XCD", "ZWG", "SLE"]))


@pytest.mark.parametrize("code", ["XXX", "XTS", "XAU", "XDR", "XAD", "CHE", "CLF", "USN", "UYI", "UYW", "BGN", "HRK"])
def test_nobody_pays_in_funds_metals_tests_and_withdrawn_currencies(code: str) -> None:
    assert not is_currency(code)


def test_every_country_of_iso_3166_has_two_names_and_no_other_is_one() -> None:
    assert set(COUNTRIES) == {name for one in pycountry.countries for name in (one.alpha_2, one.alpha_3)}
    assert all(alpha_2(one.alpha_3) == alpha_2(one.alpha_2) == one.alpha_2 for one in pycountry.countries)
    assert not {"XK", "UK", "EU", "AN", "ZZ", "ANT"} & set(COUNTRIES)


def test_a_country_without_postal_codes_is_one_by_both_its_names() -> None:
    assert {"HK", "HKG", "AE", "ARE", "PA", "QA"} <= set(WITHOUT_POSTAL_CODES)
    assert not {"NL", "NLD", "US", "USA", "IE", "SG", "GB", "JP"} & set(WITHOUT_POSTAL_CODES)
    assert {alpha_2(name) for name in WITHOUT_POSTAL_CODES} == set(codes.WITHOUT_POSTAL_CODES.split())
