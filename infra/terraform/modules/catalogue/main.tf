# A cache in front of the catalogue's routes. Each answer says by its s-maxage how long it is kept; the limit here is for
# one that says more. Neither key nor token is part of what is asked, so none can get into an answer that others are given.
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

# It would be that of the first request, for all that get its answer.
resource "aws_cloudfront_response_headers_policy" "this" {
  #checkov:skip=CKV_AWS_259:The API sends this header itself, and this policy leaves it
  name    = "orderproc-${var.stage}-catalogue"
  comment = "Without the id of a request"

  remove_headers_config {
    items {
      header = "X-Correlation-Id"
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
  #checkov:skip=CKV_AWS_68:A firewall is a variable, with its price on the page of costs
  #checkov:skip=CKV2_AWS_47:The firewall has that group if it is chosen, and no Java runs behind it
  #checkov:skip=CKV_AWS_174:With CloudFront's own certificate no version can be chosen
  #checkov:skip=CKV2_AWS_42:Programs and pages call it by CloudFront's own name
  #checkov:skip=CKV_AWS_305:There is no page at its root, and the API says so
  #checkov:skip=CKV_AWS_310:There is one API to ask
  #checkov:skip=CKV_AWS_374:The shop sells to all countries
  comment         = "orderproc-${var.stage}-catalogue"
  web_acl_id      = var.firewall_arn
  enabled         = true
  is_ipv6_enabled = true
  http_version    = "http2and3"
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
    target_origin_id           = "elsewhere"
    viewer_protocol_policy     = "https-only"
    allowed_methods            = ["GET", "HEAD"]
    cached_methods             = ["GET", "HEAD"]
    compress                   = true
    cache_policy_id            = aws_cloudfront_cache_policy.this.id
    response_headers_policy_id = aws_cloudfront_response_headers_policy.this.id
  }

  dynamic "ordered_cache_behavior" {
    for_each = ["/products", "/products/*"]
    content {
      path_pattern               = ordered_cache_behavior.value
      target_origin_id           = "catalogue"
      viewer_protocol_policy     = "https-only"
      allowed_methods            = ["GET", "HEAD"]
      cached_methods             = ["GET", "HEAD"]
      compress                   = true
      cache_policy_id            = aws_cloudfront_cache_policy.this.id
      response_headers_policy_id = aws_cloudfront_response_headers_policy.this.id
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
