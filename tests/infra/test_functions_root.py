"""What Chalice writes for Terraform becomes what provider 6 takes, and the same as `chalice deploy` makes."""

import contextlib
import json
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from infra.deploy import gateway_responses, inventory, removal
from infra.deploy.inventory import Inventory, Thing
from infra.deploy.settings_check import NotYet
from infra.deploy.terraform import binary, functions, functions_root, remote, unrecorded
from infra.errors import Refusal
from infra.target import Target
from tests.infra.test_site_deployment import ON_AWS

_ARN = "arn:${data.aws_partition.chalice.partition}:sqs:${data.aws_region.chalice.name}"
_IMPORTER = "${aws_lambda_function.import_orders.arn}"


def chalice() -> dict[str, Any]:
    """A part of what Chalice writes for each kind of trigger."""
    function = {
        "function_name": "orderproc-blue-x",
        "filename": "${path.module}/deployment.zip",
        "source_code_hash": "x",
        "tags": {"aws-chalice": "version=1", **ON_AWS.tags},
    }
    names = ("api_handler", "housekeeper", "import_orders", "process_orders", "count_orders")
    lambdas = {name: {**function, "environment": {"variables": {"SHOP_NAME": "${5} %{off}"}}} for name in names}
    return {
        "resource": {
            "aws_lambda_function": lambdas,
            "aws_iam_role": {"housekeeper_role": {"name": "orderproc-blue-housekeeper"}},
            "aws_iam_role_policy": {"housekeeper_role": {"name": "housekeeper_rolePolicy"}},
            "aws_lambda_event_source_mapping": {
                "process_orders-sqs-event-source": {"event_source_arn": f"{_ARN}:x:orders"},
                "count_orders-dynamodb-event-source": {"event_source_arn": "arn:stream"},
            },
            "aws_s3_bucket_notification": {
                "imports_notify": {
                    "lambda_function": [{"lambda_function_arn": "${aws_lambda_function.import_orders.arn}"}]
                }
            },
            "aws_cloudwatch_event_rule": {"housekeeper-event": {"name": "housekeeper-event", "description": ""}},
            "aws_cloudwatch_event_target": {"housekeeper-event": {"target_id": "housekeeper-event"}},
            "aws_api_gateway_rest_api": {"rest_api": {"body": "${local.chalice_api_swagger}"}},
            "aws_api_gateway_deployment": {"rest_api": {"stage_name": "api"}},
        },
        "locals": {"chalice_api_swagger": json.dumps({"paths": {"/orders": {"uri": f"{_ARN}:path"}}})},
    }


def rewritten(before: tuple[str, ...] = (), url: str = "https://api.test", **changes: Any) -> dict[str, Any]:
    document = {**chalice(), **changes}
    answers = gateway_responses.document(url)
    return functions.rewritten(document, ON_AWS, NotYet(), "deploy/packages/a.zip", answers, before, url)


def test_nothing_is_left_to_look_up_and_nothing_that_provider_6_refuses() -> None:
    document = rewritten()

    assert "${data." not in json.dumps(document)
    assert "stage_name" not in json.dumps(document["resource"]["aws_api_gateway_deployment"])
    assert document["terraform"]["required_providers"] == {
        "aws": {"source": "hashicorp/aws", "version": binary.PROVIDER}
    }
    assert document["provider"]["aws"]["default_tags"] == [{"tags": ON_AWS.tags}]


def test_schedules_are_of_one_stage() -> None:
    """Chalice calls them alike in all."""
    resources = rewritten()["resource"]

    assert resources["aws_cloudwatch_event_rule"]["housekeeper-event"] == {"name": "orderproc-blue-housekeeper-event"}
    assert resources["aws_iam_role_policy"]["housekeeper_role"]["name"] == "orderproc-blue-housekeeper"


def test_all_functions_share_one_upload_and_texts_stay_as_they_are() -> None:
    for function in rewritten()["resource"]["aws_lambda_function"].values():
        assert (function["s3_bucket"], function["s3_key"]) == ("output-documentsbucketname", "deploy/packages/a.zip")
        assert not {"filename", "source_code_hash"} & function.keys()
        assert function["environment"]["variables"] == {
            "SHOP_NAME": "$${5} %%{off}",
            "PUBLIC_URL": "https://api.test",
        }
        assert function["tags"] == {"aws-chalice": "version=1"}, "the others are the provider's"


def test_what_aws_refuses_too_early_waits() -> None:
    resources = rewritten()["resource"]

    assert resources["aws_s3_bucket_notification"]["imports_notify"]["depends_on"] == [
        "aws_lambda_permission.import_orders-s3event"
    ]
    mappings = resources["aws_lambda_event_source_mapping"]
    assert mappings["process_orders-sqs-event-source"]["depends_on"] == ["aws_iam_role_policy.process_orders_role"]


def test_a_stream_says_where_failures_go_and_what_is_read() -> None:
    mapping = rewritten()["resource"]["aws_lambda_event_source_mapping"]["count_orders-dynamodb-event-source"]

    assert mapping["destination_config"]["on_failure"]["destination_arn"] == "output-metricsdlqarn"
    assert mapping["bisect_batch_on_function_error"] is True
    assert {"eventName": ["INSERT"]} in [json.loads(one["pattern"]) for one in mapping["filter_criteria"]["filter"]]


def test_the_api_answers_for_itself_and_the_deployment_before_stays() -> None:
    first, second = rewritten(url=""), rewritten()
    old = functions.deployment_of(first["resource"])

    new = rewritten((old, "older"))["resource"]

    assert functions.deployment_of(second["resource"]) != old
    assert set(new["aws_api_gateway_deployment"]) == {
        f"rest_api_{old}",
        f"rest_api_{functions.deployment_of(second['resource'])}",
    }
    assert new["aws_api_gateway_stage"]["rest_api"]["stage_name"] == "api"
    body = json.loads(new["aws_api_gateway_rest_api"]["rest_api"]["body"])
    assert body[gateway_responses.EXTENSION].keys() >= {"THROTTLED", "INVALID_API_KEY"}


def test_the_api_calls_the_alias_of_a_function_that_is_kept_warm(monkeypatch: pytest.MonkeyPatch) -> None:
    """As `chalice deploy` does it (test_warm.py)."""
    swagger = json.dumps({"paths": {"/": {"uri": "${aws_lambda_function.api_handler.invoke_arn}"}}})

    def called() -> str:
        resources = rewritten(locals={"chalice_api_swagger": swagger})["resource"]
        body = json.loads(resources["aws_api_gateway_rest_api"]["rest_api"]["body"])
        return str(body["paths"]["/"]["uri"])

    assert called() == "${aws_lambda_function.api_handler.invoke_arn}"
    monkeypatch.setenv("API_WARM", "2")
    assert called() == (
        "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${aws_lambda_function.api_handler.arn}:live"
        "/invocations"
    )


def test_the_same_content_is_the_same_package(tmp_path: Path) -> None:
    def zipped(name: str, content: bytes, year: int) -> str:
        with zipfile.ZipFile(tmp_path / name, "w") as package:
            package.writestr(zipfile.ZipInfo("app.py", (year, 1, 1, 0, 0, 0)), content)
        return functions.digest(tmp_path / name)

    assert zipped("a.zip", b"1", 2020) == zipped("b.zip", b"1", 2026)
    assert zipped("a.zip", b"1", 2020) != zipped("c.zip", b"2", 2020)


@pytest.mark.parametrize(("runs", "same"), [("noted", True), ("put back", False)])
def test_code_that_was_put_back_is_deployed_again(monkeypatch: pytest.MonkeyPatch, runs: str, same: bool) -> None:
    noted = {"package": {"key": "deploy/packages/abc.zip", "code": "noted"}}
    monkeypatch.setattr(remote, "stage", lambda target: noted)
    lambdas: Any = SimpleNamespace(
        get_function_configuration=lambda **_: {"CodeSha256": runs},
        exceptions=SimpleNamespace(ResourceNotFoundException=KeyError),
    )
    target: Any = SimpleNamespace(prefix="orderproc-blue", functions=lambdas)

    key = functions_root.key_of(target, "abc")

    assert (key == "deploy/packages/abc.zip") == same
    assert functions_root.key_of(target, "def") == "deploy/packages/def.zip"


def test_what_failed_on_its_way_is_deployed_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Terraform's state says that some functions have the new code, while the version before was put back."""
    noted: dict[str, Any] = {"package": {"key": "deploy/packages/old.zip", "code": "old"}}
    lambdas: Any = SimpleNamespace(
        get_function_configuration=lambda **_: {"CodeSha256": "old"},
        exceptions=SimpleNamespace(ResourceNotFoundException=KeyError),
    )
    target: Any = SimpleNamespace(prefix="orderproc-blue", functions=lambdas)
    monkeypatch.setattr(remote, "stage", lambda target: noted)
    monkeypatch.setattr(remote, "note", lambda target, **more: noted.update(more))
    monkeypatch.setattr(remote, "outputs", lambda *_: {"rest_api_id": "a1"})
    monkeypatch.setattr(functions_root, "_packed", lambda *_, **__: tmp_path)
    monkeypatch.setattr(functions_root, "_uploaded", lambda *_: contextlib.nullcontext("deploy/packages/new.zip"))
    monkeypatch.setattr(target, "api_url", lambda _: "https://api.test", raising=False)

    def fail(*_: Any) -> str:
        raise Refusal("`terraform apply` failed: TooManyRequests")

    monkeypatch.setattr(functions_root, "_applied", fail)
    with pytest.raises(Refusal):
        functions_root.apply(target, {"DocumentsBucketName": "documents"}, tmp_path, "")

    assert functions_root.key_of(target, "new") not in ("deploy/packages/new.zip", "deploy/packages/old.zip")


def thing(kind: str, name: str, target: Target, mine: bool = True) -> Thing:
    return Thing(kind, name, f"arn:{name}", target.tags if mine else {})


def test_what_a_killed_deployment_made_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    removed: list[str] = []
    found = Inventory(
        (thing("function", "orderproc-blue", ON_AWS), thing("function", "orderproc-blue-notify", ON_AWS)),
        (thing("role", "orderproc-blue-redrive", ON_AWS, mine=False),),
        (),
        (thing("REST API", "known", ON_AWS),),
        (Thing(inventory.MAPPING, "lost", "arn:lost", {}),),
    )
    monkeypatch.setattr(inventory, "look", lambda *_: found)
    monkeypatch.setattr(removal, "remove", lambda target, one: removed.append(one.name))
    state = [
        {"type": "aws_lambda_function", "instances": [{"attributes": {"function_name": "orderproc-blue"}}]},
        # The role of a function that is lost has its name.
        {"type": "aws_iam_role", "instances": [{"attributes": {"name": "orderproc-blue-notify"}}]},
        {"type": "aws_api_gateway_rest_api", "instances": [{"attributes": {"id": "known"}}]},
    ]
    monkeypatch.setattr(remote, "resources", lambda target, root: state)

    unrecorded.remove(ON_AWS, {"stages": {"local": {"lambda_functions": {}}}})

    assert removed == ["lost", "orderproc-blue-notify"]
