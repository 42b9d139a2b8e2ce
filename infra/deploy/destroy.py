"""`python -m infra.deploy.destroy STAGE`: removes a stage with all its data, and lists what is left: nothing, or
exit status 1.
"""

import sys
import time
from collections.abc import Mapping
from pathlib import Path

from botocore.exceptions import ClientError

from infra.deploy import chalice_cli, leftovers, package, post_deploy, render, stacks, state, templates
from infra.deploy.deploy import tracked_config
from infra.errors import Refusal
from infra.paths import BUILD
from infra.progress import Steps
from infra.target import Target, connect

_NO_APP = 'from chalice import Chalice\n\napp = Chalice(app_name="orderproc")\n'

_TRIES = 10
_PAUSE = 1.0
"""Seconds between two looks for what is left."""


def destroy(target: Target, steps: Steps, *, build: Path = BUILD) -> list[leftovers.Leftover]:
    """Remove everything of the stage; returns what could not be removed. Refuses to begin with a protected one."""
    if templates.is_protected(target):
        raise Refusal(
            f"Stage {target.stage} is protected, and nothing was removed. If its data shall go, deploy it with"
            " DELETION_PROTECTION=false first, then destroy it."
        )
    outputs = templates.outputs(target)
    with steps.step("Partners' keys and plans"):
        stacks.delete(target.cloudformation, post_deploy.api_stack(target))
    if outputs:
        with steps.step("Functions, roles, API, triggers (chalice delete)"):
            _delete_functions(target, outputs, build)
        with steps.step("Buckets emptied; tables, queues, topic, buckets, users deleted"):
            for bucket in ("DocumentsBucketName", "ImportsBucketName"):
                if bucket in outputs:
                    empty_bucket(target, outputs[bucket])
            templates.delete(target)
    with steps.step("Looking for anything left"):
        return _removed_until_quiet(target)


def _removed_until_quiet(target: Target) -> list[leftovers.Leftover]:
    """Remove what is listed until twice in a row nothing is; returns what still is after some tries.

    A function that was running while it was deleted writes its last lines afterwards, and so makes its log group anew.
    """
    quiet = 0
    for _ in range(_TRIES):
        found = leftovers.find(target)
        if not found and (quiet := quiet + 1) == 2:
            return []
        if found:
            quiet = 0
        for left in found:
            left.remove()
        time.sleep(_PAUSE)
    return leftovers.find(target)


def empty_bucket(target: Target, bucket: str) -> None:
    """Delete every object with all its versions, if the bucket is there."""
    try:
        for page in target.s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
            items = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
            keys = [{"Key": item["Key"], "VersionId": item["VersionId"]} for item in items]
            if keys:
                target.s3.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True})  # type: ignore[typeddict-item]
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchBucket":
            raise


def _delete_functions(target: Target, outputs: Mapping[str, str], build: Path) -> None:
    bucket = outputs.get("DocumentsBucketName", "")
    staged = build / target.stage / "destroy"
    if not bucket or not state.restore(target, bucket, staged):
        return  # nothing was ever deployed completely: the listing at the end finds the rest
    tracked = tracked_config()
    stage = tracked["stages"].get(target.stage) or tracked["stages"][render.BASE_STAGE]
    package.write_config(staged, {**tracked, "stages": {target.stage: stage}}, {})
    # `chalice delete` imports an app and then looks only at what was recorded.
    (staged / "app.py").write_text(_NO_APP, encoding="utf-8")
    chalice_cli.run("delete", staged, target)


def main(arguments: list[str]) -> int:
    """The command; 0 when nothing is left."""
    steps = Steps()
    try:
        if len(arguments) != 1:
            raise Refusal("Say which stage: `make destroy STAGE=…` or `python -m infra.deploy.destroy STAGE`.")
        target = connect(arguments[0])
        steps.say(f"Removing stage [b]{target.stage}[/b] from account {target.account}, {target.region}")
        left = destroy(target, steps)
    except Refusal as refusal:
        steps.refuse(refusal)
        return 1
    for item in left:
        steps.say(f"[red]left: {item.kind} {item.name}[/red]")
    steps.say("Some things could not be removed: remove them by hand." if left else "Nothing is left.")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
