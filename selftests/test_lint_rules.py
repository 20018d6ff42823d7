"""Each of squawk's rules has its row: judged here, left to a check that knows better, or nobody's business."""

import subprocess
from pathlib import Path

import pytest

from fixtures.lint.squawk import UNASKED, _binary, remarks, rules
from fixtures.lint.written import SAYS

FIRES = {
    "identifier-too-long": f"create table {'a' * 64} ();",
    "ban-drop-database": "drop database ocean;",
    "ban-alter-system-options": "alter system set work_mem = '1GB';",
    "ban-uncommitted-transaction": "begin;\nselect 1;",
    "transaction-nesting": "begin;\nbegin;\nselect 1;\ncommit;",
    "ban-concurrent-index-creation-in-transaction": "begin;\ncreate index concurrently i on t (a);\ncommit;",
    "syntax-error": "create tabel t ();",
}


def test_squawk_knows_each_rule_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "1_m.sql").write_text("select 1;")
    names = [f"--include={name}" for name in rules() if name not in UNASKED]
    done = subprocess.run([_binary(), *names, "1_m.sql"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "invalid" not in done.stderr


def test_all_rules_of_this_version_have_a_row() -> None:
    """77 of squawk 2.70, and two that cannot be asked for. After an update: see what it adds, then change this."""
    said = subprocess.run([_binary(), "--version"], capture_output=True, text=True, check=True).stdout
    assert (said.strip().rpartition(".")[0], len(rules())) == ("squawk 2.70", 79)


@pytest.mark.parametrize("name", rules())
def test_a_rule_is_judged_or_left_to_somebody(name: str) -> None:
    rule = rules()[name]
    assert rule.why
    assert (rule.case is None) != (rule.left_to is None)


@pytest.mark.parametrize("name", [name for name, rule in rules().items() if rule.case])
def test_a_judged_rule_still_fires(tmp_path: Path, name: str) -> None:
    (tmp_path / "1_m.sql").write_text(FIRES[name])
    assert name in {remark.rule_name for remark in remarks(tmp_path, ["1_m.sql"])}


def test_nothing_else_is_asked_for(tmp_path: Path) -> None:
    text = "alter table t drop column a;\nalter table t add column b char(3) not null;\ndrop table t cascade;"
    (tmp_path / "1_m.sql").write_text(text)
    assert remarks(tmp_path, ["1_m.sql"]) == []


def test_what_is_said_without_another_look_has_a_sentence() -> None:
    ours = {name for name, rule in rules().items() if rule.case and not rule.case.startswith("migration_transactions")}
    assert ours - {"syntax-error"} == SAYS.keys()
