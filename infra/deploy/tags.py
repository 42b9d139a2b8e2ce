"""Tags say which stage a thing belongs to: its name, its region and its deployment's id. Names alone do not, since
those of roles and buckets are the same in all regions, and others may have used one."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from infra.deploy.stack_events import parameters
from infra.target import Target

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import StackTypeDef

Tags = Mapping[str, str]
STAGE, REGION, DEPLOYMENT = "orderproc:stage", "orderproc:region", "orderproc:deployment"


def is_ours(target: Target, tags: Tags) -> bool:
    """Whether it is tagged as this deployment's."""
    return tags.items() >= target.tags.items()


def is_marked(tags: Tags) -> bool:
    """Whether it is tagged as some stage's."""
    return any(tag in tags for tag in (STAGE, REGION, DEPLOYMENT))


def from_list(listed: Iterable[Any]) -> dict[str, str]:
    """As CloudFormation, EventBridge and IAM list tags."""
    return {tag["Key"]: tag["Value"] for tag in listed}


def to_list(tags: Tags) -> list[Any]:
    """The same backwards."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def of_stack(stack: "StackTypeDef") -> dict[str, str]:
    """The stack's tags."""
    return from_list(stack.get("Tags", ()))


def owns(target: Target, stack: "StackTypeDef") -> bool:
    """Whether the stage made the stack: by its tags, for any deployment as long as that is not known; without any,
    as a deployment left it before there were tags, by the parameter that all our templates have."""
    tags = of_stack(stack)
    if is_marked(tags):
        known = {tag: value for tag, value in target.tags.items() if value}
        return DEPLOYMENT in tags and tags.items() >= known.items()
    return parameters(stack).get("Stage") == target.stage
