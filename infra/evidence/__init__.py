"""`make evidence STAGE=…`: one HTML file that shows a stage as AWS's own APIs report it, or proves that it is gone.

May import `infra.deploy`, `infra.ops`, the app's kit and its readers of orders, and `bench.prices`; nothing of `local`.
"""
