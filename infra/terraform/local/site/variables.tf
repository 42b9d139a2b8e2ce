variable "stage" {
  description = "The names of all resources begin with orderproc-<stage>-."
  type        = string
}

variable "region" {
  description = "The region of the buckets' host names."
  type        = string
}

variable "account_id" {
  description = "The account, which ends the names of buckets."
  type        = string
}

variable "partition" {
  description = "The partition of ARNs: aws, aws-cn or aws-us-gov."
  type        = string
}

variable "dns_suffix" {
  description = "What the host names of AWS's services end in."
  type        = string
}

variable "connect_origins" {
  description = "The origins that pages may send requests to besides their own, separated by blanks: the API's and Cognito's."
  type        = string
}

variable "site_domain" {
  description = "The shop's own host name; without one it is served at that of CloudFront."
  type        = string
}

variable "site_certificate_arn" {
  description = "Of the certificate for site_domain, in us-east-1."
  type        = string
}

variable "force_destroy" {
  description = "Whether the bucket is destroyed with what it holds."
  type        = bool
}

variable "firewall_arn" {
  description = "The web ACL in us-east-1; null for none."
  type        = string
}
