"""Commands for a running stage: dead letters, dashboard, metrics.

May import `infra.deploy` (to reach a stage) and the app's use cases; nothing of `local`.
"""
