resource "aws_wafv2_web_acl_association" "api" {
  count = var.has_firewall && var.rest_api_id != "" ? 1 : 0

  resource_arn = "arn:${var.partition}:apigateway:${var.region}::/restapis/${var.rest_api_id}/stages/${var.api_stage}"
  web_acl_arn  = var.firewall_arn
}

# By the account's role for this, AWSServiceRoleForApplicationAutoScaling_LambdaConcurrency, which AWS makes.
resource "aws_appautoscaling_target" "warm" {
  count = var.warm_instances > 0 && var.rest_api_id != "" ? 1 : 0

  service_namespace  = "lambda"
  scalable_dimension = "lambda:function:ProvisionedConcurrency"
  resource_id        = "function:orderproc-${var.stage}:live"
  min_capacity       = 0
  max_capacity       = var.warm_instances

  lifecycle {
    # The scheduled actions move them.
    ignore_changes = [min_capacity, max_capacity]
  }
}

resource "aws_appautoscaling_scheduled_action" "warm" {
  for_each = length(aws_appautoscaling_target.warm) == 0 ? {} : {
    start = { at = var.warm_from, instances = var.warm_instances }
    stop  = { at = var.warm_until, instances = 0 }
  }

  name               = each.key
  service_namespace  = aws_appautoscaling_target.warm[0].service_namespace
  scalable_dimension = aws_appautoscaling_target.warm[0].scalable_dimension
  resource_id        = aws_appautoscaling_target.warm[0].resource_id
  schedule           = "cron(${each.value.at} * * ? *)"
  timezone           = var.warm_time_zone

  scalable_target_action {
    min_capacity = each.value.instances
    max_capacity = each.value.instances
  }
}
