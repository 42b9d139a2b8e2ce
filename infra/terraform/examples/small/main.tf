# A stage with nothing but defaults, and its state on this machine: to look at, or for a course.
terraform {
  required_version = ">= 1.11"
}

module "orderproc" {
  source = "../.."

  stage  = "demo"
  region = "us-east-1"
}

output "site" {
  description = "Where the pages will be, once `make deploy` has published them."
  value       = "https://${module.orderproc.site_domain_name}"
}
