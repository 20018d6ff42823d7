"""The times of one request, by our stopwatch and by curl's, side by side against a server that takes known times."""

import asyncio
import shutil
import ssl
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import trustme

from benchmarks import rounds
from benchmarks.aims import Aim
from benchmarks.part import Beside, Missing, Part
from fixtures.engine.stopwatch import timed
from selftests.timed_servers import Slow, served

SHARE = 0.05
"""How far ours may be from curl's, of curl's."""
MOMENTS = ("namelookup", "connect", "appconnect", "starttransfer", "total")
COMPARED = {"appconnect": "TLS is ready", "starttransfer": "first byte", "total": "last byte"}
"""What takes long enough to be compared by a share. The others take less than a millisecond here."""
OURS, CURL = "ours", "curl"
Moments = Mapping[str, float]
"""By curl's names, seconds from the beginning."""


def measure(count: int, tell: Callable[[str], None]) -> Part:
    """`count` rounds of one request each, in turn; one before them, uncounted.

    Raises:
        subprocess.CalledProcessError: curl failed.
    """
    authority, slow = trustme.CA(), Slow(greeting=0.1, first_byte=0.15, body=0.1)  # a page made an ocean away
    with tempfile.TemporaryDirectory() as folder, served(slow, authority.issue_cert("localhost")) as port:
        file = Path(folder, "authority.pem")
        authority.cert_pem.write_to_path(str(file))
        asks = {OURS: _ours(f"https://localhost:{port}/", file)}
        if shutil.which("curl"):
            asks[CURL] = _curl(f"https://localhost:{port}/", file)
        rounds.interleaved(asks, 1, lambda text: tell(f"warming up: {text}"))
        return _part(rounds.interleaved(asks, count, tell))


def _part(taken: Mapping[str, Sequence[Moments]]) -> Part:
    seconds = {
        _named(name, said): [one[key] for one in taken[name]] for key, said in COMPARED.items() for name in taken
    }
    compared = [Beside(_named(OURS, said), _named(CURL, said)) for said in COMPARED.values() if CURL in taken]
    missing = [] if CURL in taken else [Missing(CURL, "install it: apt install curl")]
    title = "One request, timed by us and by curl"
    return Part("timing", title, seconds, _aims(taken), beside=compared, missing=missing)


def _named(name: str, said: str) -> str:
    return f"{name}, {said}"


def _aims(taken: Mapping[str, Sequence[Moments]]) -> list[Aim]:
    pairs = list(zip(taken[OURS], taken[CURL], strict=True)) if CURL in taken else []
    return [
        Aim(
            f"{said}: within {SHARE:.0%} of curl's",
            tuple((abs(ours[key] - theirs[key]), SHARE * theirs[key]) for ours, theirs in pairs),
        )
        for key, said in COMPARED.items()
        if pairs
    ]


def _ours(url: str, authority: Path) -> Callable[[], Moments]:
    context = ssl.create_default_context(cafile=authority)

    def ask() -> Moments:
        _, boundaries = asyncio.run(timed("GET", url, {}, None, context))
        return {name: moment / 1000 for name, moment in zip(MOMENTS, boundaries, strict=True)}

    return ask


def _curl(url: str, authority: Path) -> Callable[[], Moments]:
    form = " ".join(f"%{{time_{name}}}" for name in MOMENTS)
    command = ["curl", "--silent", "--output", "/dev/null", "--cacert", str(authority), "--write-out", form, url]

    def ask() -> Moments:
        said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout
        return dict(zip(MOMENTS, map(float, said.split()), strict=True))

    return ask
