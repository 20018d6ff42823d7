"""What it costs to judge the names of migration files, and whether they still say what ran: no database is asked."""

import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import histories, rounds
from benchmarks.aims import within
from benchmarks.part import Part, lines, named
from fixtures.migrations import Folder, history, migration_folder  # noqa: F401
