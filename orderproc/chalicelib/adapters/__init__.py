"""The outside world: each module implements a port of `services/ports.py` on one AWS service or provider.
May import `services.ports`, `domain` and boto3; only `bootstrap.py` imports it.

A module that calls AWS declares in `PERMISSIONS` which actions that takes, on which resource, in the form that
`infra/deploy/policies.py` describes. `infra/deploy/permissions.py` says which functions use them. After a change:
`make policies`."""
