"""What the templates of the firewall, the network and the key promise. The local cloud stores them, and enforces
none of them."""

import ast
import json
from typing import Any

import pytest

from infra.deploy import network, permissions
from infra.paths import APP, TEMPLATES
from tests.packaging.cloudformation import load, of_type, ref, resolved

NETWORK, FIREWALL, KEYS = (load(TEMPLATES / f"{name}.yaml") for name in ("network", "firewall", "keys"))
ALL = {path.stem: load(path) for path in sorted(TEMPLATES.glob("*.yaml"))}
ACCOUNT = ref("AWS::AccountId")


def called_services() -> set[str]:
    """Whose clients the functions make: the first argument of each `client(…)`."""
    found: set[str] = set()
    for path in (APP / "chalicelib").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "client" and node.args:
                name = node.args[0]
                if isinstance(name, ast.Constant):
                    found.add(name.value)
                else:
                    assert ast.unparse(name) == "service", f"{path}: a service that no test knows"
    return found


# The network


def endpoints() -> dict[str, dict[str, Any]]:
    """By the service's name in PrivateLink."""
    found = of_type(NETWORK, "AWS::EC2::VPCEndpoint").values()
    return {one["ServiceName"]["Fn::Sub"].rpartition(".")[2]: one for one in found}


def test_every_service_that_functions_call_has_an_endpoint_and_no_other_has() -> None:
    assert called_services() == network.ENDPOINTS.keys() | network.GATEWAYS
    assert endpoints().keys() == {*network.ENDPOINTS.values(), *network.GATEWAYS}


def test_functions_call_nothing_but_aws() -> None:
    """What else they called would need a way to the internet, and the network has none."""
    clients = {
        "http.client",
        "httpx",
        "requests",
        "socket",
        "urllib.request",
        "urllib3",
        "smtplib",
        "aiohttp",
        "ftplib",
    }
    imported = set()
    for path in (APP / "chalicelib").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {name.name for name in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                imported |= {str(node.module), *(f"{node.module}.{name.name}" for name in node.names)}

    assert "boto3" in imported
    assert imported & clients == set()


def test_gateways_cost_nothing_and_interfaces_answer_by_the_services_own_names_in_both_zones() -> None:
    for name, endpoint in endpoints().items():
        if name in network.GATEWAYS:
            assert (endpoint["VpcEndpointType"], endpoint["RouteTableIds"]) == ("Gateway", [ref("Routes")])
        else:
            assert endpoint["VpcEndpointType"] == "Interface"
            assert endpoint["PrivateDnsEnabled"] is True
            assert endpoint["SubnetIds"] == [ref("FirstSubnet"), ref("SecondSubnet")]
            assert endpoint["SecurityGroupIds"] == [{"Fn::GetAtt": "EndpointsSecurityGroup.GroupId"}]


def test_endpoints_are_for_this_account_and_gateways_for_this_stages_tables_and_buckets() -> None:
    policies = {name: one["PolicyDocument"] for name, one in endpoints().items() if "PolicyDocument" in one}

    assert endpoints().keys() - policies.keys() == {"email", "cognito-idp", "cognito-identity", "apigateway"}
    for policy in policies.values():
        (statement,) = policy["Statement"]
        assert statement["Condition"] == {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}
    for service in network.GATEWAYS:
        (statement,) = policies[service]["Statement"]
        arns = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
        assert all("orderproc-${Stage}-" in arn["Fn::Sub"] for arn in arns)


def test_nothing_leads_to_the_internet() -> None:
    kinds = {one["Type"].rpartition(":")[2] for one in NETWORK["Resources"].values()}

    assert kinds == {
        *("VPC", "Subnet", "RouteTable", "SubnetRouteTableAssociation", "SecurityGroup", "VPCEndpoint"),
        *("NetworkAcl", "NetworkAclEntry", "SubnetNetworkAclAssociation"),
    }


def test_functions_may_call_endpoints_s3_and_dynamodb_by_tls_and_nothing_may_call_them() -> None:
    group = of_type(NETWORK, "AWS::EC2::SecurityGroup")["FunctionsSecurityGroup"]
    out = group["SecurityGroupEgress"]

    assert "SecurityGroupIngress" not in group
    assert {(rule["IpProtocol"], rule["FromPort"], rule["ToPort"]) for rule in out} == {("tcp", 443, 443)}
    assert [rule.get("CidrIp") or rule["DestinationPrefixListId"] for rule in out] == [
        ref("Cidr"),
        ref("S3PrefixList"),
        ref("DynamoDbPrefixList"),
    ]


def test_only_functions_may_call_the_endpoints_which_may_call_nothing() -> None:
    group = of_type(NETWORK, "AWS::EC2::SecurityGroup")["EndpointsSecurityGroup"]
    (enter,), (leave,) = group["SecurityGroupIngress"], group["SecurityGroupEgress"]

    assert enter["SourceSecurityGroupId"] == {"Fn::GetAtt": "FunctionsSecurityGroup.GroupId"}
    assert (enter["IpProtocol"], enter["FromPort"], enter["ToPort"]) == ("tcp", 443, 443)
    assert leave["CidrIp"] == "127.0.0.1/32"


def test_the_network_acl_lets_tls_and_its_answers_through() -> None:
    entries = of_type(NETWORK, "AWS::EC2::NetworkAclEntry").values()
    answers, anywhere = {"From": 1024, "To": 65535}, "0.0.0.0/0"

    assert {one["Protocol"] for one in entries} == {6}
    assert {one["RuleAction"] for one in entries} == {"allow"}
    assert [(one["Egress"], one["PortRange"], one["CidrBlock"]) for one in entries] == [
        (False, {"From": 443, "To": 443}, ref("Cidr")),
        (False, answers, anywhere),
        (True, {"From": 443, "To": 443}, anywhere),
        (True, answers, ref("Cidr")),
    ]
    assert len(of_type(NETWORK, "AWS::EC2::SubnetNetworkAclAssociation")) == 2


# The firewall


def rules() -> dict[str, dict[str, Any]]:
    return {rule["Name"]: rule for rule in of_type(FIREWALL, "AWS::WAFv2::WebACL")["Firewall"]["Rules"]}


def counted(name: str) -> set[str]:
    group = rules()[name]["Statement"]["ManagedRuleGroupStatement"]
    assert all(one["ActionToUse"] == {"Count": {}} for one in group.get("RuleActionOverrides", ()))
    return {one["Name"] for one in group.get("RuleActionOverrides", ())}


def test_what_the_api_takes_is_counted_and_not_blocked() -> None:
    """A body may have 256 KB here, and 8 KB for the rule; partners' programs run at hosting providers."""
    from chalicelib.kit.validation import MAX_BYTES

    assert MAX_BYTES > 8 * 1024
    assert counted("common") == {
        *("SizeRestrictions_BODY", "NoUserAgent_HEADER"),
        *("CrossSiteScripting_BODY", "GenericRFI_BODY", "GenericLFI_BODY"),
    }
    assert counted("anonymous-address") == {"HostingProviderIPList"}
    assert counted("ip-reputation") == counted("known-bad-inputs") == set()


@pytest.mark.parametrize(("chosen", "action"), [(False, {"Count": {}}), (True, {"None": {}})])
def test_anonymous_addresses_are_counted_unless_the_deployer_blocks_them(chosen: bool, action: Any) -> None:
    assert resolved(rules()["anonymous-address"]["OverrideAction"], BlocksAnonymous=chosen) == action


def test_an_address_has_a_rate_and_one_with_a_key_what_its_plan_allows() -> None:
    without, with_key = (
        rules()[name]["Statement"]["RateBasedStatement"] for name in ("rate-per-address", "rate-per-address-with-key")
    )
    plan = of_type(ALL["api"], "AWS::ApiGateway::UsagePlan")["PartnerPlan"]["Throttle"]["RateLimit"]

    assert (without["Limit"], without["AggregateKeyType"], without["EvaluationWindowSec"]) == (ref("Rate"), "IP", 300)
    assert with_key["Limit"] == plan * with_key["EvaluationWindowSec"]
    has_key = with_key["ScopeDownStatement"]
    assert has_key["SizeConstraintStatement"]["FieldToMatch"] == {"SingleHeader": {"Name": "x-api-key"}}
    assert without["ScopeDownStatement"] == {"NotStatement": {"Statement": has_key}}


def test_rules_have_priorities_of_their_own_and_fit_into_a_web_acl() -> None:
    """https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html has the units."""
    units = {"ip-reputation": 25, "anonymous-address": 50, "known-bad-inputs": 200, "common": 700}

    assert [rule["Priority"] for rule in rules().values()] == list(range(len(rules())))
    assert sum(units.get(name, 10) for name in rules()) <= 1500


def test_the_firewalls_log_has_no_key_token_or_address_with_one() -> None:
    (log,) = of_type(FIREWALL, "AWS::WAFv2::LoggingConfiguration").values()

    hidden = {name.get("SingleHeader", {}).get("Name") or next(iter(name)) for name in log["RedactedFields"]}
    assert hidden == {"authorization", "x-api-key", "cookie", "QueryString", "UriPath"}
    assert log["LoggingFilter"]["DefaultBehavior"] == "DROP"


# The key


def statements_of_key() -> dict[str, dict[str, Any]]:
    policy = of_type(KEYS, "AWS::KMS::Key")["DataKey"]["KeyPolicy"]
    return {statement["Sid"]: statement for statement in policy["Statement"]}


def test_the_key_is_for_every_functions_role_through_services_and_for_no_other() -> None:
    statement = statements_of_key()["FunctionsThroughServices"]
    roles = {arn["Fn::Sub"].rpartition("role/")[2] for arn in statement["Condition"]["ArnEquals"]["aws:PrincipalArn"]}

    assert roles == {f"orderproc-${{Stage}}-{name}" for name in permissions.FUNCTIONS}
    assert statement["Condition"]["StringEquals"]["kms:CallerAccount"] == ACCOUNT
    through = {one["Fn::Sub"].partition(".")[0] for one in statement["Condition"]["StringEquals"]["kms:ViaService"]}
    assert through == {"dynamodb", "s3", "secretsmanager", "sns", "sqs", "states"}


def test_whoever_is_not_named_in_a_principal_is_named_in_a_condition() -> None:
    anyone = [one for one in statements_of_key().values() if one["Principal"] == {"AWS": "*"}]

    assert len(anyone) == 3
    for statement in anyone:
        assert statement["Condition"]["StringEquals"]["kms:CallerAccount"] == ACCOUNT
        assert statement["Condition"]["ArnEquals"]["aws:PrincipalArn"]
        assert "kms:*" not in statement["Action"]


def test_the_state_machines_of_both_types_may_use_the_key() -> None:
    condition = statements_of_key()["StateMachines"]["Condition"]
    names = ALL["workflow"]["Mappings"]["Names"].values()
    machines = [
        arn["Fn::Sub"].rpartition(":")[2]
        for arn in condition["StringEquals"]["kms:EncryptionContext:aws:states:stateMachineArn"]
    ]
    roles = [arn["Fn::Sub"].rpartition("/")[2] for arn in condition["ArnEquals"]["aws:PrincipalArn"]]

    logging = statements_of_key()["LogsOfStateMachines"]["Condition"]["ArnEquals"]
    assert logging == condition["ArnEquals"]
    assert machines == [f"orderproc-${{Stage}}-{name['Machine']}" for name in names]
    assert roles == [f"orderproc-${{Stage}}-{name['Role']}" for name in names]


def test_services_that_send_to_encrypted_queues_and_topics_may_use_the_key() -> None:
    let_in = {
        one["Principal"]["Service"]: set(one["Action"])
        for one in statements_of_key().values()
        if isinstance(one["Principal"].get("Service"), str) and isinstance(one["Action"], list)
    }

    assert let_in.keys() == {
        *("events.amazonaws.com", "sns.amazonaws.com", "cloudwatch.amazonaws.com", "delivery.logs.amazonaws.com"),
    }
    for actions in let_in.values():
        assert actions <= {"kms:Decrypt", "kms:GenerateDataKey", "kms:GenerateDataKey*"}
        assert len(actions) == 2


def test_eventbridge_may_encrypt_for_just_the_queues_that_its_rules_send_to() -> None:
    condition = statements_of_key()["RulesOfEventBridge"]["Condition"]["ArnEquals"]
    allowed = {arn["Fn::Sub"].rpartition(":")[2] for arn in condition["kms:EncryptionContext:aws:sqs:arn"]}
    queues = of_type(ALL["resources"], "AWS::SQS::Queue")
    targets = [rule["Targets"][0] for rule in of_type(ALL["resources"], "AWS::Events::Rule").values()]
    sent_to = [one for target in targets for one in (target["Arn"], target["DeadLetterConfig"]["Arn"])]

    assert allowed == {queues[one["Fn::GetAtt"].partition(".")[0]]["QueueName"]["Fn::Sub"] for one in sent_to}


def test_a_key_can_be_brought_back_for_30_days_and_is_rotated() -> None:
    key = of_type(KEYS, "AWS::KMS::Key")["DataKey"]

    assert (key["PendingWindowInDays"], key["EnableKeyRotation"]) == (30, True)


KEY_OF = {
    "AWS::DynamoDB::Table": ("SSESpecification", "KMSMasterKeyId"),
    "AWS::SQS::Queue": ("KmsMasterKeyId",),
    "AWS::SNS::Topic": ("KmsMasterKeyId",),
    "AWS::SecretsManager::Secret": ("KmsKeyId",),
    "AWS::Logs::LogGroup": ("KmsKeyId",),
    "AWS::StepFunctions::StateMachine": ("EncryptionConfiguration", "KmsKeyId"),
    "AWS::S3::Bucket": ("BucketEncryption",),
}
SITE = "SiteBucket"
"""Its pages and pictures are public."""


def test_the_key_encrypts_everything_that_has_data() -> None:
    seen = set()
    for template in ALL.values():
        for name, resource in template["Resources"].items():
            if resource["Type"] not in KEY_OF or name == SITE:
                continue
            found = resolved(resource["Properties"], HasKey=True)
            for part in KEY_OF[resource["Type"]]:
                found = found[part]
            assert json.dumps(ref("KeyArn")) in json.dumps(found), name
            seen.add(resource["Type"])

    assert seen == KEY_OF.keys()


def test_a_queue_has_one_way_of_encryption_and_a_bucket_few_calls_to_kms() -> None:
    resources = resolved(ALL["resources"], HasKey=True)

    assert {one["SqsManagedSseEnabled"] for one in of_type(resources, "AWS::SQS::Queue").values()} == {False}
    for bucket in of_type(resources, "AWS::S3::Bucket").values():
        (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert rule["BucketKeyEnabled"] is True
        assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
