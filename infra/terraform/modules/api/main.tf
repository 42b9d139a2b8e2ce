# Keys, usage plans, the firewall and the warm instances for the REST API that comes with the functions: until that has an id there are only the keys that
# the functions must know.
locals {
  # Requests per second, at once and per day.
  plans = {
    # Ample, for a shop's back end.
    partner = { rate = 500, burst = 1000, daily = 1000000 }
    # Small, so that throttling can be seen.
    other-partner = { rate = 5, burst = 10, daily = 1000000 }
    # For all guests together: anyone can take the key out of the page, so it is what a bot may do, too.
    publishable = { rate = 5, burst = 20, daily = 10000 }
  }
  made_plans = { for name, plan in local.plans : name => plan if var.rest_api_id != "" }

  keys = {
    # The shop's own back end. Orders from EventBridge and files belong to it, so it reads them with this key.
    partner = true
    # The shop's page carries it, and everybody can read it there. It may place orders of guests and nothing else, and the
    # functions know it by its id.
    publishable = true
    # A second partner, which the functions need not know.
    other-partner = var.rest_api_id != ""
  }
}

# The partners' keys' values are secrets: read them with `aws apigateway get-api-key --api-key … --include-value`.
resource "aws_api_gateway_api_key" "this" {
  for_each = toset([for name, is_made in local.keys : name if is_made])

  name    = "orderproc-${var.stage}-${each.key}"
  enabled = true
  # Terraform's own words if nothing is said, and CloudFormation says nothing.
  description = ""
}

resource "aws_api_gateway_usage_plan" "this" {
  for_each = local.made_plans

  name = "orderproc-${var.stage}-${each.key}"

  api_stages {
    api_id = var.rest_api_id
    stage  = var.api_stage
  }

  throttle_settings {
    rate_limit  = each.value.rate
    burst_limit = each.value.burst
  }

  quota_settings {
    limit  = each.value.daily
    period = "DAY"
  }
}

resource "aws_api_gateway_usage_plan_key" "this" {
  for_each = local.made_plans

  key_id        = aws_api_gateway_api_key.this[each.key].id
  key_type      = "API_KEY"
  usage_plan_id = aws_api_gateway_usage_plan.this[each.key].id
}
