# The previous version of each stays valid after a rotation.
module "link_secret" {
  source = "../secret"

  name        = "orderproc-${var.stage}-links"
  description = "Signs links in mails and cursors, and hashes customer ids in events."
  key_arn     = var.key_arn
}

module "carrier_secret" {
  source = "../secret"

  name        = "orderproc-${var.stage}-carrier-webhook"
  description = "Verifies the signatures on POST /webhooks/carrier."
  key_arn     = var.key_arn
}
