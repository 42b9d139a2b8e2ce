variable "stage" {
  description = "The names of all resources begin with orderproc-<stage>-."
  type        = string
}

variable "rest_api_id" {
  description = "The REST API's id; empty before the functions are deployed, and then there are no plans."
  type        = string
}

variable "api_stage" {
  description = "The API's stage that the plans are for."
  type        = string
}
