"""MiniStack with what it lacks of AWS: `python -m local.emulator`. README.md lists the modules.

Knows nothing of the applications that run in it: imports MiniStack, the standard library and itself only.
"""
