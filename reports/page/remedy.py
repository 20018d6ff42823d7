"""The first step as something that can be done: a command with its names filled in, or how to look again."""

import re

from reports.blocks import Block
from reports.verdicts import Report, Verdict

TABLE = "<table>"
LINES = 15  # commands that are shown: all of them fit, so that none is cut in its middle
# What can stand in SQL without quotes, and does nothing else there.
_NAME = re.compile(r"(?:table )?([a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)?)")
# A command, and what is said about it: "revoke … from anon;   (the application then …)".
_COMMAND = re.compile(r"([^;\n]+;)\s+(\(.+\))", re.DOTALL)


def containing(verdict: Verdict) -> tuple[str, str]:
    """The command that contains a finding, with its tables in the place of ``<table>``, and what is said about it."""
    found = _COMMAND.fullmatch(verdict.contain.strip())
    command, remark = (found[1], found[2]) if found else (verdict.contain.strip(), "")
    names = [_NAME.fullmatch(subject) for subject in verdict.subjects]
    known = [name[1] for name in names if name]
    if TABLE not in command or "\n" in command or not command.endswith(";") or len(known) < len(names) or not known:
        return command, remark
    lines = [command.replace(TABLE, name) for name in known[:LINES]]
    rest = len(known) - LINES
    return "\n".join(lines), f"{remark} and {rest} more tables, see below".strip() if rest > 0 else remark


def seeing(block: Block) -> str:
    """What to do about a reason for not seeing."""
    if block.outcome == "crashed":
        return f"{block.message}\nThis is a fault of the suite itself: it says nothing about the application."
    if block.outcome == "violated":
        return block.first.fix or block.message
    return again(block.message or "no reason was given")


def judging(report: Report) -> str:
    """What to do when nothing was judged at all."""
    return again(report.run.reason or "nothing was verified")


def again(reason: str) -> str:
    """The reason; where it is that something took too long, also what can be done about that."""
    if "no answer within" in reason:
        step = "Run it again. If it stays, see whether what is asked is up and can be reached from this machine."
        return f"{reason}\n{step}"
    if "deadline" in reason:
        return f"{reason}\nRun it again. If it stays, give the run longer: `within` under [environment], in seconds."
    return reason
