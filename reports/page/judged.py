"""Verdicts as the page's scripts find them, cut so that the page stays one that a browser opens at once."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from reports.page.document import plain
from reports.page.markup import shown
from reports.plain_text import cut, one_line
from reports.promise import Promise
from reports.verdicts import Verdict

TEXTS = ("promise", "means", "confirm", "contain", "fix")
LONGEST = 20_000  # characters of one text
SUBJECT = 500  # characters of one subject
GREEN = 2_000  # bytes of what was seen where all is well
ALL = 15_000_000  # characters of messages, subjects and evidence, after which only little is told of each case


class Limits(Struct, frozen=True):
    """How much is told of one case: characters of its message, how many subjects, bytes of evidence as JSON."""

    message: int
    subjects: int
    evidence: int


GENEROUS, MEAN = Limits(LONGEST, 1_000, 50_000), Limits(500, 3, 0)


def judged(verdicts: Iterable[Verdict], promises: Mapping[str, Promise]) -> Iterator[dict[str, Any]]:
    """A row a verdict. `promises` are the texts of the checks' own files: a verdict that has others keeps them."""
    spent = 0
    for verdict in verdicts:
        row = _row(verdict, GENEROUS if spent < ALL else MEAN)
        spent += len(row["message"]) + sum(map(len, row["subjects"])) + _size(row["evidence"])
        yield row | _own_texts(verdict, promises.get(verdict.check))


def texts_of(verdict: Verdict) -> dict[str, str]:
    """What a verdict says about its promise."""
    return {name: _text(getattr(verdict, name)) for name in TEXTS}


def _row(verdict: Verdict, limits: Limits) -> dict[str, Any]:
    subjects = [one_line(subject, SUBJECT) for subject in verdict.subjects[: limits.subjects]]
    return {
        "id": one_line(verdict.id, LONGEST),
        "check": verdict.check,
        "outcome": verdict.outcome,
        "severity": verdict.severity,
        "runbook": list(verdict.runbook),
        "lanes": list(verdict.lanes),
        "message": cut(shown(verdict.message), limits.message),
        "subjects": subjects,
        "more": len(verdict.subjects) - len(subjects),
        "evidence": _evidence(verdict, limits.evidence),
        "waiver": msgspec.to_builtins(verdict.waiver),
        "ms": round(verdict.observed_ms),
        "attempts": verdict.attempts if verdict.attempts > 1 else 0,
        "unsteady": verdict.unsteady,
        "line": verdict.line,
    }


def _evidence(verdict: Verdict, limit: int) -> Any:
    """What was seen; its beginning as text, when it is too much for a page."""
    if not verdict.evidence:
        return None
    limit = min(limit, GREEN) if verdict.outcome == "verified" else limit
    encoded = msgspec.json.encode(plain(verdict.evidence))
    if len(encoded) <= limit:
        return msgspec.json.decode(encoded)
    return {"cut, verdicts.json has all": encoded[:limit].decode(errors="ignore")}


def _own_texts(verdict: Verdict, promise: Promise | None) -> dict[str, Any]:
    """Its texts, where they are not those of the check's file: it may have been judged by another version."""
    if promise is None:
        return {}
    told = texts_of(verdict)
    own = {name: text for name, text in told.items() if text and text != getattr(promise, name)}
    return {"texts": own}


def _size(evidence: Any) -> int:
    return len(msgspec.json.encode(evidence)) if evidence else 0


def _text(text: str) -> str:
    return cut(shown(text), LONGEST)
