"""Commands of operators that write are refused while a stage is being restored; those that read go on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from chalicelib.bootstrap import Services

from infra.deploy import foundation, state
from infra.ops import dead_letters, metrics, operate, search
from tests.support.builders import examples
from tests.support.fakes.adapters import FakeAdapters

DAYS = ("--from", "2026-11-19", "--to", "2026-11-22")


class Stage(str):
    """Only its name is asked for."""

    @property
    def stage(self) -> str:
        return str(self)


@pytest.fixture(autouse=True)
def restored(services: Services, adapters: FakeAdapters, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operate, "stage_called", lambda name: Stage("blue"))
    monkeypatch.setattr(operate, "services_of", lambda target: services)
    monkeypatch.setattr(operate, "identity", lambda target: "arn:anna")
    monkeypatch.setattr(foundation, "outputs", lambda target: {"DocumentsBucketName": "documents"})
    unfinished = {"to": "2026-11-20 10:00:00 UTC", "who": "arn:ben"}
    monkeypatch.setattr(state, "load", lambda target, bucket, name: unfinished)
    adapters.orders.add(examples.order(created_at="2026-11-19T10:00:00.000Z"))


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        (metrics.main, ("rebuild", *DAYS, "--yes")),
        (search.main, ("rebuild", *DAYS)),
        (dead_letters.main, ("redrive", "orders")),
        (dead_letters.main, ("discard", "orders", "m-1", "--reason", "a test")),
    ],
    ids=["metrics", "search", "redrive", "discard"],
)
def test_what_writes_is_refused(
    command: Callable[[Sequence[str]], int],
    arguments: tuple[str, ...],
    adapters: FakeAdapters,
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = command(arguments)

    assert code == 1
    assert "is being restored to 2026-11-20 10:00:00 UTC by arn:ben" in capsys.readouterr().err
    assert adapters.audit_records.all == []
    assert adapters.order_index.writes == 0


@pytest.mark.parametrize(
    ("command", "arguments"),
    [(metrics.main, ("check", *DAYS)), (dead_letters.main, ("queues",)), (dead_letters.main, ("list",))],
    ids=["metrics", "queues", "list"],
)
def test_what_reads_goes_on(
    command: Callable[[Sequence[str]], int], arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    command(arguments)

    assert "is being restored" not in capsys.readouterr().err
