# A state machine for each type that the stage has had: AWS can't change a machine's type. New executions start in the one
# in use; running ones finish where they began. One that is not in use costs nothing.
locals {
  names = {
    STANDARD = { machine = "orders", role = "order-state-machine" }
    EXPRESS  = { machine = "orders-express", role = "express-state-machine" }
  }
  machines = { for type in setunion([var.workflow_type], var.kept_workflow_types) : type => local.names[type] }

  # Named after the functions that are made afterwards: a machine may be defined before its functions exist.
  function_prefix = "arn:${var.partition}:lambda:${var.region}:${var.account_id}:function:orderproc-${var.stage}"
  steps = {
    ValidateOrder    = "validate_order"
    SaveOrder        = "save_order"
    ReserveInventory = "reserve_inventory"
    ProcessPayment   = "process_payment"
    UpdateInventory  = "update_inventory"
    ConfirmOrder     = "confirm_order"
    FulfilOrder      = "fulfil_order"
    CompleteOrder    = "complete_order"
    SendNotification = "send_notification"
    GenerateReceipt  = "generate_receipt"
    ReleaseInventory = "release_inventory"
    RefundPayment    = "refund_payment"
    FailOrder        = "fail_order"
    NeedsAttention   = "needs_attention"
  }
  functions = { for state, function in local.steps : state => "${local.function_prefix}-${function}" }
  # Without the blanks: AWS counts them.
  definition = jsonencode(jsondecode(templatefile(var.definition_file, local.functions)))
}

resource "aws_sfn_state_machine" "this" {
  #checkov:skip=CKV_AWS_285:Execution data would put customers' names and addresses into the logs; STANDARD keeps each history itself
  for_each = local.machines
  # Step Functions checks the role when the machine is made.
  depends_on = [aws_iam_role_policy.steps]

  name       = "orderproc-${var.stage}-${each.value.machine}"
  type       = each.key
  role_arn   = aws_iam_role.this[each.key].arn
  definition = local.definition

  tracing_configuration {
    enabled = var.tracing
  }

  # A new data key every five minutes. Said without a key, too, since the provider would leave a machine the one it had.
  encryption_configuration {
    type                              = var.key_arn == null ? "AWS_OWNED_KEY" : "CUSTOMER_MANAGED_KMS_KEY"
    kms_key_id                        = var.key_arn
    kms_data_key_reuse_period_seconds = var.key_arn == null ? null : 300
  }

  logging_configuration {
    level                  = "ERROR"
    include_execution_data = false
    log_destination        = "${aws_cloudwatch_log_group.this[each.key].arn}:*"
  }
}

resource "aws_cloudwatch_log_group" "this" {
  for_each = local.machines

  name              = "/aws/vendedlogs/states/orderproc-${var.stage}-${each.value.machine}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.key_arn
}

resource "aws_iam_role" "this" {
  for_each = local.machines

  name = "orderproc-${var.stage}-${each.value.role}"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "states.amazonaws.com" }
      Action    = "sts:AssumeRole"
      # For this machine only: another one must not be given the role, nor one of another account use it.
      Condition = {
        StringEquals = { "aws:SourceAccount" = var.account_id }
        ArnEquals = {
          "aws:SourceArn" = "arn:${var.partition}:states:${var.region}:${var.account_id}:stateMachine:orderproc-${var.stage}-${each.value.machine}"
        }
      }
    }]
  })
}

resource "aws_iam_role_policy" "steps" {
  for_each = local.machines

  name = "steps"
  role = aws_iam_role.this[each.key].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "lambda:InvokeFunction"
        Resource = values(local.functions)
      },
      # AWS has no narrower resource for these: they set up the delivery of logs, and send traces.
      {
        Effect = "Allow"
        Action = [
          "logs:CreateLogDelivery",
          "logs:GetLogDelivery",
          "logs:UpdateLogDelivery",
          "logs:DeleteLogDelivery",
          "logs:ListLogDeliveries",
          "logs:PutResourcePolicy",
          "logs:DescribeResourcePolicies",
          "logs:DescribeLogGroups",
          "xray:PutTraceSegments",
          "xray:PutTelemetryRecords",
          "xray:GetSamplingRules",
          "xray:GetSamplingTargets",
        ]
        Resource = "*"
      },
    ]
  })
}
