"""Records what real command-line programs say when asked for help, for sandbox/clis/: python -m selftests.recorded_clis

Only what judging needs is kept (usage, names of commands, flags), in the program's own layout; descriptions are not.
It records the pages that are asked for by Ocean's runbook, by the faults in it, and by the checks' own docstrings, from
the programs that are installed; a program that is not there keeps its recording.
"""

import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from fixtures.commands import Command, Program
from fixtures.commands.asking import Pages, found
from fixtures.commands.documents import blocks
from fixtures.commands.help_page import meant_lines
from fixtures.commands.resolving import unknown_in
from fixtures.commands.shell import commands_in
from reports.check_files import check_files
from sandbox.faults import load_faults
from selftests.typed_in_checks import PROGRAMS, typed_in
from selftests.voyage import HOUSE

RECORDED = HOUSE / "sandbox" / "clis"
REAL = [HOUSE / "clis" / "node_modules" / ".bin"]
HEAD = """\
#!/bin/sh
# What {name} {version} says when it is asked for help: usage, commands and flags, without descriptions.
# Written by python -m selftests.recorded_clis from the real program; the recording begins below.
export asked="$*"
exec awk '$0 == "#: " ENVIRON["asked"] {{ on = 1; known = 1; next }} /^#: / {{ on = 0 }} on
    END {{ if (!known) {{ print "not recorded"; exit 64 }} }}' "$0"
exit
"""
TEXTS = {"docs/runbook.md", "docs/on-call.md"}


class Recorder(Pages):
    """Remembers which pages were asked for."""

    def __init__(self, program: Program, executable: Path) -> None:
        self.asked: set[str] = set()
        super().__init__(program, executable)

    def text(self, arguments: list[str]) -> str:
        self.asked.add(" ".join(arguments))
        return super().text(arguments)


def runbooks() -> Iterable[tuple[str, str]]:
    """(file, text) of every runbook that the sandbox can have, healthy or not."""
    for name in sorted(TEXTS):
        yield name, (HOUSE / "sandbox" / "ocean" / name).read_text(encoding="utf-8")
    for fault in load_faults().values():
        yield from ((f"{fault.name}/{path}", text) for path, text in fault.write.items() if path in TEXTS)


def commands_of(texts: Iterable[tuple[str, str]]) -> list[Command]:
    """All shell commands of some runbooks."""
    found_blocks = [block for file, text in texts for block in blocks(file, text) if block.kind in ("shell", "inline")]
    return [command for block in found_blocks for command in commands_in(block)]


@cache
def everything() -> list[Command]:
    """The commands of all runbooks of the sandbox, of our own pages and of our checks."""
    pages = [*HOUSE.glob("*.md"), *HOUSE.glob("docs/*.md")]
    ours = [(page.name, page.read_text(encoding="utf-8")) for page in sorted(pages)]
    return [
        *commands_of([*runbooks(), *ours]),
        *(command for check in check_files(HOUSE) for command in typed_in(check)),
    ]


def real(name: str) -> Path | None:
    """The installed program, not the recorded one."""
    return found(Program(name), REAL)


def record(name: str, executable: Path, commands: Iterable[Command]) -> str:
    """The text of the recorded program."""
    recorder = Recorder(Program(name), executable)
    for command in commands:
        if command.program == name:
            unknown_in(command, recorder)
    recorder.text(["--version"])
    lines = [HEAD.format(name=name, version=recorder.version).rstrip("\n")]
    for asked in sorted(recorder.asked):
        lines += [f"#: {asked}", *kept_lines(recorder, asked)]
    return "\n".join(lines) + "\n"


def kept_lines(pages: Pages, asked: str) -> list[str]:
    """What is recorded of one page, asked for with these arguments."""
    if asked == "--version":
        return [pages.version]
    path = tuple(word for word in asked.split() if not word.startswith("-") and word not in ("help", "all"))
    return meant_lines(pages.program.name, path, pages.text(asked.split()))


def recorded_pages(name: str) -> dict[str, list[str]]:
    """By arguments, the lines of a recorded program."""
    _, *pages = (RECORDED / name).read_text(encoding="utf-8").split("\n#: ")
    return {asked: lines for asked, *lines in (page.removesuffix("\n").split("\n") for page in pages)}


def main() -> int:
    """Write every program that is installed here."""
    commands = everything()
    for name in PROGRAMS:
        executable = real(name)
        if executable is None:
            print(f"{name}: not installed, its recording stays", file=sys.stderr)
            continue
        target = RECORDED / name
        target.write_text(record(name, executable, commands), encoding="utf-8")
        target.chmod(0o755)
    return 0


if __name__ == "__main__":
    sys.exit(main())
