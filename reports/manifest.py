"""Writes checks/manifest.json: every case, with its lanes.

``python -m reports.manifest`` writes it; ``--check`` compares and exits 1 on a difference.
"""

import json
import sys

from reports.check_files import check_files
from reports.expectation import COMMAND, MANIFEST


def text() -> str:
    """The manifest as it should be: case id -> lanes, both sorted.

    Raises:
        ValueError: a check file is not well formed; the message names it.
    """
    checks = check_files(MANIFEST.parents[1])
    cases = {case.id: sorted(case.lanes) for check in checks for case in check.cases}
    return json.dumps(dict(sorted(cases.items())), indent=2) + "\n"


def main(arguments: list[str]) -> int:
    """Write the manifest, or compare it."""
    try:
        content = text()
    except ValueError as problem:
        print(problem, file=sys.stderr)
        return 2
    if "--check" not in arguments:
        MANIFEST.write_text(content, encoding="utf-8")
        return 0
    if MANIFEST.exists() and MANIFEST.read_text(encoding="utf-8") == content:
        return 0
    print(f"{MANIFEST.name} is not what the checks say: make it with {COMMAND}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
