"""Reads docs/adopting.md: its blocks of commands and files, each announced by a comment that a reader does not see."""

import re
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "adopting.md"
BLOCK = re.compile(
    r"<!-- (?P<kind>\w+): (?P<name>[^,\n]+?)(?:, (?P<code>\d+))? -->\n```\w*\n(?P<text>.*?)\n```\n", re.DOTALL
)
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@dataclass(frozen=True)
class Block:
    """One block. `kind` is tried, workflow, environment or sql; `code` the exit code with which commands end."""

    kind: str
    name: str
    code: int
    text: str


def blocks(kind: str) -> list[Block]:
    """All of one kind, in the order of the page; a commit and an owner in the place of their words."""
    text = PAGE.read_text(encoding="utf-8").replace("@COMMIT", f"@{COMMIT}").replace("OWNER/", "sample/")
    found = [Block(row["kind"], row["name"], int(row["code"] or 0), row["text"]) for row in BLOCK.finditer(text)]
    return [block for block in found if block.kind == kind]
