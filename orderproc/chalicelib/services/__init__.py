"""Use cases, each a verb. They know the domain and `ports.py`.
May import `domain` and the standard library: neither boto3 nor chalice."""
