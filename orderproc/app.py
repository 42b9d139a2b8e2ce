"""Every trigger of orderproc: REST routes, queues, buckets, schedules, the state machine's steps. What each does is in
its area of `chalicelib/`."""

from __future__ import annotations

import gc
from contextlib import ExitStack

# What is being imported is no garbage, and looking for some in it takes a seventh of a cold start (bench.cold_import).
gc.disable()

from chalice.app import Chalice, CloudWatchEvent, DynamoDBEvent, Rate, S3Event, SQSEvent
from chalicelib import bootstrap
from chalicelib.api import catalogue, chatbot, checkout, feedback, guest, me, meta, orders, webhooks
from chalicelib.api.shared import completion, http
from chalicelib.api.staff import (
    access,
    customers,
    dead_letters,
    exports,
    history,
    images,
    imports,
    metrics,
    partners,
    reconciliation,
)
from chalicelib.api.staff import orders as admin
from chalicelib.consumers import state_machine as step
from chalicelib.consumers.state_machine import StepEvent, StepResult
from chalicelib.kit import config
from chalicelib.kit import sqs_batch as batch
from chalicelib.kit.observability import telemetry

gc.freeze()  # nor will it ever be
gc.enable()

names = config.names()
# The REST API's name, and so a dimension of its metrics: stages in one account must not share it.
app = Chalice(app_name=names.app)

app.register_middleware(telemetry.measured, "all")
http.own_problems(app)
app.register_blueprint(orders.bp)
app.register_blueprint(catalogue.bp)
app.register_blueprint(images.bp)
app.register_blueprint(checkout.bp)
app.register_blueprint(guest.bp)
app.register_blueprint(me.bp)
app.register_blueprint(feedback.bp)
app.register_blueprint(access.bp)
app.register_blueprint(partners.bp)
app.register_blueprint(admin.bp)
app.register_blueprint(history.bp)
app.register_blueprint(reconciliation.bp)
app.register_blueprint(customers.bp)
app.register_blueprint(dead_letters.bp)
app.register_blueprint(metrics.bp)
app.register_blueprint(imports.bp)
app.register_blueprint(exports.bp)
app.register_blueprint(chatbot.bp)
app.register_blueprint(webhooks.bp)
app.register_blueprint(meta.bp)
completion.complete(app)


@app.on_sqs_message(queue=names.order_queue, batch_size=10)
def process_orders(event: SQSEvent) -> None:
    """Take each newly accepted order through all its steps: the `queue` workflow."""
    services = bootstrap.services()
    batch.process_batch(
        event,
        services.queues.of("orders"),
        lambda message: services.workflow.steps.run_all(message.text("orderId"), message.last_try, message.again),
    )


@app.on_sqs_message(queue=names.notifications_queue, batch_size=10)
def notify(event: SQSEvent) -> None:
    """Tell the customer what happened to the order, and write its receipt."""
    services = bootstrap.services()
    batch.process_batch(
        event,
        services.queues.of("notifications"),
        lambda message: services.customers.notifications.on_event(message.body),
    )


# The workflow `events`: a queue for each step, which rules of the bus fill (infra/cloudformation/resources.yaml).


@app.on_sqs_message(queue=names.inventory_queue, batch_size=10, maximum_concurrency=10)
def inventory_worker(event: SQSEvent) -> None:
    """Accept orders that others put on the bus, and set their units aside."""
    services = bootstrap.services()
    batch.process_batch(
        event, services.queues.of("inventory"), lambda m: services.workflow.event_steps.take_stock(m.body, m.again)
    )


@app.on_sqs_message(queue=names.payment_queue, batch_size=10, maximum_concurrency=10)
def payment_worker(event: SQSEvent) -> None:
    """Take the money of orders whose units were set aside."""
    services = bootstrap.services()
    steps = services.workflow.event_steps
    batch.process_batch(event, services.queues.of("payment"), lambda m: steps.take_payment(m.body, m.last_try, m.again))


@app.on_sqs_message(queue=names.shipping_queue, batch_size=10, maximum_concurrency=10)
def shipping_worker(event: SQSEvent) -> None:
    """Make paid orders ready for shipping."""
    services = bootstrap.services()
    batch.process_batch(
        event, services.queues.of("shipping"), lambda m: services.workflow.event_steps.make_ready(m.body, m.again)
    )


# Files of orders and products: cut into messages of many rows, which workers place.


@app.on_s3_event(bucket=names.imports_bucket, events=["s3:ObjectCreated:*"], prefix="orders/")
def import_orders(event: S3Event) -> None:
    """Cut a file of orders into messages."""
    batch.each_record(event, bootstrap.services().imports.file, bootstrap.may_pass)


@app.on_s3_event(bucket=names.imports_bucket, events=["s3:ObjectCreated:*"], prefix="products/")
def import_products(event: S3Event) -> None:
    """Cut a file of products into messages."""
    batch.each_record(event, bootstrap.services().imports.file, bootstrap.may_pass)


@app.on_sqs_message(queue=names.imports_queue, batch_size=5, maximum_concurrency=5)
def import_rows(event: SQSEvent) -> None:
    """Place the orders, or store the products, of some rows of a file."""
    services = bootstrap.services()
    batch.process_batch(
        event, services.queues.of("imports"), lambda m: services.imports.rows(m.body, seconds_left=m.seconds_left)
    )


# Files of orders that staff ask for. One message is work for as long as the function may run.


@app.on_sqs_message(queue=names.exports_queue, batch_size=1, maximum_concurrency=2)
def write_export(event: SQSEvent) -> None:
    """Write the file of an export, or as much of it as there is time for."""
    services = bootstrap.services()
    batch.process_batch(
        event,
        services.queues.of("exports"),
        lambda m: services.exports.write(m.text("exportId"), last_try=m.last_try, seconds_left=m.seconds_left),
    )


# Not of copies: an operator puts an earlier version back by a copy, which is no news for the customer.
@app.on_s3_event(bucket=names.documents_bucket, events=["s3:ObjectCreated:Put"], prefix="receipts/", suffix=".pdf")
def mail_receipt(event: S3Event) -> None:
    """Mail the confirmation with each receipt that arrives in the documents bucket."""
    on_receipt = bootstrap.services().customers.notifications.on_receipt
    batch.each_record(event, lambda r: on_receipt(batch.key_of(r), r.get("askedAt")), bootstrap.may_pass)


@app.schedule(Rate(1, unit=Rate.MINUTES))
def housekeeper(_event: CloudWatchEvent) -> None:
    """Finish orders, imports and exports that a crash or an error left unfinished, and end keys whose time has come."""
    services = bootstrap.services()
    with ExitStack() as all_of_it:  # an error in one does not keep the others from running
        all_of_it.callback(services.access.end_keys)
        all_of_it.callback(services.exports.resume)
        all_of_it.callback(services.imports.ends)
        services.workflow.housekeeper()


@app.schedule(Rate(2, unit=Rate.MINUTES))
def redrive(_event: CloudWatchEvent) -> None:
    """Redrive dead letters whose cause has passed."""
    bootstrap.services().operations.redrive_what_passed()


@app.schedule(Rate(1, unit=Rate.HOURS))
def reconciler(_event: CloudWatchEvent) -> None:
    """Find discrepancies in payments, stock and receipts."""
    bootstrap.services().operations.reconciliation()


# Insight: the orders table's stream is counted by the hour, and jobs publish what the counters say.


@app.on_dynamodb_record(
    names.orders_stream, batch_size=1000, starting_position="TRIM_HORIZON", maximum_batching_window_in_seconds=60
)
def count_orders(event: DynamoDBEvent) -> None:
    """Count what became of each order, in the hour it became so."""
    bootstrap.services().reporting.count_orders(event.to_dict()["Records"])


@app.on_dynamodb_record(
    names.orders_stream, batch_size=100, starting_position="TRIM_HORIZON", maximum_batching_window_in_seconds=1
)
def index_orders(event: DynamoDBEvent) -> None:
    """Keep the index by which staff find orders."""
    bootstrap.services().search.index_records(event.to_dict()["Records"])


@app.schedule(Rate(1, unit=Rate.MINUTES))
def publish_metrics(_event: CloudWatchEvent) -> None:
    """Add the counters up by the hour, and tell CloudWatch what the shop did."""
    bootstrap.services().reporting.publish()


@app.schedule(Rate(1, unit=Rate.HOURS))
def hourly_metrics(_event: CloudWatchEvent) -> None:
    """What is low in stock, which carts were left behind, and whether orders are missing."""
    bootstrap.services().reporting.publish_hourly()


# The steps of the state machine (infra/cloudformation/order_workflow.asl.json), one function each.


@app.lambda_function(name="validate_order")
def validate_order(event: StepEvent, _context: object) -> StepResult:
    """Products and prices are as the catalogue says."""
    return step.run(event, bootstrap.services().workflow.single_steps.validate)


@app.lambda_function(name="save_order")
def save_order(event: StepEvent, _context: object) -> StepResult:
    """The order is stored as ready for the inventory."""
    return step.run(event, bootstrap.services().workflow.single_steps.save)


@app.lambda_function(name="reserve_inventory")
def reserve_inventory(event: StepEvent, _context: object) -> StepResult:
    """The units are set aside, or the order is out of stock."""
    return step.run(event, bootstrap.services().workflow.single_steps.reserve)


@app.lambda_function(name="process_payment")
def process_payment(event: StepEvent, _context: object) -> StepResult:
    """The money is captured, or declined."""
    return step.run(event, bootstrap.services().workflow.single_steps.charge)


@app.lambda_function(name="update_inventory")
def update_inventory(event: StepEvent, _context: object) -> StepResult:
    """Commit the units: they are sold."""
    return step.run(event, bootstrap.services().workflow.single_steps.commit)


@app.lambda_function(name="confirm_order")
def confirm_order(event: StepEvent, _context: object) -> StepResult:
    """It is paid, and staff will ship it."""
    return step.run(event, bootstrap.services().workflow.single_steps.confirm)


@app.lambda_function(name="fulfil_order")
def fulfil_order(event: StepEvent, _context: object) -> StepResult:
    """It is paid, and being packed."""
    return step.run(event, bootstrap.services().workflow.single_steps.fulfil)


@app.lambda_function(name="complete_order")
def complete_order(event: StepEvent, _context: object) -> StepResult:
    """It is ready for shipping."""
    return step.run(event, bootstrap.services().workflow.single_steps.complete)


@app.lambda_function(name="send_notification")
def send_notification(event: StepEvent, _context: object) -> StepResult:
    """Publish the events of an order that ended."""
    return step.run(event, bootstrap.services().workflow.single_steps.notify)


@app.lambda_function(name="generate_receipt")
def generate_receipt(event: StepEvent, _context: object) -> StepResult:
    """The receipt is written."""
    return step.run(event, bootstrap.services().workflow.single_steps.issue_receipt)


@app.lambda_function(name="release_inventory")
def release_inventory(event: StepEvent, _context: object) -> StepResult:
    """Compensation: release the units."""
    return step.run(event, lambda order_id: bootstrap.services().workflow.single_steps.release(order_id, event))


@app.lambda_function(name="refund_payment")
def refund_payment(event: StepEvent, _context: object) -> StepResult:
    """Compensation: refund the payment."""
    return step.run(event, bootstrap.services().workflow.single_steps.refund)


@app.lambda_function(name="fail_order")
def fail_order(event: StepEvent, _context: object) -> StepResult:
    """The end of an order that could not be fulfilled."""
    return step.run(event, lambda order_id: bootstrap.services().workflow.single_steps.fail(order_id, event))


@app.lambda_function(name="needs_attention")
def needs_attention(event: StepEvent, _context: object) -> StepResult:
    """Staff must act: a compensation failed, or the customer could not be notified."""
    return step.run(event, lambda order_id: bootstrap.services().workflow.single_steps.needs_attention(order_id, event))
