"""What Chalice's part of a stage is: functions, roles, triggers, the API with its keys and plans."""

from collections.abc import Mapping
from typing import Any

from infra.comparison.looked_up import Found, asked
from infra.deploy import names
from infra.deploy.post_deploy import KNOW_THE_URL
from infra.target import API_STAGE, Target


def functions(target: Target, _outputs: Mapping[str, str]) -> Found:
    """Lambda, with who may call each function and what it is called by."""
    client = target.functions
    for page in client.get_paginator("list_functions").paginate():
        for name in (one["FunctionName"] for one in page["Functions"]):
            if name != target.prefix and not name.startswith(f"{target.prefix}-"):
                continue
            found = client.get_function(FunctionName=name)
            policy = asked(client.get_policy, FunctionName=name)
            failed = asked(client.get_function_event_invoke_config, FunctionName=name)
            configuration: dict[str, Any] = {**found["Configuration"], "policy": policy, "failed": failed}
            variables = configuration.get("Environment", {}).get("Variables", {})
            if name not in {names.function(target, one) for one in KNOW_THE_URL}:
                variables.pop("PUBLIC_URL", None)  # by Chalice they have it from the second deployment on
            yield "function", name, {**configuration, "tags": found.get("Tags", {})}
            for mapping in client.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]:
                source = mapping["EventSourceArn"].split(":", 5)[5].split("/")
                yield "mapping", f"{name} of {'/'.join(source[:3])}", mapping


def roles(target: Target, _outputs: Mapping[str, str]) -> Found:
    """IAM, with the policies."""
    for page in target.iam.get_paginator("list_roles").paginate():
        for name in (one["RoleName"] for one in page["Roles"]):
            if not name.startswith(f"{target.prefix}-"):
                continue
            role = target.iam.get_role(RoleName=name)["Role"]
            inline = {
                policy: target.iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
                for policy in target.iam.list_role_policies(RoleName=name)["PolicyNames"]
            }
            attached = target.iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
            yield "role", name, {**role, "inline": inline, "attached": attached}


def api(target: Target, outputs: Mapping[str, str]) -> Found:
    """API Gateway's API, its stage, methods, authorizers and own answers."""
    client, api_id = target.apigateway, outputs["RestApiId"]
    arn = f"arn:{target.partition}:apigateway:{target.region}::/restapis/{api_id}"
    stage_arn = f"{arn}/stages/{API_STAGE}"
    for kind, name, arn_of, answer in (
        ("REST API", target.prefix, arn, client.get_rest_api(restApiId=api_id)),
        ("API stage", API_STAGE, stage_arn, client.get_stage(restApiId=api_id, stageName=API_STAGE)),
    ):
        yield kind, name, {**answer, "tags": client.get_tags(resourceArn=arn_of).get("tags", {})}
    for page in client.get_paginator("get_resources").paginate(restApiId=api_id, embed=["methods"]):
        for resource in page["items"]:
            for method, details in resource.get("resourceMethods", {}).items():
                yield "method", f"{method} {resource['path']}", details
    for one in client.get_authorizers(restApiId=api_id)["items"]:
        yield "authorizer", one["name"], one
    for refusal in client.get_gateway_responses(restApiId=api_id)["items"]:
        yield "gateway response", refusal["responseType"], refusal


def keys(target: Target, _outputs: Mapping[str, str]) -> Found:
    """API keys and plans; not the keys' values."""
    client = target.apigateway
    for page in client.get_paginator("get_api_keys").paginate(nameQuery=f"{target.prefix}-"):
        for key in page["items"]:
            if key["name"].startswith(f"{target.prefix}-key-"):
                continue  # an admin's, for a partner
            yield "API key", key["name"], key
    for plans in client.get_paginator("get_usage_plans").paginate():
        for plan in plans["items"]:
            if plan["name"].startswith(f"{target.prefix}-"):
                of = client.get_usage_plan_keys(usagePlanId=plan["id"])["items"]
                yield "usage plan", plan["name"], {**plan, "keys": [one["name"] for one in of]}
