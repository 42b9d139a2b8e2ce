"""What is remembered of a stage by Terraform, in a bucket that others may have, or that can't be read."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.deploy import destroy, foundation, inventory, network, templates
from infra.deploy.inventory import Inventory
from infra.deploy.terraform import binary, remote, unrecorded, workspace
from infra.deploy.terraform import foundation as by_terraform
from infra.errors import Refusal
from infra.progress import Steps
from infra.target import Target
from tests.infra.test_site_deployment import ON_AWS, SESSION


def _refused(code: str, name: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": code}}, name)


class Bucket:
    """A bucket of S3, as far as states need it."""

    def __init__(self, owner: str = ON_AWS.account) -> None:
        self.owner = owner
        self.objects: dict[str, bytes] = {}
        self.tags: dict[str, str] = {}
        self.denied: set[str] = set()

    def create_bucket(self, **_: Any) -> None:
        raise _refused("BucketAlreadyOwnedByYou" if self.owner == ON_AWS.account else "BucketAlreadyExists", "Create")

    def head_bucket(self, **given: str) -> None:
        if given["ExpectedBucketOwner"] != self.owner:
            raise _refused("403", "HeadBucket")

    def get_bucket_tagging(self, **_: Any) -> dict[str, Any]:
        if not self.tags:
            raise _refused("NoSuchTagSet", "GetBucketTagging")
        return {"TagSet": [{"Key": key, "Value": value} for key, value in self.tags.items()]}

    def put_bucket_tagging(self, **given: Any) -> None:
        self.tags = {one["Key"]: one["Value"] for one in given["Tagging"]["TagSet"]}

    def list_object_versions(self, **_: Any) -> dict[str, Any]:
        return {"Versions": [{"Key": key} for key in self.objects]}

    def get_object(self, **given: str) -> dict[str, Any]:
        key = given["Key"]
        if key in self.denied:
            raise _refused("AccessDenied", "GetObject")
        if key not in self.objects:
            raise _refused("NoSuchKey", "GetObject")
        return {"Body": io.BytesIO(self.objects[key])}

    def put_object(self, **given: Any) -> None:
        self.objects[given["Key"]] = given["Body"]

    def put_public_access_block(self, **_: Any) -> None: ...
    def put_bucket_versioning(self, **_: Any) -> None: ...
    def put_bucket_lifecycle_configuration(self, **_: Any) -> None: ...
    def put_bucket_policy(self, **_: Any) -> None: ...


def stage_with(bucket: Bucket, deployment: str = "abc") -> Target:
    target = Target("blue", "eu-west-1", ON_AWS.account, "aws", None, SESSION, deployment)
    vars(target)["s3"] = bucket
    return target


def test_a_bucket_that_a_deployment_died_in_is_taken_and_used() -> None:
    bucket = Bucket()
    target = stage_with(bucket)

    remote.make(target)
    remote.note(target, parameters={})

    assert bucket.tags == target.tags
    assert remote.deployment(target) == "abc"


def test_another_accounts_bucket_gets_no_state() -> None:
    """Whoever reads a state may call the API, and the bucket's name can be guessed."""
    bucket = Bucket(owner="999999999999")

    with pytest.raises(Refusal, match="belongs to another account"):
        remote.make(stage_with(bucket))

    assert not bucket.tags


def test_a_bucket_that_holds_what_no_deployment_put_there_is_left_alone() -> None:
    """It would be emptied with the stage."""
    bucket = Bucket()
    bucket.objects["photos/1.jpg"] = b"1"

    with pytest.raises(Refusal, match="is not tagged as one of stage blue"):
        remote.make(stage_with(bucket))

    assert not bucket.tags


def test_what_can_not_be_read_is_not_taken_for_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """A protected stage would look as if there were none, and be destroyed."""
    bucket = Bucket()
    bucket.denied.add(remote.STAGE)

    with pytest.raises(Refusal, match=r"stage.json in the bucket .* can't be read with these credentials"):
        foundation.of(stage_with(bucket))


def test_a_stage_of_which_only_the_bucket_is_left_is_terraforms_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """A destruction that died before its last call goes on where it was."""
    bucket = Bucket()
    target = stage_with(bucket)
    bucket.tags = target.tags
    monkeypatch.setattr(templates, "own_stacks", lambda target: {})

    assert foundation.made_by(target) == foundation.TERRAFORM


def test_functions_in_use_are_not_removed_because_their_state_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    bucket = Bucket()
    target = stage_with(bucket)
    monkeypatch.setattr(inventory, "look", lambda *_: Inventory((), (), (), (), ()))
    tracked: dict[str, Any] = {"stages": {"local": {"lambda_functions": {}}}}

    with pytest.raises(Refusal, match="put its last version back"):
        unrecorded.remove(target, tracked, "a1b2c3")

    assert unrecorded.remove(target, tracked) == [], "a first deployment that died has no API on record"
    bucket.objects[remote.key(remote.FUNCTIONS)] = json.dumps({"resources": []}).encode()
    assert unrecorded.remove(target, tracked, "a1b2c3") == []


def test_a_deployment_beside_another_changes_nothing_not_even_what_the_stage_is_to_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The other one reads it again on its way, and would apply what this one was given."""
    bucket = Bucket()
    target = stage_with(bucket)
    bucket.tags = target.tags
    bucket.objects[f"{remote.key(remote.FUNCTIONS)}.tflock"] = (
        b'{"Who": "ann@desk", "Created": "2026-11-29T11:00:00.1Z"}'
    )
    before = dict(bucket.objects)
    monkeypatch.setattr(templates, "own_stacks", lambda target: {})
    monkeypatch.setattr(binary, "find", lambda target: binary.Terraform(("terraform",), is_old=False))

    with pytest.raises(Refusal, match=r"by ann@desk since 2026-11-29T11:00:00.*functions.tfstate.tflock"):
        by_terraform.apply(target)
    with pytest.raises(Refusal, match="by ann@desk"):
        destroy.destroy(target, Steps(quiet=True))

    assert bucket.objects == before


def test_without_terraform_nothing_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    bucket = Bucket()
    monkeypatch.delenv("TERRAFORM", raising=False)
    monkeypatch.setattr(binary.shutil, "which", lambda name: None)

    with pytest.raises(Refusal, match="no `terraform` in the path"):
        by_terraform.apply(stage_with(bucket))

    assert not bucket.tags


def test_a_plan_shows_that_a_key_stays_and_a_network_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    bucket = Bucket()
    target = stage_with(bucket)
    on = {"CustomerKey": "true", "PrivateNetwork": "true"}
    remote.note(target, parameters=on, workflow_types=["STANDARD"])
    given: list[Any] = []
    monkeypatch.setattr(workspace, "foundation", lambda target, build, variables: given.append(variables))
    monkeypatch.setattr(binary, "planned", lambda target, folder: {})

    assert by_terraform.planned(target) == {}

    assert given[0]["keep_customer_key"] is True
    assert "keep_private_network" not in given[0]

    by_terraform.planned(target, {"RestApiId": "a1", "WarmInstances": "2", "FirewallArn": "arn"})
    assert (given[1]["rest_api_id"], given[1]["warm_instances"]) == ("a1", "2")
    assert given[1].keys() <= by_terraform.declared(), "Terraform warns of others"


def test_roles_go_after_lambdas_interfaces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lambda removes them in the roles' names; without, the network could never be deleted."""
    bucket = Bucket()
    outputs = {"functions_security_group_id": {"value": "sg-1"}}
    bucket.objects[remote.key(remote.FOUNDATION)] = json.dumps({"outputs": outputs}).encode()
    resources = [
        {"mode": "managed", "type": kind, "name": name}
        for kind, name in (("aws_lambda_function", "notify"), ("aws_iam_role", "notify_role"))
    ]
    bucket.objects[remote.key(remote.FUNCTIONS)] = json.dumps({"resources": resources}).encode()
    done: list[Any] = []
    monkeypatch.setattr(workspace, "nothing", lambda target, build, root: root)
    monkeypatch.setattr(binary, "run", lambda target, folder, *arguments: done.append(arguments[4:]))
    monkeypatch.setattr(network, "wait_until_empty", lambda *_: done.append("waited") or True)

    by_terraform.remove_functions(stage_with(bucket))

    assert done == [("-target=aws_lambda_function.notify",), "waited", ()]

    monkeypatch.setattr(network, "wait_until_empty", lambda *_: False)
    done.clear()
    with pytest.raises(Refusal, match="Lambda still has interfaces"):
        by_terraform.remove_functions(stage_with(bucket))
    assert len(done) == 1
