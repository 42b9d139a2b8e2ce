output "arn" {
  description = "The web ACL's ARN."
  value       = aws_cloudformation_stack.firewall.outputs[local.is_for_api ? "ApiFirewallArn" : "SiteFirewallArn"]
}
