"""`python -m infra.deploy.terraform.plan STAGE`: what a deployment of a stage by Terraform would change, and changes
nothing. Exit status 2 when anything would be."""

import sys

from botocore.exceptions import BotoCoreError, ClientError

from infra.deploy import choices, deploy, foundation, ownership, post_deploy, render, state
from infra.deploy.terraform import foundation as by_terraform
from infra.deploy.terraform import functions_root
from infra.errors import Refusal
from infra.paths import BUILD
from infra.progress import Steps
from infra.target import Target, connect


def plan(target: Target, steps: Steps) -> dict[str, list[str]]:
    """The actions by resource. Refuses a stage that is not there, or not made by Terraform."""
    tracked = deploy.tracked_config()
    target = ownership.must_find(target, tracked)
    if not foundation.is_by_terraform(target):
        raise Refusal(f"Stage {target.stage} was made by CloudFormation: there is no plan of Terraform's for it.")
    outputs = foundation.outputs(target)
    api_id = state.rest_api_id(state.load(target, outputs["DocumentsBucketName"])) if outputs else ""
    if not api_id:
        raise Refusal(f"Stage {target.stage} is not whole: deploy it first.")
    api_url = target.api_url(api_id)
    variables = render.variables(tracked, target, outputs)
    with steps.step("Tables, queues, topic, buckets, users, site"):
        api = post_deploy.parameters_of_api(target, api_id, outputs, variables)
        found = by_terraform.planned(target, api)
    with steps.step("Functions, roles, API, triggers"):
        vendored = deploy.vendored_for(target, steps)
        staged = deploy.lay_out(target, outputs, vendored, tracked, BUILD, api_url)
        origin = render.site_origin(tracked, target, outputs)
        return {**found, **functions_root.planned(target, outputs, staged, origin)}


def main(arguments: list[str]) -> int:
    """The command."""
    steps = Steps()
    try:
        if len(arguments) != 1:
            raise Refusal("Say which stage: `make plan STAGE=…`.")
        target = connect(arguments[0])
        with choices.recalled(target, steps):
            found = plan(target, steps)
    except Refusal as refusal:
        steps.refuse(refusal)
        return 1
    except (BotoCoreError, ClientError) as error:
        steps.refuse(Refusal(f"AWS refused: {error}"))
        return 1
    for address, actions in found.items():
        steps.say(f"{' and '.join(actions)}: {address}")
    steps.say(f"{len(found)} resources would change." if found else "Nothing would change.")
    return 2 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
