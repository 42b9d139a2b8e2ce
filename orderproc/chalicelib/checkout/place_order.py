"""Accept an order as it was sent, at the catalogue's prices where it names none."""

from __future__ import annotations

from ..inventory.ports import Catalogue
from ..inventory.prices import priced, products_to_price, unknown_products
from ..kit.errors import Damaged, InvalidRequest
from ..kit.wiring import service
from ..orders.accept import AcceptOrder
from ..orders.commands import PlaceOrder
from ..orders.model import Order


@service
class PlaceOrders:
    catalogue: Catalogue
    accept_order: AcceptOrder

    def __call__(self, command: PlaceOrder) -> Order:
        """One read of the catalogue where a price was left out, none otherwise. Raises InvalidRequest naming the lines
        that have no price in the catalogue, and what accepting raises."""
        if not command.unpriced:
            return self.accept_order(command)
        try:
            return self.accept_order(self._priced(command))
        except (InvalidRequest, Damaged):
            # An accepted order stays accepted, even if its products or prices have changed since.
            if earlier := self.accept_order.earlier(command):
                return earlier
            raise

    def _priced(self, command: PlaceOrder) -> PlaceOrder:
        products = self.catalogue.products(products_to_price(command))
        whole, errors = priced(command, products)
        if errors := [*unknown_products(command, products), *errors]:
            raise InvalidRequest(errors)
        return whole
