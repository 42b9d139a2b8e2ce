variable "name" {
  description = "The secret's name."
  type        = string
}

variable "description" {
  description = "What the secret is for."
  type        = string
}

variable "value_version" {
  description = "Another number makes a new value; the one before stays valid as the previous version."
  type        = number
  default     = 1
}

variable "key_arn" {
  description = "The stage's own key; without one AWS's keys encrypt."
  type        = string
  default     = null
}
