provider "aws" {
  region = var.region

  # Which stage a resource belongs to: `make destroy` removes only what these tags name (infra/deploy/tags.py).
  default_tags {
    tags = {
      "orderproc:stage"      = var.stage
      "orderproc:region"     = var.region
      "orderproc:deployment" = var.deployment
    }
  }
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition
}

# Tables, buckets, secrets, users: what would be lost with the stage.
module "data" {
  source = "./modules/data"

  stage               = var.stage
  account_id          = local.account_id
  deletion_protection = var.deletion_protection
  staff_mfa           = var.staff_mfa
  documents_kept_days = var.documents_kept_days
  shop_name           = var.shop_name
  language            = var.language
  force_destroy       = var.force_destroy
}

# Queues and their dead letters, topics, rules.
module "messaging" {
  source = "./modules/messaging"

  stage           = var.stage
  region          = var.region
  account_id      = local.account_id
  partition       = local.partition
  orders_from_bus = var.orders_from_bus
  max_receives    = var.max_receives
}

# The state machines of the workflow `stepfunctions`.
module "workflow" {
  source = "./modules/workflow"

  stage               = var.stage
  region              = var.region
  account_id          = local.account_id
  partition           = local.partition
  definition_file     = "${path.module}/../cloudformation/order_workflow.asl.json"
  workflow_type       = var.workflow_type
  kept_workflow_types = var.kept_workflow_types
  log_retention_days  = var.log_retention_days
  tracing             = var.tracing
}

# Log groups, alarms and the dashboard.
module "monitoring" {
  source = "./modules/monitoring"

  stage              = var.stage
  region             = var.region
  account_id         = local.account_id
  partition          = local.partition
  log_retention_days = var.log_retention_days
  alarms_topic_arn   = module.messaging.alarms_topic_arn
  state_machine_arn  = module.workflow.state_machine_arn
  alarm_email        = var.alarm_email
  runbook_url        = var.runbook_url
  dashboard_body     = var.dashboard_body
}

# The pages: a private bucket, which only CloudFront reads, and the distribution in front of it.
module "site" {
  source = "./modules/site"

  stage                = var.stage
  region               = var.region
  account_id           = local.account_id
  partition            = local.partition
  dns_suffix           = data.aws_partition.current.dns_suffix
  connect_origins      = var.connect_origins
  site_domain          = var.site_domain
  site_certificate_arn = var.site_certificate_arn
  force_destroy        = var.force_destroy
}

# Keys and usage plans. The REST API itself comes with the functions, after all of the above.
module "api" {
  source = "./modules/api"

  stage       = var.stage
  rest_api_id = var.rest_api_id
  api_stage   = var.api_stage
}
