"""What `chalice deploy` does not make, and the two commands around it: `python -m infra.deploy STAGE`, `…
infra.destroy STAGE`.

May import boto3, Rich and the standard library; nothing of `orderproc` or `local`.
"""
