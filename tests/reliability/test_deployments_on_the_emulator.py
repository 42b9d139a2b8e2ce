"""A deployment that dies after any of its calls, and is repeated, leaves one of everything; a destruction nothing.

With ORDERPROC_KILL_AT_EVERY_CALL=1 they die after every call for every resource, which takes minutes, instead of after
the first of each kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
import requests

from infra.deploy import inventory, names, ownership, state, templates
from infra.target import Target, connect
from local import cloud
from local.processes import free_port
from tests.reliability.deployments import FUNCTIONS, SmallStage

pytestmark = [pytest.mark.slow]


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[cloud.Cloud]:
    found = cloud.start(free_port(), tmp_path_factory.mktemp("deployments"))
    yield found
    found.stop()


def target_of(emulator: cloud.Cloud, stage: str, region: str = cloud.REGION) -> Target:
    session = boto3.Session(cloud.ACCESS_KEY_ID, cloud.SECRET_ACCESS_KEY, region_name=region)
    return connect(stage, session=session, endpoint_url=emulator.endpoint_url)


def everything(target: Target) -> tuple[Target, inventory.Inventory]:
    """All of the small stage, by its names."""
    tracked = {"stages": {"local": {"lambda_functions": dict.fromkeys(FUNCTIONS)}}}
    wanted = names.planned(target, tracked)
    found = ownership.find(target, wanted)
    assert found is not None
    return found, inventory.look(found, wanted)


def test_a_deployment_that_dies_anywhere_can_be_repeated(emulator: cloud.Cloud, tmp_path: Path) -> None:
    stage = SmallStage(target_of(emulator, "dies"), tmp_path)

    struck = stage.until_whole(stage.deploy)

    assert {call.split()[0] for call in struck} >= {
        *("cloudformation.CreateStack", "s3.PutObject", "iam.CreateRole", "iam.PutRolePolicy", "iam.TagRole"),
        *("lambda.CreateFunction", "lambda.CreateEventSourceMapping", "lambda.AddPermission", "lambda.TagResource"),
        *("s3.PutBucketNotificationConfiguration", "events.PutRule", "events.PutTargets", "events.TagResource"),
        *("apigateway.ImportRestApi", "apigateway.CreateDeployment", "apigateway.TagResource"),
    }
    print(struck)
    target, found = everything(stage.target)
    assert len(found.functions) == len(found.roles) == len(FUNCTIONS)
    assert [rule.name for rule in found.rules] == ["orderproc-dies-housekeeper-event"]
    assert len(found.apis) == 1
    assert Counter(mapping.function_arn.rpartition("-")[2] for mapping in found.mappings) == {
        "process_orders": 1,
        "count_orders": 1,
    }
    assert [thing for thing in (*found.things, *found.mappings) if not ownership.is_ours(target, thing.tags)] == []
    values = state.load(target, f"{target.prefix}-documents-{target.account}")
    assert values is not None
    assert requests.get(f"{target.api_url(state.rest_api_id(values))}/health", timeout=30).status_code == 200
    assert requests.get(f"{target.api_url(found.apis[0].name)}/health", timeout=30).status_code == 200


def test_a_destruction_that_dies_anywhere_can_be_repeated(emulator: cloud.Cloud, tmp_path: Path) -> None:
    stage = SmallStage(target_of(emulator, "goes"), tmp_path)
    assert stage.deploy() == 0
    _, before = everything(stage.target)
    stage.target.iam.attach_role_policy(
        RoleName=before.roles[0].name, PolicyArn="arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"
    )

    stage.until_whole(stage.destroy)

    print(templates.all_names(stage.target))
