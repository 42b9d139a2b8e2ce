"""A stage in AWS: its templates (`cloudformation/`), deployment (`deploy/`) and daily operation (`ops/`).

May import boto3, Rich and the standard library; nothing of `local`.
"""
