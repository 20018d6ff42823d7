"""The page's document: one file that asks nobody for anything, and that its own policy would not let ask."""

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from reports.page.markup import Html, joined, tag
from reports.page.section import Section
from reports.plain_text import STEERING, encodable

ASSETS = Path(__file__).with_name("assets")
EARLY = "early.js"
FRAME = ("frame", "state")
# What a parser of HTML, or of JavaScript, would read inside of a text of JSON.
_READ_BY_OTHERS = re.compile("[<>&]")
# Control characters as JSON escapes them (a backslash that stands for itself is kept), and those that it does not.
_STEERS = re.compile(rf"(\\\\|\\[nt])|\\[bfr]|\\u00(?:0[0-8bcef]|1[0-9a-f])|{STEERING.pattern}")


def document(title: str, heads: Html, sections: Iterable[tuple[Section, Html]], data: Any) -> str:
    """The whole page. `heads` stands before the sections; `data` is what scripts find as `seatrial.data`."""
    made = list(sections)
    stems = [*FRAME, *dict.fromkeys(stem for section, _ in made for stem in section.assets)]
    style, script = _assets(stems, ".css"), _assets(stems, ".js")
    head = joined([
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_policy(style, _asset(EARLY), script)),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", title),
        tag("style", Html(style)),
        tag("script", Html(_asset(EARLY))),
    ])  # fmt: skip
    body = joined([heads, tag("main", *(_section(*each) for each in made), id="main", tabindex="-1")], "\n")
    embedded = tag("script", Html(embeddable(data)), type="application/json", id="data")
    page = tag("html", tag("head", head), tag("body", body, embedded, tag("script", Html(script))), lang="en")
    return encodable(f"<!doctype html>\n{page}\n")


def embeddable(data: Any) -> str:
    """JSON that can stand in an HTML ``<script>``: nothing in it ends the element or opens a comment.

    Control characters and direction marks, which would steer what a reader sees, are left out; lone surrogates become
    U+FFFD, since neither UTF-8 nor this page has them.
    """
    try:
        encoded = msgspec.json.encode(data, enc_hook=_type_name)
    except UnicodeEncodeError:
        encoded = msgspec.json.encode(plain(data))
    text = _STEERS.sub(lambda found: found[1] or "", encoded.decode())
    return _READ_BY_OTHERS.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)


def plain(value: Any) -> Any:
    """The value as UTF-8 and JSON can express it; of anything else the name of its type, since its text may hold
    anything."""
    match value:
        case str():
            return encodable(value)
        case dict():
            return {encodable(str(key)): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case bool() | int() | float() | None:
            return value
    return _type_name(value)


def _type_name(value: object) -> str:
    return f"<{type(value).__name__}>"


def _section(section: Section, static: Html) -> Html:
    heading = tag("h2", section.title, id=f"{section.name}-title")
    shown = tag("div", static, class_="stays" if section.stays else "static")
    live = tag("div", class_="live")
    return tag("section", heading, shown, live, id=section.name, aria_labelledby=f"{section.name}-title")


def _assets(stems: Iterable[str], ending: str) -> str:
    return "\n".join(_asset(f"{stem}{ending}") for stem in stems if (ASSETS / f"{stem}{ending}").exists())


@cache
def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


def _policy(style: str, *scripts: str) -> str:
    own = " ".join(map(_hash, scripts))
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {own}; img-src data:; base-uri 'none'; "
        "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
