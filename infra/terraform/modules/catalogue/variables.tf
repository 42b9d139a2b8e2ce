variable "stage" {
  description = "The names of all resources begin with orderproc-<stage>-."
  type        = string
}

variable "cache_seconds" {
  description = "How old the catalogue may be that CloudFront answers with."
  type        = number
}

variable "api_domain" {
  description = "The API's host name."
  type        = string
}

variable "api_path" {
  description = "Where the API is there, without a slash at its end."
  type        = string
}

variable "api_protocol" {
  description = "https-only, or http-only for an emulator, which has no TLS."
  type        = string
}

variable "api_port" {
  description = "Of http-only."
  type        = number
}

variable "firewall_arn" {
  description = "The web ACL in us-east-1; null for none."
  type        = string
}
