"""Recognisable secrets, and a search for what is left of them."""

import base64
import hashlib
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote, quote_plus

LONGEST_LEFT = 12
"""Characters of a secret, plain or encoded, that nobody may find in one piece."""


def canary(name: str, *, nasty: bool = False) -> str:
    """A secret of 30 characters. A nasty one has in it what quoting, escaping and encoding change."""
    random = base64.urlsafe_b64encode(hashlib.sha256(name.encode()).digest()).decode()
    return f"{random[:13]}\"'\\{random[13:19]}&<>%+ é{random[19:25]}" if nasty else random[:30]


class Canaries(dict[str, str]):
    """Variable name -> secret text of its value (of a URL: the password)."""

    @property
    def variables(self) -> dict[str, str]:
        """The environment variables that hold them."""
        return {name: _url(value) if name.endswith("_URL") else value for name, value in self.items()}

    def found_in(self, texts: Mapping[str, str]) -> dict[str, set[str]]:
        """Where something is left of each secret: variable name -> names of texts."""
        tell = _telltales(self)
        found: dict[str, set[str]] = {}
        for where, text in texts.items():
            for name in _named(text, tell):
                found.setdefault(name, set()).add(where)
        return found


def _url(password: str) -> str:
    return f"postgresql://reader:{quote(password, safe='')}@127.0.0.1:1/ocean"


def _named(text: str, tell: Mapping[str, str]) -> set[str]:
    pieces = {text[at : at + LONGEST_LEFT] for at in range(len(text) - LONGEST_LEFT + 1)}
    return {tell[piece] for piece in pieces & tell.keys()}


def _telltales(canaries: Mapping[str, str]) -> dict[str, str]:
    return {
        form[at : at + LONGEST_LEFT]: name
        for name, secret in canaries.items()
        for form in forms(secret)
        for at in range(len(form) - LONGEST_LEFT + 1)
    }


def forms(secret: str) -> Iterator[str]:
    """A secret as it is printed: plain, quoted, escaped and encoded."""
    raw = secret.encode()
    yield from (secret, quote(secret), quote(secret, safe=""), quote_plus(secret), repr(secret)[1:-1])
    yield re.sub("%..", lambda escape: escape[0].lower(), quote(secret, safe=""))
    yield from (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1])
    yield from (html.escape(secret), html.escape(secret, quote=False), raw.hex(), raw.hex().upper())
    yield from _base64(raw)


def _base64(raw: bytes) -> Iterable[str]:
    for shift in range(3):  # the text before a secret decides where its first group of three bytes begins
        whole = raw[-shift % 3 :]
        whole = whole[: len(whole) // 3 * 3]
        yield base64.b64encode(whole).decode()
        yield base64.urlsafe_b64encode(whole).decode()


CANARIES = Canaries(
    PLANTED_MESSAGE_TOKEN=canary("message", nasty=True),
    PLANTED_SUBJECT_KEY=canary("subject"),
    PLANTED_EVIDENCE_SECRET=canary("evidence", nasty=True),
    PLANTED_EXCEPTION_PASSWORD=canary("exception", nasty=True),
    PLANTED_CAUSE_PASSWORD=canary("cause"),
    PLANTED_LOCAL_TOKEN=canary("local"),
    PLANTED_COMPARED_KEY=canary("compared"),
    PLANTED_PRINTED_SECRET=canary("printed", nasty=True),
    PLANTED_COMPLAINED_SECRET=canary("complained"),
    PLANTED_LOGGED_TOKEN=canary("logged", nasty=True),
    PLANTED_REQUESTED_KEY=canary("requested"),
    PLANTED_SIGNED_IN_PASSWORD=canary("signed in"),
    PLANTED_HEADER_KEY=canary("header"),
    PLANTED_DATABASE_URL=canary("database", nasty=True),
    PLANTED_STRIPE_KEY="sk_live_" + canary("stripe"),
    PLANTED_COMMAND_URL=canary("command"),
    PLANTED_ROW_TOKEN=canary("row").replace("-", "0").replace("_", "1"),
    PLANTED_NAMED_ROW_TOKEN=canary("named row").replace("-", "0").replace("_", "1"),
    PLANTED_SKIPPED_TOKEN=canary("skipped"),
    PLANTED_WARNED_TOKEN=canary("warned"),
    PLANTED_PROPERTY_TOKEN=canary("property"),
    PLANTED_FACT_KEY=canary("fact", nasty=True),
    PLANTED_REFUSED_PASSWORD=canary("refused"),
    PLANTED_CRASHED_PASSWORD=canary("crashed", nasty=True),
    PLANTED_CLOSING_TOKEN=canary("closing"),
    PLANTED_THREAD_TOKEN=canary("thread"),
    PLANTED_ENCODED_KEY=canary("encoded", nasty=True),
    PLANTED_WRAPPED_PASSWORD="Quartz jumble vixen dwarf fjord",
    PLANTED_STARTED_TOKEN=canary("started"),
    PLANTED_STARTED_UNNAMED_KEY=canary("started unnamed"),
    PLANTED_LOGIN=canary("login"),
)
"""What is planted. The names say through which channel each is spilled."""
PRINTED_BY_START = ("PLANTED_STARTED_TOKEN", "PLANTED_STARTED_UNNAMED_KEY")
