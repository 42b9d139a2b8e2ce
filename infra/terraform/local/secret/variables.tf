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
