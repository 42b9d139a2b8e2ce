"""What the template promises: everything encrypted, nothing public, TLS only, each queue open to one sender at most.

Policies between services are asserted here because the local cloud does not enforce them."""

import sys
from pathlib import Path
from typing import Any

import pytest
from chalicelib.kit.config import Settings
from chalicelib.kit.sqs_batch import Queue
from chalicelib.reporting.archive import FOLDERS

from infra.paths import TEMPLATES

sys.path.insert(0, str(Path(__file__).parent))
from cloudformation import Template, arn, load, of_type, ref

TABLES = {
    "orders",
    "products",
    "inventory",
    "payments",
    "claims",
    "gateway",
    "carts",
    "operations",
    "metrics",
    "search",
}
WORKED_QUEUES = {
    f"{name}Queue": f"{name}Dlq" for name in ("Orders", "Notifications", "Inventory", "Payment", "Shipping", "Imports")
}
DEAD_LETTERS = {*WORKED_QUEUES.values(), "MailDlq", "ImportFilesDlq", "MetricsDlq", "SearchDlq"}
RULES = {"Inventory": "OrderCreatedRule", "Payment": "InventoryReservedRule", "Shipping": "PaymentCapturedRule"}
BUCKETS = {"DocumentsBucket", "ImportsBucket"}


@pytest.fixture(scope="module")
def template() -> Template:
    return load(TEMPLATES / "resources.yaml")


def statements(policy: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = policy["PolicyDocument"]["Statement"]
    return found


def tls_denials(policies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        statement
        for policy in policies
        for statement in statements(policy)
        if statement["Effect"] == "Deny"
        and statement["Principal"] == "*"
        and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    ]


def resources(statement: dict[str, Any]) -> list[Any]:
    listed = statement["Resource"]
    return listed if isinstance(listed, list) else [listed]


def test_every_table_is_there_on_demand_restorable_and_encrypted(template: Template) -> None:
    tables = of_type(template, "AWS::DynamoDB::Table")

    assert {t["TableName"]["Fn::Sub"] for t in tables.values()} == {f"orderproc-${{Stage}}-{name}" for name in TABLES}
    for table in tables.values():
        assert table["BillingMode"] == "PAY_PER_REQUEST"
        assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
        assert table["SSESpecification"] == {"SSEEnabled": True}
        assert {attribute["AttributeType"] for attribute in table["AttributeDefinitions"]} == {"S"}


def test_indexes_of_orders_hold_keys_only(template: Template) -> None:
    indexes = of_type(template, "AWS::DynamoDB::Table")["OrdersTable"]["GlobalSecondaryIndexes"]

    assert {index["IndexName"] for index in indexes} == {"by-customer", "by-owner", "open", "by-day"}
    assert all(index["Projection"] == {"ProjectionType": "KEYS_ONLY"} for index in indexes)


@pytest.mark.parametrize("table", ["ClaimsTable", "CartsTable", "OperationsTable", "SearchTable"])
def test_claims_and_carts_expire(template: Template, table: str) -> None:
    expiring = of_type(template, "AWS::DynamoDB::Table")[table]

    assert expiring["TimeToLiveSpecification"] == {"AttributeName": "expiresAt", "Enabled": True}


def test_every_queue_is_encrypted(template: Template) -> None:
    queues = of_type(template, "AWS::SQS::Queue")

    assert queues.keys() == WORKED_QUEUES.keys() | DEAD_LETTERS
    assert all(queue["SqsManagedSseEnabled"] is True for queue in queues.values())


@pytest.mark.parametrize(("queue", "dead"), WORKED_QUEUES.items())
def test_a_message_goes_to_the_dead_letters_when_its_consumer_takes_a_try_for_the_last(
    template: Template, queue: str, dead: str
) -> None:
    queues = of_type(template, "AWS::SQS::Queue")

    assert queues[queue]["RedrivePolicy"] == {"deadLetterTargetArn": arn(dead), "maxReceiveCount": ref("MaxReceives")}
    assert template["Parameters"]["MaxReceives"]["Default"] == Settings.max_receives == Queue.max_receives


def test_a_dead_letter_queue_takes_the_messages_of_its_own_queue_alone(template: Template) -> None:
    queues = of_type(template, "AWS::SQS::Queue")
    own = {dead: queues[queue]["QueueName"]["Fn::Sub"] for queue, dead in WORKED_QUEUES.items()}
    account = "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}"

    assert {name for name in queues if name.endswith("Dlq")} == DEAD_LETTERS
    for dead in DEAD_LETTERS:
        assert queues[dead]["RedriveAllowPolicy"] == (
            {"redrivePermission": "byQueue", "sourceQueueArns": [{"Fn::Sub": f"{account}:{own[dead]}"}]}
            if dead in own
            else {"redrivePermission": "denyAll"}
        )


def test_a_service_that_is_let_in_must_say_for_which_resource_of_this_account(template: Template) -> None:
    """Else another customer of the service could have it act here (the confused deputy,
    https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html). An ARN of S3 would name no account."""
    let_in = [
        statement
        for path in TEMPLATES.glob("*.yaml")
        for resource in load(path)["Resources"].values()
        for statement in _statements_of(resource.get("Properties", {}))
        if statement["Effect"] == "Allow" and "Service" in statement["Principal"]
    ]

    assert len(let_in) == 7
    for statement in let_in:
        keys = {key for block in statement["Condition"].values() for key in block}
        assert "aws:SourceArn" in keys, statement
        assert "*" not in str(statement["Principal"])


def _statements_of(properties: dict[str, Any]) -> list[dict[str, Any]]:
    """Of a resource's own policy, or of a role's trust."""
    documents = [properties.get(name) for name in ("PolicyDocument", "AssumeRolePolicyDocument")]
    return [statement for document in documents if document for statement in document["Statement"]]


def test_dead_letters_are_kept_for_14_days(template: Template) -> None:
    queues = of_type(template, "AWS::SQS::Queue")

    assert all(queues[dead]["MessageRetentionPeriod"] == 14 * 86400 for dead in DEAD_LETTERS)


def test_a_message_stays_hidden_for_six_times_its_functions_timeout(template: Template) -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html"""
    from infra.deploy.deploy import tracked_config

    functions = tracked_config()["stages"]["local"]["lambda_functions"]
    queues = of_type(template, "AWS::SQS::Queue")
    for queue, function in (
        ("OrdersQueue", "process_orders"),
        ("NotificationsQueue", "notify"),
        ("InventoryQueue", "inventory_worker"),
        ("PaymentQueue", "payment_worker"),
        ("ShippingQueue", "shipping_worker"),
        ("ImportsQueue", "import_rows"),
    ):
        assert queues[queue]["VisibilityTimeout"] >= 6 * functions[function]["lambda_timeout"]


def test_all_queues_refuse_plain_http(template: Template) -> None:
    denials = tls_denials(list(of_type(template, "AWS::SQS::QueuePolicy").values()))
    covered = [resource for denial in denials for resource in resources(denial)]

    assert all(denial["Action"] == "sqs:*" for denial in denials)
    assert all(arn(queue) in covered for queue in WORKED_QUEUES.keys() | DEAD_LETTERS)


def test_only_the_orders_topic_and_its_rule_may_send_to_a_queue_by_its_policy(template: Template) -> None:
    allowed = [
        statement
        for policy in of_type(template, "AWS::SQS::QueuePolicy").values()
        for statement in statements(policy)
        if statement["Effect"] == "Allow"
    ]

    assert {statement["Action"] for statement in allowed} == {"sqs:SendMessage"}
    by_topic, *by_rules = sorted(allowed, key=lambda statement: str(statement["Principal"]), reverse=True)
    assert by_topic["Principal"] == {"Service": "sns.amazonaws.com"}
    assert by_topic["Resource"] == arn("NotificationsQueue")
    assert by_topic["Condition"] == {"ArnEquals": {"aws:SourceArn": ref("OrdersTopic")}}
    assert len(by_rules) == len(RULES)
    for name, rule in RULES.items():
        assert {
            "Sid": "OnlyFromItsRule",
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": [arn(f"{name}Queue"), arn(f"{name}Dlq")],
            "Condition": {"ArnEquals": {"aws:SourceArn": arn(rule)}},
        } in by_rules


@pytest.mark.parametrize(("queue", "rule"), RULES.items())
def test_an_event_that_cannot_be_delivered_is_kept(template: Template, queue: str, rule: str) -> None:
    (target,) = of_type(template, "AWS::Events::Rule")[rule]["Targets"]

    assert target["Arn"] == arn(f"{queue}Queue")
    assert target["DeadLetterConfig"] == {"Arn": arn(f"{queue}Dlq")}


def test_rules_route_orders_from_outside_and_only_this_stages_events_of_the_workflow(template: Template) -> None:
    rules = of_type(template, "AWS::Events::Rule")

    created = {"source": ["ecommerce.orders"], "detail-type": ["OrderCreated"]}
    assert rules["OrderCreatedRule"]["EventPattern"] == created
    for rule, event in (("InventoryReservedRule", "InventoryReserved"), ("PaymentCapturedRule", "PaymentCaptured")):
        assert rules[rule]["EventPattern"] == {
            "source": ["orderproc"],
            "detail-type": [event],
            "resources": [ref("OrdersTopic")],
            "detail": {"workflow": ["events"]},
        }


def test_the_topic_is_encrypted_and_refuses_plain_http(template: Template) -> None:
    policies = list(of_type(template, "AWS::SNS::TopicPolicy").values())

    assert of_type(template, "AWS::SNS::Topic")["OrdersTopic"]["KmsMasterKeyId"] == "alias/aws/sns"
    assert [statement["Effect"] for policy in policies for statement in statements(policy)] == ["Deny"]
    assert [resources(denial) for denial in tls_denials(policies)] == [[ref("OrdersTopic")]]


def test_only_events_that_tell_somebody_something_reach_the_notifications(template: Template) -> None:
    subscription = of_type(template, "AWS::SNS::Subscription")["NotificationsSubscription"]

    assert subscription["RawMessageDelivery"] is True
    assert subscription["FilterPolicyScope"] == "MessageAttributes"
    ends, shipments, placed, paid = subscription["FilterPolicy"]["$or"]
    assert set(ends["eventType"]) == {"OrderCompleted", "OrderFailed", "OrderCancelled", "OrderRefunded"}
    assert set(shipments["eventType"]) == {"OrderShipped", "ShipmentDelivered", "ShipmentLost"}
    assert placed == {"eventType": ["OrderPlaced"], "hasPhoneNumber": ["true"]}
    assert paid == {"eventType": ["PaymentCaptured"], "fulfilment": ["manual"], "workflow": ["queue", "events"]}


@pytest.mark.parametrize("bucket", sorted(BUCKETS))
def test_buckets_are_encrypted_private_and_tls_only(template: Template, bucket: str) -> None:
    properties = of_type(template, "AWS::S3::Bucket")[bucket]
    policies = [p for p in of_type(template, "AWS::S3::BucketPolicy").values() if p["Bucket"] == ref(bucket)]
    encryption = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]

    assert encryption == [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
    assert len(properties["PublicAccessBlockConfiguration"]) == 4
    assert all(properties["PublicAccessBlockConfiguration"].values())
    (denial,) = tls_denials(policies)
    assert denial["Action"] == "s3:*"
    assert resources(denial) == [arn(bucket), {"Fn::Sub": f"${{{bucket}.Arn}}/*"}]
    assert properties["LifecycleConfiguration"]["Rules"][0]["AbortIncompleteMultipartUpload"]


def test_no_bucket_is_forgotten_and_no_safeguard_depends_on_a_condition(template: Template) -> None:
    assert of_type(template, "AWS::S3::Bucket").keys() == BUCKETS
    assert template["Conditions"].keys() == {"Protected", "HasMfa", "DocumentsExpire", "TakesOrdersFromBus"}
    assert all("Condition" not in resource for resource in template["Resources"].values())


def test_logs_of_every_function_end_after_14_days() -> None:
    from infra.deploy.post_deploy import FUNCTIONS

    functions, workflow = load(TEMPLATES / "logs.yaml"), load(TEMPLATES / "workflow.yaml")
    of_functions, (of_machine,) = (of_type(part, "AWS::Logs::LogGroup").values() for part in (functions, workflow))

    expected = {f"/aws/lambda/orderproc-${{Stage}}-{name}" for name in FUNCTIONS if name != "api_handler"}
    assert {group["LogGroupName"]["Fn::Sub"] for group in of_functions} == expected | {"/aws/lambda/orderproc-${Stage}"}
    assert of_machine["LogGroupName"]["Fn::Sub"][0] == "/aws/vendedlogs/states/orderproc-${Stage}-${Name}"
    assert {part["Parameters"]["LogRetentionDays"]["Default"] for part in (functions, workflow)} == {14}
    assert all(group["RetentionInDays"] == ref("LogRetentionDays") for group in (*of_functions, of_machine))


def test_a_changed_address_must_be_verified_before_it_counts(template: Template) -> None:
    pools = of_type(template, "AWS::Cognito::UserPool").values()

    for pool in pools:
        settings = pool["UserAttributeUpdateSettings"]
        assert settings == {"AttributesRequireVerificationBeforeUpdate": pool["AutoVerifiedAttributes"]}


def test_users_sign_in_with_long_passwords_and_the_client_has_no_secret(template: Template) -> None:
    policy = of_type(template, "AWS::Cognito::UserPool")["UserPool"]["Policies"]["PasswordPolicy"]
    client = of_type(template, "AWS::Cognito::UserPoolClient")["UserPoolClient"]

    assert policy["MinimumLength"] >= 12
    assert client["GenerateSecret"] is False
    assert client["PreventUserExistenceErrors"] == "ENABLED"


def test_staff_sign_in_by_a_client_of_their_own_for_a_working_day(template: Template) -> None:
    client = of_type(template, "AWS::Cognito::UserPoolClient")["StaffClient"]

    assert (client["GenerateSecret"], client["PreventUserExistenceErrors"]) == (False, "ENABLED")
    assert client["TokenValidityUnits"] == {"IdToken": "minutes", "AccessToken": "minutes", "RefreshToken": "hours"}
    assert (client["IdTokenValidity"], client["RefreshTokenValidity"]) == (15, 12)


def test_the_identity_pool_asks_whether_a_user_signed_out_and_gives_nobody_a_role(template: Template) -> None:
    (pool,) = of_type(template, "AWS::Cognito::IdentityPool").values()
    clients = {ref(name)["Ref"] for name in of_type(template, "AWS::Cognito::UserPoolClient")}

    assert pool["AllowUnauthenticatedIdentities"] is False
    assert {provider["ClientId"]["Ref"] for provider in pool["CognitoIdentityProviders"]} == clients
    assert all(provider["ServerSideTokenCheck"] is True for provider in pool["CognitoIdentityProviders"])
    assert not of_type(template, "AWS::Cognito::IdentityPoolRoleAttachment")


def test_staff_may_be_asked_for_a_code_of_an_authenticator_app(template: Template) -> None:
    pool = of_type(template, "AWS::Cognito::UserPool")["UserPool"]

    assert pool["MfaConfiguration"] == ref("StaffMfa")
    assert pool["EnabledMfas"]["Fn::If"][:2] == ["HasMfa", ["SOFTWARE_TOKEN_MFA"]]


def test_a_protected_stage_keeps_its_tables_and_users(template: Template) -> None:
    tables = of_type(template, "AWS::DynamoDB::Table").values()

    assert all(table["DeletionProtectionEnabled"] == {"Fn::If": ["Protected", True, False]} for table in tables)
    assert of_type(template, "AWS::Cognito::UserPool")["UserPool"]["DeletionProtection"] == {
        "Fn::If": ["Protected", "ACTIVE", "INACTIVE"]
    }


def test_documents_can_be_brought_back_for_a_month_and_expire_if_the_shop_says_so(template: Template) -> None:
    bucket = of_type(template, "AWS::S3::Bucket")["DocumentsBucket"]
    rules = {rule["Id"]: rule for rule in bucket["LifecycleConfiguration"]["Rules"]}

    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    packages = rules.pop("forget-packages")
    assert (packages["Prefix"], packages["ExpirationInDays"]) == ("deploy/packages/", 1)
    assert rules["forget-old-versions"]["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30}
    expiring = [rule for rule in rules.values() if "ExpirationInDays" in rule]
    assert {rule["Prefix"] for rule in expiring} == {"receipts/", *(f"{folder}/" for folder in FOLDERS)}
    for rule in expiring:
        assert rule["Status"] == {"Fn::If": ["DocumentsExpire", "Enabled", "Disabled"]}
        assert rule["ExpirationInDays"]["Fn::If"][:2] == ["DocumentsExpire", ref("DocumentsKeptDays")]
    assert template["Parameters"]["DocumentsKeptDays"]["Default"] == 0


def test_partners_have_a_key_and_a_plan_each() -> None:
    template = load(TEMPLATES / "api.yaml")
    plans = of_type(template, "AWS::ApiGateway::UsagePlan")

    assert plans["PartnerPlan"]["Throttle"] == {"RateLimit": 500, "BurstLimit": 1000}
    assert plans["OtherPartnerPlan"]["Throttle"] == {"RateLimit": 5, "BurstLimit": 10}
    assert all(plan["Quota"]["Period"] == "DAY" for plan in plans.values())
    assert len(of_type(template, "AWS::ApiGateway::UsagePlanKey")) == len(plans)


def test_the_pages_key_has_a_small_plan_of_its_own(template: Template) -> None:
    """All guests share it, and so does anyone who copies it from the page."""
    api = load(TEMPLATES / "api.yaml")
    plan = of_type(api, "AWS::ApiGateway::UsagePlan")["PublishablePlan"]
    keys = of_type(api, "AWS::ApiGateway::UsagePlanKey")

    assert plan["Throttle"] == {"RateLimit": 5, "BurstLimit": 20}
    assert plan["Quota"] == {"Limit": 10000, "Period": "DAY"}
    assert keys["PublishablePlanKey"]["KeyId"] == ref("PublishableKeyId")
    assert [name for name, key in keys.items() if key["UsagePlanId"] == ref("PublishablePlan")] == [
        "PublishablePlanKey"
    ]
    assert template["Outputs"]["PublishableKeyId"] == {"Value": ref("PublishableKey")}


def test_every_error_of_the_gateway_is_a_problem_of_the_list_with_a_request_id() -> None:
    import json

    from chalicelib.api.shared import problems

    from infra.deploy.gateway_responses import PROBLEMS, body

    assert len({problem.response_type for problem in PROBLEMS}) == len(PROBLEMS)
    for problem in PROBLEMS:
        content = json.loads(body(problem, "https://api.test"))
        assert content == {
            "type": problems.type_of(problem.code, "https://api.test"),
            "title": problem.title,
            "status": problems.PROBLEMS[problem.code].status,
            "detail": problem.detail,
            "requestId": "$context.requestId",
            "code": problem.code,
        }
        assert problem.status == content["status"]


def test_errors_of_the_gateway_have_the_headers_that_our_own_have() -> None:
    from chalicelib.api.shared import http

    from infra.deploy.gateway_responses import PROBLEMS, headers

    for problem in PROBLEMS:
        given = {name.removeprefix("gatewayresponse.header."): value for name, value in headers(problem).items()}
        shared = {**http.ON_ALL, **http.CORS.get_access_control_headers()}
        for name in shared.keys() - {"Access-Control-Allow-Headers", "Access-Control-Max-Age"}:
            assert given[name] == f"'{shared[name]}'", (problem.response_type, name)
        assert given["X-Correlation-Id"] == "context.requestId"
        assert ("Retry-After" in given) == (problem.status == 429)
        assert ("Allow" in given) == (problem.status == 405)


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.yaml")), ids=lambda path: path.name)
def test_cloudformation_takes_the_template(path: Path) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html"""
    from infra.deploy.stacks import body_of

    assert len(body_of(path).encode()) <= 51_200


def test_every_template_is_deployed() -> None:
    from infra.deploy import templates

    assert {path.stem for path in TEMPLATES.glob("*.yaml")} == {*templates.CHOOSABLE, "api"}
