"""What the adapters declare, what functions use of it, and the policy files that are written from both."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore import xform_name

from infra.deploy import deploy, permissions, policies
from infra.deploy.policies import AREAS
from infra.deploy.vendor import SDK_MODELS
from infra.errors import Refusal
from tests.support.sources import nodes

_SERVICES = (
    *("dynamodb", "s3", "sqs", "sns", "ses", "events", "stepfunctions", "lambda", "secretsmanager", "cloudwatch"),
    "cognito-idp",
)
_UNDER_ANOTHER_NAME = {
    "head_object": "GetObject",
    "head_bucket": "ListBucket",
    "create_multipart_upload": "PutObject",
    "upload_part": "PutObject",
    "complete_multipart_upload": "PutObject",
    "list_objects_v2": "ListBucket",
    "invoke": "InvokeFunction",
    "publish_batch": "Publish",
    **{
        f"{name}_batch": action
        for name, action in (("send_message", "SendMessage"), ("delete_message", "DeleteMessage"))
    },
    "change_message_visibility_batch": "ChangeMessageVisibility",
}
"""Operations that IAM knows by the name of another: https://docs.aws.amazon.com/service-authorization/latest/reference/"""
_OF_KIT = {
    "batch_get": "BatchGetItem",
    "content_of": "GetObject",
    "get": "GetItem",
    "newest_of": "Query",
    "put_if": "PutItem",
}
"""What `kit/dynamodb.py` and `kit/s3.py` call for adapters."""
_PARTS_OF_TRANSACTIONS = {"Put": ["PutItem"], "Update": ["UpdateItem"], "Delete": ["DeleteItem"]}


@cache
def operations() -> dict[str, str]:
    """IAM's action by the method of a boto3 client. A transaction has no action of its own: its parts have; and API
    Gateway's actions are the methods of HTTP."""
    session = botocore.session.get_session()
    names = [name for service in _SERVICES for name in session.get_service_model(service).operation_names]
    methods = {xform_name(name): name for name in names if not name.startswith("Transact")}
    gateway = session.get_service_model("apigateway")
    verbs = {xform_name(name): gateway.operation_model(name).http["method"] for name in gateway.operation_names}
    return {**verbs, **methods, **_UNDER_ANOTHER_NAME}


def called(path: Path) -> Iterator[str]:
    """The actions of an adapter's calls, as far as its text shows them."""
    known = operations()
    for node in nodes(path):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _OF_KIT:
            yield _OF_KIT[node.func.id]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get_paginator":
            # A helper that is given the operation's name: one of the texts in this file.
            named = [node.args[0]] if isinstance(node.args[0], ast.Constant) else nodes(path)
            yield from (known[one.value] for one in named if isinstance(one, ast.Constant) and one.value in known)
        elif isinstance(node, ast.Attribute) and node.attr in known:  # also one that is called later, by another
            if ast.unparse(node.value).removeprefix("self.").startswith(_CLIENTS):
                yield known[node.attr]
        elif isinstance(node, ast.Dict) and len(node.keys) == 1 and isinstance(key := node.keys[0], ast.Constant):
            yield from _PARTS_OF_TRANSACTIONS.get(str(key.value), ())


_CLIENTS = ("client", "writes.client", "sqs", "bus", "topic", "functions()", "stepfunctions()", "machines", "documents")


_DECLARED_ELSEWHERE = {
    "operations.cognito": {"GetId"},  # needs no permission
    "assistant.bedrock": {"Converse"},  # granted where a model was chosen: infra/deploy/chat_model.py
    "kit.dynamodb": {"BatchGetItem", "GetItem", "PutItem", "Query"},  # by those who say which table
    "kit.s3": {"GetObject"},  # and which bucket
    "orders.dynamodb_search": {"GetItem"},  # how far a rebuild is, with the operator's own rights
}


@pytest.mark.parametrize("path", sorted(AREAS.glob("*/*.py")), ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_an_adapter_declares_the_action_of_every_call_that_it_makes(path: Path) -> None:
    name = f"{path.parent.name}.{path.stem}"
    declared = policies.declared().get(name, {})
    actions = {text.split(" ")[0].partition(":")[2] for texts in declared.values() for text in texts}
    unsigned = _DECLARED_ELSEWHERE.get(name, set())

    assert set(called(path)) - unsigned <= actions


def test_the_calls_of_adapters_are_found() -> None:
    """Else the test above would find nothing to miss."""
    of_claims = set(called(AREAS / "kit" / "dynamodb_claims.py"))

    assert {"PutItem", "DeleteItem", "UpdateItem", "BatchGetItem"} <= of_claims
    assert sum(bool(set(called(path))) for path in AREAS.glob("*/*.py")) >= 20


def test_the_package_has_the_models_of_the_services_that_are_called() -> None:
    """The deployed package carries few of the SDK's 400; a missing one shows only there."""
    asked = {
        str(node.args[0].value)
        for path in AREAS.rglob("*.py")
        for node in nodes(path)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).removeprefix("aws.") == "client"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }

    assert {"dynamodb", "sqs", "cognito-idp", "apigateway"} <= asked <= SDK_MODELS


def test_every_declaration_is_used_by_a_function_and_every_function_has_a_policy() -> None:
    used = {use.partition(" ")[0] for uses in permissions.FUNCTIONS.values() for use in uses}
    declared = {f"{adapter}.{name}" for adapter, found in policies.declared().items() for name in found}

    assert declared - used == set()
    assert used - declared <= permissions.PLATFORM.keys()
    assert set(deploy.tracked_config()["stages"]["local"]["lambda_functions"]) == set(permissions.FUNCTIONS)


def test_the_tracked_policies_are_what_make_policies_writes() -> None:
    assert policies.stale() == []


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of policies of its own, under a project that it alone is in."""
    monkeypatch.setattr(policies, "APP", tmp_path / "orderproc")
    monkeypatch.setattr(policies, "FOLDER", tmp_path / "orderproc" / ".chalice")
    policies.FOLDER.mkdir(parents=True)
    assert policies.main([]) == 0
    return policies.FOLDER


def test_a_file_that_was_changed_lost_or_left_behind_fails_the_check_until_it_is_written_anew(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "policy-notify.json"
    path.write_text(path.read_text().replace("GetItem", "Scan", 1))
    (folder / "policy-redrive.json").unlink()
    (folder / "policy-of_nothing.json").write_text("{}")
    capsys.readouterr()

    assert policies.main(["--check"]) == 1
    told = capsys.readouterr().out
    assert [told.count(f"policy-{name}.json is stale") for name in ("notify", "redrive", "of_nothing")] == [1, 1, 1]
    assert policies.main([]) == 0
    assert policies.main(["--check"]) == 0
    assert not (folder / "policy-of_nothing.json").exists()


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Of a function that uses what the test declares."""

    def made(*declarations: str, target: str = "") -> list[dict[str, Any]]:
        monkeypatch.setitem(permissions.FUNCTIONS, "test", (f"x.y {target}".strip(),))
        monkeypatch.setattr(policies, "_of_adapter", lambda _: list(declarations))
        return [one for one in policies.policy("test")["Statement"] if one.get("Sid") not in ("Logs", "Traces")]

    return made


def test_actions_share_a_statement_only_where_each_is_granted_on_each_resource(statements: Any) -> None:
    found = statements("dynamodb:GetItem table/a", "dynamodb:PutItem table/a", "dynamodb:GetItem table/b")

    granted = [(one["Action"], one["Resource"].rpartition("local-")[2]) for one in found]
    assert granted == [(["dynamodb:GetItem", "dynamodb:PutItem"], "a"), (["dynamodb:GetItem"], "b")]


def test_a_key_becomes_a_condition_that_a_request_without_it_does_not_meet(statements: Any) -> None:
    [found] = statements("dynamodb:PutItem table/a audit#*", "dynamodb:PutItem table/a {}", target="tries#orders")

    assert found["Condition"] == {
        "ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["audit#*", "tries#orders"]},
        "Null": {"dynamodb:LeadingKeys": "false"},
    }


@pytest.mark.parametrize(
    ("declaration", "target"), [("sqs:SendMessage queue/{}", ""), ("sqs:SendMessage queue/a", "b"), ("a:B no/kind", "")]
)
def test_what_makes_no_sense_is_refused(statements: Any, declaration: str, target: str) -> None:
    with pytest.raises(Refusal):
        statements(declaration, target=target)


def test_what_no_adapter_declares_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(permissions.FUNCTIONS, "test", ("dynamodb_orders.erase",))

    with pytest.raises(Refusal, match=r"dynamodb_orders\.erase"):
        json.dumps(policies.policy("test"))
