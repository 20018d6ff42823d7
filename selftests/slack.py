"""A stand-in for a chat's incoming webhook, which holds a message against Slack's documented limits.

https://docs.slack.dev/reference/block-kit/blocks and /messaging/formatting-message-text
"""

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PATH = "/services/T0PLANTED/B0PLANTED/Xq7vW2nR8kLm4pTz6yHs1dGc"
BLOCKS, HEADER, SECTION, FALLBACK = 50, 150, 3000, 40_000
MENTION = re.compile(r"<[!@#][^>]*>|<(?!https?://[^|<>\s]+\|Open the report>)|@(?!\u2060)|&(?!amp;|lt;|gt;)")
"""What pings somebody, or is a control sequence that we did not write, or a sign that is not escaped."""
CODE = re.compile(r"```[^`<>]*```")
"""A block of code, in which nobody is mentioned; nothing in it may begin a control sequence all the same."""


def flaws(body: Any) -> list[str]:
    """What Slack would refuse of a message, or what an outsider could do with it."""
    rows = body.get("blocks", [])
    found = [] if 0 < len(rows) <= BLOCKS else [f"{len(rows)} blocks"]
    found += [] if 0 < len(body.get("text", "")) <= FALLBACK else ["no text for notifications"]
    for text in (CODE.sub("", said) for said in (body.get("text", ""), *(row["text"]["text"] for row in rows))):
        found += [f"{match[0]!r} in {text[:80]!r}" for match in MENTION.finditer(text)]
        found += [f"{sign!r} in {text[:80]!r}" for sign in sorted({*text} & {*"\x00\x1b\x9b\u202e\ud800"})]
    return found + [flaw for row in rows for flaw in _flaws_of(row)]


def _flaws_of(row: dict[str, Any]) -> Iterator[str]:
    kind, text = row["type"], row["text"]
    limit, wanted = {"header": (HEADER, "plain_text"), "section": (SECTION, "mrkdwn")}[kind]
    if not 0 < len(text["text"]) <= limit:
        yield f"a {kind} of {len(text['text'])} characters"
    if text["type"] != wanted:
        yield f"a {kind} in {text['type']}"
    if set(text) - {"type", "text", "emoji" if kind == "header" else "verbatim"} or set(row) - {"type", "text"}:
        yield f"invalid_blocks: {row.keys()} {text.keys()}"
    if text["text"].count("```") % 2:
        yield f"a code block that does not end: {text['text'][-80:]!r}"


@dataclass
class Slack:
    """Answers with each of `answers` in turn, the last one again and again: status, body, headers."""

    answers: list[tuple[int, str, dict[str, str]]] = field(default_factory=lambda: [(200, "ok", {})])
    slow: float = 0.0
    """Seconds before it answers."""
    bodies: list[Any] = field(default_factory=list)
    address: str = ""

    def took(self, body: bytes) -> tuple[int, str, dict[str, str]]:
        """The answer to one request."""
        time.sleep(self.slow)
        self.bodies.append(json.loads(body))
        wrong = flaws(self.bodies[-1])
        if wrong:
            return 400, "invalid_blocks", {}
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def slack(*answers: tuple[int, str, dict[str, str]], slow: float = 0.0) -> Iterator[Slack]:
    """A webhook on this machine, as long as it is needed."""
    made = Slack(list(answers) or [(200, "ok", {})], slow)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, text, headers = made.took(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    made.address = f"http://127.0.0.1:{server.server_port}{PATH}"
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
