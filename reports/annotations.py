"""Workflow commands for GitHub's runner: annotations on the lines of the application that break a promise.

The runner shows ten errors, ten warnings and ten notices of a step and drops the rest in silence, so the most urgent
are sent and a notice says how many more there are. What is violated is an error, or a warning when it is low; what
could not be seen is a warning. https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

import os
import secrets
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from pathlib import Path

from reports.blocks import Block, blocks
from reports.places import Place, places
from reports.plain_text import cut, joined, one_line, printable
from reports.telling import Telling
from reports.verdicts import Verdict

SHOWN = 10
"""Of each kind in a step: `_maxCountPerIssueType` of the runner."""
LONGEST = 1_500
"""Characters of a message; the runner cuts at 4,096."""
TITLE = 200  # characters
CASES = 20  # that one annotation names
_TOKENS: list[str] = []  # that keep the runner from listening


class Annotation:
    """One workflow command: ``::error file=…,line=…,title=…::text``."""

    def __init__(self, kind: str, title: str, text: str, place: Place | None = None) -> None:
        self.kind = kind
        self.title = title
        self.text = text
        self.place = place

    def __str__(self) -> str:
        known: dict[str, str | int] = {"file": self.place.path, "line": self.place.line} if self.place else {}
        known |= {"col": self.place.column} if self.place and self.place.column else {}
        known["title"] = one_line(self.title, TITLE)
        properties = ",".join(f"{key}={_property(str(value))}" for key, value in known.items())
        return f"::{self.kind} {properties}::{_data(cut(printable(self.text).strip(), LONGEST))}"


def annotation_lines(telling: Telling, variables: Mapping[str, str] = os.environ) -> list[str]:
    """The lines to print; none unless GitHub's runner listens. The first ends what `pausing` began."""
    if not _listens(variables):
        return []
    return [*resuming(), *(str(annotation) for annotation in _sent(telling, variables))]


def pausing(variables: Mapping[str, str] = os.environ) -> list[str]:
    """The line after which the runner obeys nothing that is printed, until `annotation_lines`.

    What checks, pytest and outsiders print in between stays text. Whoever stops listening does so for one step only.
    """
    if not _listens(variables) or _TOKENS:
        return []
    _TOKENS.append(secrets.token_hex(16))
    return [f"::stop-commands::{_TOKENS[-1]}"]


def resuming() -> list[str]:
    """The line that ends what `pausing` began; none when nothing did."""
    return [f"::{_TOKENS.pop()}::"] if _TOKENS else []


def _listens(variables: Mapping[str, str]) -> bool:
    return variables.get("GITHUB_ACTIONS") == "true"


def _sent(telling: Telling, variables: Mapping[str, str]) -> Iterator[Annotation]:
    """At most ten errors and ten warnings, then one notice about the others."""
    left_out: dict[str, int] = {}
    sent = dict.fromkeys(("error", "warning"), 0)
    for annotation in _all(telling, variables):
        if sent[annotation.kind] < SHOWN:
            sent[annotation.kind] += 1
            yield annotation
        else:
            left_out[annotation.kind] = left_out.get(annotation.kind, 0) + 1
    if left_out:
        counts = " and ".join(f"{number} more {kind}s" for kind, number in left_out.items())
        text = f"{counts}: GitHub shows {SHOWN} of each. The step's summary and verdicts.json have them all."
        yield Annotation("notice", "Seatrial: not all findings are shown here", text)


def _all(telling: Telling, variables: Mapping[str, str]) -> Iterator[Annotation]:
    """Every block's first place, in order of urgency; then their further places."""
    rows = [_of_block(block, telling.checkout, variables) for block in blocks(telling.report)]
    for turn in zip_longest(*rows):
        yield from (annotation for annotation in turn if annotation)
    missing = telling.report.missing
    if missing:
        yield Annotation("warning", f"missing: {_cases(missing)}", f"No verdict on {_named(missing)}.")


def _of_block(block: Block, checkout: Path | None, variables: Mapping[str, str]) -> list[Annotation]:
    if block.outcome != "violated":
        text = f"{block.message or 'no reason was given'}\nNot seen: {_named(block.ids)}"
        return [Annotation("warning", f"{block.outcome}: {_cases(block.ids)}", text)]
    verdict = block.first
    kind = "warning" if verdict.severity == "low" else "error"
    title = f"{verdict.severity}: {verdict.id}"
    found = [place for place in places(verdict, checkout) if not place.waived]
    if found:
        return [Annotation(kind, title, _at(place), place) for place in found]
    return [Annotation(kind, title, _elsewhere(verdict), _check_itself(verdict, variables))]


def _at(place: Place) -> str:
    return f"{place.told}\n\nInstead: {place.instead}" if place.instead else place.told


def _elsewhere(verdict: Verdict) -> str:
    about = f": {_named(verdict.subjects)}" if verdict.subjects else ""
    contain = f"\n\nContain: {verdict.contain}" if verdict.contain else ""
    return f"{verdict.message or 'the promise is broken'}{about}{contain}"


def _check_itself(verdict: Verdict, variables: Mapping[str, str]) -> Place | None:
    """The check, where it is a file of the repository that the workflow runs for; elsewhere the link would be dead."""
    workspace = variables.get("GITHUB_WORKSPACE")
    if not workspace or not Path(workspace, verdict.file).is_file():
        return None
    return Place(path=verdict.file, line=max(verdict.line, 1), subject=verdict.id, says=verdict.message)


def _cases(names: tuple[str, ...] | list[str]) -> str:
    return one_line(names[0]) if len(names) == 1 else f"{len(names)} cases"


def _named(names: tuple[str, ...] | list[str]) -> str:
    return joined([one_line(name, 200) for name in names], CASES)


def _data(text: str) -> str:
    """As the runner unescapes the text behind ``::`` (ActionCommand.cs)."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(printable(text)).replace(":", "%3A").replace(",", "%2C")
