"""All that a stage has, each with what the service says of it, by kind and name. Only what a stage's name marks, or
what the outputs name."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from infra.target import Target

Found = Iterator[tuple[str, str, Any]]
"""Kind, name, properties."""
_BUCKET_CALLS = (
    *("get_bucket_versioning", "get_bucket_encryption", "get_bucket_lifecycle_configuration", "get_bucket_cors"),
    *("get_public_access_block", "get_bucket_policy", "get_bucket_notification_configuration"),
    *("get_bucket_ownership_controls", "get_bucket_tagging"),
)


def tables(target: Target, _outputs: Mapping[str, str]) -> Found:
    """DynamoDB."""
    client = target.client("dynamodb")
    for page in client.get_paginator("list_tables").paginate():
        for name in _ours(target, page["TableNames"]):
            table = client.describe_table(TableName=name)["Table"]
            tags = client.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"]
            backups = client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
            expiry = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
            yield "table", name, {**table, "tags": tags, "backups": backups, "expiry": expiry}


def queues(target: Target, _outputs: Mapping[str, str]) -> Found:
    """SQS."""
    client = target.client("sqs")
    for page in client.get_paginator("list_queues").paginate(QueueNamePrefix=f"{target.prefix}-"):
        for url in page.get("QueueUrls", ()):
            attributes = client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
            tags = client.list_queue_tags(QueueUrl=url).get("Tags", {})
            yield "queue", url.rpartition("/")[2], {**attributes, "tags": tags}


def topics(target: Target, _outputs: Mapping[str, str]) -> Found:
    """SNS, with subscriptions."""
    client = target.client("sns")
    for page in client.get_paginator("list_topics").paginate():
        for arn in (one["TopicArn"] for one in page["Topics"]):
            name = arn.rpartition(":")[2]
            if not name.startswith(f"{target.prefix}-"):
                continue
            tags = client.list_tags_for_resource(ResourceArn=arn)["Tags"]
            yield "topic", name, {**client.get_topic_attributes(TopicArn=arn)["Attributes"], "tags": tags}
            for one in client.list_subscriptions_by_topic(TopicArn=arn)["Subscriptions"]:
                found = client.get_subscription_attributes(SubscriptionArn=one["SubscriptionArn"])["Attributes"]
                yield "subscription", f"{name} to {one['Endpoint'].rpartition(':')[2]}", found


def buckets(target: Target, _outputs: Mapping[str, str]) -> Found:
    """S3, but for that of Terraform's states."""
    for name in _ours(target, [bucket["Name"] for bucket in target.s3.list_buckets()["Buckets"]]):
        if name.startswith(f"{target.prefix}-terraform-"):
            continue
        answers = {call: asked(getattr(target.s3, call), Bucket=name) for call in _BUCKET_CALLS}
        yield "bucket", name, answers


def secrets(target: Target, _outputs: Mapping[str, str]) -> Found:
    """Secrets Manager; not the values."""
    client = target.client("secretsmanager")
    for page in client.get_paginator("list_secrets").paginate():
        for one in page["SecretList"]:
            if one["Name"].startswith(f"{target.prefix}-"):
                yield "secret", one["Name"], client.describe_secret(SecretId=one["ARN"])


def users(target: Target, outputs: Mapping[str, str]) -> Found:
    """Cognito: the pool with clients and groups, and the identities of staff."""
    client, pool = target.client("cognito-idp"), outputs["UserPoolId"]
    described = client.describe_user_pool(UserPoolId=pool)["UserPool"]
    yield "user pool", described["Name"], {**described, "mfa": asked(client.get_user_pool_mfa_config, UserPoolId=pool)}
    for one in client.list_user_pool_clients(UserPoolId=pool, MaxResults=60)["UserPoolClients"]:
        found = client.describe_user_pool_client(UserPoolId=pool, ClientId=one["ClientId"])["UserPoolClient"]
        yield "user pool client", one["ClientName"], found
    for group in client.list_groups(UserPoolId=pool)["Groups"]:
        yield "group", group["GroupName"], group
    identities = target.client("cognito-identity")
    for one in identities.list_identity_pools(MaxResults=60)["IdentityPools"]:
        if target.prefix in one["IdentityPoolName"]:
            key = {"IdentityPoolId": one["IdentityPoolId"]}
            roles = asked(identities.get_identity_pool_roles, **key)
            yield "identity pool", one["IdentityPoolName"], {**identities.describe_identity_pool(**key), "roles": roles}


def rules(target: Target, _outputs: Mapping[str, str]) -> Found:
    """EventBridge."""
    for page in target.events.get_paginator("list_rules").paginate(NamePrefix=f"{target.prefix}-"):
        for one in page["Rules"]:
            rule: dict[str, Any] = dict(target.events.describe_rule(Name=one["Name"]))
            targets = target.events.list_targets_by_rule(Rule=one["Name"])["Targets"]
            tags = target.events.list_tags_for_resource(ResourceARN=one["Arn"])["Tags"]
            yield "rule", one["Name"], {**rule, "targets": targets, "tags": tags}


def machines(target: Target, _outputs: Mapping[str, str]) -> Found:
    """Step Functions."""
    client = target.client("stepfunctions")
    for page in client.get_paginator("list_state_machines").paginate():
        for one in page["stateMachines"]:
            if one["name"].startswith(f"{target.prefix}-"):
                described = client.describe_state_machine(stateMachineArn=one["stateMachineArn"])
                tags = client.list_tags_for_resource(resourceArn=one["stateMachineArn"])["tags"]
                yield "state machine", one["name"], {**described, "tags": tags}


def logs(target: Target, _outputs: Mapping[str, str]) -> Found:
    """Log groups with their metric filters."""
    for page in target.logs.get_paginator("describe_log_groups").paginate():
        for group in page["logGroups"]:
            name = group["logGroupName"]
            if not _is_ours(target, name.rpartition("/")[2]):
                continue
            tags = target.logs.list_tags_for_resource(resourceArn=group["arn"].removesuffix(":*")).get("tags", {})
            filters = target.logs.describe_metric_filters(logGroupName=name).get("metricFilters", [])
            yield "log group", name, {**group, "tags": tags, "filters": filters}


def alarms(target: Target, _outputs: Mapping[str, str]) -> Found:
    """CloudWatch, with the dashboard."""
    client = target.client("cloudwatch")
    for page in client.get_paginator("describe_alarms").paginate(AlarmNamePrefix=f"{target.prefix}-"):
        for alarm in page["MetricAlarms"]:
            tags = client.list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]
            yield "alarm", alarm["AlarmName"], {**alarm, "tags": tags}
    for one in client.list_dashboards()["DashboardEntries"]:
        if _is_ours(target, one["DashboardName"]):
            body = client.get_dashboard(DashboardName=one["DashboardName"])["DashboardBody"]
            yield "dashboard", one["DashboardName"], {"body": body}


def sites(target: Target, outputs: Mapping[str, str]) -> Found:
    """CloudFront."""
    client = target.client("cloudfront")
    found = client.get_distribution(Id=outputs["SiteDistributionId"])["Distribution"]
    tags = client.list_tags_for_resource(Resource=found["ARN"])["Tags"]
    yield "distribution", "site", {"config": found["DistributionConfig"], "tags": tags}
    for one in _items(client.list_cache_policies(Type="custom")["CachePolicyList"]):
        config = one["CachePolicy"]["CachePolicyConfig"]
        if target.prefix in config["Name"]:
            yield "cache policy", config["Name"], config
    for one in _items(client.list_response_headers_policies(Type="custom")["ResponseHeadersPolicyList"]):
        config = one["ResponseHeadersPolicy"]["ResponseHeadersPolicyConfig"]
        if target.prefix in config["Name"]:
            yield "headers policy", config["Name"], config
    for one in _items(client.list_origin_access_controls()["OriginAccessControlList"]):
        if target.prefix in one["Name"]:
            yield "origin access", one["Name"], one


def names_of_policies(target: Target) -> dict[str, str]:
    """The names by the ids that a distribution has instead."""
    client = target.client("cloudfront")
    policies = [one["CachePolicy"] for one in _items(client.list_cache_policies(Type="custom")["CachePolicyList"])]
    headers = _items(client.list_response_headers_policies(Type="custom")["ResponseHeadersPolicyList"])
    access = _items(client.list_origin_access_controls()["OriginAccessControlList"])
    found = {
        **{one["Id"]: one["CachePolicyConfig"]["Name"] for one in policies},
        **{
            one["ResponseHeadersPolicy"]["Id"]: one["ResponseHeadersPolicy"]["ResponseHeadersPolicyConfig"]["Name"]
            for one in headers
        },
        **{one["Id"]: one["Name"] for one in access},
    }
    return {name_id: name.replace(target.prefix, "stage") for name_id, name in found.items()}


def _items(listed: Mapping[str, Any]) -> list[Any]:
    found: list[Any] = listed.get("Items") or []
    return found


def asked(call: Callable[..., Any], **given: Any) -> Any:
    """The answer, or why there is none."""
    try:
        return call(**given)
    except ClientError as error:
        return error.response["Error"]["Code"]


def _ours(target: Target, names: list[str]) -> list[str]:
    return [name for name in names if _is_ours(target, name)]


def _is_ours(target: Target, name: str) -> bool:
    """`orderproc-a` is not `orderproc-ab`."""
    return name == target.prefix or name.startswith(f"{target.prefix}-")
