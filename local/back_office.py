"""Calls a running local stack as staff, carriers and other systems would: over the API, the bus and the bucket."""

import hashlib
import hmac
import json
import time
from datetime import UTC, datetime
from typing import Any

import requests

from local.catalogue import Product
from local.client import Caller, aws_client, signed_in

_TIMEOUT = 30


class Staff(Caller):
    """The demo admin's view of the API, signed in."""

    def __init__(self, described: dict[str, Any]) -> None:
        super().__init__(described, "Authorization", signed_in(described, "admin"))

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """The answer to a GET. Raises requests.HTTPError if it is none."""
        return self.call("GET", path, params=query)

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The answer to a POST. Raises requests.HTTPError if it is refused."""
        return self.call("POST", path, json=body)

    def put_product(self, product: Product) -> dict[str, Any]:
        """Create the product, or make it whole again."""
        return self.call("PUT", f"/products/{product.product_id}", json=product.body())

    def put_image(self, product_id: str, content: bytes, media_type: str) -> dict[str, Any]:
        """Give the product a picture: upload it by the form that the API signs, then have it recorded."""
        form = self.post(f"/admin/products/{product_id}/image", {"contentType": media_type})
        requests.post(form["url"], form["fields"], files={"file": content}, timeout=_TIMEOUT).raise_for_status()
        return self.call("PUT", f"/admin/products/{product_id}/image", json={"uploadId": form["uploadId"]})


class Carrier:
    """A shipment service that reports where shipments are, signed with the secret it shares with the shop."""

    def __init__(self, described: dict[str, Any]) -> None:
        self._url = f"{described['api_url']}/webhooks/carrier"
        self._secret = described["carrier_webhook_secret"].encode()

    def report(self, event_id: str, carrier: str, tracking_number: str, status: str) -> dict[str, Any]:
        """Report the shipment's status: SHIPPED, DELIVERED or LOST."""
        event = {
            "eventId": event_id,
            "carrier": carrier,
            "trackingNumber": tracking_number,
            "status": status,
            "occurredAt": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        }
        body, moment = json.dumps(event).encode(), str(int(time.time()))
        signature = hmac.new(self._secret, f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "X-Carrier-Signature": f"t={moment},v1={signature}"}
        answer = requests.post(self._url, data=body, headers=headers, timeout=_TIMEOUT)
        answer.raise_for_status()
        answered: dict[str, Any] = answer.json()
        return answered


class Outside:
    """What other systems do: put events on the bus and files into the bucket; and a mistake made by hand."""

    def __init__(self, described: dict[str, Any]) -> None:
        self._described, self._resources = described, described["resources"]

    def put_order(self, order: dict[str, Any]) -> None:
        """Put an `OrderCreated` event on the bus."""
        entry = {"Source": "ecommerce.orders", "DetailType": "OrderCreated", "Detail": json.dumps(order)}
        self._client("events").put_events(Entries=[{**entry, "EventBusName": self._resources["event_bus"]}])

    def upload(self, key: str, content: bytes) -> None:
        """Put a file into the imports bucket."""
        self._client("s3").put_object(Bucket=self._resources["imports_bucket"], Key=key, Body=content)

    def download(self, key: str) -> bytes:
        """A file of the imports bucket, such as a report."""
        found: bytes = self._client("s3").get_object(Bucket=self._resources["imports_bucket"], Key=key)["Body"].read()
        return found

    def damage_product(self, product_id: str) -> None:
        """Remove a product's price from the table, as a mistake by hand would."""
        self._client("dynamodb").update_item(
            TableName=self._resources["products_table"],
            Key={"productId": {"S": product_id}},
            UpdateExpression="REMOVE price",
        )

    def _client(self, service: Any) -> Any:
        return aws_client(self._described, service)
