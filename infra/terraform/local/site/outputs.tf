output "bucket_name" {
  description = "The bucket of pages and pictures."
  value       = aws_cloudformation_stack.site.outputs["SiteBucketName"]
}

output "domain_name" {
  description = "The host name that serves the site."
  value       = aws_cloudformation_stack.site.outputs["SiteDomainName"]
}

output "distribution_id" {
  description = "The distribution in front of the bucket."
  value       = aws_cloudformation_stack.site.outputs["SiteDistributionId"]
}
