"""How long a page takes in Chromium until nothing in it changes any more, measured in the same way for every page."""

import json
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote

NAMED = "SEATRIAL_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-extensions"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--window-size=1440,900"),
)
SECONDS = 180.0
FRAME, DONE = "/frame", "/done"
QUIET_MS = 600
"""How long nothing may change for a page to count as ready; that time is not counted."""
HARNESS = """<!doctype html><meta charset="utf-8"><style>body{margin:0}</style>
<iframe width="1440" height="900" style="border:0"></iframe><script>
const frame = document.querySelector("iframe"), quiet = QUIET;
let seen = frame.contentDocument, loaded = 0, changed = 0;
const stamp = () => requestAnimationFrame(() => setTimeout(() => { changed = performance.now(); }));
frame.addEventListener("load", () => { loaded = performance.now(); stamp(); });
const began = performance.now();
frame.src = PAGE;
(function look() {
  const now = frame.contentDocument, at = performance.now();
  if (now && now !== seen && now.documentElement) {
    seen = now;
    const all = { subtree: true, childList: true, characterData: true, attributes: true };
    new MutationObserver(stamp).observe(now, all);
  }
  if (loaded && changed && at - Math.max(loaded, changed) > quiet) {
    const body = { ms: Math.max(loaded, changed) - began, elements: seen.querySelectorAll("*").length,
      text: seen.body.innerText.length };
    fetch("/done", { method: "POST", body: JSON.stringify(body) });
  } else requestAnimationFrame(look);
})();
</script>"""


def program() -> str | None:
    """Chromium here; None: there is none."""
    named = os.environ.get(NAMED)
    return named or next((found for name in NAMES if (found := shutil.which(name))), None)


def _profile() -> tempfile.TemporaryDirectory[str]:
    """An empty profile. Chromium's own processes may still write to it when it goes."""
    return tempfile.TemporaryDirectory(prefix="seatrial-benchmark-", ignore_cleanup_errors=True)


def seconds_to_ready(page: Path, chromium: str) -> float:
    """Seconds from asking for `page` until its last change is drawn, in a browser that has just been started.

    Counted: reading it from a server on this machine, parsing, scripts, layout; not counted: the browser's own start.

    Raises:
        RuntimeError: it was not ready in time, or there was nothing in it to see.
    """
    with _served(page) as (port, said), _profile() as profile:
        command = [chromium, *FLAGS, f"--user-data-dir={profile}", f"http://127.0.0.1:{port}{FRAME}"]
        browser = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            done = said.wait(SECONDS)
        finally:
            browser.terminate()
            browser.wait(SECONDS)
        if not done or not said.answer.get("text"):
            raise RuntimeError(f"{page.name} showed nothing in Chromium within {SECONDS:g} s")
        return float(said.answer["ms"]) / 1000


class _Said(threading.Event):
    answer: dict[str, Any]

    def tell(self, answer: dict[str, Any]) -> None:
        self.answer = answer
        self.set()


@contextmanager
def _served(page: Path) -> Iterator[tuple[int, _Said]]:
    said = _Said()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, page, said))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1], said
    finally:
        server.shutdown()
        server.server_close()


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, page: Path, said: _Said, *arguments: Any) -> None:
        self._page, self._said = page, said
        super().__init__(*arguments, directory=str(page.parent))

    def do_GET(self) -> None:
        """The harness, or a file beside the page."""
        if self.path != FRAME:
            super().do_GET()
            return
        text = HARNESS.replace("PAGE", json.dumps("/" + quote(self._page.name))).replace("QUIET", str(QUIET_MS))
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(text.encode())

    def do_POST(self) -> None:
        """The answer of the harness."""
        answer = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(204)
        self.end_headers()
        if self.path == DONE:
            self._said.tell(answer)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Requests are not told."""
