# modules/catalogue as provider 3.39 knows it, for a cloud on this machine: without the policy that removes a header.
resource "aws_cloudfront_cache_policy" "this" {
  name        = "orderproc-${var.stage}-catalogue"
  comment     = "As the API says"
  min_ttl     = 0
  default_ttl = 0
  max_ttl     = var.cache_seconds

  parameters_in_cache_key_and_forwarded_to_origin {
    enable_accept_encoding_brotli = true
    enable_accept_encoding_gzip   = true

    cookies_config {
      cookie_behavior = "none"
    }

    headers_config {
      header_behavior = "none"
    }

    query_strings_config {
      query_string_behavior = "whitelist"

      query_strings {
        items = ["q", "limit", "cursor"]
      }
    }
  }
}

locals {
  # Only the catalogue can be reached: all other paths are looked for among the products, and not found there.
  origins = { catalogue = var.api_path, elsewhere = "${var.api_path}/products" }
  # A new product is found, and an outage over, as soon as the API says so; unknown products don't reach it each time.
  errors_kept = { "404" = 5, "400" = 5, "500" = 1, "502" = 1, "503" = 1, "504" = 1 }
}

resource "aws_cloudfront_distribution" "this" {
  comment         = "orderproc-${var.stage}-catalogue"
  web_acl_id      = var.firewall_arn
  enabled         = true
  is_ipv6_enabled = true
  http_version    = "http2"
  price_class     = "PriceClass_100"

  viewer_certificate {
    cloudfront_default_certificate = true
  }

  dynamic "origin" {
    for_each = local.origins
    content {
      origin_id   = origin.key
      domain_name = var.api_domain
      origin_path = origin.value

      custom_origin_config {
        origin_protocol_policy = var.api_protocol
        origin_ssl_protocols   = ["TLSv1.2"]
        http_port              = var.api_port
        https_port             = 443
      }
    }
  }

  default_cache_behavior {
    target_origin_id       = "elsewhere"
    viewer_protocol_policy = "https-only"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    compress               = true
    cache_policy_id        = aws_cloudfront_cache_policy.this.id
  }

  dynamic "ordered_cache_behavior" {
    for_each = ["/products", "/products/*"]
    content {
      path_pattern           = ordered_cache_behavior.value
      target_origin_id       = "catalogue"
      viewer_protocol_policy = "https-only"
      allowed_methods        = ["GET", "HEAD"]
      cached_methods         = ["GET", "HEAD"]
      compress               = true
      cache_policy_id        = aws_cloudfront_cache_policy.this.id
    }
  }

  dynamic "custom_error_response" {
    for_each = local.errors_kept
    content {
      error_code            = tonumber(custom_error_response.key)
      error_caching_min_ttl = custom_error_response.value
    }
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }
}
