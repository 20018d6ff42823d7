"""The sandbox says where everything is, lives as long as it should, and leaves nothing behind."""

import json
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from selftests.running_sandbox import (
    COMMAND,
    CONTRACT,
    Sandbox,
    alive,
    command_lines,
    ended,
    family,
    listening_at,
    sandbox,
    shared_memory,
)
from selftests.throwaway import soon
from selftests.voyage import HOUSE, variables

LOOPBACK = "0100007F"
FAULTS = sorted(file for file in (HOUSE / "sandbox" / "faults").glob("*.toml") if file.name != "sets.toml")
linux = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs Linux's /proc")

WELL = 'breaks = "it"\nviolates = []\nblinds = []\n'
SHOW = "import json, os, sys; print(json.dumps(dict(os.environ))); sys.exit(7)"


@pytest.fixture(scope="module")
def ocean() -> Iterator[Sandbox]:
    with sandbox() as started:
        yield started


def test_it_announces_every_variable_of_the_contract_and_then_that_it_is_ready(ocean: Sandbox) -> None:
    *announced, last = ocean.lines

    assert {line.partition("=")[0] for line in announced} == CONTRACT
    assert len(announced) == len(CONTRACT)
    assert re.fullmatch(r"# ready in \d+\.\d\d s", last)
    assert all(ocean.variables.values())
    assert ocean.variables["OCEAN_SANDBOX"] == str(ocean.process.pid)


def test_a_shell_reads_the_lines_as_they_are(ocean: Sandbox) -> None:
    script = "\n".join([*ocean.lines, f"{shlex.quote(sys.executable)} -c '{SHOW}'"])
    exported = subprocess.run(["sh", "-ac", script], capture_output=True, text=True, check=False)

    assert ocean.variables.items() <= json.loads(exported.stdout).items()


NAMES_AND_PROGRAMS = {
    "CLI_FOLDER", "GITHUB_REPOSITORY", "LIGHTHOUSE", "NEON_ORG_ID", "OCEAN_CA", "POSTGRES_PROGRAMS",
    "SENTRY_ORGANIZATION", "SENTRY_PROJECT", "SUPABASE_PROJECT_REF", "TENANT_CA", "VERCEL_PROJECT_ID", "VERCEL_TEAM_ID",
}  # fmt: skip
"""What every sandbox on a machine has in common: nothing that can be changed through it."""


@linux
def test_everything_listens_on_the_loopback_address_alone(ocean: Sandbox) -> None:
    hosts = {urlsplit(value).hostname for name, value in ocean.variables.items() if name.endswith("_URL")}

    assert hosts == {"127.0.0.1", "localhost"}
    assert listening_at(family(ocean.process.pid)) == {LOOPBACK}


@linux
def test_no_secret_is_in_any_process_s_arguments(ocean: Sandbox) -> None:
    named = [value for name, value in ocean.variables.items() if re.search("SECRET|KEY|TOKEN", name)]
    passwords = [urlsplit(value).password for value in ocean.variables.values() if value.startswith("postgresql:")]
    secret = [*named, *filter(None, passwords)]
    said = command_lines()

    assert len(secret) == 22
    assert str(ocean.folder) in said  # Postgres's own: the processes were looked at
    assert [value for value in secret if value in said] == []


def test_the_checkout_is_a_clean_git_repository_on_main(ocean: Sandbox) -> None:
    git = ["git", "-c", "safe.directory=*", "-C", ocean.variables["OCEAN_CHECKOUT"], "status", "--short", "--branch"]

    assert subprocess.run(git, capture_output=True, text=True, check=True).stdout == "## main\n"


def test_two_at_once_share_nothing_and_the_end_of_one_is_not_the_other_s(ocean: Sandbox) -> None:
    with sandbox() as second:
        mine, other = ocean.variables, second.variables
        same = {name for name in CONTRACT if mine[name] == other[name]}
        assert httpx.get(f"{other['OCEAN_URL']}/api/health", verify=second.trusted).status_code == 200

    assert same == NAMES_AND_PROGRAMS
    assert httpx.get(f"{mine['OCEAN_URL']}/api/health", verify=ocean.trusted).status_code == 200


@linux
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order(how: signal.Signals) -> None:
    with sandbox() as started:
        processes = family(started.process.pid)
        started.process.send_signal(how)

        assert started.process.wait(10) == 0
        assert alive(processes) == set()
        assert not started.folder.exists()
        assert shared_memory(processes) == []


@linux
def test_it_ends_with_its_parent() -> None:
    parent = "import subprocess, sys; subprocess.run(sys.argv[1:])"
    with sandbox(prefix=(sys.executable, "-c", parent, *COMMAND)) as started:
        processes = family(started.process.pid)
        started.process.kill()

        assert len(processes) > 3
        assert soon(lambda: not alive(processes) and not started.folder.exists())


@linux
@pytest.mark.parametrize("fault", [[], ["--fault", "database-frozen"]], ids=["healthy", "frozen"])
def test_killed_it_leaves_no_process_and_no_folder(fault: list[str]) -> None:
    with sandbox(*fault) as started:
        processes = family(started.process.pid)
        started.process.kill()
        killed = time.monotonic()

        assert len(processes) > 3
        assert soon(lambda: not alive(processes) and not started.folder.exists())
        assert time.monotonic() - killed < 5
        assert shared_memory(processes) == []


@linux
def test_killed_while_it_copies_its_databases_it_leaves_no_folder() -> None:
    with subprocess.Popen([*COMMAND], cwd=HOUSE, env=variables(), stdout=subprocess.DEVNULL) as starting:
        found: list[str] = []
        while not found and starting.poll() is None:
            found = re.findall(r"cp -Rp .* (\S+/seatrial-\S+)", _arguments_of_children(starting.pid))
        starting.kill()

    assert found
    assert soon(lambda: not Path(found[0]).exists())
    time.sleep(0.2)  # whoever still copies would make it anew
    assert not Path(found[0]).exists()


@linux
def test_killed_it_takes_the_command_with_it_even_one_that_will_not_end() -> None:
    deaf = "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    show = "print('OCEAN_CHECKOUT=' + os.environ['OCEAN_CHECKOUT']); print('# ready', flush=True)"
    with sandbox("--", sys.executable, "-c", f"{deaf}; {show}; time.sleep(60)") as started:
        processes = family(started.process.pid)
        started.process.kill()

        assert soon(lambda: not alive(processes) and not started.folder.exists())


def test_a_command_gets_the_variables_and_gives_its_exit_code() -> None:
    done = ended("--", sys.executable, "-c", SHOW)
    seen = json.loads(done.stdout)

    assert done.returncode == 7
    assert seen.keys() >= CONTRACT
    assert not Path(seen["OCEAN_CHECKOUT"]).exists()


def test_a_command_that_a_signal_ended_counts_as_in_a_shell() -> None:
    assert ended("--", "sh", "-c", "kill -TERM $$").returncode == 128 + signal.SIGTERM


def test_a_variable_that_a_fault_unsets_is_not_inherited_either() -> None:
    done = ended("--fault", "vercel-token-unset", "--", sys.executable, "-c", SHOW, more={"VERCEL_TOKEN": "inherited"})

    assert CONTRACT - json.loads(done.stdout).keys() == {"VERCEL_TOKEN"}


def test_latency_delays_each_answer_of_the_services_and_of_the_database() -> None:
    with sandbox("--latency", "200") as started:
        before = time.perf_counter()
        assert httpx.get(f"{started.variables['OCEAN_URL']}/health", verify=started.trusted).status_code == 200
        between = time.perf_counter()
        assert started.rows("select 1", url="DATABASE_URL") == [(1,)]

        assert between - before >= 0.2
        assert time.perf_counter() - between >= 0.4  # to log in, and to ask


def test_an_unknown_fault_is_refused_and_the_closest_one_named() -> None:
    refused = ended("--fault", "health-htm")

    assert refused.returncode == 2
    assert refused.stdout == ""
    assert len(refused.stderr.splitlines()) == 1
    assert "'health-htm'" in refused.stderr
    assert "'health-html'" in refused.stderr


def test_the_faults_are_listed() -> None:
    rows = [tomllib.loads(file.read_text()) for file in FAULTS]
    listed = ended("--list-faults")

    assert listed.returncode == 0
    assert [line.split()[0] for line in listed.stdout.splitlines()] == [name for row in rows for name in row]


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ('breaks = "it"\nviolates = []', "blinds"),
        (f"{WELL}violate = []", "violate"),
        (f'{WELL}answer = [{{ service = "paypal", path = "*" }}]', "paypal"),
        (f'{WELL}answer = [{{ service = "ocean", path = "/", behaviour = "refuse" }}]', "*"),
        ('breaks = "it', "line 2"),
    ],
    ids=["lacks-a-key", "unknown-key", "unknown-service", "refuses-one-path", "no-toml"],
)  # fmt: skip
def test_a_malformed_fault_is_refused_with_its_file_and_row(row: str, complaint: str, tmp_path: Path) -> None:
    shutil.copytree(HOUSE / "sandbox", tmp_path / "sandbox", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "sandbox" / "faults" / "zz.toml").write_text(f"[torn-sail]\n{row}\n")
    refused = ended("--list-faults", cwd=tmp_path)

    assert refused.returncode == 2
    assert len(refused.stderr.splitlines()) == 1
    assert "zz.toml" in refused.stderr
    assert complaint in refused.stderr
    assert "torn-sail" in refused.stderr or "line" in complaint


def _arguments_of_children(process: int) -> str:
    said = []
    for number in family(process) - {process}:
        try:
            said.append(Path(f"/proc/{number}/cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return "\n".join(said)
