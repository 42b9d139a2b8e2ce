"""Links in mails: made for one order, good for half a year, worthless once a character is changed."""

from __future__ import annotations

import base64
import hashlib
import hmac
from email import message_from_bytes, policy
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from chalicelib.feedback.links import LIFETIME, FeedbackLinks
from chalicelib.kit.errors import TemporarilyUnavailable
from chalicelib.kit.observability import log
from chalicelib.kit.secrets_manager import CURRENT_KEPT, KEPT_AT_LEAST, ManagedSecrets
from chalicelib.kit.shop import Shop
from chalicelib.notifications.messages import ShopMessages
from chalicelib.orders.model import Feedback, Shipment, ShipmentStatus
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders.examples import NOW, order
from tests.support.fakes.clock import FakeClock
from tests.support.fakes.link_secrets import FakeLinkSecrets

SHOP = Shop("Test Shop", "1 Market Square", "https://shop.test")
ORDER_ID = "142e376a-0ea4-451a-a703-a558b933e274"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def secrets() -> FakeLinkSecrets:
    return FakeLinkSecrets()


@pytest.fixture
def links(secrets: FakeLinkSecrets, clock: FakeClock) -> FeedbackLinks:
    return FeedbackLinks(secrets, clock, "https://api.test/api")


def test_a_link_leads_to_its_order(links: FeedbackLinks) -> None:
    address, _, token = links.link(ORDER_ID).rpartition("/")

    assert address == "https://api.test/api/feedback"
    assert links.order_of(token) == ORDER_ID


@given(order_id=st.text(st.sampled_from("abcXYZ019._-"), min_size=1, max_size=64))
def test_any_order_can_have_one(order_id: str) -> None:
    links = FeedbackLinks(FakeLinkSecrets(), FakeClock(), "")
    token = links.token(order_id)

    assert token.replace("-", "").replace("_", "").isalnum()
    assert links.order_of(token) == order_id


def test_without_an_address_of_the_api_there_is_no_link_and_no_secret_is_read(clock: FakeClock) -> None:
    secrets = FakeLinkSecrets(down=True)

    assert FeedbackLinks(secrets, clock, "").link(ORDER_ID) == ""


def test_it_works_for_half_a_year(links: FeedbackLinks, clock: FakeClock) -> None:
    token = links.token(ORDER_ID)

    clock.advance(LIFETIME)
    assert links.order_of(token) == ORDER_ID
    clock.advance(1)
    assert links.order_of(token) is None


@given(at=st.integers(0, 200), to=st.sampled_from("Aa0_-="))
def test_one_other_character_and_it_is_none(at: int, to: str) -> None:
    links = FeedbackLinks(FakeLinkSecrets(), FakeClock(), "")
    token = links.token(ORDER_ID)
    changed = token[: at % len(token)] + to + token[at % len(token) + 1 :]

    assert (links.order_of(changed) == ORDER_ID) is (changed == token)


@pytest.mark.parametrize("token", ["", "x", "a" * 49, "a" * 97, "a" * 300, "ä" * 60, "%00" * 20, "a b" * 20, "A" * 96])
def test_what_nobody_signed_leads_nowhere(links: FeedbackLinks, token: str) -> None:
    assert links.order_of(token) is None


def test_a_signature_of_another_secret_is_none(links: FeedbackLinks, clock: FakeClock) -> None:
    foreign = FeedbackLinks(FakeLinkSecrets(stored=[b"of another stage"]), clock, "").token(ORDER_ID)

    assert links.order_of(foreign) is None


def test_a_signature_for_something_else_is_none(links: FeedbackLinks, secrets: FakeLinkSecrets) -> None:
    end, order_id = (2**31).to_bytes(4, "big"), ORDER_ID.encode()
    mac = hmac.new(secrets.stored[0], end + order_id, hashlib.sha256).digest()

    assert links.order_of(base64.urlsafe_b64encode(end + mac + order_id).decode().rstrip("=")) is None


def test_the_signature_is_as_others_calculate_it(links: FeedbackLinks, secrets: FakeLinkSecrets) -> None:
    raw = base64.urlsafe_b64decode(links.token(ORDER_ID) + "==")
    end, mac, order_id = raw[:4], raw[4:36], raw[36:]

    assert order_id.decode() == ORDER_ID
    assert int.from_bytes(end, "big") == 1795271425 + 180 * 86400
    assert mac == hmac.digest(secrets.stored[0], b"orderproc feedback\n" + end + order_id, "sha256")


def test_a_link_outlives_one_rotation_of_the_secret(links: FeedbackLinks, secrets: FakeLinkSecrets) -> None:
    token = links.token(ORDER_ID)

    secrets.stored = [b"new", *secrets.stored]
    assert links.order_of(token) == ORDER_ID
    secrets.stored = [b"newer", b"new"]
    secrets.read = []
    assert links.order_of(token) is None


def test_a_link_signed_with_a_secret_that_is_a_moment_old_works(clock: FakeClock) -> None:
    secrets = FakeLinkSecrets()
    mine = FeedbackLinks(secrets, clock, "")
    mine.order_of(mine.token("warm"))  # the reader has read the secret
    rotated = FeedbackLinks(FakeLinkSecrets(stored=[b"new"]), clock, "").token(ORDER_ID)

    secrets.stored = [b"new", *secrets.stored]
    assert mine.order_of(rotated) == ORDER_ID


def test_a_secret_that_can_not_be_read_is_no_refusal(clock: FakeClock) -> None:
    token = FeedbackLinks(FakeLinkSecrets(), clock, "").token(ORDER_ID)

    with pytest.raises(TemporarilyUnavailable):
        FeedbackLinks(FakeLinkSecrets(down=True), clock, "").order_of(token)


class Manager:
    """Secrets Manager with one secret, which had a value before or had not."""

    def __init__(self) -> None:
        self.calls = 0
        self.error: Exception | None = None
        self.stages = {"AWSCURRENT": "one"}

    def get_secret_value(self, **asked: Any) -> Any:
        self.calls += 1
        if self.error:
            raise self.error
        return {"SecretString": self.stages[asked["VersionStage"]]}


def test_signing_reads_the_secret_once_in_an_hour() -> None:
    manager, now = Manager(), [0.0]
    secrets = ManagedSecrets(manager, "arn", log, lambda: now[0])

    for now[0] in range(0, CURRENT_KEPT, 60):
        assert secrets.current() == b"one"
    assert manager.calls == 1

    manager.stages, now[0] = {"AWSCURRENT": "two"}, CURRENT_KEPT
    assert [secrets.current() for _ in range(5)] == [b"two"] * 5
    assert manager.calls == 2


def test_what_verifying_read_is_signed_with_at_once() -> None:
    manager, now = Manager(), [0.0]
    secrets = ManagedSecrets(manager, "arn", log, lambda: now[0])
    secrets.current()

    manager.stages = {"AWSCURRENT": "two", "AWSPREVIOUS": "one"}
    secrets.accepted(fresh=True)
    calls = manager.calls

    assert (secrets.current(), manager.calls) == (b"two", calls)


def test_while_secrets_manager_fails_signing_goes_on_and_asks_every_ten_seconds_at_most() -> None:
    manager, now = Manager(), [0.0]
    secrets = ManagedSecrets(manager, "arn", log, lambda: now[0])
    secrets.current()
    manager.error = ReadTimeoutError(endpoint_url="https://aws.test")

    now[0] = CURRENT_KEPT
    assert {secrets.current() for _ in range(100)} == {b"one"}
    assert manager.calls == 2

    manager.error, manager.stages = None, {"AWSCURRENT": "two"}
    now[0] = CURRENT_KEPT + KEPT_AT_LEAST
    assert secrets.current() == b"two"


def test_a_batch_does_not_wait_for_each_of_its_orders_while_the_secret_can_not_be_read() -> None:
    manager, now = Manager(), [100.0]
    manager.error = ReadTimeoutError(endpoint_url="https://aws.test")
    secrets = ManagedSecrets(manager, "arn", log, lambda: now[0])
    for _ in range(10):
        with pytest.raises(TemporarilyUnavailable):
            secrets.current()
    assert manager.calls == 1

    manager.error, now[0] = None, 100.0 + KEPT_AT_LEAST
    assert secrets.current() == b"one"


def texts(mail: bytes) -> tuple[str, str]:
    """The text and the HTML of a mail."""
    parts = [part for part in message_from_bytes(mail, policy=policy.default).walk() if not part.is_multipart()]
    return parts[0].get_content().replace("\r\n", "\n"), parts[1].get_content()


def test_a_confirmation_asks_in_text_and_html() -> None:
    messages = ShopMessages(SHOP, "orders@shop.test", lambda order: f"https://api.test/feedback/{order.order_id}")

    text, html = texts(messages.confirmation(order(order_id="o-1"), b"%PDF", "https://receipt.test"))

    assert "\nhttps://api.test/feedback/o-1\n" in text
    assert all(f'href="https://api.test/feedback/o-1?score={stars}"' in html for stars in range(1, 6))
    assert 'aria-label="1 star out of five"' in html


def test_a_confirmation_does_not_ask_where_nothing_can_be_answered() -> None:
    text, html = texts(ShopMessages(SHOP, "orders@shop.test").confirmation(order(), b"%PDF", "https://receipt.test"))

    assert "feedback" not in text + html
    assert "How did we do" not in text + html


def shipment(number: str, status: ShipmentStatus, units: int = 1) -> Shipment:
    return Shipment("PostNL", number, (("LAPTOP001", units),), status, NOW)


@pytest.mark.parametrize(
    ("shipments", "asks"),
    [
        ([shipment("1", ShipmentStatus.DELIVERED)], True),
        ([shipment("1", ShipmentStatus.DELIVERED, 0)], False),  # something is still to be shipped
        ([shipment("1", ShipmentStatus.DELIVERED), shipment("2", ShipmentStatus.SHIPPED, 0)], False),
        ([shipment("1", ShipmentStatus.DELIVERED), shipment("2", ShipmentStatus.LOST, 0)], False),
    ],
)
def test_the_mail_about_a_shipment_asks_once_all_of_them_arrived(shipments: list[Shipment], asks: bool) -> None:
    messages = ShopMessages(SHOP, "orders@shop.test", lambda order: "https://api.test/feedback/x")
    sent = order(shipments=tuple(shipments))

    text, html = texts(messages.shipment(sent, shipments[0], ShipmentStatus.DELIVERED))

    assert ("https://api.test/feedback/x" in text, "https://api.test/feedback/x" in html) == (asks, asks)


def test_whoever_answered_is_not_asked_again() -> None:
    messages = ShopMessages(SHOP, "orders@shop.test", lambda order: "https://api.test/feedback/x")
    arrived = shipment("1", ShipmentStatus.DELIVERED)
    sent = order(shipments=(arrived,), feedback=Feedback(5, "", NOW))

    assert "feedback" not in "".join(texts(messages.shipment(sent, arrived, ShipmentStatus.DELIVERED)))
