# modules/site for a cloud on this machine: 3.39 knows neither origin access controls nor policies of response headers,
# so there CloudFormation makes the site of the same template as in a stage without Terraform.
resource "aws_cloudformation_stack" "site" {
  name          = "orderproc-${var.stage}-site"
  template_body = file("${path.module}/../../../cloudformation/site.yaml")

  parameters = merge(
    {
      Stage              = var.stage
      SiteDomain         = var.site_domain
      SiteCertificateArn = var.site_certificate_arn
    },
    # Until the API has an address, what the template says.
    var.connect_origins == "" ? {} : { ConnectOrigins = var.connect_origins },
    var.firewall_arn == null ? {} : { SiteFirewallArn = var.firewall_arn },
  )
}
