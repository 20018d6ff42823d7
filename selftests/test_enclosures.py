"""Files that a run leaves because people keep them: written beside the report, and none of an earlier run's left."""

from pathlib import Path

from fixtures.trying.exhibit import MOST, exhibit
from fixtures.trying.outcome import Trespass
from reports.enclosures import write_enclosures
from selftests.voyage import sail

SEEN = Trespass(
    case="stranger-select", about="public.invoices", persona="stranger", action="select", says="strangers read",
    allowed_by=("policy 'demo'",), shown="begin;\nselect 1;\nrollback;", mended=True,
    instead="drop policy demo\n  on public.invoices;",
)  # fmt: skip


def test_enclosures_are_written_sorted_and_stay_in_the_folder(tmp_path: Path) -> None:
    content = {"file": "../access.json", "content": {"b": {"d": 1, "c": 2}, "a": "text"}}
    text = {"file": "tenants.toml", "content": "root = []\n"}

    write_enclosures([{"facts": {"enclosures": [content, text]}}, {"facts": None}, {"facts": [1]}], tmp_path)

    assert (tmp_path / "access.json").read_text() == '{\n  "a": "text",\n  "b": {\n    "c": 2,\n    "d": 1\n  }\n}\n'
    assert (tmp_path / "tenants.toml").read_text() == "root = []\n"
    assert not (tmp_path.parent / "access.json").exists()


def test_an_exhibit_is_a_script_with_the_mend_in_comments() -> None:
    lines = exhibit([SEEN]).splitlines()

    assert lines[:2] == ["-- public.invoices: strangers read", "-- allowed by policy 'demo'"]
    assert "rollback;" in lines
    assert "--   drop policy demo" in lines
    assert all(line.startswith("--") for line in lines[lines.index("rollback;") + 1 :] if line)


def test_an_exhibit_has_an_end() -> None:
    assert exhibit([SEEN] * (MOST + 1)).count("strangers read") == MOST


def test_a_run_leaves_what_it_showed_and_takes_away_what_the_last_one_did(tmp_path: Path) -> None:
    (tmp_path / "shown-replayed-hop.sql").write_text("of yesterday")

    sail(tmp_path, "-k", "tenants_apart or members_served", faults=["anybody-joins"])

    left = {path.name for path in tmp_path.glob("*.*")}
    assert {"access.json", "tenants.toml", "shown-replayed-join.sql", "shown-environment-join.sql"} <= left
    assert "shown-replayed-hop.sql" not in left
