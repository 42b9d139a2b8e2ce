"""What Lambda runs the functions on: Chalice deploys for the Python version it runs on itself."""

import sys

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
# Amazon Linux 2 has glibc 2.26, Amazon Linux 2023 has 2.34: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
_ON_AMAZON_LINUX_2 = sys.version_info < (3, 12)
# Graviton costs a fifth less, but jsonschema-rs is built for it against glibc 2.28 only.
ARCHITECTURE = "x86_64" if _ON_AMAZON_LINUX_2 else "arm64"
_GLIBC = ("manylinux2014",) if _ON_AMAZON_LINUX_2 else ("manylinux2014", "manylinux_2_28", "manylinux_2_34")


def wheel_platforms(architecture: str) -> list[str]:
    """The tags of wheels that load there, for Lambda's name of an architecture ("x86_64", "arm64")."""
    machine = {"arm64": "aarch64"}.get(architecture, architecture)
    return [f"{glibc}_{machine}" for glibc in _GLIBC]
