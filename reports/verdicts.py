"""What a run found: one verdict a case, the run they belong to, and the exit code that follows from them.

These structs are the shape of ``verdicts.json``; `reports.schema` publishes it as a JSON Schema.
"""

from collections.abc import Collection, Iterable
from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import Meta, Struct

Outcome = Literal["verified", "violated", "blind", "waived", "inapplicable", "crashed"]
Severity = Literal["critical", "high", "low"]
Word = Literal["GO", "HOLD", "CANNOT SEE"]

OUTCOMES: tuple[Outcome, ...] = ("verified", "violated", "blind", "crashed", "waived", "inapplicable")
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
GO, HOLD, CANNOT_SEE = 0, 1, 10

Texts = tuple[str, ...]
Count = Annotated[int, Meta(ge=0)]
Instant = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
EVERY_OUTCOME = {"propertyNames": {"enum": list(OUTCOMES)}, "required": list(OUTCOMES)}


class Waived(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Subjects that are accepted as they are, until a day."""

    subjects: Annotated[Texts, Meta(description="The subjects that the waiver covered, as printed.")]
    reason: Annotated[str, Meta(description="Why they are accepted, from the environment file.")]
    until: Annotated[
        str, Meta(description="The last day on which the waiver counts.", extra_json_schema={"format": "date"})
    ]


class Verdict(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one case of a check came to."""

    check: Annotated[str, Meta(description="The check: the name of its file.")]
    case: Annotated[str, Meta(description="The row of the check's table; empty when it has only one.")] = ""
    runbook: Annotated[Texts, Meta(description="The runbook entries that the check belongs to.")] = ()
    lanes: Annotated[Texts, Meta(description="The lanes in which the case is judged.")] = ()
    severity: Annotated[Severity, Meta(description="How bad it is when the promise is broken.")]
    outcome: Annotated[
        Outcome,
        Meta(
            description="verified; violated: looked, and it is wrong; blind: could not look; waived: wrong, but "
            "accepted for now; inapplicable: declared by the environment; crashed: a fault of the suite itself."
        ),
    ]
    message: Annotated[str, Meta(description="What was wrong, or why nothing was seen; empty when verified.")] = ""
    subjects: Annotated[Texts, Meta(description="What the message is about, as printed: public.invoices.")] = ()
    evidence: Annotated[dict[str, Any], Meta(description="What was seen, in brief: any JSON.")] = {}
    waiver: Annotated[Waived | None, Meta(description="The waiver that covered some or all of the subjects.")] = None
    observed_ms: Annotated[float, Meta(description="How long the observation took, in milliseconds.", ge=0)] = 0.0
    attempts: Annotated[Count, Meta(description="How often it was looked until the answer stood.")] = 1
    unsteady: Annotated[bool, Meta(description="Verified, but not on the first look.")] = False
    promise: Annotated[str, Meta(description="The sentence that the check keeps watch over.")] = ""
    means: Annotated[str, Meta(description="What a broken promise means for customers.")] = ""
    confirm: Annotated[str, Meta(description="How to see it with your own eyes.")] = ""
    contain: Annotated[str, Meta(description="How to stop the harm now.")] = ""
    fix: Annotated[str, Meta(description="How to mend the cause.")] = ""
    file: Annotated[str, Meta(description="The check's file: checks/<family>/<check>.py.")]
    line: Annotated[Count, Meta(description="The line of the check in its file.")]
    observations: Annotated[
        Texts, Meta(description="The keys of the observations that it was judged by, as in observations.json.")
    ] = ()
    began: Annotated[
        Instant | None, Meta(description="When the observation began, in UTC; null when nothing was looked at.")
    ] = None

    @property
    def id(self) -> str:
        """``check[case]``, or ``check`` when the check has a single case."""
        return f"{self.check}[{self.case}]" if self.case else self.check

    @property
    def family(self) -> str:
        """The folder of the check's file: ``health`` of ``checks/health/endpoint_healthy.py``."""
        return self.file.replace("\\", "/").rpartition("/")[0].rpartition("/")[2]


class Run(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The circumstances of the verdicts, and what follows from them."""

    environment: Annotated[str, Meta(description="The environment that was looked at.")]
    kind: Annotated[str, Meta(description="Its kind: local, preview, staging or production.")]
    lanes: Annotated[Texts, Meta(description="The lanes that were selected; empty: all of them.")]
    shard: Annotated[
        str | None, Meta(description="K/N: this run judged the K-th of N parts only; null: everything.")
    ] = None
    commit: Annotated[str | None, Meta(description="The commit of the application's checkout.")] = None
    started: Annotated[
        Instant, Meta(description="When the run started, in UTC; of a replay, when what it judges was looked at.")
    ]
    replayed: Annotated[bool, Meta(description="Whether it only judged stored observations again.")] = False
    seconds: Annotated[float, Meta(description="How long the run took.", ge=0)]
    versions: Annotated[dict[str, str], Meta(description="Versions of what took part, by name.")] = {}
    exit: Annotated[
        Count, Meta(description="The exit code: 0 GO, 1 something violated, 10 something not seen, 2-5 pytest's own.")
    ]
    word: Annotated[Word, Meta(description="The exit code as an instruction.")]
    reason: Annotated[str | None, Meta(description="Why the run ended early or could not judge everything.")] = None
    notes: Annotated[Texts, Meta(description="What else a reader should know: an unused waiver, say.")] = ()


class Report(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that one run found."""

    run: Annotated[Run, Meta(description="The run.")]
    verdicts: Annotated[tuple[Verdict, ...], Meta(description="One a case, in the order in which they were reached.")]
    missing: Annotated[Texts, Meta(description="Cases that the lane's manifest expects and that have no verdict.")] = ()
    totals: Annotated[
        dict[Outcome, Count], Meta(description="How many verdicts of each outcome.", extra_json_schema=EVERY_OUTCOME)
    ] = {}

    def __post_init__(self) -> None:
        # Counted here, so that they cannot disagree with the verdicts.
        msgspec.structs.force_setattr(self, "totals", count(self.verdicts))


def count(verdicts: Iterable[Verdict]) -> dict[Outcome, int]:
    """How many verdicts of each outcome there are; every outcome is named."""
    totals = dict.fromkeys(OUTCOMES, 0)
    for verdict in verdicts:
        totals[verdict.outcome] += 1
    return totals


def exit_code(verdicts: Iterable[Verdict], missing: Collection[str] = ()) -> int:
    """The exit code of a run that pytest carried through to its end.

    Returns:
        1 when something is violated; otherwise 10 when something is blind, crashed or missing, or when nothing at
        all was verified; otherwise 0.
    """
    totals = count(verdicts)
    if totals["violated"]:
        return HOLD
    unseen = totals["blind"] or totals["crashed"] or missing or not totals["verified"]
    return CANNOT_SEE if unseen else GO


def word(code: int) -> Word:
    """An exit code as an instruction. pytest's own codes (2-5) say that not everything was judged."""
    if code == GO:
        return "GO"
    return "HOLD" if code == HOLD else "CANNOT SEE"
