"""The link to a carrier's page about a shipment."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from chalicelib.orders.model import Address, Shipment, ShipmentStatus
from chalicelib.orders.tracking import _BY_NAME, tracking_url
from chalicelib.orders.views import order_view

from tests.support.builders.printed_orders import paid_order

AMSTERDAM = Address("Keizersgracht 123", "Amsterdam", "", "1015 CW", "NL")


def link(carrier: str, number: str = "JD 0146-00/3", address: Address | None = AMSTERDAM) -> str | None:
    return tracking_url(Shipment(carrier, number, (), ShipmentStatus.SHIPPED, "2026-11-21T08:00:00.000Z"), address)


@pytest.mark.parametrize("name", _BY_NAME)
def test_every_page_is_of_its_carrier_and_has_the_number_as_one_value(name: str) -> None:
    found = link(name)

    assert found is not None
    assert "JD0146-00%2F3" in found
    assert urlsplit(found).scheme == "https"
    assert not set("{} ") & set(found)


@pytest.mark.parametrize(
    ("carrier", "host"),
    [
        ("PostNL", "jouw.postnl.nl"),
        ("post nl", "jouw.postnl.nl"),
        ("DHL", "www.dhl.com"),
        ("DHL eCommerce", "www.dhl.com"),
        ("U.P.S. Standard", "www.ups.com"),
        ("La  Poste", "www.laposte.fr"),
        ("colissimo", "www.laposte.fr"),
        ("Royal Mail Tracked 24", "www.royalmail.com"),
        ("Correos", "www.correos.es"),
        ("Correos Express", "s.correosexpress.com"),
        ("DPD UK", "track.dpd.co.uk"),
        ("DPD Classic", "tracking.dpd.de"),
    ],
)
def test_carriers_are_known_as_staff_write_them(carrier: str, host: str) -> None:
    assert urlsplit(link(carrier) or "").hostname == host


@pytest.mark.parametrize("carrier", ["Bicycle Bob", "", "  ", "DHLX", "evil.test/DHL", "{number}", "東京"])
def test_of_an_unknown_carrier_there_is_no_link(carrier: str) -> None:
    assert link(carrier) is None


@pytest.mark.parametrize("number", ["", " \t"])
def test_without_a_number_there_is_no_link(number: str) -> None:
    assert link("UPS", number) is None


@pytest.mark.parametrize(
    ("number", "escaped"),
    [
        ("1Z&x=1#y", "1Z%26x%3D1%23y"),
        ("../../evil", "..%2F..%2Fevil"),
        ('"><script>', "%22%3E%3Cscript%3E"),
        ("a\r\nb", "ab"),
        ("3S東", "3S%E6%9D%B1"),
        ("\ud800", "%3F"),
    ],
)
def test_a_number_changes_nothing_but_its_own_place(number: str, escaped: str) -> None:
    assert link("UPS", number) == f"https://www.ups.com/track?tracknum={escaped}"


@pytest.mark.parametrize(
    ("address", "end"),
    [
        (AMSTERDAM, "3S1-NL-1015CW"),
        (replace(AMSTERDAM, country="NLD"), "3S1-NL-1015CW"),
        (replace(AMSTERDAM, zip_code=""), "3S1"),
        (None, "3S1"),
        (replace(AMSTERDAM, zip_code="10/15?"), "3S1-NL-10%2F15%3F"),
    ],
)
def test_postnl_asks_where_the_parcel_goes(address: Address | None, end: str) -> None:
    assert link("PostNL", "3S1", address) == f"https://jouw.postnl.nl/track-and-trace/{end}"


def test_an_order_shows_the_link_of_each_shipment() -> None:
    at = "2026-11-21T08:00:00.000Z"
    shipments = [Shipment(carrier, "1Z9", (), ShipmentStatus.SHIPPED, at) for carrier in ("Bicycle Bob", "UPS")]

    view = order_view(replace(paid_order(), shipments=tuple(shipments)))

    url = "https://www.ups.com/track?tracknum=1Z9"
    assert [shipment["trackingUrl"] for shipment in view["shipments"]] == [None, url]
    assert view["shipment"]["trackingUrl"] == url
