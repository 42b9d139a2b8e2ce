variable "stage" {
  description = "The names of all resources begin with orderproc-<stage>-."
  type        = string
}

variable "region" {
  description = "The region of ARNs."
  type        = string
}

variable "account_id" {
  description = "The account of ARNs."
  type        = string
}

variable "partition" {
  description = "The partition of ARNs: aws, aws-cn or aws-us-gov."
  type        = string
}

variable "log_retention_days" {
  description = "Days that the functions' logs are kept."
  type        = number
}

variable "has_access_logs" {
  description = "Whether requests of the API are logged."
  type        = bool
}

variable "access_log_retention_days" {
  description = "Days that requests of the API are kept."
  type        = number
}

variable "alarms_topic_arn" {
  description = "The topic that alarms notify."
  type        = string
}

variable "state_machine_arn" {
  description = "The state machine in use."
  type        = string
}

variable "alarm_email" {
  description = "An address that gets every alarm after it has confirmed the mail from AWS."
  type        = string
}

variable "runbook_url" {
  description = "The URL of the runbooks' folder, without a slash at the end."
  type        = string
}

variable "dashboard_body" {
  description = "The dashboard's body; empty makes none."
  type        = string
}

variable "key_arn" {
  description = "The stage's own key; without one AWS's keys encrypt."
  type        = string
  default     = null
}
