terraform {
  # 1.10 locks state in S3 without a table; 1.11 knows write-only arguments, which keep secrets out of the state.
  required_version = ">= 1.11"

  required_providers {
    aws = {
      # 6.8 takes messages of a megabyte, as SQS does.
      source  = "hashicorp/aws"
      version = "~> 6.8"
    }
  }

  # The rest is given to `terraform init -backend-config=…`: bucket, key and region differ by account and stage.
  backend "s3" {
    encrypt      = true
    use_lockfile = true
  }
}
