"""Stands in for Lighthouse 12: takes its arguments, loads the page for real, and writes a report of its shape.

A browser it is not: it judges what can be read in what is served, and how long that took. What it says of a page goes
the same way as what the real one says; `selftests/test_lighthouse.py` runs both where the real one is installed.
"""

import argparse
import json
import re
import ssl
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

VERSION: Final = "12.8.2"
SECONDS: Final = 30.0
CATEGORIES: Final = ("performance", "accessibility", "best-practices", "seo")
LINKED: Final = re.compile(r"<(?:script[^>]*\ssrc|link[^>]*\shref)=\"([^\"]+)\"[^>]*>")
KILOBYTES_PER_SECOND: Final = 200.0
"""A slow phone's connection, as Lighthouse simulates it: 1.6 megabits per second."""


@dataclass
class Loaded:
    """What was loaded: the page, and the bytes of each kind of resource."""

    page: str
    first_byte_ms: float
    bytes: dict[str, int] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    @property
    def paint_ms(self) -> float:
        """When the page would be painted on a slow phone; how long the server took is left out, as Lighthouse does."""
        return 900 + sum(self.bytes.values()) / KILOBYTES_PER_SECOND


def load(url: str, trusting: bool) -> Loaded:
    """The page and what it refers to. Raises urllib.error.URLError."""
    context = ssl.create_default_context()
    if trusting:  # what --ignore-certificate-errors asks for
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    began = time.monotonic()
    with urllib.request.urlopen(url, timeout=SECONDS, context=context) as answer:  # noqa: S310  the page that it is asked for
        first_byte = (time.monotonic() - began) * 1000
        page = answer.read().decode("utf-8", "replace")
    loaded = Loaded(page, first_byte, {"document": len(page)})
    for address in {urljoin(url, reference) for reference in LINKED.findall(page)}:
        if urlsplit(address).netloc == urlsplit(url).netloc:
            _add(loaded, address, context)
    return loaded


def _add(loaded: Loaded, url: str, context: ssl.SSLContext) -> None:
    kind = "script" if url.endswith(".js") else "stylesheet" if url.endswith(".css") else "other"
    try:
        with urllib.request.urlopen(url, timeout=SECONDS, context=context) as answer:  # noqa: S310  the page that it is asked for
            size, is_page = len(answer.read()), answer.headers.get_content_type() == "text/html"
    except urllib.error.URLError:
        size, is_page = 0, True
    loaded.bytes[kind] = loaded.bytes.get(kind, 0) + size
    if is_page:
        loaded.failed.append(url)


def audits(loaded: Loaded) -> dict[str, tuple[str, float, float, float | None]]:
    """By id: category, weight, score, and a number if it has one."""
    page = loaded.page
    paint, answer = loaded.paint_ms, loaded.first_byte_ms
    return {
        "largest-contentful-paint": ("performance", 25, _between(paint, 2500, 6000), paint),
        "first-contentful-paint": ("performance", 10, _between(paint, 1800, 4000), paint),
        "total-blocking-time": ("performance", 30, 1.0, 0.0),
        "server-response-time": ("performance", 0, float(answer < 600), answer),
        "html-has-lang": ("accessibility", 7, _has(page, r"<html[^>]*\slang=\"[a-z-]+\""), None),
        "document-title": ("accessibility", 7, _has(page, r"<title>[^<]+</title>"), None),
        "image-alt": ("accessibility", 10, float(not re.search(r"<img(?![^>]*\salt=)[^>]*>", page)), None),
        "meta-viewport": ("accessibility", 10, float("user-scalable=no" not in page), None),
        "color-contrast": ("accessibility", 7, 1.0, None),
        "is-on-https": ("best-practices", 5, float(not re.search(r"\ssrc=\"http://", page)), None),
        "deprecations": ("best-practices", 5, 1.0, None),
        "third-party-cookies": ("best-practices", 5, 1.0, None),
        "paste-preventing-inputs": ("best-practices", 3, 1.0, None),
        "doctype": ("best-practices", 1, _has(page[:100], r"(?i)^\s*<!doctype html>"), None),
        "charset": ("best-practices", 1, _has(page[:1024], r"<meta charset=\"utf-8\""), None),
        "errors-in-console": ("best-practices", 1, float(not loaded.failed), None),
        "meta-description": ("seo", 1, _has(page, r"<meta name=\"description\" content=\"[^\"]+\""), None),
        "is-crawlable": ("seo", 4, float(not re.search(r"<meta name=\"robots\" content=\"[^\"]*noindex", page)), None),
    }


def _has(text: str, pattern: str) -> float:
    return float(re.search(pattern, text) is not None)


def _between(found: float, good: float, poor: float) -> float:
    return round(min(1.0, max(0.0, 1 - (found - good) / (poor - good))), 2)


def report(url: str, wanted: list[str], loaded: Loaded) -> dict[str, Any]:
    """The report of a page that was loaded."""
    found = audits(loaded)
    told: dict[str, Any] = {
        name: {"id": name, "score": score, "scoreDisplayMode": "numeric" if number is not None else "binary"}
        | ({"numericValue": number, "displayValue": f"{number / 1000:.1f} s"} if number is not None else {})
        for name, (_, _, score, number) in found.items()
    }
    rows = [{"resourceType": kind, "transferSize": size, "requestCount": 1} for kind, size in loaded.bytes.items()]
    total = {"resourceType": "total", "transferSize": sum(loaded.bytes.values()), "requestCount": len(loaded.bytes)}
    details = {"type": "table", "items": [total, *rows]}
    told["resource-summary"] = {
        "id": "resource-summary",
        "score": 1,
        "scoreDisplayMode": "informative",
        "details": details,
    }
    return _head(url) | {"audits": told, "categories": {name: _category(name, found) for name in wanted}}


def _category(name: str, found: dict[str, tuple[str, float, float, float | None]]) -> dict[str, Any]:
    mine = {audit: each for audit, each in found.items() if each[0] == name}
    weight = sum(each[1] for each in mine.values())
    score = sum(each[1] * each[2] for each in mine.values()) / weight
    refs = [{"id": audit, "weight": each[1]} for audit, each in mine.items()]
    return {"id": name, "score": round(score, 2), "auditRefs": refs}


def failure(url: str, wanted: list[str], why: str) -> dict[str, Any]:
    """The report of a page that could not be loaded."""
    problem = {
        "code": "ERRORED_DOCUMENT_REQUEST",
        "message": f"Lighthouse was unable to reliably load the page ({why})",
    }
    nothing: dict[str, Any] = {name: {"id": name, "score": None, "auditRefs": []} for name in wanted}
    return _head(url) | {"runtimeError": problem, "audits": {}, "categories": nothing}


def _head(url: str) -> dict[str, Any]:
    return {"lighthouseVersion": VERSION, "requestedUrl": url, "finalDisplayedUrl": url, "runWarnings": []}


def main() -> int:
    """The exit code: 1 when the page could not be loaded, as with the real one."""
    parser = argparse.ArgumentParser(prog="lighthouse", allow_abbrev=False)
    parser.add_argument("url")
    parser.add_argument("--output", choices=["json"], required=True)
    parser.add_argument("--output-path", required=True)
    parser.add_argument("--only-categories", default=",".join(CATEGORIES))
    parser.add_argument("--chrome-flags", default="")
    parser.add_argument("--quiet", action="store_true")
    parser.add_argument("--no-enable-error-reporting", action="store_true")
    parser.add_argument("--version", action="version", version=VERSION)
    said = parser.parse_args()
    wanted = said.only_categories.split(",")
    try:
        written = report(said.url, wanted, load(said.url, "--ignore-certificate-errors" in said.chrome_flags))
    except (urllib.error.URLError, OSError) as problem:
        written = failure(said.url, wanted, str(problem))
        print(f"Runtime error encountered: {written['runtimeError']['message']}", file=sys.stderr)
    Path(said.output_path).write_text(json.dumps(written), encoding="utf-8")
    return 1 if "runtimeError" in written else 0


if __name__ == "__main__":
    sys.exit(main())
