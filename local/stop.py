"""`make stop`: ends a local stack that was left running, and what is left of one that was killed."""

import sys

from local import stack


def main(arguments: list[str]) -> int:
    """The command; stopping what does not run is no error."""
    stopped = stack.stop()
    if "--quiet" not in arguments:
        print("Stopped." if stopped else "No local stack is running.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
