"""The outside world: each module implements a port of `services/ports.py` on one AWS service or provider.
May import `services.ports`, `domain` and boto3; only `bootstrap.py` imports it.

A module that calls AWS says in `PERMISSIONS` which actions that takes, on which resource; `infra/deploy/policies.py` says
how they are written, and `infra/deploy/permissions.py` which functions use them. After a change: `make policies`."""
