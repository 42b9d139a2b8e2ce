"""`make dead-letters`: the same from a terminal, for people and for programs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from chalicelib.bootstrap import Services

from infra.errors import Refusal
from infra.ops import dead_letters, operate
from infra.paths import ROOT
from tests.support.builders.examples import SETTINGS
from tests.support.fakes.adapters import FakeAdapters
from tests.support.fakes.dead_letters import FakeSqs

DLQ = f"{SETTINGS.order_queue_url}-dlq"
ARN = "arn:aws:iam::123456789012:user/anna"


@pytest.fixture(autouse=True)
def stages(services: Services, monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """Which stage each command was for."""
    asked: list[str | None] = []
    monkeypatch.setattr(operate, "stage_called", asked.append)
    monkeypatch.setattr(operate, "services_of", lambda target: services)
    monkeypatch.setattr(operate, "changing", lambda target: ARN)
    return asked


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = dead_letters.main(arguments)
    return (code, *capsys.readouterr())


def test_without_a_word_it_lists(capsys: pytest.CaptureFixture[str], sqs: FakeSqs, stages: list[str | None]) -> None:
    message_id = sqs.put(DLQ, json.dumps({"orderId": "o-1", "customerEmail": "a@b.test", "total": 1.5}))

    code, shown, _ = run(capsys)

    assert (code, stages) == (0, [None])
    for part in ("orders", message_id, "o-1", "2026-11-21", "died or ran out of time", '"total": 1.5'):
        assert part in shown
    assert "a@b.test" not in shown
    assert "\x1b" not in shown  # no colours where nobody sees them
    assert sqs.visible(DLQ) == [message_id]


def test_nothing_is_good_news(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "list", "orders") == (0, "There are no dead letters.\n", "")


def test_a_stage_is_named_first(capsys: pytest.CaptureFixture[str], stages: list[str | None]) -> None:
    run(capsys, "prod")
    run(capsys, "prod", "queues")
    run(capsys, "--json")

    assert stages == ["prod", "prod", None]


def test_depths_are_shown(capsys: pytest.CaptureFixture[str], sqs: FakeSqs) -> None:
    sqs.put(DLQ, "{}")

    code, shown, _ = run(capsys, "queues")

    assert code == 0
    assert [line.split() for line in shown.splitlines()[1:3]] == [
        ["orders", "0", "0", "0", "1"],
        ["notifications", "0", "0", "0", "0"],
    ]


def test_programs_get_json(capsys: pytest.CaptureFixture[str], sqs: FakeSqs) -> None:
    sqs.put(DLQ, '{"orderId": "o-1", "price": 1299.99}')

    _, listed, _ = run(capsys, "list", "--json", "--limit", "5")
    _, redriven, _ = run(capsys, "redrive", "orders", "--json")

    assert json.loads(listed)["messages"][0]["payload"] == {"orderId": "o-1", "price": 1299.99}
    assert json.loads(redriven) == {"redriven": 1, "left": 0, "notFound": [], "refused": [], "complete": True}


def test_all_are_sent_back_and_it_is_on_record_who_did_it(
    capsys: pytest.CaptureFixture[str], adapters: FakeAdapters, sqs: FakeSqs
) -> None:
    for n in range(3):
        sqs.put(DLQ, json.dumps({"orderId": f"o-{n}"}))

    code, shown, _ = run(capsys, "redrive", "orders")

    assert (code, shown) == (0, "3 sent back, 0 left in the dead-letter queue.\n")
    assert [record.who for record in adapters.audit_records.all] == [ARN]
    assert ARN in run(capsys, "audit")[1]


def test_what_was_not_found_is_said_and_makes_the_command_fail(
    capsys: pytest.CaptureFixture[str], sqs: FakeSqs
) -> None:
    message_id = sqs.put(DLQ, "{}")

    code, shown, _ = run(capsys, "redrive", "orders", message_id, "gone")

    assert (code, shown.splitlines()) == (1, ["1 sent back, 0 left in the dead-letter queue.", "gone was not found."])


def test_what_can_not_be_sent_back_is_said(capsys: pytest.CaptureFixture[str], sqs: FakeSqs) -> None:
    message_id = sqs.put("https://sqs.test/mail-dlq", "no call")

    code, shown, _ = run(capsys, "redrive", "mail")

    assert code == 1
    assert f"{message_id} stays: It is no call" in shown


def test_discarding_needs_messages_and_a_reason(
    capsys: pytest.CaptureFixture[str], adapters: FakeAdapters, sqs: FakeSqs
) -> None:
    message_id = sqs.put(DLQ, "{}")

    for wrong in (["orders", message_id], ["orders", "--reason", "A test"], ["orders", message_id, "--reason", " a "]):
        with pytest.raises(SystemExit) as ended:
            run(capsys, "discard", *wrong)
        assert ended.value.code == 2
    assert sqs.visible(DLQ) == [message_id]

    code, shown, _ = run(capsys, "discard", "orders", message_id, "--reason", "A test")

    assert (code, shown) == (0, "1 discarded; a copy is in the audit record.\n")
    assert adapters.audit_records.all[0].details["reason"] == "A test"


def test_of_what_is_not_there_no_copy_is_promised(capsys: pytest.CaptureFixture[str]) -> None:
    code, shown, _ = run(capsys, "discard", "orders", "gone", "--reason", "A test")

    assert (code, shown) == (1, "0 discarded.\ngone was not found.\n")


def test_an_unknown_queue_is_answered_with_those_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    code, shown, refused = run(capsys, "redrive", "order")

    assert (code, shown) == (1, "")
    assert refused.startswith("Queue must be one of orders, notifications, ")


@pytest.mark.parametrize(
    "wrong", [["list", "--limit", "0"], ["list", "--limit", "x"], ["redrive"], ["prod", "destroy"]]
)
def test_what_it_does_not_understand_it_does_not_do(
    capsys: pytest.CaptureFixture[str], stages: list[str | None], wrong: list[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(capsys, *wrong)

    assert ended.value.code == 2
    assert stages == []


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "ReceiveMessage"), "AWS refuses Receive"),
        (ClientError({"Error": {"Code": "ThrottlingException"}}, "ReceiveMessage"), "try again"),
        (EndpointConnectionError(endpoint_url="https://sqs.test"), "try again"),
        (Refusal("Sign in again [b]now[/b]."), "Sign in again [b]now[/b]."),
    ],
    ids=str,
)
def test_trouble_is_a_sentence(
    capsys: pytest.CaptureFixture[str], sqs: FakeSqs, error: Exception, sentence: str
) -> None:
    def fail(**_: Any) -> None:
        raise error

    sqs.receive_message = fail  # type: ignore[assignment, method-assign]

    code, shown, refused = run(capsys, "list")

    assert (code, shown) == (1, "")
    assert sentence in refused
    assert "Traceback" not in refused


def test_without_a_stage_it_is_the_local_cloud(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.undo()
    stack = tmp_path / "stack.json"
    here = {"stage": "local", "region": "us-east-1", "endpoint_url": "http://127.0.0.1:4600"}
    stack.write_text(json.dumps({**here, "access_key_id": "test", "secret_access_key": "test"}))
    monkeypatch.setattr(operate, "STACK", stack)
    reached: list[tuple[str, str, str]] = []
    monkeypatch.setattr(
        operate,
        "connect",
        lambda stage, *, session, endpoint_url, site_endpoint: reached.append(
            (stage, session.region_name, endpoint_url)
        ),
    )

    operate.stage_called(None)

    assert reached == [("local", "us-east-1", "http://127.0.0.1:4600")]


def test_without_a_local_cloud_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(operate, "STACK", tmp_path / "stack.json")

    with pytest.raises(Refusal, match="make run"):
        operate.stage_called(None)


def test_a_reason_is_judged_by_the_functions_rules_outside_of_tests_too() -> None:
    """There nothing but the command itself finds the functions' code."""
    command = [sys.executable, "-m", "infra.ops.dead_letters", "discard", "orders", "some-id", "--reason", "no"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}

    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "must be 3 to 500 characters that say why" in done.stderr
