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
