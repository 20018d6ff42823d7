"""`python -m selftests.matrix_page [--check] [--json FILE]`: docs/faults.html, written or compared; or the data."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from reports.atomic_file import replace_file
from selftests.matrix import matrix
from selftests.matrix_page.page import data, page
from selftests.voyage import HOUSE

NAME = "docs/faults.html"


def main(argv: Sequence[str], root: Path = HOUSE) -> int:
    """Returns the exit code."""
    parser = argparse.ArgumentParser(prog="make matrix", description=__doc__, allow_abbrev=False)
    parser.add_argument("--check", action="store_true", help="only compare; exit code 1 when it differs")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the matrix as JSON, instead of the page")
    asked = parser.parse_args(argv)
    if asked.json:
        replace_file(asked.json, (data(matrix()) + "\n").encode())
        return 0
    text, place = page(matrix()), root / NAME
    if not asked.check:
        replace_file(place, text.encode())
    elif not place.is_file() or place.read_text(encoding="utf-8") != text:
        print(f"{NAME} is not what checks and faults say. Run: make matrix", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
