output "id" {
  description = "The network."
  value       = aws_vpc.this.id
}

output "functions_security_group_id" {
  description = "The security group of the functions."
  value       = aws_security_group.functions.id
}

output "subnet_ids" {
  description = "The subnets that functions run in: first and second."
  value       = { for name, subnet in aws_subnet.this : name => subnet.id }
}
