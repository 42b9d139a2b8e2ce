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

  key_arn           = var.customer_key ? one(module.key[*].arn) : null
  site_firewall_arn = one(module.site_firewall[*].arn)
}

# Guards that a stage may have, each with its price on the page of costs.

# A key that is not in use stays for what it has encrypted.
module "key" {
  source = "./modules/key"
  count  = var.customer_key || var.keep_customer_key ? 1 : 0

  stage      = var.stage
  region     = var.region
  account_id = local.account_id
  partition  = local.partition
}

# A network that is not in use stays as long as Lambda has interfaces in it.
module "network" {
  source = "./modules/network"
  count  = var.private_network || var.keep_private_network ? 1 : 0

  stage                 = var.stage
  region                = var.region
  account_id            = local.account_id
  partition             = local.partition
  cidr                  = var.network_cidr
  first_zone            = var.network_first_zone
  second_zone           = var.network_second_zone
  s3_prefix_list        = var.network_s3_prefix_list
  dynamo_db_prefix_list = var.network_dynamo_db_prefix_list
  language_model        = var.network_language_model
}

module "api_firewall" {
  source = "./modules/firewall"
  count  = var.firewall ? 1 : 0

  stage              = var.stage
  region             = var.region
  scope              = "REGIONAL"
  rate               = var.firewall_rate
  anonymous          = var.firewall_anonymous
  log_retention_days = var.log_retention_days
  key_arn            = local.key_arn
}

# CloudFront looks for web ACLs in us-east-1, and a key is of one region.
module "site_firewall" {
  source = "./modules/firewall"
  count  = var.firewall ? 1 : 0

  stage              = var.stage
  region             = "us-east-1"
  scope              = "CLOUDFRONT"
  rate               = var.firewall_rate
  anonymous          = var.firewall_anonymous
  log_retention_days = var.log_retention_days
  key_arn            = var.region == "us-east-1" ? local.key_arn : null
}

# Tables, buckets, secrets, users: what would be lost with the stage.
module "data" {
  source = "./modules/data"

  stage               = var.stage
  account_id          = local.account_id
  deletion_protection = var.deletion_protection
  staff_mfa           = var.staff_mfa
  documents_kept_days = var.documents_kept_days
  backups_kept_days   = var.backups_kept_days
  shop_name           = var.shop_name
  language            = var.language
  force_destroy       = var.force_destroy
  key_arn             = local.key_arn
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
  key_arn         = local.key_arn
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
  key_arn             = local.key_arn
}

# Log groups, alarms and the dashboard.
module "monitoring" {
  source = "./modules/monitoring"

  stage                     = var.stage
  region                    = var.region
  account_id                = local.account_id
  partition                 = local.partition
  log_retention_days        = var.log_retention_days
  alarms_topic_arn          = module.messaging.alarms_topic_arn
  state_machine_arn         = module.workflow.state_machine_arn
  alarm_email               = var.alarm_email
  runbook_url               = var.runbook_url
  dashboard_body            = var.dashboard_body
  key_arn                   = local.key_arn
  has_access_logs           = var.api_access_logs != "off"
  access_log_retention_days = var.access_log_retention_days
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
  firewall_arn         = local.site_firewall_arn
}

# Keys and usage plans. The REST API itself comes with the functions, after all of the above.
module "api" {
  source = "./modules/api"

  stage          = var.stage
  rest_api_id    = var.rest_api_id
  api_stage      = var.api_stage
  region         = var.region
  partition      = local.partition
  has_firewall   = var.firewall
  firewall_arn   = one(module.api_firewall[*].arn)
  warm_instances = var.warm_instances
  warm_from      = var.warm_from
  warm_until     = var.warm_until
  warm_time_zone = var.warm_time_zone
}

# A cache in front of the catalogue's routes, for the same API.
module "catalogue" {
  source = "./modules/catalogue"
  count  = var.catalogue_cache_seconds > 0 && var.rest_api_id != "" ? 1 : 0

  stage         = var.stage
  cache_seconds = var.catalogue_cache_seconds
  api_domain    = var.api_domain
  api_path      = var.api_path
  api_protocol  = var.api_protocol
  api_port      = var.api_port
  firewall_arn  = local.site_firewall_arn
}
