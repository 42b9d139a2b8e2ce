"""The outside world: each module implements a port of `services/ports.py` on one AWS service or provider.
May import `services.ports`, `domain` and boto3; only `bootstrap.py` imports it."""
