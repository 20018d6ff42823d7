"""``RUNBOOK.md``, from the docstrings of the checks: ``python -m reports.runbook`` writes it, ``--check`` compares."""

import itertools
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from reports.atomic_file import replace_file
from reports.check_files import CheckFile, check_files

ROOT = Path(__file__).parent.parent
NAME = "RUNBOOK.md"
HEAD = """# Runbook

What each check promises, what it means when the promise is broken, and what to do then.
Made from the docstrings of `checks/` by `make runbook`; edit them, not this page. The same texts are printed with a
verdict.
"""


def runbook(root: Path = ROOT) -> str:
    """The page, as it is committed: it depends on the checks only.

    Raises:
        ValueError: a check's docstring or marks are incomplete.
    """
    checks = check_files(root)
    lines = [HEAD, "## Contents", ""]
    for family, members in _families(checks):
        lines += [f"- {_title(family)}", *map(_contents, members)]
    for family, members in _families(checks):
        lines += ["", f"## {_title(family)}"]
        lines += itertools.chain.from_iterable(map(_section, members))
    return "\n".join(lines) + "\n"


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Write the page, or with ``--check`` only compare it. Returns the exit code."""
    page = root / NAME
    try:
        text = runbook(root)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    if "--check" not in arguments:
        replace_file(page, text.encode())
    elif not page.is_file() or page.read_text(encoding="utf-8") != text:
        print(f"{NAME} is not what the checks say. Run: python -m reports.runbook", file=sys.stderr)
        return 1
    return 0


def _families(checks: Iterable[CheckFile]) -> Iterator[tuple[str, list[CheckFile]]]:
    for family, members in itertools.groupby(checks, key=lambda check: check.family):
        yield family, list(members)


def _title(family: str) -> str:
    return family.replace("_", " ").capitalize()


def _contents(check: CheckFile) -> str:
    """The heading of a check is its name, and GitHub makes the anchor of it."""
    return f"  - [{check.check}](#{check.check}) ({', '.join(check.runbook)}): {_prose(check.promise.promise)}"


def _section(check: CheckFile) -> Iterator[str]:
    yield from ("", f"### {check.check}", "", _prose(check.promise.promise), "")
    yield f"Runbook {', '.join(check.runbook)} · {', '.join(check.severities)} · [{check.file}]({check.file})"
    yield from ("", "| Case | Severity | Lanes |", "|---|---|---|")
    for case in check.cases:
        yield f"| `{_cell(case.id)}` | {case.severity} | {', '.join(case.lanes)} |"
    yield from ("", f"**Means:** {_prose(check.promise.means)}")
    yield from _steps("Confirm", check.promise.confirm)
    yield from _steps("Contain", check.promise.contain)
    yield from _steps("Fix", check.promise.fix)


def _steps(title: str, text: str) -> Iterator[str]:
    """Steps hold commands: verbatim, to be copied."""
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    yield from ("", f"**{title}:**", f"{fence}text", text, fence)


def _prose(text: str) -> str:
    """Text in which <table> is a placeholder and no HTML; what stands between backticks stays."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(part if part.startswith("`") else part.replace("<", "&lt;") for part in parts)


def _cell(text: str) -> str:
    return text.replace("|", r"\|")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
