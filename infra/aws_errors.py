"""What passes over refusals of AWS."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import ClientError


@contextmanager
def unless(*codes: str) -> Iterator[None]:
    """Passes over refusals of AWS with one of these codes: what was to be done is done already."""
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] not in codes:
            raise
