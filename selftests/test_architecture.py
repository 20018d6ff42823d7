"""The tree keeps the rules of architecture.py, and each rule is believed only after it was seen to speak.

Every rule reports a small bad file and stays silent on a near miss, both written into an empty tree.
"""

from pathlib import Path

import pytest

from selftests.architecture import ENGINE_SPEAKS_PYTEST, PYTEST, RULES, Rule, flaws, imported, sources, top
from selftests.architecture import a_check_has_one_shape as shape
from selftests.architecture import a_check_hides_nothing as hides
from selftests.architecture import a_check_looks_at_nothing as looks
from selftests.architecture import a_file_is_short as short
from selftests.architecture import a_name_says_what_is_inside as named
from selftests.architecture import imports_run_one_way as one_way
from selftests.architecture import no_trace_of_a_machine as traces
from selftests.architecture import only_doors_speak_pytest as doors


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_tree_keeps(rule: Rule, repository: Path) -> None:
    found = flaws(rule, repository)

    assert not found, "\n".join(found)


@pytest.mark.parametrize("room", ["fixtures", "checks", "reports", "sandbox", "selftests"])
def test_the_rules_see_every_room(room: str, repository: Path) -> None:
    assert [source for source in sources(repository, "*.py") if source.room == room]


def test_the_rules_see_checks(repository: Path) -> None:
    assert [source for source in sources(repository, "*.py") if source.is_check]


def test_each_exception_of_the_engine_is_needed(repository: Path) -> None:
    engine = {source.path.name: source for source in sources(repository / "fixtures" / "engine", "*.py")}

    idle = [name for name in ENGINE_SPEAKS_PYTEST if not PYTEST & {top(module) for module in imported(engine[name])}]

    assert not idle


HERE = "checks/tables/tables_are_closed.py"
CHECK = '''\
PATTERN = re.compile("x")
def test_tables_are_closed(tables):
    """Every table is closed.

    Means:   anyone reads it.
    Confirm: psql -c '\\\\d'
    Contain: revoke it.
    Fix:
        ship a migration: it lasts.
    """
    if tables:
        raise Finding("open", tables)
'''
BAD: list[tuple[Rule, str, str, str]] = [
    (one_way, "fixtures/a/b.py", "import checks.x", "imports checks.x"),
    (one_way, "fixtures/a/b.py", "def f():\n    from checks import x", "imports checks.x"),
    (one_way, "checks/a/b.py", "from reports.verdicts import V", "imports reports.verdicts.V"),
    (one_way, "checks/a/b.py", "from ...reports import V", "imports reports.V"),
    (one_way, "reports/a.py", "import importlib\nimportlib.import_module('sandbox.x')", "imports sandbox.x"),
    (one_way, "sandbox/a.py", "from fixtures import Fact", "imports fixtures.Fact"),
    (one_way, "fixtures/a/b.py", "import sandbox", "imports sandbox"),
    (one_way, "fixtures/a.py", "import selftests.world", "imports selftests.world"),
    (one_way, "tools/a.py", "", "no room is called tools"),
    (doors, "fixtures/postgres/probe.py", "import pytest", "imports pytest"),
    (doors, "fixtures/postgres/probe.py", "from _pytest.config import Config", "imports _pytest.config.Config"),
    (doors, "fixtures/postgres/probe.py", "from fixtures.engine import observation", "imports fixtures.engine"),
    (doors, "fixtures/postgres/probe.py", "from ..engine import observation", "imports fixtures.engine.observation"),
    (doors, "fixtures/postgres/probe.py", "import fixtures.engine", "imports fixtures.engine"),
    (doors, "fixtures/engine/unlisted.py", "from pytest import Item", "imports pytest.Item"),
    (looks, HERE, "import psycopg", "imports psycopg"),
    (looks, HERE, "from os import environ", "imports os.environ"),
    (looks, HERE, "from pathlib import Path", "imports pathlib.Path"),
    (looks, HERE, "def f():\n    import time", "imports time"),
    (looks, HERE, "x = open('a')", "calls open()"),
    (looks, HERE, "x = datetime.now(UTC)", "calls now()"),
    (hides, HERE, "pytest.skip('not today')", "uses skip"),
    (hides, HERE, "@pytest.mark.xfail\ndef test_x(): ...", "uses xfail"),
    (hides, HERE, "try:\n    x()\nexcept E:\n    pass", "catches exceptions"),
    (shape, HERE, CHECK.replace("test_tables_are_closed", "test_other"), "holds ['test_other']"),
    (shape, HERE, CHECK + "def test_more(): ...\n", "'test_more']"),
    (shape, HERE, CHECK.replace("def ", "async def "), "one plain test_tables_are_closed"),
    (shape, HERE, "x = 1\n", "holds []"),
    (shape, HERE, CHECK + "\n" * 30, "has 42 lines"),
    (shape, HERE, CHECK.replace("Every table is closed.", "closed tables"), "not a sentence"),
    (shape, HERE, CHECK.replace("closed.\n\n", "closed.\n"), "no empty line after the promise"),
    (shape, HERE, CHECK.replace("Contain:", "Mitigate:"), "'Mitigate'"),
    (shape, HERE, CHECK.replace("    Means:   anyone reads it.\n", ""), "its sections are ['Confirm'"),
    (shape, HERE, CHECK.replace("revoke it.", ""), "its sections are ['Means', 'Confirm', 'Fix']"),
    (shape, HERE, CHECK.replace('raise Finding("open", tables)', "pass"), "raises [], not Finding"),
    (shape, HERE, CHECK.replace("Finding(", "AssertionError("), "raises ['AssertionError'], not Finding"),
    (named, "reports/utils.py", "", "is named utils"),
    (named, "fixtures/helpers/a.py", "", "is named helpers"),
    (named, "sandbox/lock_manager.py", "", "is named manager"),
    (short, "reports/a.py", "\n" * 251, "has 251 lines"),
    (traces, "README.md", "see /ro" + "ot/notes.txt", "line 1 names"),
    (traces, "docs/a.txt", "\ncd /wo" + "rk/main", "line 2 names"),
    (traces, ".github/a.yml", "https://py" + "pi.org/simple", "line 1 names"),
]
NEAR_MISSES: list[tuple[Rule, str, str]] = [
    (one_way, "fixtures/a/b.py", "from fixtures import Fact\nfrom . import c\nimport fixture, os"),
    (one_way, "reports/a.py", "from checks import Finding\nfrom fixtures import Fact"),
    (one_way, "sandbox/a.py", "from sandbox.faults import read\nfrom . import world"),
    (doors, "fixtures/postgres/__init__.py", "import pytest\nfrom fixtures.engine import observation"),
    (doors, "fixtures/postgres/probe.py", "from fixtures.engine.threads import in_thread\nfrom fixtures import Fact"),
    (looks, HERE, "import re, pytest\nfrom fixtures.postgres import Table\nx = re.compile('a')\nopen_tables = f()"),
    (looks, "fixtures/postgres/probe.py", "import psycopg"),
    (hides, HERE, "skipped = table.skips\nif rows:\n    raise Finding('x')"),
    (shape, HERE, CHECK),
    (shape, "checks/__init__.py", "x = 1"),
    (named, "reports/utility_room.py", ""),
    (short, "reports/a.py", "\n" * 250),
    (traces, "README.md", "https://example.com/home/page ~/wo" + "rk/x fixtures/wo" + "rk/bench"),
]


def flaws_of(rule: Rule, tree: Path, path: str, text: str) -> list[str]:
    file = tree / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return flaws(rule, tree)


@pytest.mark.parametrize(
    ("rule", "path", "text", "said"), BAD, ids=[f"{row[0].__name__}-{n}" for n, row in enumerate(BAD)]
)
def test_a_rule_speaks(rule: Rule, path: str, text: str, said: str, tmp_path: Path) -> None:
    found = flaws_of(rule, tmp_path, path, text)

    assert found
    assert found[0].startswith(f"{path}: ")
    assert any(said in flaw for flaw in found)


@pytest.mark.parametrize(
    ("rule", "path", "text"), NEAR_MISSES, ids=[f"{row[0].__name__}-{n}" for n, row in enumerate(NEAR_MISSES)]
)
def test_a_rule_is_silent(rule: Rule, path: str, text: str, tmp_path: Path) -> None:
    assert flaws_of(rule, tmp_path, path, text) == []


def test_every_rule_is_proved() -> None:
    assert {row[0] for row in BAD} == {row[0] for row in NEAR_MISSES} == RULES.keys()
