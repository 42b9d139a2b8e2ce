"""orderproc by areas. Imports run down one list, which import-linter holds (pyproject.toml): `api`, `consumers`,
`bootstrap`, `assistant`, `reporting`, `operations`, `imports`, `reconciliation`, `feedback`, `notifications`,
`fulfilment`, `workflow`, `documents`, `checkout`, `payments`, `inventory`, `orders`, `kit`.

In an area: `model.py` (pure), `ports.py`, `schema.py`, a module per use case, and adapters named after what they speak
(`dynamodb.py`, `s3.py`, `sqs.py`). Only `bootstrap` chooses adapters. An adapter declares its calls in `PERMISSIONS`,
which infra/deploy/permissions.py grants."""
