output "dashboard_name" {
  description = "The dashboard, if there is one."
  value       = one(aws_cloudwatch_dashboard.this[*].dashboard_name)
}
