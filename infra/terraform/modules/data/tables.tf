# On-demand tables. The indexes hold keys only and do not change with the status, so that a change of status costs one
# write.
locals {
  tables = {
    orders = {
      keys = ["orderId"]
      indexes = {
        by-customer = ["customerKey", "createdAt"]
        by-owner    = ["owner", "createdAt"]
        open        = ["openShard", "createdAt"]
        by-day      = ["day", "createdAt"]
      }
      # Each change of an order, for count_orders and index_orders: more than two readers would be throttled. The stream
      # is free for the writer and for Lambda's reads.
      streams = true
    }
    # Orders from EventBridge may give a product's name instead of its id.
    products  = { keys = ["productId"], indexes = { by-name = ["name"] } }
    inventory = { keys = ["productId"] }
    payments  = { keys = ["orderId", "operation"] }
    # What must happen once is claimed here first; an unfinished claim expires.
    claims = { keys = ["claim"], expires = true }
    # One item per customer. It expires 30 days after its last change.
    carts = { keys = ["customerId"], expires = true }
    # Reasons of dead letters, audit records, imports, shipments, discrepancies.
    operations = { keys = ["scope", "item"], expires = true }
    # Counters by hour.
    metrics = { keys = ["bucket", "part"], expires = true }
    # What orders are searched by: keys alone. index_orders fills it from the orders' stream.
    search = { keys = ["part", "entry"], expires = true }
    # The simulated payment gateway's own ledger, separate from our payments table.
    gateway = { keys = ["key"] }
  }
}

resource "aws_dynamodb_table" "this" {
  for_each = local.tables

  name                        = "orderproc-${var.stage}-${each.key}"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = each.value.keys[0]
  range_key                   = try(each.value.keys[1], null)
  deletion_protection_enabled = var.deletion_protection
  stream_enabled              = try(each.value.streams, false)
  stream_view_type            = try(each.value.streams, false) ? "NEW_AND_OLD_IMAGES" : null

  dynamic "attribute" {
    for_each = toset(concat(each.value.keys, flatten(values(try(each.value.indexes, {})))))
    content {
      name = attribute.value
      type = "S"
    }
  }

  dynamic "global_secondary_index" {
    for_each = try(each.value.indexes, {})
    content {
      name            = global_secondary_index.key
      hash_key        = global_secondary_index.value[0]
      range_key       = try(global_secondary_index.value[1], null)
      projection_type = "KEYS_ONLY"
    }
  }

  dynamic "ttl" {
    for_each = try(each.value.expires, false) ? ["expiresAt"] : []
    content {
      attribute_name = ttl.value
      enabled        = true
    }
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = var.key_arn
  }
}
