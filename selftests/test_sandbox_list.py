"""The list of faults is long: who reads its beginning only is told nothing else."""

import subprocess
import sys

from selftests.voyage import HOUSE


def test_who_has_seen_enough_of_the_list_is_told_nothing_else() -> None:
    command = f"set -o pipefail; {sys.executable} -m sandbox --list-faults | head -1"
    listed = subprocess.run(["bash", "-c", command], cwd=HOUSE, capture_output=True, text=True, timeout=60, check=False)

    assert (listed.returncode, listed.stderr, len(listed.stdout.splitlines())) == (0, "", 1)
