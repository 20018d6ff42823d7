"""The commands that the texts of our checks tell people to type, found in the middle of sentences."""

import re
from collections.abc import Iterator

from fixtures.commands import Command
from fixtures.commands.documents import Block
from fixtures.commands.shell import commands_in
from reports.check_files import CheckFile

PROGRAMS = (
    "supabase",
    "stripe",
    "vercel",
    "neon",
    "psql",
    "pg_dump",
    "pg_restore",
    "git",
    "gh",
    "curl",
    "docker",
    "npm",
)
BEGINS = re.compile(
    rf"(?:^|(?<=[:;,(] )|(?<=\()|(?<=\bor )|(?<=\bthen )|(?<=\bof )|(?<=\bsee ))(?:{'|'.join(PROGRAMS)})"
    r"(?= [\w\"'$<-])",
    re.MULTILINE,
)
ENDS = re.compile(r"\n|   |; |\)| \(|, (?!\w+=)|: |\.(?:\s|$)| (?:writes|names|on|in|tells|for|and|says|knows) ")
"""Outside of quotes, where prose begins again."""


def typed_in(check: CheckFile) -> Iterator[Command]:
    """Each command that a check's Confirm, Contain and Fix name, pipelines included."""
    for steps in (check.promise.confirm, check.promise.contain, check.promise.fix):
        text = re.sub(r"\n[ ]+", "\n", re.sub(r"\\\n\s*", "", steps))
        for found in BEGINS.finditer(text):
            if not _within_quotes(text, found.start()):
                yield from commands_in(Block(file=check.file, line=1, kind="inline", text=_cut(text[found.start() :])))


def _cut(text: str) -> str:
    end = next((found.start() for found in ENDS.finditer(text) if not _within_quotes(text, found.start())), len(text))
    return text[:end]


def _within_quotes(text: str, at: int) -> bool:
    """An apostrophe within a word is none."""
    quote = ""
    for place, sign in enumerate(text[:at]):
        apostrophe = sign == "'" and not quote and text[max(0, place - 1)].isalnum()
        if sign == quote:
            quote = ""
        elif sign in "\"'" and not quote and not apostrophe:
            quote = sign
    return bool(quote)
