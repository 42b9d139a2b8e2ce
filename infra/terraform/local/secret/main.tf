# modules/secret as provider 3.39 knows it, for a cloud on this machine: there the value may be in the state.
resource "aws_secretsmanager_secret" "this" {
  name                    = var.name
  description             = var.description
  kms_key_id              = var.key_arn
  recovery_window_in_days = 0
}

resource "aws_secretsmanager_secret_version" "this" {
  secret_id     = aws_secretsmanager_secret.this.id
  secret_string = substr(replace("${uuid()}${uuid()}", "-", ""), 0, 48)

  lifecycle {
    ignore_changes = [secret_string]
  }
}
