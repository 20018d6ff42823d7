"""What deserves attention: everything that is not green, most urgent first, equal reasons told once."""

from collections.abc import Iterable

from msgspec import Struct

from reports.verdicts import OUTCOMES, SEVERITIES, Outcome, Report, Severity, Verdict

# "One unset variable" is one thing to mend, however many cases it blinds.
GROUPED: frozenset[Outcome] = frozenset({"blind", "crashed"})
LETS_OUT = ("RLS-", "SEC-")
"""Sections of the runbook about who comes to data and secrets."""
SHOWN: frozenset[Outcome] = GROUPED | {"violated"}


class Block(Struct, frozen=True, kw_only=True):
    """One thing to mend: a violated case, or all cases that are blind or crashed for one reason."""

    outcome: Outcome
    severity: Severity
    message: str
    verdicts: tuple[Verdict, ...]

    @property
    def first(self) -> Verdict:
        """The most severe verdict of the block."""
        return self.verdicts[0]

    @property
    def ids(self) -> list[str]:
        """The ids of its cases, most severe first."""
        return [verdict.id for verdict in self.verdicts]


def blocks(report: Report) -> list[Block]:
    """What is violated, blind or crashed, sorted by severity, then by outcome; then what lets data out, which
    nobody gets back, then as it was reached."""
    groups: dict[tuple[str, str], list[Verdict]] = {}
    for verdict in report.verdicts:
        if verdict.outcome in SHOWN:
            alike = verdict.message if verdict.outcome in GROUPED else verdict.id
            groups.setdefault((verdict.outcome, alike), []).append(verdict)
    return sorted(map(_block, groups.values()), key=_urgency)


def _block(group: list[Verdict]) -> Block:
    verdicts = sorted(group, key=lambda verdict: SEVERITIES.index(verdict.severity))
    first = verdicts[0]
    return Block(outcome=first.outcome, severity=first.severity, message=first.message, verdicts=tuple(verdicts))


def _urgency(block: Block) -> tuple[int, int, bool]:
    lets_out = any(entry.startswith(LETS_OUT) for entry in block.first.runbook)
    return SEVERITIES.index(block.severity), OUTCOMES.index(block.outcome), not lets_out


def of(outcome: Outcome, verdicts: Iterable[Verdict]) -> list[Verdict]:
    """The verdicts of one outcome, as they were reached."""
    return [verdict for verdict in verdicts if verdict.outcome == outcome]
