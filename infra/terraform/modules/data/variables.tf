variable "stage" {
  description = "The names of all resources begin with orderproc-<stage>-."
  type        = string
}

variable "account_id" {
  description = "The account, which ends the names of buckets."
  type        = string
}

variable "deletion_protection" {
  description = "Whether tables and user pool are protected from deletion."
  type        = bool
}

variable "staff_mfa" {
  description = "Whether users may register an authenticator app as a second factor: OFF or OPTIONAL."
  type        = string
}

variable "documents_kept_days" {
  description = "Days after which receipts and the archive of orders are deleted; 0 keeps them forever."
  type        = number
}

variable "backups_kept_days" {
  description = "Days after which backups, and the files of restorations, are deleted."
  type        = number
}

variable "shop_name" {
  description = "The subject of mails with a code begins with it."
  type        = string
}

variable "language" {
  description = "Of mails with a code."
  type        = string
}

variable "force_destroy" {
  description = "Whether buckets are destroyed with what they hold."
  type        = bool
}

variable "key_arn" {
  description = "The stage's own key; without one AWS's keys encrypt."
  type        = string
  default     = null
}
