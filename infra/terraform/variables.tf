variable "stage" {
  description = "The names of all resources begin with orderproc-<stage>-."
  type        = string

  validation {
    condition     = can(regex("^(?:[a-z][a-z0-9]{0,19})$", var.stage))
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
  description = "Whether tables and user pool are protected from deletion. Tables and buckets of such a stage are retained when its stack is deleted."
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

variable "backups_kept_days" {
  description = "Days after which backups, and the files of restorations, are deleted."
  type        = number
  default     = 90

  validation {
    condition     = var.backups_kept_days >= 1 && var.backups_kept_days <= 36500
    error_message = "backups_kept_days is a number from 1 to 36500."
  }
}

variable "shop_name" {
  description = "The subject of mails with a code begins with it."
  type        = string
  default     = "Orderproc Demo Shop"

  validation {
    condition     = can(regex("^(?:.{1,100})$", var.shop_name))
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

variable "log_retention_days" {
  description = "Days that logs are kept."
  type        = number
  default     = 14

  validation {
    condition = contains(
      [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
      var.log_retention_days,
    )
    error_message = "CloudWatch keeps logs for 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653 days."
  }
}

variable "workflow_type" {
  description = "STANDARD keeps every execution's history for 90 days; EXPRESS costs a fraction and keeps logs only."
  type        = string
  default     = "STANDARD"

  validation {
    condition     = contains(["STANDARD", "EXPRESS"], var.workflow_type)
    error_message = "workflow_type is STANDARD or EXPRESS."
  }
}

variable "kept_workflow_types" {
  description = "Types of which a state machine stays though it is not in use, so that its executions finish."
  type        = set(string)
  default     = []

  validation {
    condition     = length(setsubtract(var.kept_workflow_types, ["STANDARD", "EXPRESS"])) == 0
    error_message = "kept_workflow_types are STANDARD and EXPRESS."
  }
}

variable "tracing" {
  description = "Whether X-Ray traces executions; TRACING also decides for functions and API (infra/deploy/render.py)."
  type        = bool
  default     = true
}

variable "alarm_email" {
  description = "An address that gets every alarm after it has confirmed the mail from AWS."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(?:([^@\\s]+@[^@\\s.]+(\\.[^@\\s.]+)+)?)$", var.alarm_email))
    error_message = "alarm_email is an e-mail address, as in oncall@your.shop."
  }
}

variable "runbook_url" {
  description = "The URL of the runbooks' folder, without a slash at the end."
  type        = string
  default     = "docs/runbooks"

  validation {
    condition     = can(regex("^(?:docs/runbooks|https?://[^\\s()\"'\\\\]+)$", var.runbook_url))
    error_message = "runbook_url is an address that begins with https:// (or http://)."
  }
}

variable "dashboard_body" {
  description = "The dashboard's body, as infra/deploy/dashboard.py writes it for CloudFormation; without one there is no dashboard."
  type        = string
  default     = ""
}

variable "connect_origins" {
  description = "The origins that pages may send requests to besides their own, separated by blanks: the API's and Cognito's. A first deployment knows them only after `chalice deploy`, and gives them then."
  type        = string
  default     = ""
}

variable "site_domain" {
  description = "The shop's own host name; without one it is served at that of CloudFront."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(?:(?:[a-z0-9-]+(?:\\.[a-z0-9-]+)+)?)$", var.site_domain))
    error_message = "site_domain is a host name such as shop.example.com."
  }
}

variable "site_certificate_arn" {
  description = "Of the certificate for site_domain."
  type        = string
  default     = "arn:aws:acm:us-east-1:000000000000:certificate/none"

  validation {
    condition     = can(regex("^(?:arn:aws[a-z-]*:acm:us-east-1:[0-9]{12}:certificate/[A-Za-z0-9-]+)$", var.site_certificate_arn))
    error_message = "site_certificate_arn is the ARN of a certificate of ACM in us-east-1, where CloudFront looks for them."
  }
}

variable "rest_api_id" {
  description = "The REST API's id; empty before the functions are deployed, and then there are no usage plans."
  type        = string
  default     = ""
}

variable "api_stage" {
  description = "The API's stage that the usage plans are for."
  type        = string
  default     = "api"
}

variable "api_access_logs" {
  description = "Whether each request of the API is logged; `addresses` adds callers' IP addresses."
  type        = string
  default     = "off"

  validation {
    condition     = contains(["off", "on", "addresses"], var.api_access_logs)
    error_message = "api_access_logs is off, on or addresses."
  }
}

variable "access_log_retention_days" {
  description = "Days that requests of the API are kept."
  type        = number
  default     = 90

  validation {
    condition = contains(
      [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
      var.access_log_retention_days,
    )
    error_message = "CloudWatch does not keep logs for so many days: see log_retention_days."
  }
}

variable "catalogue_cache_seconds" {
  description = "How old the catalogue may be that CloudFront answers with; 0 for no cache."
  type        = number
  default     = 0

  validation {
    condition     = var.catalogue_cache_seconds >= 0 && var.catalogue_cache_seconds <= 300
    error_message = "catalogue_cache_seconds is a number from 0 to 300."
  }
}

variable "api_domain" {
  description = "The API's host name."
  type        = string
  default     = ""
}

variable "api_path" {
  description = "Where the API is there, without a slash at its end."
  type        = string
  default     = "/api"
}

variable "api_protocol" {
  description = "An emulator has no TLS."
  type        = string
  default     = "https-only"

  validation {
    condition     = contains(["https-only", "http-only"], var.api_protocol)
    error_message = "api_protocol is https-only or http-only."
  }
}

variable "api_port" {
  description = "Of http-only."
  type        = number
  default     = 80
}

variable "warm_instances" {
  description = "Of the API's function, by its alias `live`."
  type        = number
  default     = 0

  validation {
    condition     = var.warm_instances >= 0 && var.warm_instances <= 1000
    error_message = "warm_instances is a number from 0 to 1000."
  }
}

variable "warm_from" {
  description = "Minute and hour at which they are started each day, as cron has them."
  type        = string
  default     = "0 8"
}

variable "warm_until" {
  description = "When they are stopped."
  type        = string
  default     = "0 20"
}

variable "warm_time_zone" {
  description = "The time zone of both."
  type        = string
  default     = "UTC"
}

variable "customer_key" {
  description = "Whether the stage encrypts with this key. One that is not in use stays for what it has encrypted."
  type        = bool
  default     = false
}

variable "keep_customer_key" {
  description = "Whether the key stays though it is not in use: with it, what it has encrypted would be lost."
  type        = bool
  default     = false
}

variable "private_network" {
  description = "Whether the functions run here. A network that is not in use is deleted once their interfaces are gone."
  type        = bool
  default     = false
}

variable "keep_private_network" {
  description = "Whether the network stays though it is not in use, until the functions have left it."
  type        = bool
  default     = false
}

variable "network_cidr" {
  description = "The network's addresses. Functions of all kinds share few of them."
  type        = string
  default     = "10.0.0.0/24"

  validation {
    condition     = can(regex("^(?:(10\\.\\d{1,3}|172\\.(1[6-9]|2\\d|3[01])|192\\.168)\\.\\d{1,3}\\.0/24)$", var.network_cidr))
    error_message = "network_cidr is a private network of 256 addresses, as in 10.0.0.0/24."
  }
}

variable "network_first_zone" {
  description = "An Availability Zone that has all endpoints (infra/deploy/network.py)."
  type        = string
  default     = ""
}

variable "network_second_zone" {
  description = "Another one."
  type        = string
  default     = ""
}

variable "network_s3_prefix_list" {
  description = "AWS's list of S3's addresses in the region."
  type        = string
  default     = ""
}

variable "network_dynamo_db_prefix_list" {
  description = "AWS's list of DynamoDB's addresses in the region."
  type        = string
  default     = ""
}

variable "network_language_model" {
  description = "Whether the chatbot asks a model, by BEDROCK_MODEL_ID."
  type        = bool
  default     = false
}

variable "firewall" {
  description = "Whether the stage has a firewall. A stack that is not in use is deleted at the end of the deployment."
  type        = bool
  default     = false
}

variable "firewall_rate" {
  description = "Requests of one address in five minutes, above which it is refused. Those with an API key are counted apart."
  type        = number
  default     = 2000

  validation {
    condition     = var.firewall_rate >= 100 && var.firewall_rate <= 2000000
    error_message = "firewall_rate is a number from 100 to 2000000."
  }
}

variable "firewall_anonymous" {
  description = "Whether requests from Tor, proxies and VPNs are counted or blocked."
  type        = string
  default     = "count"

  validation {
    condition     = contains(["count", "block"], var.firewall_anonymous)
    error_message = "firewall_anonymous is count or block."
  }
}
