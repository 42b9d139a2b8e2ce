"""A deployment that dies after any of its calls, and is repeated, leaves one of everything; a destruction nothing. A
destruction with the wrong name or in the wrong region touches nothing.

With ORDERPROC_KILL_AT_EVERY_CALL=1 they die after every call for every resource, which takes minutes, instead of after
the first of each kind."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests

from infra.deploy import deploy, destroy, inventory, names, ownership, record, stack_events, state, tags, templates
from infra.errors import Refusal
from infra.progress import Steps
from infra.target import Target, connect
from local import cloud
from local.processes import free_port
from tests.reliability.deployments import FUNCTIONS, SmallStage
from tests.reliability.dying import dying

pytestmark = [pytest.mark.slow]
ELSEWHERE = "eu-west-1"
MANAGED = "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})
QUIET = Steps(quiet=True)


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[cloud.Cloud]:
    found = cloud.start(free_port(), tmp_path_factory.mktemp("deployments"))
    yield found
    found.stop()


@pytest.fixture(scope="module")
def shop(emulator: cloud.Cloud, tmp_path_factory: pytest.TempPathFactory) -> SmallStage:
    """A stage in use."""
    stage = SmallStage(target_of(emulator, "shop"), tmp_path_factory.mktemp("shop"))
    assert stage.deploy() == 0
    return stage


def target_of(emulator: cloud.Cloud, stage: str, region: str = cloud.REGION) -> Target:
    session = boto3.Session(cloud.ACCESS_KEY_ID, cloud.SECRET_ACCESS_KEY, region_name=region)
    return connect(stage, session=session, endpoint_url=emulator.endpoint_url)


def planned(target: Target) -> names.Names:
    return names.planned(target, {"stages": {"local": {"lambda_functions": dict.fromkeys(FUNCTIONS)}}})


def everything(target: Target) -> inventory.Inventory:
    return inventory.look(target, planned(target))


def recorded(target: Target) -> list[dict[str, str]]:
    values = state.load(target, f"{target.prefix}-documents-{target.account}")
    return list(values["resources"]) if values else []


def api_url(target: Target) -> str:
    return target.api_url(next(item["rest_api_id"] for item in recorded(target) if "rest_api_id" in item))


def assert_one_of_everything(target: Target) -> None:
    found = everything(target)
    assert len(found.functions) == len(found.roles) == len(FUNCTIONS)
    assert [rule.name for rule in found.rules] == [f"{target.prefix}-housekeeper-event"]
    assert len(found.apis) == 1
    assert Counter(mapping.function_arn.rpartition("-")[2] for mapping in found.mappings) == {
        "process_orders": 1,
        "count_orders": 1,
    }
    assert requests.get(f"{api_url(target)}/health", timeout=30).status_code == 200
    owner = ownership.find(target, planned(target))
    assert owner is not None
    things = (*found.things, *found.mappings)
    assert [thing for thing in things if not tags.is_ours(owner, thing.tags)] == []


def assert_nothing(target: Target) -> None:
    """Also not by name, for what the listing by exact names does not see."""
    assert everything(target) == inventory.Inventory((), (), (), (), ())
    assert ownership.find(target, planned(target)) is None
    listed = [group["logGroupName"] for group in target.logs.describe_log_groups()["logGroups"]]
    listed += [bucket["Name"] for bucket in target.s3.list_buckets()["Buckets"]]
    mappings = target.functions.list_event_source_mappings()["EventSourceMappings"]
    listed += [mapping["FunctionArn"] for mapping in mappings]
    assert [name for name in listed if f"{target.prefix}-" in name] == []


def test_a_deployment_that_dies_anywhere_can_be_repeated(emulator: cloud.Cloud, tmp_path: Path) -> None:
    stage = SmallStage(target_of(emulator, "dies"), tmp_path)

    died_after = stage.until_whole(stage.deploy)

    assert {call.split()[0] for call in died_after} >= {
        *("cloudformation.CreateStack", "s3.PutObject", "iam.CreateRole", "iam.PutRolePolicy", "iam.TagRole"),
        *("lambda.CreateFunction", "lambda.CreateEventSourceMapping", "lambda.AddPermission", "lambda.TagResource"),
        *("s3.PutBucketNotificationConfiguration", "events.PutRule", "events.PutTargets", "events.TagResource"),
        *("apigateway.ImportRestApi", "apigateway.CreateDeployment", "apigateway.TagResource"),
    }
    assert_one_of_everything(stage.target)


def test_a_destruction_that_dies_anywhere_can_be_repeated(emulator: cloud.Cloud, tmp_path: Path) -> None:
    stage = SmallStage(target_of(emulator, "goes"), tmp_path)
    assert stage.deploy() == 0
    iam = stage.target.iam
    iam.attach_role_policy(RoleName=f"{stage.target.prefix}-housekeeper", PolicyArn=MANAGED)
    theirs = operators_stack(stage.target, "workflow-express", Tags=[{"Key": "owner", "Value": "ops"}])
    backups = stage.target.s3.get_paginator("list_objects_v2").paginate(Bucket="company-backups-goes")

    died_after = stage.until_whole(stage.destroy)

    assert {call.split()[0] for call in died_after} >= {
        *("cloudformation.DeleteStack", "s3.DeleteObjects", "iam.DetachRolePolicy", "iam.DeleteRolePolicy"),
        *("iam.DeleteRole", "lambda.DeleteEventSourceMapping", "lambda.DeleteFunction", "apigateway.DeleteRestApi"),
        *("events.RemoveTargets", "events.DeleteRule"),
    }
    assert_nothing(stage.target)
    assert stack_events.describe(stage.target.cloudformation, theirs)
    assert [item["Key"] for page in backups for item in page["Contents"]] == ["all"]
    with pytest.raises(Refusal, match=f"The stack {theirs} is not tagged as one of stage goes"):
        record.claim(stage.target, deploy.tracked_config())


def operators_stack(target: Target, template: str, **more: Any) -> str:
    """A stack with a name that the stage uses, and an output of ours that names a bucket of theirs."""
    name, bucket = f"{target.prefix}-{template}", f"company-backups-{target.stage}"
    here: Any = {} if target.region == "us-east-1" else {"LocationConstraint": target.region}
    target.s3.create_bucket(Bucket=bucket, **({"CreateBucketConfiguration": here} if here else {}))
    target.s3.put_object(Bucket=bucket, Key="all", Body=b"years of work")
    output = {"DocumentsBucketName": {"Value": bucket}}
    body = json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}, "Outputs": output})
    target.cloudformation.create_stack(StackName=name, TemplateBody=body, **more)
    target.cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    return name


def test_what_a_half_destroyed_stage_lacks_is_made_again(shop: SmallStage) -> None:
    target = shop.target
    function, role = f"{target.prefix}-process_orders", f"{target.prefix}-count_orders"
    mapping = next(item for item in everything(target).mappings if item.function_arn.endswith("count_orders"))
    target.functions.delete_event_source_mapping(UUID=mapping.name)
    target.functions.delete_function(FunctionName=function)  # whose mapping outlives it
    target.iam.delete_role_policy(RoleName=role, PolicyName=role)
    target.iam.delete_role(RoleName=role)
    target.apigateway.delete_rest_api(restApiId=everything(target).apis[0].name)

    assert shop.deploy() == 0

    assert_one_of_everything(target)


def test_doubles_of_an_earlier_accident_go_but_for_one(shop: SmallStage) -> None:
    """As Chalice left them that was started again without its record."""
    target, first, mappings = shop.target, api_url(shop.target), everything(shop.target).mappings
    for mapping in mappings:
        position = {"StartingPosition": "LATEST"} if ":dynamodb:" in mapping.source_arn else {}
        double: Any = {"EventSourceArn": mapping.source_arn, "FunctionName": mapping.function_arn, **position}
        target.functions.create_event_source_mapping(**double)
    uri = f"arn:aws:apigateway:{target.region}:lambda:path/2015-03-31/functions/"
    uri += f"{inventory.arn(target, 'function', target.prefix)}/invocations"
    integration = {"type": "aws_proxy", "httpMethod": "POST", "uri": uri, "responses": {}}
    paths = {"/health": {"get": {"x-amazon-apigateway-integration": integration}}}
    document = {"swagger": "2.0", "info": {"title": target.prefix, "version": "1"}, "paths": paths}
    target.apigateway.import_rest_api(body=json.dumps(document).encode())
    assert (len(everything(target).apis), len(everything(target).mappings)) == (2, 4)

    assert shop.deploy() == 0

    assert_one_of_everything(target)
    assert api_url(target) == first
    assert everything(target).mappings == mappings


def test_a_lost_record_is_written_again(shop: SmallStage) -> None:
    before = recorded(shop.target)
    shop.target.s3.delete_object(
        Bucket=f"{shop.target.prefix}-documents-{shop.target.account}", Key=state.key(shop.target)
    )

    assert shop.deploy() == 0

    assert sorted(recorded(shop.target), key=str) == sorted(before, key=str)
    assert_one_of_everything(shop.target)


def test_a_destruction_of_another_stage_or_in_another_region_touches_nothing(
    emulator: cloud.Cloud, shop: SmallStage, tmp_path: Path
) -> None:
    other = SmallStage(target_of(emulator, "other", ELSEWHERE), tmp_path / "other")
    same_name = SmallStage(target_of(emulator, shop.target.stage, ELSEWHERE), tmp_path / "same")
    assert other.deploy() == 0
    assert_one_of_everything(other.target)
    theirs = operators_stack(same_name.target, "dashboard")

    with answers_all_the_time(f"{api_url(shop.target)}/health"):
        with pytest.raises(Refusal, match=f"no stage shop .* {ELSEWHERE}. It is in {cloud.REGION}"):
            destroy.destroy(same_name.target, QUIET)
        with pytest.raises(Refusal, match=f"Stage shop .* is in {cloud.REGION}"):
            record.claim(same_name.target, deploy.tracked_config())
        assert same_name.deploy() != 0
        with pytest.raises(Refusal, match="There is no stage shpo"):
            destroy.destroy(target_of(emulator, "shpo"), QUIET)
        assert other.destroy(dies=True) == dying.STATUS
        assert other.destroy() == 0
        with pytest.raises(Refusal, match="There is no stage other"):
            destroy.destroy(other.target, QUIET)

    assert_nothing(other.target)
    assert_one_of_everything(shop.target)
    assert stack_events.describe(same_name.target.cloudformation, theirs)


def test_a_role_that_was_there_before_is_neither_taken_nor_removed(emulator: cloud.Cloud, tmp_path: Path) -> None:
    stage = SmallStage(target_of(emulator, "taken"), tmp_path)
    theirs, operators = f"{stage.target.prefix}-housekeeper", f"{stage.target.prefix}-deployer"
    for name in (theirs, operators):
        stage.target.iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)

    with pytest.raises(Refusal, match=f"The role {theirs} was there before"):
        record.claim(stage.target, deploy.tracked_config())
    assert stage.deploy() != 0
    assert [thing.name for thing in everything(stage.target).things] == [theirs]
    assert ownership.find(stage.target, planned(stage.target)) is None
    stage.target.iam.delete_role(RoleName=theirs)
    assert stage.deploy() == 0
    assert_one_of_everything(stage.target)
    assert stage.destroy() == 0

    assert stage.target.iam.get_role(RoleName=operators)["Role"].get("Tags", []) == []


def test_what_has_no_tags_is_known_by_the_record_or_the_intent(emulator: cloud.Cloud, tmp_path: Path) -> None:
    stage = SmallStage(target_of(emulator, "older"), tmp_path)
    assert stage.deploy() == 0

    remove_tags(stage.target, but="deploy/older.intent.json")  # as an earlier version left it
    assert stage.deploy() == 0
    assert_one_of_everything(stage.target)

    remove_tags(stage.target, but="deploy/older.json")  # as a deployment left it that died before tagging
    assert stage.destroy() == 0
    assert_nothing(stage.target)


def remove_tags(target: Target, but: str) -> None:
    """And the object `but` of the documents bucket."""
    found, keys = everything(target), list(target.tags)
    for name in templates.all_names(target):
        stack = stack_events.describe(target.cloudformation, name)
        if stack is None:  # a machine of the other type
            continue
        given: Any = [{"ParameterKey": one["ParameterKey"], "UsePreviousValue": True} for one in stack["Parameters"]]
        rights: Any = ["CAPABILITY_NAMED_IAM"]
        target.cloudformation.update_stack(
            StackName=name, UsePreviousTemplate=True, Parameters=given, Capabilities=rights, Tags=[]
        )
        target.cloudformation.get_waiter("stack_update_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    for thing in (*found.functions, *found.mappings):
        target.functions.untag_resource(Resource=thing.arn, TagKeys=keys)  # type: ignore[attr-defined]
    for role in found.roles:
        target.iam.untag_role(RoleName=role.name, TagKeys=keys)
    for rule in found.rules:
        target.events.untag_resource(ResourceARN=rule.arn, TagKeys=keys)
    target.apigateway.untag_resource(resourceArn=found.apis[0].arn, tagKeys=keys)
    target.s3.delete_object(Bucket=f"{target.prefix}-documents-{target.account}", Key=but)
    assert ownership.find(target, planned(target)) == target
    assert not any(tags.is_marked(thing.tags) for thing in everything(target).things)


@contextmanager
def answers_all_the_time(url: str) -> Iterator[None]:
    """Asks while the body runs; each answer is 200."""
    ended, answers = threading.Event(), Counter[int]()

    def ask() -> None:
        while not ended.is_set():
            answers[requests.get(url, timeout=30).status_code] += 1

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        yield
    finally:
        ended.set()
        asking.join()
    assert set(answers) == {200}


def test_after_a_failure_of_chalice_its_record_says_what_it_made(emulator: cloud.Cloud, tmp_path: Path) -> None:
    stage = SmallStage(target_of(emulator, "fails"), tmp_path)

    stage.dies_not_after("cloudformation.CreateStack", "s3.PutObject", "iam.CreateRole", "iam.PutRolePolicy")
    stage.dies_not_after("lambda.CreateFunction", "lambda.DeleteFunctionConcurrency")

    assert stage.deploy(dies=True, with_parent=False) not in (0, dying.STATUS)

    assert everything(stage.target).functions
    assert everything(stage.target).mappings
    assert {item["name"] for item in recorded(stage.target)} == {
        *(names.in_chalice(stage.target, thing.name) for thing in everything(stage.target).functions),
        *(f"{names.in_chalice(stage.target, thing.name)}_role" for thing in everything(stage.target).roles),
        *(f"{one.function_arn.rpartition('-')[2]}-sqs-event-source" for one in everything(stage.target).mappings),
    }
    assert stage.destroy() == 0
    assert_nothing(stage.target)
