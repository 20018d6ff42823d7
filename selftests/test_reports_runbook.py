"""RUNBOOK.md is made from the checks, and from nothing else."""

from pathlib import Path

import pytest

from reports import runbook
from reports.check_files import Case, check_files

HEAD = (
    "import pytest\nfrom checks import critical, drill, high, low, migrations_lane, pre_deploy, prod_smoke, runbook\n"
)
DOCSTRING = '''    """Every `a<b>` is <closed>.

    Means:   anyone reads <table>.
    Confirm: psql -c 'a | b'
    Contain: revoke it.
    Fix:     ship it
             as a migration.
    """
'''
PLAIN = f"{HEAD}pytestmark = [critical, pre_deploy, runbook('RLS-1', 'RLS-2')]\ndef test_plain(tables):\n{DOCSTRING}"
TABLE = f"""{HEAD}
pytestmark = [high, runbook("PAY-3")]
ROWS = [
    pytest.param(1, id="own", marks=[migrations_lane, low]),
    pytest.param(2, marks=prod_smoke, id="mark|alone"),
    pytest.param(3, marks=[pre_deploy, prod_smoke, drill]),
]
@pytest.mark.parametrize("row", ROWS, indirect=True)
def test_table(row):
{DOCSTRING}"""
PRODUCT = f"""{HEAD}
@pytest.mark.parametrize("outer", [True, None, object()])
@pytest.mark.parametrize(argnames=("x", "y"), argvalues=[(1, "a"), (2.5, "b")], ids=["first", None])
@pytest.mark.parametrize("z", ["p"], ids=str.upper)
@critical
@drill
@runbook("X-1")
def test_product(outer, x, y, z):
{DOCSTRING}"""


def cases(tree: Path, name: str, source: str) -> tuple[Case, ...]:
    file = tree / "checks" / "tenant_data" / f"{name}.py"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(source)
    [check] = [check for check in check_files(tree) if check.check == name]
    return check.cases


def test_a_check_without_a_table(tmp_path: Path) -> None:
    [case] = cases(tmp_path, "plain", PLAIN)

    assert case == Case(id="plain", severity="critical", runbook=("RLS-1", "RLS-2"), lanes=("pre-deploy",))


def test_marks_of_a_row(tmp_path: Path) -> None:
    own, alone, automatic = cases(tmp_path, "table", TABLE)

    assert own == Case(id="table[own]", severity="low", runbook=("PAY-3",), lanes=("migrations",))
    assert (alone.id, alone.severity, alone.lanes) == ("table[mark|alone]", "high", ("prod-smoke",))
    assert (automatic.id, automatic.lanes) == ("table[3]", ("pre-deploy", "prod-smoke", "drill"))


def test_ids_are_those_of_pytest(tmp_path: Path, pytester_ids: list[str]) -> None:
    assert [case.id for case in cases(tmp_path, "product", PRODUCT)] == pytester_ids


@pytest.fixture
def pytester_ids(tmp_path: Path) -> list[str]:
    """The ids that pytest itself gives to PRODUCT, from a collection in another process."""
    import subprocess
    import sys

    repository = Path(__file__).resolve().parent.parent
    file = tmp_path / "collected" / "product.py"
    file.parent.mkdir()
    file.write_text(PRODUCT)
    (file.parent / "pytest.ini").write_text(f"[pytest]\npythonpath = '{repository}'\n")
    command = [sys.executable, "-m", "pytest", "--disable-plugin-autoload", "--collect-only", "-q", file.name]
    output = subprocess.run(command, cwd=file.parent, capture_output=True, text=True, timeout=60).stdout
    lines = [line.partition("::test_")[2] for line in output.splitlines() if "::" in line]
    assert len(lines) == 6, output
    return lines


def test_the_page(tmp_path: Path) -> None:
    cases(tmp_path, "plain", PLAIN)
    cases(tmp_path, "table", TABLE)
    page = runbook.runbook(tmp_path)

    assert (
        "- Tenant data\n  - [plain](#plain) (RLS-1, RLS-2): Every `a<b>` is &lt;closed>.\n  - [table](#table)" in page
    )
    assert page.endswith("""
### table

Every `a<b>` is &lt;closed>.

Runbook PAY-3 · low, high · [checks/tenant_data/table.py](checks/tenant_data/table.py)

| Case | Severity | Lanes |
|---|---|---|
| `table[own]` | low | migrations |
| `table[mark\\|alone]` | high | prod-smoke |
| `table[3]` | high | pre-deploy, prod-smoke, drill |

**Means:** anyone reads &lt;table>.

**Confirm:**
```text
psql -c 'a | b'
```

**Contain:**
```text
revoke it.
```

**Fix:**
```text
ship it
as a migration.
```
""")


def test_an_old_page_is_noticed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases(tmp_path, "plain", PLAIN)

    assert runbook.main(["--check"], tmp_path) == 1
    assert "Run: python -m reports.runbook" in capsys.readouterr().err
    assert runbook.main([], tmp_path) == 0
    assert runbook.main(["--check"], tmp_path) == 0
    cases(tmp_path, "plain", PLAIN.replace("revoke it.", "revoke all."))
    assert runbook.main(["--check"], tmp_path) == 1


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (PLAIN.replace("critical, pre", "pre"), "it has no severity"),
        (PLAIN.replace(", runbook('RLS-1', 'RLS-2')", ""), "it belongs to no runbook entry"),
        (PLAIN.replace("Contain:", "Mitigate:"), '"Mitigate: revoke it." belongs to no part'),
        (PLAIN + "def test_more(): ...\n", "this file has 2"),
        (HEAD, "this file has 0"),
    ],
)
def test_an_incomplete_check_is_named(
    source: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ValueError, match=r"checks/tenant_data/plain\.py"):
        cases(tmp_path, "plain", source)
    assert runbook.main([], tmp_path) == 1
    assert said in capsys.readouterr().err


def test_no_checks_make_no_page(tmp_path: Path) -> None:
    assert runbook.main([], tmp_path) == 1


def test_the_committed_page_is_current(repository: Path) -> None:
    assert runbook.main(["--check"], repository) == 0, "run: make runbook"
