"""A stage's data brought back to one moment: backups, and the restoration of tables and documents. Run by an operator
(`infra.ops.backup`, `infra.ops.restore`) with an operator's credentials."""
