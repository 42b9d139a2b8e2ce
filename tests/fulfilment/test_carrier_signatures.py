"""Whose reports are taken: signed with our secret, for this very body, and just now."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from chalicelib.fulfilment.signatures import TOLERANCE, CarrierSignatures
from chalicelib.kit.errors import TemporarilyUnavailable
from chalicelib.kit.secrets_manager import KEPT, KEPT_AT_LEAST, KEPT_WHILE_IT_FAILS, ManagedSecrets
from hypothesis import given
from hypothesis import strategies as st

from tests.support.carrier_signing import SECRET, header, seconds, v1
from tests.support.fakes.clock import FakeClock
from tests.support.fakes.shipments import FakeCarrierSecrets

BODY = '{"status":"DELIVERED","note":"Grüße"}'.encode()
CLOCK = FakeClock()
NOW = seconds(CLOCK)


def are_good(sent: str, body: bytes = BODY, secrets: FakeCarrierSecrets | None = None) -> bool:
    return CarrierSignatures(secrets or FakeCarrierSecrets(), CLOCK).are_good(sent, body)


def test_a_good_one_is_taken() -> None:
    assert are_good(header(BODY, NOW))


def test_the_example_of_the_scheme_is_as_others_calculate_it() -> None:
    """`printf '1795271425.{}' | openssl dgst -sha256 -hmac secret` gives this."""
    assert v1(b"{}", 1795271425, b"secret") == "43a1f75e7b7d60189d0500087e510709e3a9956deb3dec3ea8ee05727cd99633"


@pytest.mark.parametrize("off", [TOLERANCE, -TOLERANCE, 0])
def test_five_minutes_either_way_are_fine(off: int) -> None:
    assert are_good(header(BODY, NOW + off))


@pytest.mark.parametrize("off", [TOLERANCE + 1, -TOLERANCE - 1, 86400, -86400])
def test_more_is_not(off: int) -> None:
    assert not are_good(header(BODY, NOW + off))


@pytest.mark.parametrize(
    "sent",
    [
        *("", "t=", "v1=", "t=,v1=", "nonsense", "=", ",,,", f"t={NOW}"),
        f"v1={v1(BODY, NOW)}",
        f"t={NOW},v0={v1(BODY, NOW)}",
        f"t={NOW},v1=",
        f"t={NOW},v1={v1(BODY, NOW)[:-1]}",
        f"t={NOW},v1={v1(BODY, NOW).upper()}x",
        f"t={NOW},t={NOW},v1={v1(BODY, NOW)}",
        f"t={NOW}.0,v1={v1(BODY, f'{NOW}.0')}",
        f"t=-{NOW},v1={v1(BODY, -NOW)}",
        f"t=٣,v1={v1(BODY, '٣')}",
        f"t={'9' * 5000},v1={v1(BODY, '9' * 5000)}",
        f"t={NOW},v1=ü\udcff",
    ],
    ids=lambda sent: ascii(sent)[:30],
)
def test_what_is_not_of_the_form_is_refused(sent: str) -> None:
    assert not are_good(sent)


def test_a_changed_body_is_refused() -> None:
    assert not are_good(header(BODY, NOW), BODY.replace(b"DELIVERED", b"LOST"))


def test_a_newer_time_put_on_an_old_signature_is_refused() -> None:
    old = v1(BODY, NOW - 3600)

    assert not are_good(f"t={NOW},v1={old}")


def test_anothers_secret_is_refused() -> None:
    assert not are_good(header(BODY, NOW, b"guessed"))


def test_one_good_signature_of_several_is_enough() -> None:
    assert are_good(header(BODY, NOW, b"the carrier's next secret", SECRET))


def test_only_so_many_are_looked_at() -> None:
    assert not are_good(header(BODY, NOW, *[b"guessed"] * 10, SECRET))


@given(st.text(max_size=200), st.binary(max_size=50))
def test_no_header_and_no_body_breaks_it(sent: str, body: bytes) -> None:
    assert not are_good(sent, body)


@given(st.binary(max_size=200))
def test_every_body_can_be_signed(body: bytes) -> None:
    assert are_good(header(body, NOW), body)


# Rotation


def test_both_secrets_are_taken_while_carriers_change_over() -> None:
    secrets = FakeCarrierSecrets(stored=[b"new", b"old"])

    assert are_good(header(BODY, NOW, b"new"), secrets=secrets)
    assert are_good(header(BODY, NOW, b"old"), secrets=secrets)


def test_a_secret_that_was_rotated_in_a_moment_ago_is_found() -> None:
    secrets = FakeCarrierSecrets(stored=[b"new", b"old"], read=[b"old"])

    assert are_good(header(BODY, NOW, b"new"), secrets=secrets)


def test_without_the_secret_nobody_is_refused_or_let_in() -> None:
    with pytest.raises(TemporarilyUnavailable):
        are_good(header(BODY, NOW), secrets=FakeCarrierSecrets(down=True))


class Manager:
    """Secrets Manager's client, with the secret's stages."""

    def __init__(self, **stages: str) -> None:
        self.stages = stages
        self.calls = 0
        self.error: Exception | None = None

    def get_secret_value(self, SecretId: str, VersionStage: str) -> dict[str, Any]:  # noqa: N803
        self.calls += 1
        if self.error:
            raise self.error
        if VersionStage not in self.stages:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "GetSecretValue")
        return {"SecretString": self.stages[VersionStage]}


class Stopwatch:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def manager() -> Manager:
    return Manager(AWSCURRENT="one")


@pytest.fixture
def watch() -> Stopwatch:
    return Stopwatch()


class Warnings:
    """A log of which only warnings count."""

    def __init__(self) -> None:
        self.given: list[tuple[str, dict[str, Any]]] = []

    def warning(self, event: str, **fields: Any) -> None:
        self.given.append((event, fields))


@pytest.fixture
def log() -> Any:
    return Warnings()


@pytest.fixture
def secrets(manager: Manager, watch: Stopwatch, log: Any) -> ManagedSecrets:
    return ManagedSecrets(manager, "arn:aws:secretsmanager:eu-west-1:1:secret:carrier-a1b2c3", log, watch)


def test_a_secret_is_read_once_in_five_minutes(secrets: ManagedSecrets, manager: Manager, watch: Stopwatch) -> None:
    assert secrets.accepted() == [b"one"]
    manager.stages = {"AWSCURRENT": "two", "AWSPREVIOUS": "one"}
    watch.now = KEPT - 1
    assert secrets.accepted() == [b"one"]
    assert manager.calls == 2

    watch.now = KEPT
    assert secrets.accepted() == [b"two", b"one"]


def test_forgeries_do_not_make_it_read_all_the_time(
    secrets: ManagedSecrets, manager: Manager, watch: Stopwatch
) -> None:
    for _ in range(100):
        secrets.accepted(fresh=True)
    assert manager.calls == 2

    watch.now = KEPT_AT_LEAST
    secrets.accepted(fresh=True)
    assert manager.calls == 4


def test_a_secrets_manager_that_does_not_answer_is_tried_again_later(secrets: ManagedSecrets, manager: Manager) -> None:
    manager.error = ReadTimeoutError(endpoint_url="https://aws.test")
    with pytest.raises(TemporarilyUnavailable):
        secrets.accepted()

    manager.error = None
    assert secrets.accepted() == [b"one"]


def test_a_right_that_is_missing_is_no_passing_trouble(secrets: ManagedSecrets, manager: Manager) -> None:
    answer: Any = {"Error": {"Code": "AccessDeniedException"}, "ResponseMetadata": {"HTTPStatusCode": 400}}
    manager.error = ClientError(answer, "GetSecretValue")

    with pytest.raises(ClientError):
        secrets.accepted()


DOWN = ReadTimeoutError(endpoint_url="https://aws.test")


def test_while_secrets_manager_fails_what_was_read_is_believed_with_a_warning(
    secrets: ManagedSecrets, manager: Manager, watch: Stopwatch, log: Any
) -> None:
    secrets.accepted()
    manager.error = DOWN

    watch.now = KEPT
    assert secrets.accepted() == [b"one"]
    watch.now = KEPT_WHILE_IT_FAILS - 1
    assert secrets.accepted() == [b"one"]
    assert log.given == [
        ("secret_not_read", {"secret": "carrier-a1b2c3", "age": age}) for age in (KEPT, KEPT_WHILE_IT_FAILS - 1)
    ]


def test_but_not_for_ever(secrets: ManagedSecrets, manager: Manager, watch: Stopwatch) -> None:
    """It may have been rotated out since."""
    secrets.accepted()
    manager.error = DOWN

    watch.now = KEPT_WHILE_IT_FAILS
    for _ in range(2):
        with pytest.raises(TemporarilyUnavailable):
            secrets.accepted()


def test_while_it_fails_it_is_asked_every_ten_seconds_at_most(
    secrets: ManagedSecrets, manager: Manager, watch: Stopwatch, log: Any
) -> None:
    secrets.accepted()
    manager.error, watch.now = DOWN, KEPT
    asked = manager.calls
    for _ in range(100):
        assert secrets.accepted() == [b"one"]
    assert (manager.calls, len(log.given)) == (asked + 1, 1)

    watch.now = KEPT + KEPT_AT_LEAST
    manager.error, manager.stages = None, {"AWSCURRENT": "two"}
    assert secrets.accepted() == [b"two"]


def test_a_signature_that_fits_nothing_known_is_not_refused_while_a_newer_secret_can_not_be_read(
    secrets: ManagedSecrets, manager: Manager, watch: Stopwatch
) -> None:
    """Else a rotation during an outage would turn true reports away for good."""
    secrets.accepted()
    manager.error, watch.now = DOWN, KEPT_AT_LEAST
    asked = manager.calls

    for _ in range(100):
        with pytest.raises(TemporarilyUnavailable):
            secrets.accepted(fresh=True)
    assert manager.calls == asked + 1
    assert secrets.accepted() == [b"one"]


def test_a_secret_that_is_gone_is_not_believed_any_longer(
    secrets: ManagedSecrets, manager: Manager, watch: Stopwatch
) -> None:
    """That is no failure of Secrets Manager: it was deleted, or the right to read it taken away."""
    secrets.accepted()
    manager.stages, watch.now = {}, KEPT

    with pytest.raises(ClientError):
        secrets.accepted()
