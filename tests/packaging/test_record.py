"""What a deployment or a destruction knows of a stage: which things are its own, and what is asked before they go."""

from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from infra.deploy import destroy_plan, inventory, record
from infra.deploy.destroy_plan import Plan
from infra.deploy.inventory import MAPPING, Thing
from infra.deploy.names import Names
from infra.errors import Refusal
from infra.target import Target

TARGET = Target("blue", "eu-central-1", "111122223333", "aws", None, boto3.Session("a", "b"), "d1")
KNOWN = Names(frozenset({"orderproc-blue"}), frozenset({"orderproc-blue-notify"}), frozenset())


def plan(orders: int = 0, *, more: bool = False) -> Plan:
    return Plan(TARGET, {}, KNOWN, (), (), (), (), (), orders, more)


def answering(monkeypatch: pytest.MonkeyPatch, answer: str, *, terminal: bool = True) -> list[str]:
    asked: list[str] = []

    def ask(question: str) -> str:
        asked.append(question)
        if answer == "^D":
            raise EOFError
        if answer == "^C":
            raise KeyboardInterrupt
        return answer

    monkeypatch.setattr("builtins.input", ask)
    monkeypatch.setattr("sys.stdin.isatty", lambda: terminal)
    return asked


@pytest.mark.parametrize(("orders", "answer"), [(0, "y"), (0, "Yes"), (3, "blue"), (3, " blue ")])
def test_who_agrees_is_let_through(monkeypatch: pytest.MonkeyPatch, orders: int, answer: str) -> None:
    asked = answering(monkeypatch, answer)

    destroy_plan.ask(plan(orders))

    assert len(asked) == 1


@pytest.mark.parametrize(
    ("orders", "answer"),
    [(0, ""), (0, "n"), (0, "^D"), (0, "^C"), (3, ""), (3, "y"), (3, "yes"), (3, "bleu"), (3, "Blue"), (3, "^D")],
)
def test_anything_else_removes_nothing(monkeypatch: pytest.MonkeyPatch, orders: int, answer: str) -> None:
    answering(monkeypatch, answer)

    with pytest.raises(Refusal, match="Nothing was removed"):
        destroy_plan.ask(plan(orders))


def test_without_a_terminal_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answering(monkeypatch, "y", terminal=False)

    with pytest.raises(Refusal, match="YES=1"):
        destroy_plan.ask(plan())

    assert asked == []


def test_the_question_says_how_many_orders_go(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answering(monkeypatch, "blue")

    destroy_plan.ask(plan(1234))
    destroy_plan.ask(plan(9000, more=True))

    assert "all 1,234:" in asked[0]
    assert "all at least 9,000:" in asked[1]


def role(name: str = "orderproc-blue-notify", **tags: str) -> Thing:
    return Thing("role", name, "arn", {f"orderproc:{key}": value for key, value in tags.items()})


@pytest.mark.parametrize(
    ("thing", "own"),
    [
        (role(stage="blue", region="eu-central-1", deployment="d1"), True),
        (role("orderproc-blue-other", stage="blue", region="eu-central-1", deployment="d1"), True),
        (role(), True),  # known, and its deployment died before it was tagged
        (role("orderproc-blue-deployer"), False),
        (role(stage="blue", region="us-east-1", deployment="d1"), False),
        (role(stage="blue", region="eu-central-1", deployment="d2"), False),
        (role(stage="green", region="eu-central-1", deployment="d1"), False),
        (role(stage="blue"), False),
        (Thing("REST API", "abc", "arn", {}), True),
    ],
)
def test_tags_tell_whose_a_thing_is_and_the_record_where_there_are_none(thing: Thing, own: bool) -> None:
    assert record.is_own(TARGET, thing, KNOWN) is own


def test_before_a_stages_first_deployment_nothing_is_its_own() -> None:
    for thing in (role(), Thing("REST API", "abc", "arn", {}), Thing("function", "orderproc-blue", "arn", {})):
        assert not record.is_own(TARGET, thing, Names())


@pytest.mark.parametrize(
    ("said", "waits"),
    [
        ({"State": "Pending"}, True),
        ({"State": "Active", "LastUpdateStatus": "InProgress"}, True),
        ({"State": "Active", "LastUpdateStatus": "Successful"}, False),
        ({"State": "Active", "LastUpdateStatus": "Failed"}, False),
    ],
)
def test_a_function_that_is_still_being_changed_is_waited_for(said: dict[str, str], waits: bool) -> None:
    waited: list[str] = []
    answer = {"Configuration": {"FunctionArn": "arn", **said}}
    functions = SimpleNamespace(
        get_function=lambda FunctionName: answer,  # noqa: N803
        get_waiter=lambda _: SimpleNamespace(wait=lambda **named: waited.append(named["FunctionName"])),
        exceptions=SimpleNamespace(ResourceNotFoundException=KeyError),
    )
    target: Any = SimpleNamespace(functions=functions)
    found = inventory._function(target, "orderproc-blue")
    assert found

    record._wait_until_idle(target, [found])

    assert waited == (["orderproc-blue"] if waits else [])


def mapping(uuid: str, source: str) -> Thing:
    return Thing(MAPPING, uuid, f"arn:{uuid}", {}, function_arn="function", source_arn=source)


@pytest.mark.parametrize(
    ("there", "kept"),
    [
        ([("recorded", "queue"), ("double", "queue")], "recorded"),
        ([("double", "queue"), ("recorded", "queue")], "recorded"),
        ([("one", "queue"), ("two", "queue")], "one"),
        # A deployment that died after it had made the mapping of another queue, and before it removed the old one.
        ([("recorded", "old queue"), ("new", "queue")], "new"),
    ],
)
def test_of_two_mappings_one_stays(there: list[tuple[str, str]], kept: str) -> None:
    found: Any = [mapping(*one) for one in there]

    assert record._only_mapping(found, {"recorded"}).name == kept
