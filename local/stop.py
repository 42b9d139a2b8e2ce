"""`make stop`: ends a local stack that was left running, and what is left of one that was killed."""

import argparse
import sys
from pathlib import Path

from local import stack


def main(arguments: list[str]) -> int:
    """The command; stopping what does not run is no error."""
    parser = argparse.ArgumentParser(prog="local.stop")
    parser.add_argument("--folder", type=Path, default=stack.FOLDER)
    parser.add_argument("--quiet", action="store_true")
    options = parser.parse_args(arguments)
    stopped = stack.stop(options.folder)
    if not options.quiet:
        print("Stopped." if stopped else "No local stack is running.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
