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
from benchmarks.figures import figure
from benchmarks.part import Part
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
        RuntimeError: there is no curl.
    """
    if shutil.which("curl") is None:
        raise RuntimeError("there is no curl to compare with: install it")
    authority, slow = trustme.CA(), Slow(greeting=0.1, first_byte=0.15, body=0.1)  # a page made an ocean away
    with tempfile.TemporaryDirectory() as folder, served(slow, authority.issue_cert("localhost")) as port:
        file = Path(folder, "authority.pem")
        authority.cert_pem.write_to_path(str(file))
        asks = {OURS: _ours(f"https://localhost:{port}/", file), CURL: _curl(f"https://localhost:{port}/", file)}
        rounds.interleaved(asks, 1, lambda text: tell(f"warming up: {text}"))
        return _part(rounds.interleaved(asks, count, tell))


def _part(taken: Mapping[str, Sequence[Moments]]) -> Part:
    seconds = {f"{name}, {said}": [one[key] for one in taken[name]] for key, said in COMPARED.items() for name in taken}
    pairs = list(zip(taken[OURS], taken[CURL], strict=True))
    quotients = {
        f"{said}: ours / curl": figure([a[key] / b[key] for a, b in pairs], "x") for key, said in COMPARED.items()
    }
    aims = [
        Aim(
            f"{said}: within {SHARE:.0%} of curl's",
            tuple((abs(ours[key] - theirs[key]), SHARE * theirs[key]) for ours, theirs in pairs),
        )
        for key, said in COMPARED.items()
    ]
    return Part("timing", "One request, timed by us and by curl", seconds, aims, quotients)


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
