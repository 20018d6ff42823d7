"""DOC-1: programs are asked for their help and nothing else, and what is recorded of them is what they say."""

import asyncio
import os
import shutil
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, cast

import pytest

from fixtures import Inapplicable, Unobservable
from fixtures.commands import Command, Program, Runbook
from fixtures.commands.asking import Pages, found
from fixtures.commands.documents import Block
from fixtures.commands.help_page import read_page
from fixtures.commands.links import links_in
from fixtures.commands.meaning import NAMES, misread_in
from fixtures.commands.resolving import unknown_in
from fixtures.commands.shell import commands_in
from fixtures.engine.registry import REGISTRY
from selftests.recorded_clis import REAL, RECORDED, TEXTS, commands_of, everything, kept_lines, real, recorded_pages
from selftests.typed_in_checks import PROGRAMS
from selftests.voyage import HOUSE


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def typed(text: str) -> list[Command]:
    return list(commands_in(Block(file="r.md", line=1, kind="shell", text=text)))


def recorded(name: str) -> Pages:
    return Pages(Program(name), RECORDED / name)


def program(folder: Path, text: str, name: str = "vercel") -> Path:
    path = folder / name
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)
    return path


def test_a_program_is_asked_for_help_only_and_gets_nothing_of_the_user_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VERCEL_TOKEN", "secret-of-the-user")
    asked = tmp_path / "asked"
    pages = Pages(
        Program("vercel"),
        program(tmp_path, f'echo "$* $VERCEL_TOKEN $HOME" >> {asked}\necho "Usage: vercel [command]"\n'),
    )
    pages.page()

    lines = asked.read_text().splitlines()
    assert [line.split()[0] for line in lines] == ["--version", "--help"]
    assert "secret-of-the-user" not in asked.read_text()
    assert os.environ["HOME"] not in [line.split()[-1] for line in lines]


def test_a_word_that_is_no_command_is_never_asked_about(tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    pages = Pages(Program("vercel"), program(tmp_path, f'echo "$*" >> {asked}\necho "Usage: vercel [command]"\n'))
    for text in ("vercel dpl_5XyZ", "vercel https://x.example", "vercel $ID", "vercel <id>"):
        unknown_in(typed(text)[0], pages)

    assert set(asked.read_text().splitlines()) == {"--version", "--help"}


def test_a_page_is_asked_for_once_until_the_program_is_another(tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    text = f'echo "$*" >> {asked}\necho "Usage: vercel [command]"\n'
    for _ in range(2):
        Pages(Program("vercel"), program(tmp_path, text)).page()
        program(tmp_path, text + "# another\n").touch()
    executable = tmp_path / "vercel"
    Pages(Program("vercel"), executable).page()
    Pages(Program("vercel"), executable).page()

    assert asked.read_text().count("--help") == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("exit 1\n", "prints no help"),
        ("echo Segmentation fault\nexit 139\n", "prints no help"),
        (None, "Try it by hand"),
    ],
)
def test_a_program_that_does_not_answer_is_unobservable(text: str | None, said: str, tmp_path: Path) -> None:
    executable = program(tmp_path, text or "")
    if text is None:
        executable.write_bytes(b"\x7fELF broken")

    with pytest.raises(Unobservable, match=said):
        Pages(Program("vercel"), executable).page()


def test_a_program_that_hangs_is_unobservable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fixtures.commands.asking.SECONDS", 0.2)

    with pytest.raises(Unobservable, match=r"no end within 0\.2 s"):
        Pages(Program("vercel"), program(tmp_path, "exec sleep 20\n")).page()


# ── the real programs ─────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("name", PROGRAMS)
def test_every_recording_answers(name: str) -> None:
    pages = recorded(name)

    assert pages.page().says_anything
    assert pages.version[0].isdigit()


NPM = ("supabase", "stripe", "vercel", "neon")


def real_pages(name: str) -> Pages:
    """Of the installed program, if it is of the version that was recorded."""
    executable = real(name)
    if executable is None:
        pytest.skip(f"{name} is not installed" + ("; make clis installs it" if name in NPM else ""))
    pages = Pages(Program(name), executable)
    if pages.version != recorded(name).version:
        pytest.skip(f"{name} {pages.version} is here, and {recorded(name).version} was recorded")
    return pages


@pytest.fixture
def _kept_between_runs(_own_cache: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Real programs take half a second a page; what they said is kept until they are installed anew."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(HOUSE / "selftests" / ".cache"))


@pytest.mark.usefixtures("_kept_between_runs")
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_recording_is_what_the_real_program_says(name: str) -> None:
    pages = real_pages(name)

    for asked, lines in recorded_pages(name).items():
        assert lines == kept_lines(pages, asked), f"{name} {asked}; python -m selftests.recorded_clis records it anew"


@pytest.mark.usefixtures("_kept_between_runs")
@pytest.mark.parametrize("name", PROGRAMS)
def test_recorded_and_real_programs_judge_alike(name: str) -> None:
    pages = real_pages(name)
    mine = [command for command in everything() if command.program == name]

    assert mine
    for command in mine:
        assert unknown_in(command, pages) == unknown_in(command, recorded(name)), command.text


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_ocean_s_runbook_is_right(name: str) -> None:
    text = (HOUSE / "sandbox" / "ocean" / name).read_text(encoding="utf-8")
    commands = tuple(commands_of([(name, text)]))

    assert not [(c.text, u) for c in commands if c.program in PROGRAMS if (u := unknown_in(c, recorded(c.program)))]
    assert not [said for rule in NAMES for said in misread_in(rule, [(name, text)], commands)]
    assert not [link for link in links_in(name, text) if link.flaw]


def test_a_program_is_found_in_the_folders_first(tmp_path: Path) -> None:
    assert found(Program("git"), [tmp_path]) == Path(shutil.which("git") or "")
    program(tmp_path, "", name="git")
    assert found(Program("git"), [tmp_path, *REAL]) == tmp_path / "git"


def test_an_empty_page_says_nothing() -> None:
    assert not read_page("git", (), "git: 'x' is not a git command. See 'git --help'.").says_anything


def look(*arguments: object) -> Coroutine[Any, Any, object]:
    return cast(Coroutine[Any, Any, object], REGISTRY.observations["tried_commands"].look(*arguments))


@pytest.mark.parametrize(("only_installed", "kind"), [(False, Unobservable), (True, Inapplicable)])
def test_a_program_that_is_not_installed_is_unseen_unless_that_is_declared(
    only_installed: bool, kind: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    settings = Runbook(only_installed=only_installed)
    looking = look(Program("no-such-program", "make it"), settings, tmp_path, tuple(typed("no-such-program x")))

    with pytest.raises(kind, match="no-such-program is not installed, and the runbook has 1 of its commands"):
        asyncio.run(looking)


def test_a_program_that_the_runbook_never_types_is_left_out(tmp_path: Path) -> None:
    looking = look(Program("git"), Runbook(), tmp_path, tuple(typed("vercel ls")))

    with pytest.raises(Inapplicable, match="no git command"):
        asyncio.run(looking)
