variable "stage" {
  description = "The names of all resources begin with orderproc-<stage>-."
  type        = string
}

variable "region" {
  description = "Where the web ACL is: the stage's region for the API, us-east-1 for the site."
  type        = string
}

variable "scope" {
  description = "REGIONAL for the API, CLOUDFRONT for the site."
  type        = string
}

variable "rate" {
  description = "Requests of one address in five minutes, above which it is refused. Those with an API key are counted apart."
  type        = number
}

variable "anonymous" {
  description = "Whether requests from Tor, proxies and VPNs are counted or blocked: count or block."
  type        = string
}

variable "log_retention_days" {
  description = "Days that logs are kept."
  type        = number
}

variable "key_arn" {
  description = "The key for the log. Keys are regional, so the site's has none."
  type        = string
  default     = null
}
