# modules/bucket as provider 3.39 knows it, for a cloud on this machine: versioning, lifecycle, CORS and encryption are
# blocks of the bucket. It can't say BucketOwnerEnforced, which AWS takes for new buckets anyway.
resource "aws_s3_bucket" "this" {
  bucket        = var.name
  force_destroy = var.force_destroy

  server_side_encryption_configuration {
    rule {
      bucket_key_enabled = var.key_arn == null ? null : true

      apply_server_side_encryption_by_default {
        sse_algorithm     = var.key_arn == null ? "AES256" : "aws:kms"
        kms_master_key_id = var.key_arn
      }
    }
  }

  dynamic "versioning" {
    for_each = var.is_versioned ? [true] : []
    content {
      enabled = true
    }
  }

  dynamic "lifecycle_rule" {
    for_each = var.lifecycle_rules
    content {
      id                                     = lifecycle_rule.value.id
      enabled                                = lifecycle_rule.value.enabled
      prefix                                 = lifecycle_rule.value.prefix
      abort_incomplete_multipart_upload_days = lifecycle_rule.value.abort_uploads_after

      dynamic "expiration" {
        for_each = lifecycle_rule.value.expire_after == null && !lifecycle_rule.value.forget_deletions ? [] : [true]
        content {
          days                         = lifecycle_rule.value.expire_after
          expired_object_delete_marker = lifecycle_rule.value.forget_deletions ? true : null
        }
      }

      dynamic "noncurrent_version_expiration" {
        for_each = lifecycle_rule.value.forget_versions_after == null ? [] : [lifecycle_rule.value.forget_versions_after]
        content {
          days = noncurrent_version_expiration.value
        }
      }
    }
  }

  dynamic "cors_rule" {
    for_each = length(var.cors_methods) > 0 ? [true] : []
    content {
      allowed_methods = var.cors_methods
      allowed_origins = ["*"]
      allowed_headers = ["content-type"]
      max_age_seconds = 600
    }
  }
}

resource "aws_s3_bucket_public_access_block" "this" {
  bucket                  = aws_s3_bucket.this.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_policy" "this" {
  bucket = aws_s3_bucket.this.id
  # S3 takes one change of a bucket's access at a time.
  depends_on = [aws_s3_bucket_public_access_block.this]

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.this.arn, "${aws_s3_bucket.this.arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      }],
      var.statements,
    )
  })
}
