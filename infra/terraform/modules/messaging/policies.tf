locals {
  # The queues that only functions send to, which have permissions of their own. All of them share one policy.
  plain_queues = [
    "orders", "orders-dlq", "notifications-dlq", "mail-dlq", "imports", "imports-dlq", "import-files-dlq", "exports",
    "exports-dlq", "metrics-dlq", "search-dlq",
  ]
  plain_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "TlsOnly"
      Effect    = "Deny"
      Principal = "*"
      Action    = "sqs:*"
      Resource  = [for name in local.plain_queues : local.arns[name]]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

resource "aws_sqs_queue_policy" "plain" {
  for_each = toset(local.plain_queues)

  queue_url = local.urls[each.key]
  policy    = local.plain_policy
}

resource "aws_sqs_queue_policy" "notifications" {
  queue_url = local.urls["notifications"]
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OnlyFromTheOrdersTopic"
        Effect    = "Allow"
        Principal = { Service = "sns.amazonaws.com" }
        Action    = "sqs:SendMessage"
        Resource  = local.arns["notifications"]
        Condition = { ArnEquals = { "aws:SourceArn" = aws_sns_topic.orders.arn } }
      },
      {
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = local.arns["notifications"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}

# Of the queues of the workflow `events`, and of their dead letters, which the rule sends what it could not deliver.
resource "aws_sqs_queue_policy" "steps" {
  for_each = merge([for queue in keys(local.rules) : { (queue) = queue, "${queue}-dlq" = queue }]...)

  queue_url = local.urls[each.key]
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OnlyFromItsRule"
        Effect    = "Allow"
        Principal = { Service = "events.amazonaws.com" }
        Action    = "sqs:SendMessage"
        Resource  = [local.arns[each.value], local.arns["${each.value}-dlq"]]
        Condition = { ArnEquals = { "aws:SourceArn" = aws_cloudwatch_event_rule.this[each.value].arn } }
      },
      {
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = [local.arns[each.value], local.arns["${each.value}-dlq"]]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}
