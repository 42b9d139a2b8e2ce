"""The one exception that ends a command with a sentence instead of a traceback, and what passes over AWS's refusals."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import ClientError


class Refusal(Exception):
    """The command cannot go on. The text is one sentence for the person at the terminal, with a way out."""


@contextmanager
def unless(*codes: str) -> Iterator[None]:
    """Passes over refusals of AWS with one of these codes: what was to be done is done already."""
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] not in codes:
            raise
