"""Makes, updates and removes a stage: the stacks, what `chalice deploy` does, and the steps around it.

May import `infra.cloudformation`'s files, boto3, chalice and Rich; nothing of `infra.ops` or `local`.
"""
