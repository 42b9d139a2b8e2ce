# Receipts and the archive of orders. Overwritten and deleted documents can be restored for as long as tables can: 35 days.
module "documents" {
  source = "../bucket"

  name          = "orderproc-${var.stage}-documents-${var.account_id}"
  is_versioned  = true
  force_destroy = var.force_destroy
  key_arn       = var.key_arn

  lifecycle_rules = concat(
    [
      { id = "abort-unfinished-uploads", abort_uploads_after = 1 },
      { id = "forget-old-versions", forget_versions_after = 36 },
      { id = "forget-deletions", forget_deletions = true },
      # A deployment deletes its own; this is for one that died.
      { id = "forget-packages", prefix = "deploy/packages/", expire_after = 1, forget_versions_after = 1 },
      # Files of orders for staff: copies, full of personal data.
      { id = "expire-exports", prefix = "exports/", expire_after = 7, forget_versions_after = 1 },
      { id = "expire-backups", prefix = "backups/", expire_after = var.backups_kept_days, forget_versions_after = 1 },
      # What restorations undid: orders with personal data.
      { id = "expire-restores", prefix = "restores/", expire_after = var.backups_kept_days, forget_versions_after = 1 },
    ],
    [
      for id, prefix in { expire-receipts = "receipts/", expire-archive = "orders/", expire-archive-of-other-ends = "ended/" } : {
        id                                = id
        enabled                           = var.documents_kept_days > 0
        prefix                            = prefix
        expire_after                      = var.documents_kept_days > 0 ? var.documents_kept_days : 36500
      }
    ],
  )
}

# Files of orders and products to import, and the reports about them.
module "imports" {
  source = "../bucket"

  name          = "orderproc-${var.stage}-imports-${var.account_id}"
  force_destroy = var.force_destroy
  key_arn       = var.key_arn
  # For forms and links that the API has signed: the signature admits a request, from any page.
  cors_methods = ["GET", "POST"]

  lifecycle_rules = [
    { id = "abort-unfinished-uploads", abort_uploads_after = 1 },
    { id = "expire-scratch", prefix = "work/", expire_after = 30 },
  ]
}
