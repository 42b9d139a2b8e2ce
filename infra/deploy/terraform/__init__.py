"""A stage by Terraform instead of CloudFormation: the native resources are `infra/terraform`, the functions what
`chalice package` writes for Terraform. Each has a state of its own in the stage's state bucket."""
