"""A house that spills secrets in every way we know."""

from selftests.canaries import CANARIES, PRINTED_BY_START
from selftests.small_house import House

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
