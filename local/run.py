"""`make run`: a cloud on this machine with the whole app in it, in the foreground until Ctrl-C."""

import argparse
import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from botocore.exceptions import ClientError

from infra.deploy import foundation, site, verify, web_build
from infra.deploy.deploy import Deployment, deploy
from infra.errors import Refusal
from infra.paths import BUILD
from infra.progress import Steps
from infra.target import Target
from local import cloud, kept, processes, stack
from local.catalogue import SAMPLE_ORDER, USERS
from local.provision import provision

STAGE = "local"
_TABLES = ("orders", "products", "inventory", "payments", "carts", "operations", "metrics", "search")
_QUEUES = ("inventory", "payment", "shipping", "imports", "exports")
_RESOURCES = {
    **{f"{name}_table": f"{name.title()}TableName" for name in _TABLES},
    **{f"{name}_queue_url": f"{name.title()}QueueUrl" for name in _QUEUES},
    "order_queue_url": "OrdersQueueUrl",
    "order_dlq_url": "OrdersDlqUrl",
    "event_bus": "EventBusName",
    "order_topic_arn": "OrdersTopicArn",
    "order_state_machine_arn": "OrderStateMachineArn",
    "documents_bucket": "DocumentsBucketName",
    "imports_bucket": "ImportsBucketName",
    "site_bucket": "SiteBucketName",
    "carrier_secret_arn": "CarrierSecretArn",
    "link_secret_arn": "LinkSecretArn",
    "orders_stream_arn": "OrdersStreamArn",
}
"""What stack.json calls the stacks' outputs."""


@contextmanager
def running_stack(
    port: int, steps: Steps, *, folder: Path = stack.FOLDER, build: Path = BUILD
) -> Iterator[tuple[cloud.Cloud, dict[str, Any]]]:
    """A ready stack with its stack.json in `folder` while the body runs; afterwards nothing of it is left."""
    with started(port, steps, folder) as emulator:
        described = deployed(emulator, steps, build)
        stack.write(stack.stack_file(folder), described)
        yield emulator, described


@contextmanager
def kept_stack(
    port: int | None, steps: Steps, *, folder: Path = stack.FOLDER, build: Path = BUILD, fresh: bool = False
) -> Iterator[tuple[cloud.Cloud, dict[str, Any]]]:
    """As `running_stack`, and it goes on from what the last one in this folder kept, unless `fresh`."""
    with started(port, steps, folder, keep=True, fresh=fresh) as emulator:
        found = kept.load(folder)
        wanted = kept.deployment()
        if found is not None and found["deployment"] == wanted and _is_whole(emulator.target(STAGE)):
            steps.say("Nothing changed since: all of it is as it was kept.")
            described = found["stack"]
        else:
            kept.note_deployment(folder, "")
            described = deployed(emulator, steps, build)
            with steps.step("Kept for the next time"):
                cloud.save(emulator.endpoint_url)
                kept.note(folder, described, emulator.port, wanted, emulator.site_port)
        stack.write(stack.stack_file(folder), described)
        yield emulator, described


def _is_whole(target: Target) -> bool:
    """Whether what was kept has every way in. A deployment repairs what has not."""
    try:
        verify.triggers(target, foundation.outputs(target))
    except (Refusal, KeyError, ClientError):
        return False
    return True


@contextmanager
def started(
    port: int | None, steps: Steps, folder: Path, *, keep: bool = False, fresh: bool = False
) -> Iterator[cloud.Cloud]:
    """The emulator alone, known to `make stop`, while the body runs; the only one of the folder."""
    with stack.only_one(folder):
        stack.check_none_runs(folder)
        found = kept.load(folder) if keep and not fresh else None
        chosen = kept.port_of(found, port)
        processes.check_port(chosen, " FRESH=1" if found or fresh else "")
        stack.note_run(folder, None, chosen)
        emulator = None
        try:
            with steps.step("The emulator"):
                if keep and found is None:  # only now: a refusal to start leaves what is kept
                    kept.remove(folder)
                state = stack.state_folder(folder) if keep else None
                emulator = cloud.start(chosen, folder, state, kept.site_port_of(found))
            stack.note_run(folder, emulator.process.pid, chosen)
            yield emulator
        finally:
            with processes.undisturbed():
                try:
                    if emulator:
                        emulator.stop()
                finally:
                    stack.forget(folder)


def deployed(emulator: cloud.Cloud, steps: Steps, build: Path) -> dict[str, Any]:
    """Bring everything into the emulator that is not there or not up to date; what stack.json says of it."""
    target = emulator.target(STAGE)
    deployment = deploy(target, steps, build=build)
    described = describe(emulator, target, deployment)
    with steps.step("Demo users and products"):
        provision(target, described)
    return described


def describe(emulator: cloud.Cloud, target: Target, deployment: Deployment) -> dict[str, Any]:
    """What stack.json says. With the secret that carriers sign with, so that the demo and tests can be one."""
    secret = target.client("secretsmanager").get_secret_value(SecretId=deployment.outputs["CarrierSecretArn"])
    url = f"{deployment.site_url}/"
    pages = {"storefront_url": url, "admin_url": f"{url}{site.OFFICE}"} if deployment.site_url else {}
    return {
        "stage": STAGE,
        "region": cloud.REGION,
        "endpoint_url": emulator.endpoint_url,
        "access_key_id": cloud.ACCESS_KEY_ID,
        "secret_access_key": cloud.SECRET_ACCESS_KEY,
        "api_url": deployment.api_url,
        "api_key": deployment.keys.partner,
        "api_key_other": deployment.keys.other,
        "publishable_key": deployment.keys.publishable,
        "user_pool_id": deployment.outputs["UserPoolId"],
        "user_pool_client_id": deployment.outputs["UserPoolClientId"],
        "staff_client_id": deployment.outputs["StaffClientId"],
        **pages,
        "users": {name: {"username": user.username, "password": user.password} for name, user in USERS.items()},
        "carrier_webhook_secret": secret["SecretString"],
        "resources": {name: deployment.outputs[output] for name, output in _RESOURCES.items()},
    }


def sample_curl(described: dict[str, Any]) -> str:
    """A line that places an order when pasted into a shell."""
    body = json.dumps(SAMPLE_ORDER)
    return (
        f"curl -s -X POST '{described['api_url']}/orders' -H 'X-API-Key: {described['api_key']}'"
        f" -H 'Content-Type: application/json' -d '{body}'"
    )


def main(arguments: list[str]) -> int:
    """The command; 0 after Ctrl-C or `make stop`."""
    parser = argparse.ArgumentParser(prog="local.run")
    parser.add_argument("--port", type=processes.port_number, default=None, help="the kept one, or else 4566")
    parser.add_argument("--fresh", action="store_true", help="forget what the last run kept")
    parser.add_argument("--folder", type=Path, default=stack.FOLDER, help="where stack.json and the logs go")
    options = parser.parse_args(arguments)
    steps = Steps()
    for number in (signal.SIGINT, signal.SIGTERM):  # a shell starts background jobs deaf to the first
        signal.signal(number, _interrupt)
    try:
        with kept_stack(
            options.port, steps, folder=options.folder, build=build_folder(options.folder), fresh=options.fresh
        ) as (emulator, described):
            _greet(described, options.folder)
            emulator.process.wait()
            raise Refusal(f"The emulator ended by itself: its reason is at the end of {emulator.folder}/emulator.log.")
    except KeyboardInterrupt:
        print(f"\nStopped; nothing is left running. {_what_is_kept(options.folder)}", flush=True)
        return 0
    except Refusal as refusal:
        steps.refuse(refusal)
        return 1


def _greet(described: dict[str, Any], folder: Path) -> None:
    """Say what is there. Plain lines, unwrapped, so that each can be copied."""
    users = "\n".join(f"  {name:9} {user['username']}  {user['password']}" for name, user in described["users"].items())
    print(
        f"""
Ready.
  Storefront {described.get("storefront_url") or f"none: {web_build.missing() or 'its build failed, see above'}"}
  Office     {described.get("admin_url", "none: see the storefront")}
  API        {described["api_url"]}
  API keys   {described["api_key"]} (ample)  {described["api_key_other"]} (5 a second)
  For a page {described["publishable_key"]} (publishable: guests' orders and nothing else)
  AWS        {described["endpoint_url"]} (any AWS tool: key test, secret test, region {described["region"]})
  Mail, SMS  {described["endpoint_url"]}/_ministack/ses/messages  …/_ministack/sns/sms-messages
  Logs       {folder}/functions.log  {folder}/emulator.log
Users
{users}

Place an order, then look at it with GET /orders/<orderId>:
{sample_curl(described)}

`make demo` in another terminal shows orders on their way. Ctrl-C stops everything and keeps what is there.""",
        flush=True,
    )


def _what_is_kept(folder: Path) -> str:
    """The last words of a run. One that was never ready leaves nothing."""
    try:
        found = kept.load(folder)
    except Refusal as refusal:
        return str(refusal)
    if found is None:
        return "Nothing was kept, as it was not ready yet."
    return (
        f"Orders, users, files, address and keys are kept in {stack.state_folder(folder)} ({kept.size(folder)}):"
        " `make run` goes on from there, `make run FRESH=1` begins anew."
    )


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def build_folder(folder: Path) -> Path:
    """Where the package of that folder's stack is built."""
    return BUILD if folder == stack.FOLDER else folder / "build"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
