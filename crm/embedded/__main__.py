"""`python -m crm.embedded demo` and `python -m crm.embedded run`."""

import argparse
import sys

from crm.embedded.errors import EmbeddedError
from crm.embedded.launch import launch


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m crm.embedded", description=__doc__)
    parser.add_argument("verb", choices=["demo", "run"])
    verb = parser.parse_args().verb
    try:
        return launch(demo=verb == "demo")
    except EmbeddedError as problem:
        print(problem, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
