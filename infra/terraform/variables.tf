variable "stage" {
  description = "The names of all resources begin with orderproc-<stage>-."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{0,19}$", var.stage))
    error_message = "A stage's name is a letter, then up to 19 lower-case letters or digits."
  }
}

variable "region" {
  description = "The region that everything is made in."
  type        = string
}

variable "deployment" {
  description = "The id of this deployment, for the tag orderproc:deployment; empty until `make deploy` has chosen one."
  type        = string
  default     = ""
}

variable "orders_from_bus" {
  description = "Whether this stage accepts orders from EventBridge's default bus. Two such stages would charge each order twice."
  type        = bool
  default     = false
}

variable "max_receives" {
  description = "Receives of a message before it goes to the dead-letter queue."
  type        = number
  default     = 10

  validation {
    condition     = var.max_receives >= 4 && var.max_receives <= 1000
    error_message = "max_receives is a number from 4 to 1000."
  }
}

variable "deletion_protection" {
  description = "Whether tables and user pool are protected from deletion."
  type        = bool
  default     = false
}

variable "staff_mfa" {
  description = "Whether users may register an authenticator app as a second factor. Staff should."
  type        = string
  default     = "OFF"

  validation {
    condition     = contains(["OFF", "OPTIONAL"], var.staff_mfa)
    error_message = "staff_mfa is OFF or OPTIONAL."
  }
}

variable "documents_kept_days" {
  description = "Days after which receipts and the archive of orders are deleted; 0 keeps them forever."
  type        = number
  default     = 0

  validation {
    condition     = var.documents_kept_days >= 0 && var.documents_kept_days <= 36500
    error_message = "documents_kept_days is a number from 0 to 36500."
  }
}

variable "shop_name" {
  description = "The subject of mails with a code begins with it."
  type        = string
  default     = "Orderproc Demo Shop"

  validation {
    condition     = can(regex("^.{1,100}$", var.shop_name))
    error_message = "shop_name has 1 to 100 characters."
  }
}

variable "language" {
  description = "Of mails with a code."
  type        = string
  default     = "en"

  validation {
    condition     = contains(["en", "nl", "de", "fr", "es"], var.language)
    error_message = "language is en, nl, de, fr or es."
  }
}

variable "force_destroy" {
  description = "Whether `terraform destroy` deletes what the buckets hold. `make destroy` empties them itself."
  type        = bool
  default     = false
}
