resource "aws_sns_topic" "orders" {
  name              = "orderproc-${var.stage}-orders"
  kms_master_key_id = var.key_arn == null ? "alias/aws/sns" : var.key_arn
}

resource "aws_sns_topic_policy" "orders" {
  arn = aws_sns_topic.orders.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "TlsOnly"
      Effect    = "Deny"
      Principal = "*"
      Action    = "sns:Publish"
      Resource  = aws_sns_topic.orders.arn
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

# Only events that trigger a receipt, a mail or an SMS reach the notifications queue. Filtering by attributes is free; the
# body has the same values.
resource "aws_sns_topic_subscription" "notifications" {
  topic_arn            = aws_sns_topic.orders.arn
  protocol             = "sqs"
  endpoint             = local.arns["notifications"]
  raw_message_delivery = true
  filter_policy_scope  = "MessageAttributes"
  filter_policy = jsonencode({
    "$or" = [
      { eventType = ["OrderCompleted", "OrderFailed", "OrderCancelled", "OrderRefunded"] },
      { eventType = ["OrderShipped", "ShipmentDelivered", "ShipmentLost"] },
      { eventType = ["OrderPlaced"], hasPhoneNumber = ["true"] },
      # An order that staff will ship gets its receipt when it is paid; the state machine writes its own.
      { eventType = ["PaymentCaptured"], fulfilment = ["manual"], workflow = ["queue", "events"] },
    ]
  })
}

# Alarms notify this topic. Encrypted only with a key of the stage's own: CloudWatch can't publish with AWS's key for SNS,
# and alarms contain only names and numbers. Its policy is in the module monitoring.
resource "aws_sns_topic" "alarms" {
  name              = "orderproc-${var.stage}-alarms"
  kms_master_key_id = var.key_arn
}
