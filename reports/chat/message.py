"""A run as a message in a chat: Slack's JSON, with its limits kept. https://docs.slack.dev/reference/block-kit/blocks

Subjects and messages come from outside: they can neither mention anybody nor hide a link behind other words.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from reports.blocks import Block, blocks
from reports.closing_line import advice, result_line
from reports.past.changes import standing, told
from reports.plain_text import joined, one_line, printable
from reports.telling import Telling

SECTION = 2_900  # characters of a section, of 3,000
HEADER = 150
FALLBACK = 1_000  # of the text that notifications show
BLOCKS = 20  # of what deserves attention, of 50 in all: a chat is read on a phone
SUBJECTS = 5
TEXT = 600  # of one text from outside
ICONS = {"GO": ":white_check_mark:", "HOLD": ":octagonal_sign:", "CANNOT SEE": ":fog:"}
APART = "\u2060"
"""A word joiner, which nobody sees. Mattermost reads @channel even in the texts of a webhook."""


def worth_telling(telling: Telling, when: str) -> bool:
    """Whether a run is to be told: `when` is "not-green", "changes" or "always"."""
    word, changes = telling.report.run.word, telling.changes
    if when != "changes":
        return when == "always" or word != "GO"
    before = changes.previous.word if changes.previous else "GO"
    differing = (changes.new, changes.mended, changes.waived, changes.unasked, changes.unseen, changes.seen)
    return word != before or any(differing)


def message(telling: Telling) -> dict[str, Any]:
    """The body of the request."""
    return {
        "text": _plain(f"{_headline(telling)}: {advice(telling.report)}", FALLBACK),
        "blocks": list(_blocks(telling)),
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _headline(telling: Telling) -> str:
    run = telling.report.run
    return f"{run.word} on {one_line(run.environment, 60)}"


def _blocks(telling: Telling) -> Iterator[dict[str, Any]]:
    report = telling.report
    yield {"type": "header", "text": {"type": "plain_text", "text": _plain(_headline(telling), HEADER), "emoji": False}}
    yield _section(_opening(telling))
    urgent, known = blocks(report), standing(telling.changes)
    for block in urgent[:BLOCKS]:
        yield _section(_told(block, known.get(block.first.id, "")))
    rest = [f"and {len(urgent) - BLOCKS} more to look at"] if len(urgent) > BLOCKS else []
    if report.missing:
        rest.append(f"*MISSING*  {_plain(joined(report.missing, SUBJECTS), TEXT)}")
    if rest:
        yield _section(rest)
    if telling.url:
        yield _section([f"<{_escaped(telling.url)}|Open the report>"])


def _opening(telling: Telling) -> Iterator[str]:
    report = telling.report
    yield f"{ICONS[report.run.word]} *{_plain(advice(report), TEXT)}*"
    yield _plain(result_line(report), TEXT)
    if report.run.commit:
        yield f"commit {_plain(report.run.commit, 12)}"
    if since := told(telling.changes, report.run.started):
        yield _plain(since, TEXT)


def _told(block: Block, since: str) -> Iterator[str]:
    cases = len(block.ids)
    subject = block.first.id if cases == 1 else f"{cases} cases: {joined(block.ids, SUBJECTS)}"
    runbook = joined(sorted({entry for verdict in block.verdicts for entry in verdict.runbook}), SUBJECTS)
    parts = (block.severity, subject, runbook, since if block.outcome == "violated" else "")
    yield f"*{block.outcome.upper()}*  " + " · ".join(_plain(part, TEXT) for part in parts if part)
    yield _plain(block.message or "no reason was given", TEXT)
    if block.outcome != "violated":
        return
    for subject in block.first.subjects[:SUBJECTS]:
        yield f"• {_plain(subject, 200)}"
    rest = len(block.first.subjects) - SUBJECTS
    if rest > 0:
        yield f"and {rest} more"
    if block.first.contain.strip():
        yield f"*Contain*\n```{_cut(printable(block.first.contain).strip().replace('`', chr(39)), TEXT)}```"


def _section(lines: Iterable[str]) -> dict[str, Any]:
    """Lines, already escaped, as far as they fit. `verbatim`: no link is made of what merely looks like one."""
    kept: list[str] = []
    left = SECTION
    for line in lines:
        left -= len(line) + 1
        if left < 0:
            break
        kept.append(line)
    return {"type": "section", "text": {"type": "mrkdwn", "text": "\n".join(kept), "verbatim": True}}


def _plain(text: str, limit: int) -> str:
    """Text from outside on one line: nobody is mentioned, and no sign begins a code span or a link."""
    return _cut(one_line(text, limit).replace("@", f"@{APART}").replace("`", "'"), limit)


def _cut(text: str, limit: int) -> str:
    """The text escaped, at most `limit` characters long after that."""
    kept: list[str] = []
    left = limit
    for sign in text:
        escaped = _escaped(sign)
        left -= len(escaped)
        if left < 0:
            return "".join(kept[:-1]) + "…"
        kept.append(escaped)
    return "".join(kept)


def _escaped(text: str) -> str:
    """The three signs that begin something in Slack's texts."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
