"""Tokens of guests' orders: for one order, for two weeks, worthless once a character is changed."""

from __future__ import annotations

import base64
import hmac

import pytest
from chalicelib.feedback.links import FeedbackLinks
from chalicelib.kit.errors import TemporarilyUnavailable
from chalicelib.orders.order_tokens import OrderTokens
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders.examples import order
from tests.support.fakes.clock import FakeClock
from tests.support.fakes.link_secrets import FakeLinkSecrets

LIFETIME = 14 * 24 * 3600
ORDER = order(order_id="142e376a-0ea4-451a-a703-a558b933e274")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def tokens(clock: FakeClock) -> OrderTokens:
    return OrderTokens(FakeLinkSecrets(), clock)


def test_it_works_for_two_weeks_after_the_order_was_placed_whenever_it_was_made(
    tokens: OrderTokens, clock: FakeClock
) -> None:
    first = tokens.signer()(ORDER)
    clock.advance(LIFETIME)

    assert tokens.signer()(ORDER) == first
    assert tokens.order_of(first) == ORDER.order_id
    clock.advance(1)
    assert tokens.order_of(first) is None


@given(at=st.integers(0, 200), to=st.sampled_from("Aa0_-=+/ \n\x00"))
def test_one_other_character_and_it_is_none(at: int, to: str) -> None:
    tokens = OrderTokens(FakeLinkSecrets(), FakeClock())
    token = tokens.signer()(ORDER)
    changed = token[: at % len(token)] + to + token[at % len(token) + 1 :]

    assert (tokens.order_of(changed) == ORDER.order_id) is (changed == token)


@given(length=st.integers(0, 95))
def test_a_part_of_it_is_none(length: int) -> None:
    tokens = OrderTokens(FakeLinkSecrets(), FakeClock())
    token = tokens.signer()(ORDER)

    assert length < len(token)
    assert tokens.order_of(token[:length]) is None


def test_parts_of_two_make_none(tokens: OrderTokens, clock: FakeClock) -> None:
    """The end of one and the order of another, with the signature of either."""
    mine, theirs = (
        base64.urlsafe_b64decode(tokens.signer()(order(order_id=order_id, created_at=at)) + "==")
        for order_id, at in (("order-1", "2026-11-21T14:30:25.123Z"), ("order-2", "2026-11-22T14:30:25.123Z"))
    )

    for mac in (mine[4:36], theirs[4:36]):
        for mixed in (mine[:4] + mac + theirs[36:], theirs[:4] + mac + mine[36:]):
            assert tokens.order_of(base64.urlsafe_b64encode(mixed).decode().rstrip("=")) is None


def test_another_stages_secret_makes_none(tokens: OrderTokens, clock: FakeClock) -> None:
    foreign = OrderTokens(FakeLinkSecrets(stored=[b"of another stage"]), clock).signer()(ORDER)

    assert tokens.order_of(foreign) is None


def test_a_link_of_a_mail_is_none_and_it_is_no_link(tokens: OrderTokens, clock: FakeClock) -> None:
    links = FeedbackLinks(FakeLinkSecrets(), clock, "")

    assert tokens.order_of(links.token(ORDER.order_id)) is None
    assert links.order_of(tokens.signer()(ORDER)) is None


def test_the_signature_is_as_others_calculate_it(tokens: OrderTokens) -> None:
    raw = base64.urlsafe_b64decode(tokens.signer()(ORDER) + "==")
    end, mac, order_id = raw[:4], raw[4:36], raw[36:]

    assert (int.from_bytes(end, "big"), order_id.decode()) == (1795271425 + 14 * 86400, ORDER.order_id)
    assert mac == hmac.digest(b"the links' secret", b"orderproc order\n" + end + order_id, "sha256")


def test_it_outlives_one_rotation_of_the_secret(clock: FakeClock) -> None:
    secrets = FakeLinkSecrets()
    tokens = OrderTokens(secrets, clock)
    token = tokens.signer()(ORDER)

    secrets.stored = [b"new", *secrets.stored]
    assert tokens.order_of(token) == ORDER.order_id


def test_once_there_is_a_signer_nothing_keeps_it_from_signing(clock: FakeClock) -> None:
    secrets = FakeLinkSecrets()
    sign = OrderTokens(secrets, clock).signer()

    secrets.down = True
    assert sign(ORDER)
    with pytest.raises(TemporarilyUnavailable):
        OrderTokens(secrets, clock).signer()
