"""Money, time, errors, JSON, DynamoDB, SQS batches, validation, redaction, logs, metrics: what every area uses.
May import nothing of the product."""
