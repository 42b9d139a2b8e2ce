variable "stage" {
  description = "The names of all resources begin with orderproc-<stage>-."
  type        = string
}

variable "rest_api_id" {
  description = "The REST API's id; empty before the functions are deployed, and then there are no plans."
  type        = string
}

variable "region" {
  description = "The API's region."
  type        = string
}

variable "partition" {
  description = "The partition of ARNs: aws, aws-cn or aws-us-gov."
  type        = string
}

variable "has_firewall" {
  description = "Whether there is a web ACL for the API."
  type        = bool
}

variable "firewall_arn" {
  description = "The web ACL, if there is one."
  type        = string
}

variable "warm_instances" {
  description = "Instances of the API's function that are kept warm, by its alias `live`; 0 for none."
  type        = number
}

variable "warm_from" {
  description = "Minute and hour at which they are started each day, as cron has them."
  type        = string
}

variable "warm_until" {
  description = "When they are stopped."
  type        = string
}

variable "warm_time_zone" {
  description = "The time zone of both."
  type        = string
}

variable "api_stage" {
  description = "The API's stage that the plans are for."
  type        = string
}
