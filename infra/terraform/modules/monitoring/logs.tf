# Made here, before the functions' first lines would make them without an end to what they keep.
locals {
  functions = [
    "process_orders", "notify", "mail_receipt", "housekeeper", "redrive", "inventory_worker", "payment_worker",
    "shipping_worker", "import_orders", "import_products", "import_rows", "write_export", "reconciler", "validate_order",
    "save_order", "reserve_inventory", "process_payment", "update_inventory", "confirm_order", "fulfil_order",
    "complete_order", "send_notification", "generate_receipt", "release_inventory", "refund_payment", "fail_order",
    "needs_attention", "count_orders", "index_orders", "publish_metrics", "hourly_metrics",
  ]
  # The function behind the API is named after the stage alone.
  log_groups = toset(concat(["orderproc-${var.stage}"], [for name in local.functions : "orderproc-${var.stage}-${name}"]))
}

resource "aws_cloudwatch_log_group" "functions" {
  for_each = local.log_groups

  name              = "/aws/lambda/${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.key_arn
}

# Who called what, with which outcome: an audit trail, kept longer than what functions say.
resource "aws_cloudwatch_log_group" "api_access" {
  count = var.has_access_logs ? 1 : 0

  name              = "/aws/apigateway/orderproc-${var.stage}"
  retention_in_days = var.access_log_retention_days
  kms_key_id        = var.key_arn
}
