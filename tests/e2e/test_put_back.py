"""A new version that does not answer is replaced by the one before. What API Gateway says meanwhile is ours."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests

from infra.deploy import deploy, foundation, health, package, render, state
from infra.errors import Refusal
from infra.progress import Steps
from infra.target import API_STAGE, Target, connect

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
_BUG = """
import os

if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    os.environ["ORDERS_TABLE_NAME"] = ""  # every request fails by that, and no import
"""


@pytest.fixture(scope="module")
def target(stack: dict[str, Any]) -> Target:
    session = boto3.Session(stack["access_key_id"], stack["secret_access_key"], region_name=stack["region"])
    site = stack["storefront_url"].rstrip("/")
    return connect(stack["stage"], session=session, endpoint_url=stack["endpoint_url"], site_endpoint=site)


def running(target: Target, name: str, rest_api_id: str) -> dict[str, Any]:
    """All that makes up a version of one function, and the API's."""
    function = target.functions.get_function_configuration(FunctionName=name)
    role = function["Role"].rpartition("/")[2]
    keys = ("CodeSha256", "Environment", "MemorySize", "Timeout", "Handler", "LoggingConfig", "TracingConfig")
    return {
        **{key: function.get(key) for key in keys},
        "policy": target.iam.get_role_policy(RoleName=role, PolicyName=role)["PolicyDocument"],
        "deployment": target.apigateway.get_stage(restApiId=rest_api_id, stageName=API_STAGE)["deploymentId"],
    }


@contextmanager
def asking(url: str) -> Iterator[list[requests.Response]]:
    """A browser asks again and again while the body runs, without a key or a token: no function hears of it."""
    answers: list[requests.Response] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            path = ("orders", "cart")[len(answers) % 2]
            answers.append(requests.get(f"{url}/{path}", headers={"Origin": "https://your.shop"}, timeout=60))
            done.wait(0.01)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield answers
    finally:
        done.set()
        thread.join()


def break_the_next_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its code, its variables, and its functions' roles."""
    stage_app, write_config, environment = package.stage_app, package.write_config, render.environment

    def broken_app(app: Path, build: Path, vendored: Path) -> Path:
        copy = build / "broken"
        shutil.copytree(app / "chalicelib", copy / "chalicelib")
        (copy / "app.py").write_text((app / "app.py").read_text(encoding="utf-8") + _BUG, encoding="utf-8")
        return stage_app(copy, build, vendored)

    def broken_config(staged: Path, config: dict[str, Any], documents: dict[str, Any]) -> None:
        statements = documents["policy-notify.json"]["Statement"][:1]
        write_config(
            staged, config, documents | {"policy-notify.json": {"Version": "2012-10-17", "Statement": statements}}
        )

    monkeypatch.setattr(package, "stage_app", broken_app)
    monkeypatch.setattr(package, "write_config", broken_config)
    monkeypatch.setattr(render, "environment", lambda *given: {**environment(*given), "LOW_STOCK_AT": "77"})
    monkeypatch.setattr(health, "PATIENCE", 4.0)


def test_a_version_that_does_not_answer_is_taken_back(
    stack: dict[str, Any], target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outputs = foundation.outputs(target)
    bucket = outputs["DocumentsBucketName"]
    values = state.load(target, bucket)
    assert values
    rest_api_id = state.rest_api_id(values)
    names = (target.prefix, f"{target.prefix}-notify")
    before = [running(target, name, rest_api_id) for name in names]
    choices = state.load(target, bucket, state.CHOICES)
    monkeypatch.setenv("SHOP_NAME", "Broken")

    with asking(stack["api_url"]) as answers, monkeypatch.context() as broken:
        break_the_next_version(broken)
        with pytest.raises(Refusal) as refusal:
            deploy.deploy_functions(target, Steps(quiet=True), outputs, build=tmp_path)

    said = str(refusal.value)
    assert said.startswith("The new version was not ready: /health answers 5"), said
    assert "the log has: chalicelib.kit.config.ConfigurationError: ORDERS_TABLE_NAME is missing" in said
    assert said.endswith("The version before was put back and answers.")
    assert [running(target, name, rest_api_id) for name in names] == before
    assert requests.get(f"{stack['api_url']}/health", timeout=30).status_code == 200
    assert state.load(target, bucket, state.CHOICES) == choices
    assert state.load(target, bucket, state.NOTE) is None
    assert "Versions" not in target.s3.list_object_versions(Bucket=bucket, Prefix=f"deploy/{target.stage}.code/")
    assert {answer.status_code for answer in answers} == {401, 403}
    for answer in answers:
        assert answer.headers["Content-Type"] == "application/problem+json", answer.text
        assert answer.headers["Access-Control-Allow-Origin"] == stack["storefront_url"].rstrip("/")
        assert answer.json()["type"].startswith(f"{stack['api_url']}/problems#")
