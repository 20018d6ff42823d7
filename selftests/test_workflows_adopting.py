"""docs/adopting.md, done as it is written: its commands on a project with a past, its files read by their readers."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from selftests.adopting_page import PAGE, Block, blocks
from selftests.github_shell import HOUSE, read_yaml
from selftests.github_shell_project import commit, old_project

WORKFLOWS = blocks("workflow")
MENDED = {
    "supabase/migrations/20240401080000_mend.sql": "alter table public.countries enable row level security;\n"
    'create policy "everybody reads countries" on public.countries for select to anon, authenticated using (true);\n'
    "revoke insert, update, delete on public.countries from anon, authenticated;\n",
    "supabase/migrations/20240401080100_nobody_truncates.sql": next(
        b.text for b in blocks("sql") if b.name == "truncate"
    ),
}
"""What step 3.1 asks for: the critical ones are mended."""


@pytest.fixture
def street(tmp_path: Path) -> Path:
    """A folder with a copy of this house, and the project beside it."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, check=True, timeout=60).stdout
    for name in filter(None, listed.split("\0")):
        if (HOUSE / name).is_file() and not name.startswith(("selftests/", "benchmarks/")):
            (tmp_path / "seatrial" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(HOUSE / name, tmp_path / "seatrial" / name)
    (tmp_path / "seatrial" / ".venv").symlink_to(HOUSE / ".venv")
    old_project(tmp_path / "yours")
    return tmp_path / "seatrial"


def typed(block: Block, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "SEATRIAL"))}
    return subprocess.run(
        ["bash", "-c", block.text], cwd=folder, env=environment, capture_output=True, text=True, timeout=300
    )


def test_the_steps_lead_from_red_to_green(street: Path) -> None:
    first, file, second, waivers, green = blocks("tried")

    done = typed(first, street)
    assert done.returncode == first.code, done.stdout
    assert "HOLD, do not ship" in done.stdout
    assert (street / "reports" / "out" / "index.html").exists()

    assert typed(file, street).returncode == file.code
    commit(street.parent / "yours", MENDED)
    done = typed(second, street)
    assert done.returncode == second.code, done.stdout
    assert " 0 blind" in done.stdout

    done = typed(waivers, street)
    assert (done.returncode, done.stderr) == (waivers.code, ""), "nothing critical is left"

    done = typed(green, street)
    assert done.returncode == green.code, done.stdout
    assert done.stdout.rstrip().endswith("GO, ship it")


def test_critical_findings_are_only_accepted_by_name(street: Path) -> None:
    first, file, second, waivers, _ = blocks("tried")
    typed(file, street)
    typed(second, street)

    done = typed(waivers, street)

    assert "rls_enabled[replayed]: critical, not waived: mend it, or say --critical" in done.stderr
    assert (
        "rls_enabled" not in (street.parent / "yours" / "seatrial" / "local.toml").read_text().split("[[waiver]]", 1)[1]
    )
    assert typed(first, street).returncode == 1


@pytest.mark.parametrize("block", WORKFLOWS, ids=[block.name for block in WORKFLOWS])
def test_a_caller_is_what_github_and_zizmor_accept(block: Block, tmp_path: Path) -> None:
    file = tmp_path / ".github" / "workflows" / "seatrial.yml"
    file.parent.mkdir(parents=True)
    file.write_text(block.text + "\n")
    checks = ["check-jsonschema --builtin-schema vendor.github-workflows", "zizmor --offline --no-progress --quiet"]
    for check in checks:
        program, *words = check.split()
        command = [str(Path(sys.executable).with_name(program)), *words, str(file)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("block", WORKFLOWS, ids=[block.name for block in WORKFLOWS])
def test_a_caller_hands_over_what_is_taken_and_grants_what_is_needed(block: Block) -> None:
    job = YAML(typ="safe", pure=True).load(block.text)["jobs"].popitem()[1]
    if "uses" not in job:
        ours = [step for step in job["steps"] if step["uses"].startswith("sample/seatrial")]
        assert ours
        for step in ours:
            folder = step["uses"].removeprefix("sample/seatrial").partition("@")[0].strip("/")
            assert step["with"].keys() <= read_yaml(HOUSE / folder / "action.yml")["inputs"].keys()
        return
    called = read_yaml(HOUSE / job["uses"].removeprefix("sample/seatrial/").partition("@")[0])
    assert job["with"].keys() <= called["on"]["workflow_call"]["inputs"].keys()
    assert job.get("secrets", {}).keys() <= called["on"]["workflow_call"]["secrets"].keys()
    assert granted(called) == job["permissions"], "GitHub starts nothing that asks for more than its caller has"


def granted(called: Any) -> dict[str, str]:
    """The rights that all jobs of a workflow ask for."""
    return {name: right for job in called["jobs"].values() for name, right in job["permissions"].items()}


def test_the_environment_file_is_one(tmp_path: Path) -> None:
    (block,) = blocks("environment")
    whole = re.sub(r"(?m)^# (?=\[|\w+ = )", "", block.text)
    for number, text in enumerate((block.text, whole)):
        (tmp_path / f"{number}.toml").write_text(text + "\n")
        asked = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-m", "prod-smoke"]
        command = [*asked, "--env-file", str(tmp_path / f"{number}.toml"), "-o", f"cache_dir={tmp_path}"]
        done = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, timeout=120)
        assert "ERROR" not in done.stdout + done.stderr, done.stdout + done.stderr


def test_the_environment_names_what_the_workflow_hands_over() -> None:
    (block,) = blocks("environment")
    smoke = (HOUSE / ".github" / "workflows" / "prod-smoke.yml").read_text()

    for name in re.findall(r'env = "(\w+)"', block.text):
        assert f"          {name}: ${{{{ " in smoke, name


def test_the_logins_are_those_of_the_other_pages() -> None:
    (block,) = (block for block in blocks("sql") if block.name == "logins")
    others = (HOUSE / "README.md").read_text() + (HOUSE / "docs" / "row-security.md").read_text()
    statements = re.findall(r"(?m)^[a-z][^;]*;", re.sub(r"password '[^']*'", "password '…'", block.text))

    assert len(statements) == 10
    assert [one for one in statements if one not in others] == []


def test_every_link_leads_somewhere() -> None:
    for link in re.findall(r"\]\(([^)#]+)", PAGE.read_text()):
        assert (PAGE.parent / link).exists(), link
