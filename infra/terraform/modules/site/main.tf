# `site/` is what CloudFront serves: pages, and pictures of products under `pictures/`. Uploads lie beside it until the API
# has looked at their content.
module "bucket" {
  source = "../bucket"

  name          = local.bucket
  force_destroy = var.force_destroy
  # For forms that the API has signed: the signature admits an upload, from any page.
  cors_methods = ["POST"]

  lifecycle_rules = [
    { id = "abort-unfinished-uploads", abort_uploads_after = 1 },
    { id = "forget-uploads", prefix = "uploads/", expire_after = 1 },
  ]

  statements = [{
    Sid       = "OnlyThisDistribution"
    Effect    = "Allow"
    Principal = { Service = "cloudfront.amazonaws.com" }
    Action    = "s3:GetObject"
    Resource  = "arn:${var.partition}:s3:::${local.bucket}/site/*"
    Condition = {
      StringEquals = {
        "aws:SourceArn" = "arn:${var.partition}:cloudfront::${var.account_id}:distribution/${aws_cloudfront_distribution.site.id}"
      }
    }
  }]
}

resource "aws_cloudfront_origin_access_control" "site" {
  name                              = "orderproc-${var.stage}-site"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

# Each object says by its Cache-Control how long it is kept: a year, or not at all.
resource "aws_cloudfront_cache_policy" "site" {
  name        = "orderproc-${var.stage}-site"
  comment     = "As each object says"
  min_ttl     = 0
  default_ttl = 0
  max_ttl     = 31536000

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
      query_string_behavior = "none"
    }
  }
}

resource "aws_cloudfront_distribution" "site" {
  #checkov:skip=CKV_AWS_68:A firewall is a variable, with its price on the page of costs
  #checkov:skip=CKV2_AWS_47:No Java runs behind the pages
  #checkov:skip=CKV_AWS_174:Without a host name of its own a stage has CloudFront's certificate, with which no version can be chosen
  #checkov:skip=CKV2_AWS_42:A host name of one's own is a variable, and brings its certificate
  #checkov:skip=CKV_AWS_310:S3 is the only origin, and there is no second bucket to fail over to
  #checkov:skip=CKV_AWS_374:The shop sells to all countries
  comment             = "orderproc-${var.stage}-site"
  enabled             = true
  is_ipv6_enabled     = true
  http_version        = "http2and3"
  price_class         = "PriceClass_100"
  web_acl_id          = var.firewall_arn
  default_root_object = "index.html"
  aliases             = var.site_domain == "" ? [] : [var.site_domain]

  viewer_certificate {
    cloudfront_default_certificate = var.site_domain == ""
    acm_certificate_arn            = var.site_domain == "" ? null : var.site_certificate_arn
    ssl_support_method             = var.site_domain == "" ? null : "sni-only"
    minimum_protocol_version       = var.site_domain == "" ? null : "TLSv1.2_2021"
  }

  origin {
    origin_id                = "site"
    domain_name              = "${local.bucket}.s3.${var.region}.${var.dns_suffix}"
    origin_path              = "/site"
    origin_access_control_id = aws_cloudfront_origin_access_control.site.id
  }

  default_cache_behavior {
    target_origin_id           = "site"
    viewer_protocol_policy     = "redirect-to-https"
    allowed_methods            = ["GET", "HEAD"]
    cached_methods             = ["GET", "HEAD"]
    compress                   = true
    cache_policy_id            = aws_cloudfront_cache_policy.site.id
    response_headers_policy_id = aws_cloudfront_response_headers_policy.pages["pages"].id
  }

  dynamic "ordered_cache_behavior" {
    for_each = { "/admin.html" = "office", "/api.html" = "reference" }
    content {
      path_pattern               = ordered_cache_behavior.key
      target_origin_id           = "site"
      viewer_protocol_policy     = "redirect-to-https"
      allowed_methods            = ["GET", "HEAD"]
      cached_methods             = ["GET", "HEAD"]
      compress                   = true
      cache_policy_id            = aws_cloudfront_cache_policy.site.id
      response_headers_policy_id = aws_cloudfront_response_headers_policy.pages[ordered_cache_behavior.value].id
    }
  }

  # S3 answers 403 for a missing key to those who may not list the bucket.
  dynamic "custom_error_response" {
    for_each = [403, 404]
    content {
      error_code            = custom_error_response.value
      response_code         = 200
      response_page_path    = "/index.html"
      error_caching_min_ttl = 10
    }
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }
}
