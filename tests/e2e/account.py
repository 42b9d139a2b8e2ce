"""What is in the account, from each service's own listing."""

from typing import Any

import boto3

OF_NETWORKS = {
    "describe_vpcs": "Vpcs",
    "describe_subnets": "Subnets",
    "describe_route_tables": "RouteTables",
    "describe_network_acls": "NetworkAcls",
    "describe_security_groups": "SecurityGroups",
}


def names(session: boto3.Session, endpoint_url: str, stage: str) -> set[str]:
    """Everything in the account whose name says it belongs to the stage, from each service's own listing."""

    def client(service: str) -> Any:
        return session.client(service, endpoint_url=endpoint_url)  # type: ignore[call-overload]

    def listed(service: str, operation: str, key: str) -> list[Any]:
        """Page by page: two stages have more of these than one answer holds."""
        return [item for page in client(service).get_paginator(operation).paginate() for item in page[key]]

    def listed_of_cloudfront(operation: str, key: str) -> list[Any]:
        found: list[Any] = getattr(client("cloudfront"), operation)()[key].get("Items", [])
        return found

    found = {
        "table": client("dynamodb").list_tables()["TableNames"],
        "identity pool": [
            pool["IdentityPoolName"]
            for pool in client("cognito-identity").list_identity_pools(MaxResults=60)["IdentityPools"]
        ],
        "queue": client("sqs").list_queues().get("QueueUrls", []),
        "topic": [item["TopicArn"] for item in client("sns").list_topics()["Topics"]],
        "subscription": [item["Endpoint"] for item in client("sns").list_subscriptions()["Subscriptions"]],
        "bucket": [item["Name"] for item in client("s3").list_buckets()["Buckets"]],
        "pool": [item["Name"] for item in client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]],
        "function": [item["FunctionName"] for item in listed("lambda", "list_functions", "Functions")],
        "mapping": [
            item["FunctionArn"] for item in client("lambda").list_event_source_mappings()["EventSourceMappings"]
        ],
        "role": [item["RoleName"] for item in client("iam").list_roles()["Roles"]],
        "rule": [item["Name"] for item in client("events").list_rules()["Rules"]],
        "log group": [item["logGroupName"] for item in listed("logs", "describe_log_groups", "logGroups")],
        "api key": [item["name"] for item in client("apigateway").get_api_keys()["items"]],
        "plan": [item["name"] for item in client("apigateway").get_usage_plans()["items"]],
        "distribution": [item["Comment"] for item in listed_of_cloudfront("list_distributions", "DistributionList")],
        "origin access": [
            item["Name"] for item in listed_of_cloudfront("list_origin_access_controls", "OriginAccessControlList")
        ],
        "cache policy": [
            item["CachePolicy"]["CachePolicyConfig"]["Name"]
            for item in listed_of_cloudfront("list_cache_policies", "CachePolicyList")
        ],
        "headers policy": [
            item["ResponseHeadersPolicy"]["ResponseHeadersPolicyConfig"]["Name"]
            for item in listed_of_cloudfront("list_response_headers_policies", "ResponseHeadersPolicyList")
        ],
        "key": [item["AliasName"] for item in listed("kms", "list_aliases", "Aliases")],
        "firewall": [item["Name"] for item in client("wafv2").list_web_acls(Scope="REGIONAL")["WebACLs"]],
        "firewall of a site": [item["Name"] for item in client("wafv2").list_web_acls(Scope="CLOUDFRONT")["WebACLs"]],
        "of a network": [
            tag["Value"]
            for operation, key in OF_NETWORKS.items()
            for item in listed("ec2", operation, key)
            for tag in item.get("Tags", ())
        ],
        "stack": [
            item["StackName"]
            for item in client("cloudformation").list_stacks()["StackSummaries"]
            if item["StackStatus"] != "DELETE_COMPLETE"
        ],
    }
    mark = f"orderproc-{stage}"
    return {f"{kind} {name}" for kind, some in found.items() for name in some if mark in name}


def apis(stack: dict[str, Any], session: boto3.Session) -> set[str]:
    gateway = session.client("apigateway", endpoint_url=stack["endpoint_url"])
    return {item["id"] for item in gateway.get_rest_apis()["items"]}
