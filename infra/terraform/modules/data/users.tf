locals {
  # Cognito has one text for new accounts, changed addresses and forgotten passwords alike.
  code_mails = {
    en = {
      subject = "your code"
      message = "Your code is {####}. Enter it on the page that asked for it. If you did not ask for a code, ignore this mail."
    }
    nl = {
      subject = "je code"
      message = "Je code is {####}. Vul hem in op de pagina die erom vroeg. Heb je geen code aangevraagd, negeer deze e-mail dan."
    }
    de = {
      subject = "Ihr Code"
      message = "Ihr Code ist {####}. Geben Sie ihn auf der Seite ein, die danach gefragt hat. Haben Sie keinen Code angefordert, ignorieren Sie diese E-Mail."
    }
    fr = {
      subject = "votre code"
      message = "Votre code est {####}. Saisissez-le sur la page qui l’a demandé. Si vous n’avez pas demandé de code, ignorez cet e-mail."
    }
    es = {
      subject = "su código"
      message = "Su código es {####}. Introdúzcalo en la página que se lo pidió. Si no ha pedido ningún código, ignore este correo."
    }
  }

  # What each of these may: chalicelib/api/shared/permissions.py.
  groups = {
    admin     = "Staff with all rights."
    support   = "Staff who answer customers."
    warehouse = "Staff who ship, and count the stock."
    finance   = "Staff who refund, and set prices."
    viewer    = "Staff who only look."
  }

  # Staff routes accept only the tokens of their own client, so a token that leaks from the shop's pages is useless there.
  # They are valid for 15 minutes and can be refreshed for a working day.
  clients = {
    shop  = { minted = 1, unit = "hours", refresh = 30, refresh_unit = "days" }
    staff = { minted = 15, unit = "minutes", refresh = 12, refresh_unit = "hours" }
  }
}

resource "aws_cognito_user_pool" "users" {
  name                     = "orderproc-${var.stage}-users"
  deletion_protection      = var.deletion_protection ? "ACTIVE" : "INACTIVE"
  mfa_configuration        = var.staff_mfa
  username_attributes      = ["email"]
  auto_verified_attributes = ["email"]

  username_configuration {
    case_sensitive = false
  }

  dynamic "software_token_mfa_configuration" {
    for_each = var.staff_mfa == "OPTIONAL" ? [true] : []
    content {
      enabled = true
    }
  }

  verification_message_template {
    default_email_option = "CONFIRM_WITH_CODE"
    email_subject        = "${var.shop_name}: ${local.code_mails[var.language].subject}"
    email_message        = local.code_mails[var.language].message
  }

  # A changed address is used only after its owner has verified it.
  user_attribute_update_settings {
    attributes_require_verification_before_update = ["email"]
  }

  account_recovery_setting {
    recovery_mechanism {
      name     = "verified_email"
      priority = 1
    }
  }

  password_policy {
    minimum_length                   = 12
    require_lowercase                = true
    require_uppercase                = true
    require_numbers                  = true
    require_symbols                  = false
    temporary_password_validity_days = 3
  }
}

resource "aws_cognito_user_pool_client" "this" {
  for_each = local.clients

  name                          = "orderproc-${var.stage}-${each.key}"
  user_pool_id                  = aws_cognito_user_pool.users.id
  generate_secret               = false
  explicit_auth_flows           = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
  prevent_user_existence_errors = "ENABLED"
  enable_token_revocation       = true
  id_token_validity             = each.value.minted
  access_token_validity         = each.value.minted
  refresh_token_validity        = each.value.refresh

  token_validity_units {
    id_token      = each.value.unit
    access_token  = each.value.unit
    refresh_token = each.value.refresh_unit
  }
}

# Checks whether the user of an ID token has signed out since, or was disabled or deleted; no other AWS API does. It has no
# role, so it issues no credentials.
resource "aws_cognito_identity_pool" "staff_sessions" {
  identity_pool_name               = "orderproc-${var.stage}-staff-sessions"
  allow_unauthenticated_identities = false
  allow_classic_flow               = false

  dynamic "cognito_identity_providers" {
    for_each = aws_cognito_user_pool_client.this
    content {
      client_id               = cognito_identity_providers.value.id
      provider_name           = aws_cognito_user_pool.users.endpoint
      server_side_token_check = true
    }
  }
}

resource "aws_cognito_user_group" "this" {
  for_each = local.groups

  user_pool_id = aws_cognito_user_pool.users.id
  name         = each.key
  description  = each.value
}
