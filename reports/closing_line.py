"""The one line that alone says what to do."""

from reports.blocks import Block, blocks
from reports.past.changes import minute
from reports.plain_text import one_line
from reports.verdicts import OUTCOMES, Outcome, Report

# These decide, so they are named even when there are none of them.
ALWAYS: frozenset[Outcome] = frozenset({"verified", "violated", "blind"})
LONGEST_REASON = 200  # characters


def closing_line(report: Report, shown: str | None = None) -> str:
    """Where it was looked, what came out, how long it took, and what to do. `shown` stands for the word: GO in colour.

    ``pre-deploy on staging: 38 verified, 1 violated, 0 blind in 4.2 s: HOLD, do not ship; start with rls_enabled``
    """
    return f"{result_line(report)}: {shown or report.run.word}, {advice(report)}"


def result_line(report: Report) -> str:
    """The closing line without its instruction."""
    where = f"{_lanes(report)} on {one_line(report.run.environment)}"
    return f"{where}: {_counts(report)} in {report.run.seconds:.1f} s"


def advice(report: Report) -> str:
    """What to do, in a few words, without a full stop; of a replay, when that was so."""
    run = report.run
    told = _unseen(report) if run.word == "CANNOT SEE" else _decided(report)
    return f"as it was on {minute(run.started)}: {told}" if run.replayed else told


def _decided(report: Report) -> str:
    run = report.run
    live = run.lanes == ("prod-smoke",)  # the release is out already
    if run.word == "HOLD":
        return f"{'contain it now' if live else 'do not ship'}{_start(blocks(report))}"
    if run.shard:
        return f"as far as shard {run.shard} goes: merge it with the others"
    step = "keep this release" if live else "ship it"
    return f"look again before you {step}" if run.replayed else step


def _lanes(report: Report) -> str:
    return ", ".join(map(one_line, report.run.lanes)) or "all lanes"


def _counts(report: Report) -> str:
    named = [(report.totals[outcome], outcome) for outcome in OUTCOMES if report.totals[outcome] or outcome in ALWAYS]
    counts = [f"{number} {outcome}" for number, outcome in named]
    return ", ".join(counts + ([f"{len(report.missing)} missing"] if report.missing else []))


def _start(urgent: list[Block]) -> str:
    violated = [block for block in urgent if block.outcome == "violated"]
    return f"; start with {one_line(violated[0].first.id)}" if violated else ""


def _unseen(report: Report) -> str:
    reasons = _reasons(report)
    if not reasons:
        return "the run did not end as it should" if report.totals["verified"] else "nothing was verified"
    others = len(reasons) - 1
    more = f" (and {others} other reason{'s' if others > 1 else ''})" if others else ""
    return f"not everything could be looked at: {one_line(reasons[0], LONGEST_REASON).rstrip('.')}{more}"


def _reasons(report: Report) -> list[str]:
    reasons = [report.run.reason] if report.run.reason else []
    for block in blocks(report):
        if block.outcome != "violated":
            reasons.append(f"{block.first.id} crashed" if block.outcome == "crashed" else block.message)
    if report.missing:
        reasons.append(f"no verdict on {report.missing[0]}")
    return reasons
