"""Queues, their dead letters, the topic and the rules: encrypted, TLS only, each queue open to one sender at most.

Policies between services are asserted here because the local cloud does not enforce them."""

import pytest
from chalicelib.kit.config import Settings
from chalicelib.kit.sqs_batch import Queue

from tests.packaging.cloudformation import Template, arn, of_type, ref, resolved, resources, statements, tls_denials

WORKED_QUEUES = {
    f"{name}Queue": f"{name}Dlq"
    for name in ("Orders", "Notifications", "Inventory", "Payment", "Shipping", "Imports", "Exports")
}
DEAD_LETTERS = {*WORKED_QUEUES.values(), "MailDlq", "ImportFilesDlq", "MetricsDlq", "SearchDlq"}
RULES = {"Inventory": "OrderCreatedRule", "Payment": "InventoryReservedRule", "Shipping": "PaymentCapturedRule"}


def test_every_queue_is_encrypted(template: Template) -> None:
    queues = resolved(of_type(template, "AWS::SQS::Queue"), HasKey=False)

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
        ("ExportsQueue", "write_export"),
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

    topics = resolved(of_type(template, "AWS::SNS::Topic"), HasKey=False)
    assert topics["OrdersTopic"]["KmsMasterKeyId"] == "alias/aws/sns"
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
