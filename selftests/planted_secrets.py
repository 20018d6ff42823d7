"""Recognisable secrets, a house that spills them in every way we know, and a search for what is left of them."""

import base64
import hashlib
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote, quote_plus

from selftests.small_house import House

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

ENVIRONMENT = """\
[environment]
name = "local"
kind = "local"
allows = ["read", "send", "write"]
start = ["python", "start.py"]

[small]

[planted]
token = { env = "PLANTED_STARTED_TOKEN" }
login = { env = "PLANTED_LOGIN" }
"""
START = """\
import os, shlex, time
for place, name in enumerate({names!r}):
    print(name + "=" + shlex.quote(os.environ["HELD_" + str(place)]))
print("# ready", flush=True)
parent = os.getppid()
while os.getppid() == parent:
    time.sleep(0.1)
"""

DOOR = '''\
"""Looks carelessly: its probes put secrets into facts, reasons, exceptions and the log."""

import logging
import os
import sys
from collections.abc import AsyncIterator

from fixtures import Fact, Secret, Unobservable
from fixtures.engine import Settings, instrument, observation, provider
from fixtures.engine.threads import in_thread


@provider("planted")
class Planted(Settings, frozen=True, kw_only=True):
    token: Secret
    login: Secret


class Told(Fact, frozen=True, kw_only=True):
    text: str


@observation
async def told(variable: str) -> Told:
    return Told(text=os.environ[variable])


@observation
async def started(planted: Planted, variables: dict) -> Told:
    return Told(text=" ".join([planted.token.value, planted.login.value, variables["PLANTED_STARTED_UNNAMED_KEY"]]))


@observation
async def refused() -> Told:
    raise Unobservable(f"the database refused {os.environ['PLANTED_REFUSED_PASSWORD']}: try another")


@observation
async def crashed() -> Told:
    raise LookupError(f"no {os.environ['PLANTED_CRASHED_PASSWORD']}")


@instrument()
async def talkative() -> AsyncIterator[object]:
    yield 1
    print("closing", os.environ["PLANTED_CLOSING_TOKEN"])
    print("closing", os.environ["PLANTED_CLOSING_TOKEN"], file=sys.stderr)
    logging.getLogger("planted").warning("closing %s", os.environ["PLANTED_CLOSING_TOKEN"])


def talk() -> int:
    print("thread", os.environ["PLANTED_THREAD_TOKEN"], file=sys.stderr, flush=True)
    logging.getLogger("planted").error("thread %s", {"token": os.environ["PLANTED_THREAD_TOKEN"]})
    return 1


@observation
async def overheard(talkative: object) -> int:
    return await in_thread(talk)
'''

FINDS = {
    "message": "raise Finding(f\"the answer was {os.environ['PLANTED_MESSAGE_TOKEN']}, not ours\")",
    "subject": 'raise Finding("not ours", ["public." + os.environ["PLANTED_SUBJECT_KEY"]])',
    "evidence": 'raise Finding("odd", deep=[{"er": (1, os.environ["PLANTED_EVIDENCE_SECRET"] * 2)}])',
    "exception": "raise RuntimeError(os.environ['PLANTED_EXCEPTION_PASSWORD'])",
    "chained": """\
        try:
            raise KeyError(os.environ["PLANTED_CAUSE_PASSWORD"])
        except KeyError as cause:
            raise RuntimeError("it failed") from cause""",
    "local": """\
        token = os.environ["PLANTED_LOCAL_TOKEN"]
        held = {"authorization": f"Bearer {token}", "x" * 300: token}
        raise Finding if len(held) > 2 else RuntimeError("it failed")""",
    "compared": 'assert {"key": os.environ["PLANTED_COMPARED_KEY"]} == {"key": "another"}, Finding',
    "spoken": """\
        print("printed", os.environ["PLANTED_PRINTED_SECRET"])
        print("complained", [os.environ["PLANTED_COMPLAINED_SECRET"]], file=sys.stderr)
        logging.getLogger("planted").info("logged %r", {"token": os.environ["PLANTED_LOGGED_TOKEN"]})
        if not sound:
            raise Finding("no sound")""",
    "requested": """\
        query = {"token": os.environ["PLANTED_REQUESTED_KEY"]}
        whole = f"http://me:{os.environ['PLANTED_SIGNED_IN_PASSWORD']}@vercel.example/v9"
        answers = httpx.MockTransport(lambda request: httpx.Response(500))
        with httpx.Client(transport=answers) as client:
            client.get(whole, params=query).raise_for_status()
        raise Finding""",
    "header": """\
        headers = httpx.Headers({"X-Api-Key": os.environ["PLANTED_HEADER_KEY"], "Cookie": "a=b"})
        assert headers == {}, Finding""",
    "database": 'psycopg.connect(os.environ["PLANTED_DATABASE_URL"])\nraise Finding',
    "stripe": """\
        here = {"api": "http://127.0.0.1:1"}
        client = stripe.StripeClient(os.environ["PLANTED_STRIPE_KEY"], base_addresses=here, max_network_retries=0)
        client.v1.customers.list()
        raise Finding""",
    "command": 'subprocess.run(["false", os.environ["PLANTED_COMMAND_URL"]], check=True)\nraise Finding',
    "skipped": 'pytest.skip("no " + os.environ["PLANTED_SKIPPED_TOKEN"])\nraise Finding',
    "warned": 'warnings.warn("old " + os.environ["PLANTED_WARNED_TOKEN"])\nif not sound:\n    raise Finding',
    "encoded": """\
        key = os.environ["PLANTED_ENCODED_KEY"]
        basic = [base64.b64encode(f"{name}:{key}".encode()).decode() for name in ("", "a", "ab")]
        safe = [base64.urlsafe_b64encode(f"{name}:{key}".encode()).decode() for name in ("", "a", "ab")]
        texts = [quote(key), quote(key, safe=""), quote_plus(key), key.encode().hex(), key.encode().hex().upper()]
        texts += [repr(key), json.dumps(key), html.escape(key)]
        raise Finding("all forms: " + " ".join([*basic, *safe, *texts]))""",
    "wrapped": 'raise Finding("it said " + " and ".join([os.environ["PLANTED_WRAPPED_PASSWORD"]] * 9))',
}
"""Check -> what its body does. Each asks for the observation `sound`."""
CASES = len(FINDS) + 7
"""How many cases a planted house has: also two rows, and five checks of careless probes and properties."""
IMPORTS = (
    "import base64, html, json, logging, os, subprocess, sys, warnings\nfrom urllib.parse import quote, quote_plus\n"
    "import httpx\nimport psycopg\nimport stripe\nfrom fixtures import Unobservable\nfrom fixtures.planted import Told"
)
ROWS = """
@pytest.mark.parametrize(("secret", "told"), [
    (os.environ["PLANTED_ROW_TOKEN"], "PLANTED_FACT_KEY"),
    pytest.param(1, "PLANTED_FACT_KEY", id="row-" + os.environ["PLANTED_NAMED_ROW_TOKEN"]),
], indirect=["told"])
"""


def plant(house: House) -> House:
    """Fill a house with careless probes and checks."""
    house.environment(ENVIRONMENT).file("fixtures/planted/__init__.py", DOOR)
    house.file("start.py", START.format(names=PRINTED_BY_START))
    for name, body in FINDS.items():
        house.check(name, body, above=IMPORTS)
    house.check(
        "row", "if not secret or told:\n    raise Finding('a row')", "secret: object, told: Told", IMPORTS + ROWS
    )
    house.check("started", "raise Finding(started.text, [started])", "started: Told", IMPORTS)
    for name in ("refused", "crashed", "overheard"):
        house.check(name, f"if not {name}:\n    raise Finding('no')", f"{name}: object")
    body = 'record_property("held", os.environ["PLANTED_PROPERTY_TOKEN"])\nif not sound:\n    raise Finding("no")'
    house.check("property", body, "sound: int, record_property: object", IMPORTS)
    held = CANARIES.variables
    house.variables.update({name: held[name] for name in held if name not in PRINTED_BY_START})
    # under names that do not speak of a secret: only what `start` prints can tell
    house.variables.update({f"HELD_{place}": held[name] for place, name in enumerate(PRINTED_BY_START)})
    return house
