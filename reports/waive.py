"""``python -m reports.waive``: what is violated today as waivers, for an application that had a life before this suite.

Prints `[[waiver]]` rows for the environment file: one a subject, so that the next broken thing of the same kind is
still found. They end on a day. Critical findings are left out unless they are asked for, because customers are exposed
by them now; what was not looked at is never waived.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec

from fixtures.engine.options import HOUSE
from reports.verdicts import Report, Verdict

REASON = "there before these checks were; to be mended, or confirmed, by then"
DAYS = 90


def main(arguments: Sequence[str] | None = None) -> int:
    """Print waivers to stdout and what was left out to stderr; 4 for what cannot be read."""
    asked = _options().parse_args(arguments)
    today = datetime.now(UTC).date()
    until = asked.until or today + timedelta(days=DAYS)
    if until < today:
        print(f"--until {until} is over: name a day to come", file=sys.stderr)
        return 4
    if not asked.because.strip():
        print("--because is empty: say why these are accepted", file=sys.stderr)
        return 4
    path = Path(asked.report, "verdicts.json")
    try:
        report = msgspec.json.decode(path.read_bytes(), type=Report)
    except (OSError, msgspec.MsgspecError) as problem:
        print(f"{path} cannot be read ({problem}): name the folder that a run left, reports/out", file=sys.stderr)
        return 4
    print("\n\n".join(waivers(report, until, asked.because, asked.critical)))
    for line in left_out(report, asked.critical):
        print(line, file=sys.stderr)
    return 0


def waivers(report: Report, until: date, reason: str, critical: bool) -> Iterator[str]:
    """A table of TOML for each subject of what is violated, the critical ones too if `critical`."""
    for verdict in report.verdicts:
        if verdict.outcome == "violated" and (critical or verdict.severity != "critical"):
            covered = verdict.waiver.subjects if verdict.waiver else ()
            for subject in dict.fromkeys(verdict.subjects):
                if subject not in covered:
                    yield _waiver(verdict, subject, until, reason)


def left_out(report: Report, critical: bool) -> Iterator[str]:
    """What still stands between this report and GO, a line each, ids only."""
    for verdict in report.verdicts:
        if verdict.outcome == "violated" and verdict.severity == "critical" and not critical:
            yield f"{verdict.id}: critical, not waived: mend it, or say --critical"
        elif verdict.outcome == "violated" and not verdict.subjects:
            yield f"{verdict.id}: names no subject that could be waived: mend it"
        elif verdict.outcome in ("blind", "crashed"):
            yield f"{verdict.id}: {verdict.outcome}, which cannot be waived: see what the report says next to it"


def _waiver(verdict: Verdict, subject: str, until: date, reason: str) -> str:
    rows = (("check", verdict.id), ("subject", subject), ("reason", reason))
    return "\n".join(["[[waiver]]", *(f"{key} = {_text(value)}" for key, value in rows), f"until = {until}"])


def _text(value: str) -> str:
    """A basic string of TOML: JSON's, with DEL escaped too (TOML 1.0, "String")."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m reports.waive", description="today's findings as waivers")
    parser.add_argument(
        "report", nargs="?", default=str(HOUSE / "reports" / "out"), help="the folder of a run's report"
    )
    parser.add_argument("--until", type=date.fromisoformat, help=f"the last day, 2027-03-01; {DAYS} days from today")
    parser.add_argument("--because", default=REASON, help="the reason that each gets")
    parser.add_argument("--critical", action="store_true", help="critical findings too")
    return parser


if __name__ == "__main__":
    sys.exit(main())
