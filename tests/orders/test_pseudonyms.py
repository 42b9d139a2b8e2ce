"""Ids that may name a person leave as a keyed hash; all others as they are."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest
from chalicelib.bootstrap.adapters import Adapters
from chalicelib.kit.errors import TemporarilyUnavailable
from chalicelib.orders.events import events_of

from tests.support.builders.examples import SETTINGS, order
from tests.support.fakes.link_secrets import FakeLinkSecrets, pseudonyms

PERSONS = [
    "petra.geheim@private.example",
    "Petra.Geheim@private.example",
    "pétra@münchen.example",
    "petra%40private.example",
    "petra＠private.example",
    "petra(at)private.example",
    "mailto:petra@private.example",
    "Petra Geheim",
    "petra",
    "petra.geheim",
    "petra-geheim",
    "Jürgen",
    "张伟",
    "+31687654321",
    "+31 6 8765 4321",
    "0031687654321",
    "0687654321",
    "06-87654321",
    "06 87.65.43.21",
    "(020) 7946 0958",
    "tel:+31687654321",
    "31687654321",
    "٠٦٨٧٦٥٤٣٢١",
    "4111111111111111",
    "4111-1111-1111-1111",
    "NL91ABNA0417164300",
    "123-45-6789",
    "123456782",
    "12345678Z",
    "65170839J003",
    "nl31687654321",
    "nl-31-687-654-321",
    "tel:0031687654321",
    "tel:31.6.8765.4321.x",
    "DE89370400440532013000x1",
    "K1234567",
    "petra.geheim1985",
    "petra-geheim-77",
    "p.geheim85",
    "geheim77_petra",
    "PetraGeheim1985",
    "petraGeheim7",
    "Geheimstraat 77",
    "9876 ZX",
    " ",
]
IDS = [
    "customer123",
    "customer-1",
    "c1",
    "cus_NffrFeUfNV2Hib",
    "c2a5f4d4-50b1-70ee-8a3c-0f6f7d1f9a52",
    "01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "65f1c0ffee65f1c0ffee1234",
    "65f1c0ffee65f1c012345678",
    "00112233445566778899aabbccddeeff",
    "c2a5f4d4-50b1-70ee-8a3c-012345678901",
    "eu-west-1:c2a5f4d4-50b1-70ee-8a3c-0f6f7d1f9a52",
    "7",
    "123456",
    "K-2026.0042",
    "",
]


@pytest.mark.parametrize("customer_id", PERSONS)
def test_an_id_that_may_name_a_person_leaves_as_a_hash(customer_id: str) -> None:
    hidden = pseudonyms().of_id(customer_id)

    assert hidden.startswith("hashed-")
    assert int(hidden.removeprefix("hashed-"), 16)
    assert len(hidden) == 39


@pytest.mark.parametrize("customer_id", IDS)
def test_an_id_that_is_no_more_than_that_leaves_as_it_is_and_costs_no_call(customer_id: str) -> None:
    assert pseudonyms(FakeLinkSecrets(down=True)).of_id(customer_id) == customer_id


def test_one_person_has_one_pseudonym_however_the_address_is_spelt() -> None:
    of = pseudonyms().of_id

    assert of("Petra@Private.example") == of("petra@private.example") == of(" petra@private.example ")
    assert of("pe\u0301tra@private.example") == of("p\u00e9tra@private.example")
    assert of("petra@private.example") != of("peter@private.example")


def test_nobody_makes_a_pseudonym_without_the_secret() -> None:
    address = "petra@private.example"

    of = {pseudonyms(FakeLinkSecrets([secret])).of_id(address) for secret in (b"one", b"another")}

    assert len(of) == 2
    assert f"hashed-{hashlib.sha256(address.encode()).hexdigest()[:32]}" not in of
    assert f"hashed-{hmac.new(b'one', address.encode(), hashlib.sha256).hexdigest()[:32]}" not in of


def test_a_pseudonym_is_as_others_calculate_it() -> None:
    mac = hmac.new(b"one", b"orderproc pseudonym\npetra@private.example", hashlib.sha256).hexdigest()

    assert pseudonyms(FakeLinkSecrets([b"one"])).of_id("petra@private.example") == f"hashed-{mac[:32]}"


def test_what_is_no_id_of_the_customer_leaves_without_persons_too() -> None:
    [placed] = events_of(order())
    detail = {
        **placed.detail,
        "orderId": "4111111111111111",
        "items": [{"productId": "petra@private.example", "quantity": 1}],
        "error": {"code": "PRODUCT_NOT_FOUND", "message": "There is no product +31687654321."},
    }

    shown = pseudonyms()(detail)

    assert shown["orderId"] == "4111111111111111"  # or its own workflow would not find it
    assert shown["items"][0]["productId"] == pseudonyms().of_id("petra@private.example")
    assert shown["error"]["message"] == f"There is no product {pseudonyms().of_id('+31687654321')}."
    assert {name: shown[name] for name in ("eventId", "totalAmount", "status")} == {
        name: detail[name] for name in ("eventId", "totalAmount", "status")
    }


@pytest.mark.parametrize("product_id", ["4111111111111111", "12345678Z", "NL91ABNA0417164300", "123-45-6789", "Ω-7"])
def test_a_product_is_named_as_the_warehouse_knows_it(product_id: str) -> None:
    [placed] = events_of(order())
    detail = {**placed.detail, "items": [{"productId": product_id, "quantity": 1, "price": 2}]}

    shown = pseudonyms(FakeLinkSecrets(down=True))(detail)

    assert shown["items"] == detail["items"]


def test_an_event_whose_customer_can_not_be_hidden_now_is_for_later() -> None:
    with pytest.raises(TemporarilyUnavailable):
        pseudonyms(FakeLinkSecrets(down=True))({"customerId": "petra@private.example"})


class Aws:
    """Each service's client, all in one. Notes what is called."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.calls: list[str] = []
        self.on_bus: list[str] = []

    def client(self, service: str, **_settings: Any) -> Aws:
        self.made.append(service)
        return self

    def put_events(self, Entries: list[dict[str, str]]) -> Any:  # noqa: N803
        self.calls.append("PutEvents")
        self.on_bus += [json.loads(entry["Detail"])["customerId"] for entry in Entries]
        return {"Entries": [{} for _ in Entries]}

    def publish_batch(self, **_sent: Any) -> Any:
        self.calls.append("PublishBatch")
        return {}

    def get_secret_value(self, SecretId: str, VersionStage: str) -> Any:  # noqa: N803
        assert (SecretId, VersionStage) == (SETTINGS.link_secret_arn, "AWSCURRENT")
        self.calls.append("GetSecretValue")
        return {"SecretString": "one"}


def test_deployed_functions_publish_hashes_and_read_the_secret_once_if_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    cloud = Aws()
    monkeypatch.setattr("chalicelib.kit.aws.client", cloud.client)
    events = Adapters(SETTINGS).events

    for _ in range(3):
        events.publish(events_of(order(customer_id="customer123")))
    assert cloud.calls == ["PublishBatch", "PutEvents"] * 3
    assert "secretsmanager" not in cloud.made

    for _ in range(3):
        events.publish(events_of(order(customer_id="petra@private.example")))
    assert cloud.calls.count("GetSecretValue") == 1
    hidden = pseudonyms(FakeLinkSecrets([b"one"])).of_id("petra@private.example")
    assert set(cloud.on_bus) == {"customer123", hidden}
