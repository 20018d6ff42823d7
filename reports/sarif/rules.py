"""The rules of ``seatrial.sarif``: a check each, with what its runbook says."""

from collections.abc import Iterable
from typing import Any

from reports.markdown import code, pre, prose
from reports.plain_text import cut, printable
from reports.verdicts import SEVERITIES, Severity, Verdict

LEVEL: dict[Severity, str] = {"critical": "error", "high": "error", "low": "warning"}
SCORE: dict[Severity, str] = {"critical": "9.5", "high": "7.5", "low": "3.0"}
"""As GitHub reads it: above 9.0 critical, from 7.0 high, from 4.0 medium, else low."""
PROBLEM: dict[Severity, str] = {"critical": "error", "high": "error", "low": "warning"}
SECURITY = ("authentication", "row_security", "security")
"""Families whose findings are GitHub's security alerts. So is whatever belongs to a runbook entry of these:"""
SECURITY_ENTRIES = ("SEC-", "RLS-", "AUTH-")
TAGS = 10  # that GitHub shows
LONGEST = 1_000  # characters: what GitHub takes of a description
LONGEST_STEP = 4_000  # characters


def rules(verdicts: Iterable[Verdict]) -> list[dict[str, Any]]:
    """One rule for each check among the verdicts, in their order."""
    checks: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        checks.setdefault(verdict.check, []).append(verdict)
    return [_rule(check, of_check) for check, of_check in checks.items()]


def _rule(check: str, verdicts: list[Verdict]) -> dict[str, Any]:
    first = verdicts[0]
    severity = min((verdict.severity for verdict in verdicts), key=SEVERITIES.index)
    promise = _text(first.promise) or f"{check} holds."
    return {
        "id": check,
        # A name that is the id says nothing, and is not allowed.
        **({"name": "".join(word.capitalize() for word in check.split("_"))} if "_" in check else {}),
        "shortDescription": {"text": promise},
        "fullDescription": {"text": _text(f"{promise} When it is broken: {first.means}") if first.means else promise},
        "defaultConfiguration": {"level": LEVEL[severity]},
        "help": {"text": _help(first), "markdown": _markdown(first)},
        "properties": _properties(severity, verdicts),
    }


def _properties(severity: Severity, verdicts: list[Verdict]) -> dict[str, Any]:
    entries = list(dict.fromkeys(entry for verdict in verdicts for entry in verdict.runbook))
    secure = verdicts[0].family in SECURITY or any(entry.startswith(SECURITY_ENTRIES) for entry in entries)
    tags = [*(["security"] if secure else []), verdicts[0].family, *entries]
    score = {"security-severity": SCORE[severity]} if secure else {}
    return {
        "tags": [_text(tag) for tag in dict.fromkeys(tags)][:TAGS],
        "precision": "very-high",
        "problem.severity": PROBLEM[severity],
        **score,
    }


def _help(verdict: Verdict) -> str:
    """Means, Confirm, Contain and Fix, as the runbook says them."""
    steps = [f"{name}: {cut(printable(text), LONGEST_STEP)}" for name, text in _steps(verdict)]
    return "\n\n".join(steps) or "RUNBOOK.md has what to do."


def _markdown(verdict: Verdict) -> str:
    entries = ", ".join(code(entry) for entry in verdict.runbook)
    head = [f"Runbook: {entries}\n"] if entries else []
    means = [f"**Means**: {prose(verdict.means)}\n"] if verdict.means else []
    steps = [line for name, text in _steps(verdict) if name != "Means" for line in pre(name, text, LONGEST_STEP)]
    return "\n".join([*head, *means, *steps]) or "RUNBOOK.md has what to do."


def _steps(verdict: Verdict) -> list[tuple[str, str]]:
    steps = (("Means", verdict.means), ("Confirm", verdict.confirm), ("Contain", verdict.contain), ("Fix", verdict.fix))
    return [(name, text) for name, text in steps if text]


def _text(text: str) -> str:
    return cut(printable(text), LONGEST)
