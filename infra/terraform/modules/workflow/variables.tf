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

variable "definition_file" {
  description = "The machine's definition in the States Language, with the functions' names as template variables."
  type        = string
}

variable "workflow_type" {
  description = "Of the machine in use: STANDARD or EXPRESS."
  type        = string
}

variable "kept_workflow_types" {
  description = "Types of which a machine stays, so that its executions finish."
  type        = set(string)
}

variable "log_retention_days" {
  description = "Days that logs are kept."
  type        = number
}

variable "tracing" {
  description = "Whether X-Ray traces executions."
  type        = bool
}

variable "key_arn" {
  description = "The stage's own key; without one AWS's keys encrypt."
  type        = string
  default     = null
}
