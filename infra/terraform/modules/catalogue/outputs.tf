output "domain_name" {
  description = "The host name that answers with the catalogue."
  value       = aws_cloudfront_distribution.this.domain_name
}
