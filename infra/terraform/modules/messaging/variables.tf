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

variable "orders_from_bus" {
  description = "Whether this stage accepts orders from EventBridge's default bus. Two such stages would charge each order twice."
  type        = bool
}

variable "max_receives" {
  description = "Receives of a message before it goes to the dead-letter queue."
  type        = number
}

variable "key_arn" {
  description = "The stage's own key; without one AWS's keys encrypt."
  type        = string
  default     = null
}
