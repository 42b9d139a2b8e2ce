output "state_machine_arn" {
  description = "The state machine in use."
  value       = aws_sfn_state_machine.this[var.workflow_type].arn
}
