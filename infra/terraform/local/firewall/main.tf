# modules/firewall for a cloud on this machine: 3.39 knows neither the overrides of a managed rule nor all actions that are
# logged, so there CloudFormation makes the firewall of the same template as in a stage without Terraform.
locals {
  is_for_api = var.scope == "REGIONAL"
}

resource "aws_cloudformation_stack" "firewall" {
  name          = "orderproc-${var.stage}-${local.is_for_api ? "firewall" : "site-firewall"}"
  template_body = file("${path.module}/../../../cloudformation/firewall.yaml")

  parameters = merge(
    {
      Stage            = var.stage
      InUse            = "true"
      Scope            = var.scope
      Rate             = var.rate
      Anonymous        = var.anonymous
      LogRetentionDays = var.log_retention_days
    },
    var.key_arn == null ? {} : { KeyArn = var.key_arn },
  )
}
