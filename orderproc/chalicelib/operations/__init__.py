"""What staff do by hand: dead letters, the audit trail, sending messages again; and the health check.
May import areas below: `imports` and what is under it."""
