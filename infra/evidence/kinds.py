"""Every kind of resource that a stage may have, each looked up in its service's own listing by the stage's prefix, and
all that bears the stage's tag, of any kind. Listings know no stacks: a stage of Terraform is found the same way."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from infra.deploy import tags
from infra.evidence.model import short
from infra.evidence.reading import Reader
from infra.target import Target

TAGGED = "Anything tagged"


class Found(NamedTuple):
    """One resource, with what its listing says of it."""

    name: str
    raw: Any

    @property
    def bare(self) -> str:
        """What begins with the stage's prefix. AWS demands its own in front of a firewall's log group."""
        return self.name.rpartition("/")[2].removeprefix("aws-waf-logs-")


@dataclass(frozen=True)
class Kind:
    """How to list one kind. `named` gives the name that begins with the stage's prefix, after the last slash."""

    title: str
    service: str
    operation: str
    key: str
    named: Callable[[Any], str] = str
    narrowed: Callable[[Target], Mapping[str, Any]] = lambda _: {}
    fixed: Mapping[str, Any] = field(default_factory=dict)
    is_there: Callable[[Any], bool] = lambda _: True
    unless_home: bool = False
    """For a second look at the edge's region: left out where the stage is there itself."""

    def listed(self, reader: Reader) -> list[Found]:
        """All that its listing has, of any stage."""
        narrowed = self.narrowed(reader.target)
        items = reader.pages(self.title, self.service, self.operation, self.key, **narrowed, **self.fixed)
        return [Found(self.named(item), item) for item in items if self.is_there(item)]


def belongs(target: Target, name: str) -> bool:
    """A stage's name has no dash, so that stage `a` never gets what is of `ab`."""
    return name == target.prefix or name.startswith((f"{target.prefix}-", f"{target.prefix}_"))


def _key(name: str) -> Callable[[Any], str]:
    def read(item: Any) -> str:
        for part in name.split("."):
            item = item.get(part, "")
        return str(item)

    return read


def _arn(name: str) -> Callable[[Any], str]:
    return lambda item: short(item.get(name))


def _function_of(mapping: Any) -> str:
    """Of `…:function:<name>`, also with a version or alias behind."""
    return str(mapping.get("FunctionArn", "")).partition(":function:")[2].partition(":")[0]


def _prefix(parameter: str) -> Callable[[Target], Mapping[str, Any]]:
    return lambda target: {parameter: target.prefix}


def _tagged_id(name: str) -> Callable[[Any], str]:
    """EC2's things have ids, and no names but for tags: the id with what the stage's prefix would be."""
    return lambda item: f"{item[name]}/orderproc-{tags.from_list(item.get('Tags', ())).get(tags.STAGE, '')}"


def _own(target: Target) -> Mapping[str, Any]:
    return {"Filters": [{"Name": f"tag:{tags.STAGE}", "Values": [target.stage]}]}


EDGE = "us-east-1"
"""Where CloudFront's own are, for a stage of any region."""
KINDS = (
    Kind(
        *("CloudFormation stacks", "cloudformation", "list_stacks", "StackSummaries", _key("StackName")),
        is_there=lambda stack: stack["StackStatus"] != "DELETE_COMPLETE",
    ),
    Kind("DynamoDB tables", "dynamodb", "list_tables", "TableNames"),
    Kind("DynamoDB backups", "dynamodb", "list_backups", "BackupSummaries", _key("TableName")),
    Kind(
        *("SQS queues", "sqs", "list_queues", "QueueUrls", lambda url: url.rpartition("/")[2]),
        narrowed=_prefix("QueueNamePrefix"),
    ),
    Kind("SNS topics", "sns", "list_topics", "Topics", _arn("TopicArn")),
    Kind("SNS subscriptions", "sns", "list_subscriptions", "Subscriptions", _arn("TopicArn")),
    Kind("EventBridge rules", "events", "list_rules", "Rules", _key("Name"), narrowed=_prefix("NamePrefix")),
    Kind("EventBridge schedules", "scheduler", "list_schedules", "Schedules", _key("Name"), _prefix("NamePrefix")),
    Kind("State machines", "stepfunctions", "list_state_machines", "stateMachines", _key("name")),
    Kind("Functions", "lambda", "list_functions", "Functions", _key("FunctionName")),
    Kind("Event source mappings", "lambda", "list_event_source_mappings", "EventSourceMappings", _function_of),
    Kind("Layers", "lambda", "list_layers", "Layers", _key("LayerName")),
    Kind("Roles", "iam", "list_roles", "Roles", _key("RoleName")),
    Kind("REST APIs", "apigateway", "get_rest_apis", "items", _key("name")),
    Kind("Usage plans", "apigateway", "get_usage_plans", "items", _key("name")),
    Kind("API keys", "apigateway", "get_api_keys", "items", _key("name"), _prefix("nameQuery")),
    Kind("Buckets", "s3", "list_buckets", "Buckets", _key("Name")),
    Kind("User pools", "cognito-idp", "list_user_pools", "UserPools", _key("Name"), fixed={"MaxResults": 60}),
    Kind(
        *("Identity pools", "cognito-identity", "list_identity_pools", "IdentityPools", _key("IdentityPoolName")),
        fixed={"MaxResults": 60},
    ),
    Kind("Secrets", "secretsmanager", "list_secrets", "SecretList", _key("Name")),
    Kind("Log groups", "logs", "describe_log_groups", "logGroups", _key("logGroupName")),
    Kind(
        *("Alarms", "cloudwatch", "describe_alarms", "MetricAlarms", _key("AlarmName")),
        narrowed=_prefix("AlarmNamePrefix"),
    ),
    Kind(
        *("Dashboards", "cloudwatch", "list_dashboards", "DashboardEntries", _key("DashboardName")),
        narrowed=_prefix("DashboardNamePrefix"),
    ),
    Kind("Distributions", "cloudfront", "list_distributions", "DistributionList.Items", _key("Comment")),
    Kind(
        *("Origin access controls", "cloudfront", "list_origin_access_controls"),
        *("OriginAccessControlList.Items", _key("Name")),
    ),
    Kind(
        *("Cache policies", "cloudfront", "list_cache_policies", "CachePolicyList.Items"),
        _key("CachePolicy.CachePolicyConfig.Name"),
        fixed={"Type": "custom"},
    ),
    Kind(
        *("Response headers policies", "cloudfront", "list_response_headers_policies"),
        *("ResponseHeadersPolicyList.Items", _key("ResponseHeadersPolicy.ResponseHeadersPolicyConfig.Name")),
        fixed={"Type": "custom"},
    ),
    Kind("KMS keys by alias", "kms", "list_aliases", "Aliases", _key("AliasName")),
    Kind("Web ACLs", "wafv2", "list_web_acls", "WebACLs", _key("Name"), fixed={"Scope": "REGIONAL"}),
    Kind("VPCs", "ec2", "describe_vpcs", "Vpcs", _tagged_id("VpcId"), narrowed=_own),
    Kind("Subnets", "ec2", "describe_subnets", "Subnets", _tagged_id("SubnetId"), narrowed=_own),
    Kind("VPC endpoints", "ec2", "describe_vpc_endpoints", "VpcEndpoints", _tagged_id("VpcEndpointId"), narrowed=_own),
    Kind("Security groups", "ec2", "describe_security_groups", "SecurityGroups", _tagged_id("GroupId"), narrowed=_own),
    Kind("Network ACLs", "ec2", "describe_network_acls", "NetworkAcls", _tagged_id("NetworkAclId"), narrowed=_own),
    Kind("Route tables", "ec2", "describe_route_tables", "RouteTables", _tagged_id("RouteTableId"), narrowed=_own),
    # What guards the site is where CloudFront is.
    Kind(
        "Web ACLs of the site", f"wafv2@{EDGE}", "list_web_acls", "WebACLs", _key("Name"), fixed={"Scope": "CLOUDFRONT"}
    ),
    Kind(
        *("Log groups at the edge", f"logs@{EDGE}", "describe_log_groups", "logGroups", _key("logGroupName")),
        unless_home=True,
    ),
    Kind(
        *("Stacks at the edge", f"cloudformation@{EDGE}", "list_stacks", "StackSummaries", _key("StackName")),
        is_there=lambda stack: stack["StackStatus"] != "DELETE_COMPLETE",
        unless_home=True,
    ),
)
Looks = dict[str, list[Found]]
"""Those of the stage, by the kind's title."""
_UNLISTED = ("kms", "wafv2", "ec2")
"""Services whose listings above do not have all that may be tagged."""


@dataclass(frozen=True)
class Survey:
    """One look at everything: what was found, and when each kind was looked for."""

    looks: Looks
    times: dict[str, datetime]
    tagged: list[Found]
    """What bears the stage's tag and is in none of the kinds, by its ARN."""
    waiting: list[Found]
    """Keys with the stage's tag that KMS deletes by itself, by their ARN: until then they cost nothing."""

    @property
    def stands(self) -> bool:
        """Whether there is a stage to report on: it has its tables, or functions."""
        return bool(self.looks["DynamoDB tables"] or self.looks["Functions"])


def kinds_of(target: Target) -> list[Kind]:
    """Those to look for."""
    return [kind for kind in KINDS if not (kind.unless_home and target.region == EDGE)]


def survey(reader: Reader) -> Survey:
    """Look for all of it."""
    looks: Looks = {}
    times: dict[str, datetime] = {}
    there: dict[str, set[str]] = {}
    for kind in kinds_of(reader.target):
        listed = kind.listed(reader)
        mine = (one for one in listed if belongs(reader.target, one.bare))
        looks[kind.title] = sorted(mine, key=lambda one: one.name)
        times[kind.title] = datetime.now(UTC)
        there.setdefault(kind.service, set()).update(word for one in listed for word in _words(one))
    tagged, waiting = _tagged(reader, looks, there)
    times[TAGGED] = datetime.now(UTC)
    return Survey(looks, times, tagged, waiting)


def _tagged(reader: Reader, looks: Looks, there: Mapping[str, set[str]]) -> tuple[list[Found], list[Found]]:
    """What stands, and the keys that wait for their end. AWS names what was deleted for hours after: what its service's
    own listing does not have is gone."""
    items = reader.pages(
        *(TAGGED, "resourcegroupstaggingapi", "get_resources", "ResourceTagMappingList"),
        TagFilters=[{"Key": tags.STAGE, "Values": [reader.target.stage]}],
    )
    known = {word for ones in looks.values() for one in ones for word in _words(one)}
    found, waiting = [], []
    for item in items:
        arn = item["ResourceARN"]
        service = {"states": "stepfunctions"}.get(arn.split(":")[2], arn.split(":")[2])
        is_gone = service in there and service not in _UNLISTED and not _is_among(arn, there[service])
        if not _is_here(reader.target, item) or is_gone or _is_among(arn, known):
            continue
        key = reader.call(TAGGED, "kms", "describe_key", KeyId=arn).get("KeyMetadata", {}) if service == "kms" else {}
        if key.get("KeyState") == "PendingDeletion":
            waiting.append(Found(arn, key))
        else:
            found.append(Found(arn, item))
    return sorted(found, key=lambda one: one.name), sorted(waiting, key=lambda one: one.name)


def _words(found: Found) -> Iterator[str]:
    """What may identify it: its name, and every text of its own in its listing."""
    yield from (found.name, found.bare)
    if isinstance(found.raw, dict):
        yield from (value for value in found.raw.values() if isinstance(value, str))


def _is_among(arn: str, words: set[str]) -> bool:
    return arn in words or arn.removesuffix(":*") in words or short(arn.removesuffix(":*")) in words


def _is_here(target: Target, item: Any) -> bool:
    """A stage of the same name may be in another region, with things that are global."""
    return tags.from_list(item.get("Tags", ())).get(tags.REGION, target.region) == target.region
