"""One report of many: what several runs of one application, each in its part, came to together."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from msgspec.structs import replace

from fixtures.engine.plan import LANES
from reports.merging.parts import Part
from reports.plain_text import joined
from reports.verdicts import CANNOT_SEE, GO, HOLD, Outcome, Report, Run, Verdict, exit_code, word

WORSE: tuple[Outcome, ...] = ("inapplicable", "verified", "waived", "blind", "crashed", "violated")
"""Of two verdicts on one case the later one here counts: it is the more urgent."""
REFUSED = 4
NAMED = 10  # cases that one sentence names


def merged(parts: tuple[Part, ...], expected: Iterable[str], refused: tuple[str, ...] = ()) -> Report:
    """The report of the whole.

    Args:
        parts: at least one; all of the same environment and commit.
        expected: the ids of the cases that the manifest expects of the whole.
        refused: sentences about parts that were not read. What the others saw violated is so without them; where they
            saw nothing violated, the exit code is 4.
    """
    verdicts, twice = _united(parts)
    reached = {verdict.id for verdict in verdicts}
    wanted = {*expected, *(case for part in parts for case in part.report.missing)}
    missing = tuple(sorted(wanted - reached))
    absent = list(_absent(parts)) if missing else []  # one to which nothing fell is not missed
    reasons = [*refused, *absent, *(_cut_short(part) for part in parts if _is_cut_short(part))]
    code = _code(exit_code(verdicts, missing), reasons, refused)
    notes = tuple(dict.fromkeys([*twice, *(note for part in parts for note in part.report.run.notes)]))
    run = _run(parts, code, "; ".join(reasons) or None, notes)
    return Report(run=run, verdicts=verdicts, missing=missing)


def _code(found: int, reasons: Collection[str], refused: Collection[str]) -> int:
    """What was seen to be violated is violated, whatever else there is to say."""
    if found == HOLD:
        return HOLD
    if refused:
        return REFUSED
    return CANNOT_SEE if reasons else found


def _run(parts: tuple[Part, ...], code: int, reason: str | None, notes: tuple[str, ...]) -> Run:
    runs = [part.report.run for part in parts]
    lanes = {lane for run in runs for lane in run.lanes}
    return replace(
        runs[0],
        lanes=tuple(lane for lane in LANES if lane in lanes),
        shard=None,
        started=min(run.started for run in runs),
        seconds=max(run.seconds for run in runs),
        versions={name: text for run in reversed(runs) for name, text in run.versions.items()},
        exit=code,
        word=word(code),
        reason=reason,
        notes=notes,
    )


def _united(parts: Iterable[Part]) -> tuple[tuple[Verdict, ...], list[str]]:
    """The worse verdict on each case, and a sentence about those that were judged more than once."""
    found: dict[str, Verdict] = {}
    twice: dict[str, set[str]] = {}
    for verdict in (verdict for part in parts for verdict in part.report.verdicts):
        held = found.get(verdict.id)
        if held is not None:
            twice.setdefault(verdict.id, {held.outcome}).add(verdict.outcome)
        if held is None or WORSE.index(verdict.outcome) > WORSE.index(held.outcome):
            found[verdict.id] = verdict
    return tuple(found.values()), list(_twice(twice))


def _twice(found: Mapping[str, set[str]]) -> Iterator[str]:
    agreed = [case for case, outcomes in found.items() if len(outcomes) == 1]
    if agreed:
        yield f"judged more than once, alike: {joined(agreed, NAMED)}"
    differing = [f"{case} ({', '.join(sorted(outcomes))})" for case, outcomes in found.items() if len(outcomes) > 1]
    if differing:
        yield f"judged more than once, the worse counts: {joined(differing, NAMED)}"


def _absent(parts: Iterable[Part]) -> Iterator[str]:
    """A sentence about the shards that nobody brought; their cases are missing."""
    shards = [part.report.run.shard for part in parts if part.report.run.shard]
    if shards:
        number = int(shards[0].partition("/")[2])
        brought = {int(shard.partition("/")[0]) for shard in shards}
        absent = [f"{part}/{number}" for part in range(1, number + 1) if part not in brought]
        if absent:
            yield f"not among what was merged: shard {joined(absent, NAMED)}"


def _is_cut_short(part: Part) -> bool:
    """A run that ended by a code of pytest's own, or early, may have left out more than anybody knows."""
    run = part.report.run
    return run.exit not in (0, 1, 10) or bool(run.reason and run.exit != GO)


def _cut_short(part: Part) -> str:
    run = part.report.run
    return f"{part.name}: {run.reason or f'it ended with exit code {run.exit}'}"
