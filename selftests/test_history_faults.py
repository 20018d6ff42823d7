"""Each way in which files and history disagree has a row in the sandbox's faults, and something sees it.

`test_faults.py` runs the rows; this one says that none of the known ways is missing.
"""

import pytest

from sandbox.faults import load_faults

FAULTS = load_faults()
WAYS = {
    "one version twice": ["migration-twice-one-version", "migration-version-taken"],
    "older than the newest applied": ["migration-merged-late"],
    "edited after it was applied": ["migration-edited", "migration-edited-on-the-branch"],
    "continued after it was applied": ["migration-edited-at-its-end"],
    "renamed after it was applied": ["migration-renamed", "migration-renamed-on-the-branch"],
    "only in the history": ["migration-only-on-production", "migration-lost", "migration-of-another-branch"],
    "skipped by the CLI": [
        "migration-without-a-version", "migration-with-a-dash", "migration-in-capitals", "migration-in-a-folder",
    ],
    "versions of different length": ["migration-version-short", "migration-version-long"],
    "a time of the future": ["migration-from-the-future"],
    "no time at all": ["migration-on-no-day", "migration-on-no-leap-day"],
    "empty": ["migration-empty", "migration-of-comments", "migration-emptied"],
    "a column added by hand": ["column-added-by-hand"],
    "marked as applied without having run": ["migration-repaired-without-running"],
    "ran, and its row is gone": ["history-newest-row-gone"],
    "not tried on staging": ["staging-behind", "staging-behind-in-the-middle"],
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_way(way: str) -> None:
    for name in WAYS[way]:
        seen = set(FAULTS[name].violates) - {"migration_status[pending]"}

        assert seen or way == "ran, and its row is gone", f"nothing sees {name}"
