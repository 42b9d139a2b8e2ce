output "key_ids" {
  description = "The API keys' ids: partner, publishable and, once there is an API, other-partner."
  value       = { for name, key in aws_api_gateway_api_key.this : name => key.id }
}

output "plan_ids" {
  description = "The usage plans' ids, once there is an API."
  value       = { for name, plan in aws_api_gateway_usage_plan.this : name => plan.id }
}
