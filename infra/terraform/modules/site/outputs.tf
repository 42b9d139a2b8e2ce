output "bucket_name" {
  description = "The bucket of pages and pictures."
  value       = module.bucket.name
}

output "domain_name" {
  description = "The host name that serves the site."
  value       = var.site_domain == "" ? aws_cloudfront_distribution.site.domain_name : var.site_domain
}

output "distribution_id" {
  description = "The distribution in front of the bucket."
  value       = aws_cloudfront_distribution.site.id
}
