locals {
  # By the queue that a rule sends its events to.
  rules = {
    # Orders from other systems.
    inventory = {
      name       = "order-created"
      is_enabled = var.orders_from_bus
      pattern    = { source = ["ecommerce.orders"], detail-type = ["OrderCreated"] }
    }
    # The stock is reserved: charge.
    payment = { name = "inventory-reserved", is_enabled = true, pattern = local.patterns["InventoryReserved"] }
    # It is paid: fulfil.
    shipping = { name = "payment-captured", is_enabled = true, pattern = local.patterns["PaymentCaptured"] }
  }

  patterns = {
    for event in ["InventoryReserved", "PaymentCaptured"] : event => {
      source      = ["orderproc"]
      detail-type = [event]
      # The default bus carries the events of all stages.
      resources = [aws_sns_topic.orders.arn]
      detail    = { workflow = ["events"] }
    }
  }
}

resource "aws_cloudwatch_event_rule" "this" {
  for_each = local.rules

  name           = "orderproc-${var.stage}-${each.value.name}"
  event_bus_name = "default"
  state          = each.value.is_enabled ? "ENABLED" : "DISABLED"
  event_pattern  = jsonencode(each.value.pattern)
}

resource "aws_cloudwatch_event_target" "this" {
  for_each = local.rules

  rule           = aws_cloudwatch_event_rule.this[each.key].name
  event_bus_name = "default"
  target_id      = each.key
  arn            = local.arns[each.key]

  # Events that can't be delivered for a day go here, with the reason in their attributes.
  retry_policy {
    maximum_retry_attempts       = 185
    maximum_event_age_in_seconds = 86400
  }

  dead_letter_config {
    arn = local.arns["${each.key}-dlq"]
  }
}
