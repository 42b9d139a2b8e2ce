variable "name" {
  description = "The bucket's name."
  type        = string
}

variable "force_destroy" {
  description = "Whether the bucket is destroyed with what it holds."
  type        = bool
}

variable "is_versioned" {
  description = "Whether overwritten and deleted objects can be restored."
  type        = bool
  default     = false
}

variable "cors_methods" {
  description = "Methods that pages of any origin may use, with a signature of the API's."
  type        = list(string)
  default     = []
}

variable "lifecycle_rules" {
  description = "What happens to objects with time, in days."
  type = list(object({
    id                    = string
    enabled               = optional(bool, true)
    prefix                = optional(string, "")
    abort_uploads_after   = optional(number)
    expire_after          = optional(number)
    forget_versions_after = optional(number)
    forget_deletions      = optional(bool, false)
  }))
}

variable "statements" {
  description = "Statements of the bucket's policy besides the one that demands TLS."
  type        = any
  default     = []
}

variable "key_arn" {
  description = "The stage's own key; without one AWS's keys encrypt."
  type        = string
  default     = null
}
