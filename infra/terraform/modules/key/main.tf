# The stage's own key. Its policy says who may use it, so that no role needs a permission of its own.
locals {
  # Of the functions that read or write what is encrypted.
  functions = [
    "api_handler", "process_orders", "inventory_worker", "payment_worker", "shipping_worker", "validate_order",
    "save_order", "reserve_inventory", "release_inventory", "process_payment", "refund_payment", "update_inventory",
    "confirm_order", "fulfil_order", "generate_receipt", "send_notification", "complete_order", "fail_order",
    "needs_attention", "notify", "mail_receipt", "import_orders", "import_products", "import_rows", "write_export",
    "count_orders", "index_orders", "publish_metrics", "hourly_metrics", "housekeeper", "reconciler", "redrive",
  ]
  roles    = "arn:${var.partition}:iam::${var.account_id}:role/orderproc-${var.stage}"
  machines = ["${local.roles}-order-state-machine", "${local.roles}-express-state-machine"]
  things   = "${var.region}:${var.account_id}"
}

# Destroying the stage deletes the key after 30 days: until then `aws kms cancel-key-deletion` brings it back, and with it
# DynamoDB's backups of the deleted tables. A key that waits for its deletion costs nothing. A protected stage is not
# destroyed: its tables refuse.
resource "aws_kms_key" "data" {
  description             = "orderproc-${var.stage}"
  enable_key_rotation     = true
  deletion_window_in_days = 30

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # Without it a wrong change of this policy could never be put right. IAM decides who of the account may.
      {
        Sid       = "AccountAdministers"
        Effect    = "Allow"
        Principal = { AWS = "arn:${var.partition}:iam::${var.account_id}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      # KMS refuses principals that are not there, and the roles are made later: hence the condition. Through these
      # services only; which tables, queues and objects, the roles' own policies say.
      {
        Sid       = "FunctionsThroughServices"
        Effect    = "Allow"
        Principal = { AWS = "*" }
        Action    = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
        Resource  = "*"
        Condition = {
          StringEquals = {
            "kms:CallerAccount" = var.account_id
            "kms:ViaService" = [
              for service in ["dynamodb", "s3", "secretsmanager", "sns", "sqs", "states"] : "${service}.${var.region}.amazonaws.com"
            ]
          }
          ArnEquals = { "aws:PrincipalArn" = [for name in local.functions : "${local.roles}-${name}"] }
        }
      },
      # https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
      {
        Sid       = "StateMachines"
        Effect    = "Allow"
        Principal = { AWS = "*" }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = "*"
        Condition = {
          StringEquals = {
            "kms:CallerAccount" = var.account_id
            "kms:EncryptionContext:aws:states:stateMachineArn" = [
              for name in ["orders", "orders-express"] :
              "arn:${var.partition}:states:${local.things}:stateMachine:orderproc-${var.stage}-${name}"
            ]
          }
          ArnEquals = { "aws:PrincipalArn" = local.machines }
        }
      },
      # What an encrypted machine logs is encrypted on its way, too: by the machine, then read by the service that delivers
      # it.
      {
        Sid       = "LogsOfStateMachines"
        Effect    = "Allow"
        Principal = { AWS = "*" }
        Action    = "kms:GenerateDataKey"
        Resource  = "*"
        Condition = {
          StringEquals = {
            "kms:CallerAccount"               = var.account_id
            "kms:EncryptionContext:SourceArn" = "arn:${var.partition}:logs:${local.things}:*"
          }
          ArnEquals = { "aws:PrincipalArn" = local.machines }
        }
      },
      {
        Sid       = "DeliveryOfLogs"
        Effect    = "Allow"
        Principal = { Service = "delivery.logs.amazonaws.com" }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = "*"
        Condition = {
          StringEquals = { "kms:EncryptionContext:SourceArn" = "arn:${var.partition}:logs:${local.things}:*" }
        }
      },
      {
        Sid       = "LogGroups"
        Effect    = "Allow"
        Principal = { Service = "logs.${var.region}.amazonaws.com" }
        Action    = ["kms:Decrypt*", "kms:Describe*", "kms:Encrypt*", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
        Resource  = "*"
        Condition = {
          ArnLike = {
            "kms:EncryptionContext:aws:logs:arn" = [
              "arn:${var.partition}:logs:${local.things}:log-group:*/orderproc-${var.stage}",
              "arn:${var.partition}:logs:${local.things}:log-group:*orderproc-${var.stage}-*",
            ]
          }
        }
      },
      # From the topic of events to the notifications queue.
      {
        Sid       = "EventsTopic"
        Effect    = "Allow"
        Principal = { Service = "sns.amazonaws.com" }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = "*"
        Condition = {
          ArnEquals = { "aws:SourceArn" = "arn:${var.partition}:sns:${local.things}:orderproc-${var.stage}-orders" }
        }
      },
      {
        Sid       = "Alarms"
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey*"]
        Resource  = "*"
        Condition = {
          StringEquals = { "aws:SourceAccount" = var.account_id }
          ArnLike      = { "aws:SourceArn" = "arn:${var.partition}:cloudwatch:${local.things}:alarm:orderproc-${var.stage}-*" }
        }
      },
      # EventBridge's requests to KMS name neither account nor rule, but SQS says for which queue: which rules may send to
      # it, the queue's policy says. The other of each is its dead-letter queue.
      {
        Sid       = "RulesOfEventBridge"
        Effect    = "Allow"
        Principal = { Service = "events.amazonaws.com" }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = "*"
        Condition = {
          ArnEquals = {
            "kms:EncryptionContext:aws:sqs:arn" = [
              for queue in ["inventory", "inventory-dlq", "payment", "payment-dlq", "shipping", "shipping-dlq"] :
              "arn:${var.partition}:sqs:${local.things}:orderproc-${var.stage}-${queue}"
            ]
          }
        }
      },
    ]
  })
}

resource "aws_kms_alias" "data" {
  name          = "alias/orderproc-${var.stage}"
  target_key_id = aws_kms_key.data.key_id
}
