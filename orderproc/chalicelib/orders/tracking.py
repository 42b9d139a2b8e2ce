"""Where a shipment can be followed: the pages of carriers that we know. Of others there is the number alone."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from ..kit.countries import alpha_2
from .model import Address, Shipment

_PAGES = {
    ("bpost", "belgian post"): "https://track.bpost.cloud/btr/web/#/search?itemCode={number}",
    ("Chronopost",): "https://www.chronopost.fr/tracking-no-cms/suivi-page?listeNumerosLT={number}",
    ("Colissimo", "La Poste"): "https://www.laposte.fr/outils/suivre-vos-envois?code={number}",
    ("Correos",): "https://www.correos.es/es/es/herramientas/localizador/envios/detalle?tracking-number={number}",
    ("Correos Express",): "https://s.correosexpress.com/c?n={number}",
    ("DHL", "Deutsche Post"): "https://www.dhl.com/global-en/home/tracking.html?tracking-id={number}&submit=1",
    ("DPD",): "https://tracking.dpd.de/status/en_US/parcel/{number}",
    ("DPD UK",): "https://track.dpd.co.uk/search?reference={number}",
    ("Evri",): "https://www.evri.com/track/parcel/{number}",
    ("FedEx", "Federal Express"): "https://www.fedex.com/fedextrack/?trknbr={number}",
    ("GLS",): "https://gls-group.com/GROUP/en/parcel-tracking?match={number}",
    ("Hermes",): "https://www.myhermes.de/empfangen/sendungsverfolgung/sendungsinformation/#{number}",
    ("PostNL",): "https://jouw.postnl.nl/track-and-trace/{number}{destination}",
    ("Royal Mail",): "https://www.royalmail.com/track-your-item#/tracking-results/{number}",
    ("SEUR",): "https://www.seur.com/livetracking/?segOnlineIdentificador={number}",
    ("UPS", "United Parcel Service"): "https://www.ups.com/track?tracknum={number}",
    ("USPS", "US Postal Service"): "https://tools.usps.com/go/TrackConfirmAction?tLabels={number}",
}
"""By the carrier's names. PostNL shows a shipment to those who know where it goes."""


def _key(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


_BY_NAME = {_key(name): page for names, page in _PAGES.items() for name in names}


def tracking_url(shipment: Shipment, address: Address | None) -> str | None:
    """The carrier's page about this shipment; None for a carrier that we do not know. A service may follow the
    carrier's name, as in `UPS Standard`."""
    page = next((_BY_NAME[name] for name in _names(shipment.carrier) if name in _BY_NAME), None)
    number = _escaped(shipment.tracking_number)
    return page.format(number=number, destination=_destination(address)) if page and number else None


def _names(carrier: str) -> Iterator[str]:
    """The longest first: Correos Express is not Correos."""
    words = carrier.split()
    for count in range(len(words), 0, -1):
        yield _key("".join(words[:count]))


def _destination(address: Address | None) -> str:
    if not address or not address.zip_code:
        return ""
    return f"-{_escaped(alpha_2(address.country))}-{_escaped(address.zip_code)}"


def _escaped(text: str) -> str:
    """Staff type numbers as labels print them, in groups."""
    return quote("".join(text.split()), safe="", errors="replace")
