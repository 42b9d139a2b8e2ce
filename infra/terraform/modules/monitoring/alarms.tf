locals {
  alarms = yamldecode(templatefile("${path.module}/alarms.yaml", { stage = var.stage }))
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name        = "orderproc-${var.stage}-${each.key}"
  alarm_description = "${each.value.description} See ${var.runbook_url}/${each.key}.md."
  namespace         = try(each.value.metric.namespace, null)
  metric_name       = try(each.value.metric.name, null)
  # Not in the file itself: until there is a machine, Terraform would not know which alarms there are.
  dimensions = !can(each.value.metric) ? null : {
    for name, value in each.value.metric.dimensions : name => name == "StateMachineArn" ? var.state_machine_arn : value
  }
  statistic           = try(each.value.statistic, null)
  extended_statistic  = try(each.value.extended_statistic, null)
  period              = try(each.value.period, null)
  evaluation_periods  = try(each.value.periods, 1)
  threshold           = each.value.threshold
  comparison_operator = try(each.value.operator, "GreaterThanOrEqualToThreshold")
  treat_missing_data  = try(each.value.missing_data, "notBreaching")
  alarm_actions       = [var.alarms_topic_arn]
  ok_actions          = [var.alarms_topic_arn]

  dynamic "metric_query" {
    for_each = try(each.value.queries, [])
    content {
      id          = metric_query.value.id
      label       = try(metric_query.value.label, null)
      expression  = try(metric_query.value.expression, null)
      return_data = can(metric_query.value.expression)

      dynamic "metric" {
        for_each = can(metric_query.value.expression) ? [] : [metric_query.value]
        content {
          namespace   = metric.value.namespace
          metric_name = metric.value.metric
          dimensions  = metric.value.dimensions
          stat        = metric.value.statistic
          period      = metric.value.period
        }
      }
    }
  }
}

resource "aws_sns_topic_subscription" "mail" {
  count = var.alarm_email == "" ? 0 : 1

  topic_arn = var.alarms_topic_arn
  protocol  = "email"
  endpoint  = var.alarm_email
}

# This policy replaces the default, by which the whole account may publish.
resource "aws_sns_topic_policy" "alarms" {
  arn = var.alarms_topic_arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "AlarmsOfThisStage"
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = "sns:Publish"
        Resource  = var.alarms_topic_arn
        Condition = {
          StringEquals = { "aws:SourceAccount" = var.account_id }
          ArnLike = {
            "aws:SourceArn" = "arn:${var.partition}:cloudwatch:${var.region}:${var.account_id}:alarm:orderproc-${var.stage}-*"
          }
        }
      },
      {
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sns:Publish"
        Resource  = var.alarms_topic_arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}
