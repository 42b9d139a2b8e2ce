output "tables" {
  description = "Each table's name, ARN and stream, by its short name."
  value = {
    for name, table in aws_dynamodb_table.this : name => {
      name = table.name, arn = table.arn, stream_arn = table.stream_arn
    }
  }
}

output "documents_bucket" {
  description = "The bucket of receipts and the archive: name and arn."
  value       = { name = module.documents.name, arn = module.documents.arn }
}

output "imports_bucket" {
  description = "The bucket of files to import: name and arn."
  value       = { name = module.imports.name, arn = module.imports.arn }
}

output "link_secret_arn" {
  description = "The secret that signs links and cursors."
  value       = module.link_secret.arn
}

output "carrier_secret_arn" {
  description = "The secret that carriers sign their reports with."
  value       = module.carrier_secret.arn
}

output "user_pool" {
  description = "The user pool: id and arn."
  value       = { id = aws_cognito_user_pool.users.id, arn = aws_cognito_user_pool.users.arn }
}

output "client_ids" {
  description = "The app clients' ids: of the shop and of staff."
  value       = { for name, client in aws_cognito_user_pool_client.this : name => client.id }
}

output "staff_sessions_id" {
  description = "The identity pool that checks sessions of staff."
  value       = aws_cognito_identity_pool.staff_sessions.id
}
