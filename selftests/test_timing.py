"""How long endpoints take: each phase gets what it took, and what is no answer is no time."""

import asyncio
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpcore
import pytest
import trustme

from fixtures import Unobservable
from fixtures.engine.http import Http
from fixtures.site.timing import Budget, Question, Sample, Timings, read_timings
from selftests.timed_servers import Slow, served

WAIT = 0.3
"""Seconds of each wait; far more than a busy machine adds."""
NEARLY = 0.95 * WAIT * 1000
CURL = ("namelookup", "connect", "appconnect", "starttransfer", "total")


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path) -> str:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return str(tmp_path / "ca.pem")


def taken(url: str, count: int = 1, trust: str | None = None, **more: Any) -> Timings:
    asked = Question(method="GET", url=url, headers={}, content=None, count=count, pause=0.0)

    async def look() -> Timings:
        http = Http()
        try:
            return await read_timings(http, asked, trust, Budget(**more))
        finally:
            await http.close()

    return asyncio.run(look())


def others(sample: Sample, but: str) -> float:
    return sample.total - float(getattr(sample, but))


@pytest.mark.parametrize(
    ("slow", "phase"),
    [(Slow(greeting=WAIT), "tls"), (Slow(first_byte=WAIT), "first_byte"), (Slow(body=WAIT), "body")],
    ids=["tls", "first-byte", "body"],
)
def test_a_slow_step_is_told_as_itself(slow: Slow, phase: str, authority: trustme.CA, trusted: str) -> None:
    with served(slow, authority.issue_cert("localhost")) as port:
        timings = taken(f"https://localhost:{port}/", trust=trusted)

    (sample,) = timings.samples
    assert getattr(sample, phase) >= max(NEARLY, others(sample, phase))
    assert timings.slowest_phase(0.5).startswith(phase.replace("_", " "))


def test_a_slow_name_is_told_as_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.getaddrinfo

    def late(*arguments: Any, **more: Any) -> Any:
        time.sleep(WAIT)
        return real(*arguments, **more)

    monkeypatch.setattr(socket, "getaddrinfo", late)
    with served(Slow()) as port:
        (sample,) = taken(f"http://localhost:{port}/").samples

    assert sample.dns >= max(NEARLY, others(sample, "dns"))


def dialling(monkeypatch: pytest.MonkeyPatch, instead: Callable[[str], Any]) -> None:
    """Two addresses for every name; what connecting to the first does comes from `instead`."""
    real = httpcore.AnyIOBackend.connect_tcp

    async def connect(self: Any, host: str, port: int, **more: Any) -> Any:
        if host == "192.0.2.1":
            await instead(host)
        return await real(self, host, port, **more)

    def both(host: str, port: int, *_: Any, **more: Any) -> Any:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in ("192.0.2.1", "127.0.0.1")]

    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", connect)
    monkeypatch.setattr(socket, "getaddrinfo", both)


def test_an_address_that_does_not_answer_holds_up_the_next_for_a_moment_only(monkeypatch: pytest.MonkeyPatch) -> None:
    dialling(monkeypatch, lambda _: asyncio.sleep(30))
    with served(Slow()) as port:
        (sample,) = taken(f"http://example.test:{port}/").samples

    assert 240 <= sample.connect < 5000


def test_an_address_that_refuses_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(host: str) -> None:
        raise httpcore.ConnectError(host)

    dialling(monkeypatch, refuse)
    with served(Slow()) as port:
        (sample,) = taken(f"http://example.test:{port}/").samples

    assert sample.connect < 240


def test_every_sample_has_a_connection_of_its_own_and_nothing_else_is_sent() -> None:
    slow = Slow()
    with served(slow) as port:
        timings = taken(f"http://127.0.0.1:{port}/health", count=4)

    assert len(timings.samples) == slow.connections == len(slow.requests) == 4
    assert all(request.startswith(b"GET /health HTTP/1.1\r\n") for request in slow.requests)


def test_the_time_of_an_error_is_no_time() -> None:
    with served(Slow(status=503)) as port, pytest.raises(Unobservable, match="answered 503: how long an error takes"):
        taken(f"http://127.0.0.1:{port}/")


def test_nobody_there() -> None:
    with socket.socket() as taken_port:
        taken_port.bind(("127.0.0.1", 0))
        with pytest.raises(Unobservable, match=r"GET http://127\.0\.0\.1:\d+/: no answer \(ConnectError"):
            taken(f"http://127.0.0.1:{taken_port.getsockname()[1]}/")


@pytest.mark.parametrize(("slow", "phase"), [(Slow(first_byte=30), "first_byte"), (Slow(body=30), "body")])
def test_what_is_given_up_took_at_least_so_long(slow: Slow, phase: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fixtures.site.timing.LONGEST_SAMPLE", WAIT)
    with served(slow) as port:
        timings = taken(f"http://127.0.0.1:{port}/", count=3)

    (sample,) = timings.samples
    assert not sample.ended
    assert sample.total >= NEARLY
    assert getattr(sample, phase) > others(sample, phase)


def test_without_a_connection_nothing_is_timed(authority: trustme.CA, trusted: str, monkeypatch: Any) -> None:
    monkeypatch.setattr("fixtures.site.timing.LONGEST_SAMPLE", WAIT)
    with (
        served(Slow(greeting=30), authority.issue_cert("localhost")) as port,
        pytest.raises(Unobservable, match=f"no connection within {WAIT:g} s"),
    ):
        taken(f"https://localhost:{port}/", trust=trusted)


def test_a_certificate_that_does_not_convince_is_no_time(authority: trustme.CA, trusted: str) -> None:
    with (
        served(Slow(), authority.issue_cert("elsewhere.test")) as port,
        pytest.raises(Unobservable, match="Hostname mismatch"),
    ):
        taken(f"https://localhost:{port}/", trust=trusted)


def test_behind_a_proxy_nothing_is_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")

    with pytest.raises(Unobservable, match=r"name example\.test in NO_PROXY"):
        taken("https://example.test/")
    monkeypatch.setenv("NO_PROXY", "localhost")
    with pytest.raises(Unobservable, match="no answer"):
        taken("https://localhost:9/")


def test_what_sends_must_say_so() -> None:
    asked = Question(method="POST", url="https://example.test/", headers={}, content=None, count=1, pause=0)

    with pytest.raises(ValueError, match="this observation only reads"):
        asyncio.run(read_timings(Http(), asked, None, Budget()))


def sample(total: float) -> Sample:
    return Sample(dns=0, connect=0, tls=0, first_byte=total - 1, body=1)


@pytest.mark.parametrize(
    ("totals", "half", "nearly_all"),
    [([7], 7, 7), ([9, 1, 5], 5, 9), ([1, 2, 3, 4], 2, 4), (list(range(1, 21)), 10, 19), (list(range(1, 101)), 50, 95)],
)
def test_percentiles_are_samples(totals: list[float], half: float, nearly_all: float) -> None:
    timings = Timings(url="GET x", samples=tuple(map(sample, totals)), budget=Budget())

    assert (timings.percentile(0.5), timings.percentile(0.95)) == (half, nearly_all)


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl to compare with")
def test_curl_says_the_same(authority: trustme.CA, trusted: str) -> None:
    slow = Slow(greeting=WAIT, first_byte=2 * WAIT, body=WAIT)
    with served(slow, authority.issue_cert("localhost")) as port:
        url = f"https://localhost:{port}/"
        (ours,) = taken(url, trust=trusted).samples
        form = " ".join(f"%{{time_{name}}}" for name in CURL)
        command = ["curl", "--silent", "--output", "/dev/null", "--cacert", trusted, "--write-out", form, url]
        said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout

    theirs = [1000 * float(word) for word in said.split()]
    steps = [after - before for before, after in zip([0.0, *theirs], theirs, strict=False)]
    for mine, step in zip((ours.dns, ours.connect, ours.tls, ours.first_byte, ours.body), steps, strict=True):
        assert abs(mine - step) < NEARLY / 2
