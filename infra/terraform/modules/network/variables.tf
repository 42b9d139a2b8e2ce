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

variable "cidr" {
  description = "The network's addresses. Functions of all kinds share few of them."
  type        = string
}

variable "first_zone" {
  description = "An Availability Zone that has all endpoints; looked up if empty."
  type        = string
}

variable "second_zone" {
  description = "Another one; looked up if empty."
  type        = string
}

variable "s3_prefix_list" {
  description = "AWS's list of S3's addresses in the region; looked up if empty."
  type        = string
}

variable "dynamo_db_prefix_list" {
  description = "AWS's list of DynamoDB's addresses in the region; looked up if empty."
  type        = string
}

variable "language_model" {
  description = "Whether the chatbot asks a model, by BEDROCK_MODEL_ID."
  type        = bool
}
