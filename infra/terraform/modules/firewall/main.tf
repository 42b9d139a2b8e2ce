# The web ACL in front of a stage's API, or of its site.
locals {
  front = var.scope == "REGIONAL" ? "api" : "site"

  # Hosting providers are where partners' back ends run, so they are never blocked.
  anonymous = ["HostingProviderIPList"]
  # What these would refuse, the API takes: bodies above 8 KB, for an order of many lines; programs of partners and
  # carriers that name no user agent; and texts, such as a product's description, with a `<` or an address in them, which
  # are JSON here and which no page shows as HTML.
  common = ["SizeRestrictions_BODY", "NoUserAgent_HEADER", "CrossSiteScripting_BODY", "GenericRFI_BODY", "GenericLFI_BODY"]

  groups = {
    ip-reputation     = { priority = 2, name = "AWSManagedRulesAmazonIpReputationList", counts = false, counted = [] }
    anonymous-address = { priority = 3, name = "AWSManagedRulesAnonymousIpList", counts = var.anonymous == "count", counted = local.anonymous }
    known-bad-inputs  = { priority = 4, name = "AWSManagedRulesKnownBadInputsRuleSet", counts = false, counted = [] }
    common            = { priority = 5, name = "AWSManagedRulesCommonRuleSet", counts = false, counted = local.common }
  }
}

resource "aws_wafv2_web_acl" "this" {
  #checkov:skip=CKV_AWS_192:The group known-bad-inputs has that rule; checkov does not see into a dynamic block
  region      = var.region
  name        = "orderproc-${var.stage}-${local.front}"
  description = "What may reach the ${local.front} of stage ${var.stage}"
  scope       = var.scope

  # Switched off, it can be deleted only once CloudFront is without it: by this, Terraform changes the distributions first.
  lifecycle {
    create_before_destroy = true
  }

  default_action {
    allow {}
  }

  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = "orderproc-${var.stage}-${local.front}"
    sampled_requests_enabled   = true
  }

  rule {
    name     = "rate-per-address"
    priority = 0

    action {
      block {}
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "rate-per-address"
      sampled_requests_enabled   = true
    }

    statement {
      rate_based_statement {
        aggregate_key_type    = "IP"
        evaluation_window_sec = 300
        limit                 = var.rate

        scope_down_statement {
          not_statement {
            statement {
              size_constraint_statement {
                comparison_operator = "GT"
                size                = 0

                field_to_match {
                  single_header {
                    name = "x-api-key"
                  }
                }

                text_transformation {
                  priority = 0
                  type     = "NONE"
                }
              }
            }
          }
        }
      }
    }
  }

  # A partner's back end sends all its orders from one address: as many as its plan allows, 500 a second, and not more,
  # since anyone can send a header.
  rule {
    name     = "rate-per-address-with-key"
    priority = 1

    action {
      block {}
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "rate-per-address-with-key"
      sampled_requests_enabled   = true
    }

    statement {
      rate_based_statement {
        aggregate_key_type    = "IP"
        evaluation_window_sec = 300
        limit                 = 150000

        scope_down_statement {
          size_constraint_statement {
            comparison_operator = "GT"
            size                = 0

            field_to_match {
              single_header {
                name = "x-api-key"
              }
            }

            text_transformation {
              priority = 0
              type     = "NONE"
            }
          }
        }
      }
    }
  }

  dynamic "rule" {
    for_each = local.groups
    content {
      name     = rule.key
      priority = rule.value.priority

      override_action {
        dynamic "none" {
          for_each = rule.value.counts ? [] : [true]
          content {}
        }

        dynamic "count" {
          for_each = rule.value.counts ? [true] : []
          content {}
        }
      }

      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = rule.key
        sampled_requests_enabled   = true
      }

      statement {
        managed_rule_group_statement {
          vendor_name = "AWS"
          name        = rule.value.name

          dynamic "rule_action_override" {
            for_each = rule.value.counted
            content {
              name = rule_action_override.value

              action_to_use {
                count {}
              }
            }
          }
        }
      }
    }
  }
}

# WAF wants this prefix.
resource "aws_cloudwatch_log_group" "this" {
  region            = var.region
  name              = "aws-waf-logs-orderproc-${var.stage}-${local.front}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.key_arn
}

# Only what a rule matched, without what would let its reader in.
resource "aws_wafv2_web_acl_logging_configuration" "this" {
  region                  = var.region
  resource_arn            = aws_wafv2_web_acl.this.arn
  log_destination_configs = [aws_cloudwatch_log_group.this.arn]

  dynamic "redacted_fields" {
    for_each = ["authorization", "x-api-key", "cookie"]
    content {
      single_header {
        name = redacted_fields.value
      }
    }
  }

  redacted_fields {
    query_string {}
  }

  redacted_fields {
    uri_path {}
  }

  logging_filter {
    default_behavior = "DROP"

    filter {
      behavior    = "KEEP"
      requirement = "MEETS_ANY"

      dynamic "condition" {
        for_each = ["BLOCK", "COUNT", "EXCLUDED_AS_COUNT"]
        content {
          action_condition {
            action = condition.value
          }
        }
      }
    }
  }
}
