resource "aws_cloudwatch_dashboard" "this" {
  count = var.dashboard_body == "" ? 0 : 1

  dashboard_name = "orderproc-${var.stage}"
  # The body is code (infra/deploy/dashboard.py), written for CloudFormation's substitutions.
  dashboard_body = replace(replace(replace(replace(replace(
    var.dashboard_body,
    "$${Stage}", var.stage),
    "$${OrderStateMachineArn}", var.state_machine_arn),
    "$${AWS::Region}", var.region),
    "$${AWS::AccountId}", var.account_id),
  "$${AWS::Partition}", var.partition)
}
