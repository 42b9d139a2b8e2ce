locals {
  bucket  = "orderproc-${var.stage}-site-${var.account_id}"
  imports = "orderproc-${var.stage}-imports-${var.account_id}"
  s3      = ["s3.${var.dns_suffix}", "s3.${var.region}.${var.dns_suffix}"]

  # What web/README.md says.
  content_security_policies = {
    pages = join(" ", [
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self';",
      "connect-src 'self' ${var.connect_origins}; base-uri 'none'; form-action 'none'; frame-ancestors 'none';",
      "require-trusted-types-for 'script'; trusted-types 'none'",
    ])
    # The back office also uploads pictures and files to import, and reads the reports of imports: straight to and from
    # the two buckets, by forms and links that the API has signed.
    office = join(" ", [
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self';",
      "connect-src 'self' ${var.connect_origins}",
      "${join(" ", [for pair in setproduct([local.bucket, local.imports], local.s3) : "https://${pair[0]}.${pair[1]}"])};",
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none';",
      "require-trusted-types-for 'script'; trusted-types 'none'",
    ])
    # Redoc renders the API's descriptions as HTML, which trusted types would forbid. Scripts are the site's own here, too.
    # It makes style elements that are empty (the first hash), and fills them through the DOM, which needs no permission;
    # the second hash is that of a fixed style sheet in its package. A new version of Redoc may need another one.
    reference = join(" ", [
      "default-src 'none'; script-src 'self'; img-src 'self' data:; font-src 'self';",
      "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
      "'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc=';",
      "connect-src 'self' ${var.connect_origins}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ])
  }

  comments = {
    pages     = "Of the storefront"
    office    = "Of the back office"
    reference = "Of the API's reference"
  }
  custom_headers = {
    pages     = local.isolation
    office    = local.isolation
    reference = {}
  }
  isolation = {
    Permissions-Policy         = "camera=(), geolocation=(), microphone=(), payment=()"
    Cross-Origin-Opener-Policy = "same-origin"
  }
}

resource "aws_cloudfront_response_headers_policy" "pages" {
  #checkov:skip=CKV_AWS_259:Subdomains and browsers' preload lists are for the owner of the whole domain to decide
  for_each = local.content_security_policies

  name    = "orderproc-${var.stage}-${each.key}"
  comment = local.comments[each.key]

  security_headers_config {
    content_security_policy {
      content_security_policy = each.value
      override                = true
    }

    strict_transport_security {
      access_control_max_age_sec = 31536000
      include_subdomains         = false
      override                   = true
    }

    content_type_options {
      override = true
    }

    frame_options {
      frame_option = "DENY"
      override     = true
    }

    referrer_policy {
      referrer_policy = "no-referrer"
      override        = true
    }
  }

  dynamic "custom_headers_config" {
    for_each = length(local.custom_headers[each.key]) > 0 ? [local.custom_headers[each.key]] : []
    content {
      dynamic "items" {
        for_each = custom_headers_config.value
        content {
          header   = items.key
          value    = items.value
          override = true
        }
      }
    }
  }
}
