import pytest

from checks import Finding, high, pre_deploy, runbook
from fixtures.commands import Program, Tried

pytestmark = [high, runbook("DOC-1"), pre_deploy]

POSTGRES = "apt install postgresql-client, or brew install libpq"
PROGRAMS = [
    pytest.param(Program("supabase"), id="supabase"),
    pytest.param(Program("stripe"), id="stripe"),
    pytest.param(Program("vercel"), id="vercel"),
    pytest.param(Program("neon"), id="neon"),
    pytest.param(Program("psql", POSTGRES), id="psql"),
    pytest.param(Program("pg_dump", POSTGRES), id="pg_dump"),
    pytest.param(Program("pg_restore", POSTGRES), id="pg_restore"),
    pytest.param(Program("git", "apt install git"), id="git"),
    pytest.param(Program("gh", "apt install gh, or brew install gh"), id="gh"),
    pytest.param(Program("curl", "apt install curl"), id="curl"),
    pytest.param(Program("docker", "https://docs.docker.com/get-docker/"), id="docker"),
    pytest.param(Program("npm", "install Node.js"), id="npm"),
]


@pytest.mark.parametrize("tried_commands", PROGRAMS, indirect=True)
def test_commands_exist(tried_commands: Tried) -> None:
    """Every command of the runbook is there in the installed program, with the flags that are typed.

    Means:   in an incident somebody copies a line that prints its usage, or does half of what it did.
    Confirm: <program> <command> --help
    Contain: tell whoever is on duty which lines do not work.
    Fix:     correct the line, and pin the program's version beside the runbook; the finding names word and line.
    """
    if tried_commands.unknown:
        program = tried_commands.subject
        raise Finding(f"{program} does not know what is typed", tried_commands.unknown, program=program)
