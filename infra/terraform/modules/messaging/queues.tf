locals {
  # Each visibility timeout is six times its function's timeout, as AWS recommends for Lambda. The consumer sets the
  # visibility of a failed message, and knows from MAX_RECEIVES which receive is the last.
  queues = {
    orders        = 360
    notifications = 360
    # The workflow `events`: each step has a queue, and a rule that sends its event there.
    inventory = 360
    payment   = 360
    shipping  = 360
    # A file is split into messages of many rows each.
    imports = 720
    # A message has a function go on with an export.
    exports = 1800
  }

  # Lambda sends here what a function gave up on that S3 or a stream invokes, without a queue. No queue redrives to it.
  failures = toset(["mail", "import-files", "metrics", "search"])

  arn_prefix = "arn:${var.partition}:sqs:${var.region}:${var.account_id}:orderproc-${var.stage}"
  arns = merge(
    { for name, queue in aws_sqs_queue.this : name => queue.arn },
    { for name, queue in aws_sqs_queue.dead_letters : "${name}-dlq" => queue.arn },
    { for name, queue in aws_sqs_queue.failures : "${name}-dlq" => queue.arn },
  )
  urls = merge(
    { for name, queue in aws_sqs_queue.this : name => queue.id },
    { for name, queue in aws_sqs_queue.dead_letters : "${name}-dlq" => queue.id },
    { for name, queue in aws_sqs_queue.failures : "${name}-dlq" => queue.id },
  )
}

resource "aws_sqs_queue" "this" {
  for_each = local.queues

  name                       = "orderproc-${var.stage}-${each.key}"
  sqs_managed_sse_enabled    = var.key_arn == null ? true : null
  kms_master_key_id          = var.key_arn
  max_message_size           = 1048576
  visibility_timeout_seconds = each.value
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letters[each.key].arn
    maxReceiveCount     = var.max_receives
  })
}

resource "aws_sqs_queue" "dead_letters" {
  for_each = local.queues

  name                      = "orderproc-${var.stage}-${each.key}-dlq"
  sqs_managed_sse_enabled   = var.key_arn == null ? true : null
  kms_master_key_id         = var.key_arn
  max_message_size          = 1048576
  message_retention_seconds = 1209600
  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = ["${local.arn_prefix}-${each.key}"]
  })
}

resource "aws_sqs_queue" "failures" {
  for_each = local.failures

  name                      = "orderproc-${var.stage}-${each.key}-dlq"
  sqs_managed_sse_enabled   = var.key_arn == null ? true : null
  kms_master_key_id         = var.key_arn
  max_message_size          = 1048576
  message_retention_seconds = 1209600
  redrive_allow_policy      = jsonencode({ redrivePermission = "denyAll" })
}
