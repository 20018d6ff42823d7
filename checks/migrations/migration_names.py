from collections import Counter

import pytest

from checks import Finding, high, migrations_lane, pre_deploy, runbook
from fixtures.migrations import Folder, MigrationFile

pytestmark = [high, runbook("MIG-1"), pre_deploy, migrations_lane]

WRONG = {
    "pattern": "the Supabase CLI skips it without failing",
    "unique": "two files have one version; the second one fails after its statements ran",
    "past": "its version is no moment of the past, so that later migrations sort before it",
    "order": "versions of different lengths do not sort in the order of their numbers",
}


@pytest.mark.parametrize("rule", WRONG)
def test_migration_names(migration_folder: Folder, rule: str) -> None:
    """Every migration file is named so that the Supabase CLI runs it once, in the intended order.

    Means:   a migration is left out, fails, or runs in another order than it was tested in.
    Confirm: ls supabase/migrations
    Contain: do not deploy; nothing has happened yet.
    Fix:     git mv the file to <UTC time as YYYYMMDDHHMMSS>_<name>.sql, later than every applied one. A version that
             is applied anywhere keeps its name.
    """
    wrong = {"pattern": skipped, "unique": repeated, "past": untimely, "order": uneven}[rule](migration_folder)
    if wrong:
        raise Finding(WRONG[rule], wrong)


def skipped(folder: Folder) -> list[MigrationFile]:
    """SQL that the CLI does not run."""
    return [file for file in folder.files if file.skipped is not None and file.sql]


def run(folder: Folder) -> list[MigrationFile]:
    """What the CLI runs."""
    return [file for file in folder.files if file.skipped is None]


def repeated(folder: Folder) -> list[MigrationFile]:
    """Files that share their version with another."""
    times = Counter(file.version for file in run(folder))
    return [file for file in run(folder) if times[file.version] > 1]


def untimely(folder: Folder) -> list[MigrationFile]:
    """Versions that look like times and are none, or are in the future."""
    timed = [file for file in run(folder) if len(file.version or "") == 14]
    return [file for file in timed if file.time is None or file.time > folder.read_at]


def uneven(folder: Folder) -> list[MigrationFile]:
    """Files whose version is not as long as most."""
    lengths = Counter(len(file.version or "") for file in run(folder))
    usual = lengths.most_common(1)[0][0] if lengths else 0
    return [file for file in run(folder) if len(file.version or "") != usual]
