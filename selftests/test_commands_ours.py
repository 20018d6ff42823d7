"""DOC-1 for ourselves: what our own pages and the texts of our checks tell people to type is there, and safe."""

from pathlib import Path

import pytest

from fixtures.commands import Command, Program
from fixtures.commands.asking import Pages
from fixtures.commands.links import links_in
from fixtures.commands.meaning import NAMES, misread_in
from fixtures.commands.resolving import unknown_in
from reports.check_files import CheckFile, check_files
from selftests.recorded_clis import RECORDED, commands_of
from selftests.typed_in_checks import PROGRAMS, typed_in
from selftests.voyage import HOUSE

PAGES = sorted(path.name for path in HOUSE.glob("*.md")) + sorted(
    f"docs/{path.name}" for path in HOUSE.glob("docs/*.md")
)
GENERATED = {"RUNBOOK.md"}
"""Made of the checks' texts, which are judged where they stand."""
CHECKS = check_files(HOUSE)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def doubts(command: Command) -> list[str]:
    named = command.program in PROGRAMS
    unknown = unknown_in(command, Pages(Program(command.program), RECORDED / command.program)) if named else ()
    misread = [said.really for name in NAMES for said in misread_in(name, [], (command,))]
    return [f"{word.word} of {word.command}" for word in unknown] + misread


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.check)
def test_what_a_check_tells_to_type_is_there_and_safe(check: CheckFile) -> None:
    assert not [(command.text, said) for command in typed_in(check) if (said := doubts(command))]


def test_the_commands_of_checks_are_found() -> None:
    programs = {command.program for check in CHECKS for command in typed_in(check)}

    assert programs >= {"psql", "curl", "supabase", "vercel", "git", "stripe"}


@pytest.mark.parametrize("page", [page for page in PAGES if page not in GENERATED])
def test_what_a_page_tells_to_type_is_there_and_safe(page: str) -> None:
    text = (HOUSE / page).read_text(encoding="utf-8")
    commands = commands_of([(page, text)])

    assert not [(command.text, said) for command in commands if (said := doubts(command))]
    assert not [link for link in links_in(page, text) if link.flaw]
