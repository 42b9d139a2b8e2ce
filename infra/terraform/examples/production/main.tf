# A stage that customers use: protected from deletion, a firewall, an audit trail of the API, alarms by mail, two factors for
# staff, receipts kept for ten years, a host name of its own.
terraform {
  required_version = ">= 1.11"

  backend "s3" {
    bucket       = "example-shop-terraform"
    key          = "prod/foundation.tfstate"
    region       = "eu-west-1"
    encrypt      = true
    use_lockfile = true
  }
}

variable "rest_api_id" {
  description = "The REST API's id, once the functions are deployed; gives partners and pages their usage plans."
  type        = string
  default     = ""
}

module "orderproc" {
  source = "../.."

  stage  = "prod"
  region = "eu-west-1"

  deletion_protection = true
  staff_mfa           = "OPTIONAL"
  documents_kept_days = 3653
  max_receives        = 10

  shop_name            = "Example Shop"
  language             = "nl"
  site_domain          = "shop.example.com"
  site_certificate_arn = "arn:aws:acm:us-east-1:111122223333:certificate/11111111-2222-3333-4444-555555555555"

  alarm_email        = "oncall@example.com"
  runbook_url        = "https://docs.example.com/orderproc/runbooks"
  log_retention_days = 90

  firewall        = true
  firewall_rate   = 2000
  customer_key    = true
  api_access_logs = "on"

  rest_api_id     = var.rest_api_id
  connect_origins = var.rest_api_id == "" ? "" : "https://${var.rest_api_id}.execute-api.eu-west-1.amazonaws.com https://cognito-idp.eu-west-1.amazonaws.com"
}

output "site" {
  description = "Where the shop is."
  value       = "https://${module.orderproc.site_domain_name}"
}
