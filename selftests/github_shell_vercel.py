"""A Vercel that knows one deployment, and what its app on GitHub looks like."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

COMMIT = "0123456789abcdef0123456789abcdef01234567"
BOT = {"login": "vercel[bot]", "id": 35613825, "type": "Bot"}
DEPLOYMENT: dict[str, Any] = {
    "id": "dpl_Sample1", "url": "ocean-abc123.vercel.app", "projectId": "prj_sample", "readyState": "READY",
    "target": "production",
    "meta": {"githubCommitSha": COMMIT, "githubCommitOrg": "sample", "githubCommitRepo": "Ocean"},
}  # fmt: skip


class Vercel(HTTPServer):
    """Answers `GET /v13/deployments/…` with `deployment`, and remembers what it was asked."""

    deployment: Mapping[str, Any] = DEPLOYMENT
    status = 200
    asked: list[tuple[str, str]]


class Answer(BaseHTTPRequestHandler):
    server: Vercel

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers["Authorization"]))
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(json.dumps(self.server.deployment).encode())

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def vercel_server() -> Iterator[Vercel]:
    """One that listens on a port of this machine."""
    with Vercel(("127.0.0.1", 0), Answer) as server:
        server.asked = []
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()
