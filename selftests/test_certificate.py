"""The certificate that a server shows: what a browser would say of it, and where there is none to see."""

import asyncio
import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from fixtures import Unobservable
from fixtures.site.certificate import Certificate, read_certificate
from selftests.timed_servers import Slow, served

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA(organization_name="An authority")


def shown(url: str, authority: trustme.CA) -> Certificate:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return asyncio.run(read_certificate(url, context, 14, NOW))


def at(certificate: trustme.LeafCert | ssl.SSLContext, authority: trustme.CA) -> Certificate:
    with served(Slow(), certificate) as port:
        return shown(f"https://localhost:{port}/", authority)


def test_a_certificate_that_convinces(authority: trustme.CA) -> None:
    ends = NOW + timedelta(days=90)
    seen = at(authority.issue_cert("localhost", "www.example", not_after=ends), authority)

    assert seen.refusal is None
    assert seen.names == ("localhost", "www.example")
    assert "An authority" in seen.issuer
    assert (seen.days_left, seen.ends) == (90.0, ends.replace(microsecond=0))


def test_a_certificate_that_has_ended(authority: trustme.CA) -> None:
    begins, ends = NOW - timedelta(days=9), NOW - timedelta(days=2)
    seen = at(authority.issue_cert("localhost", not_before=begins, not_after=ends), authority)

    assert (seen.refusal, seen.days_left) == ("certificate has expired", -2.0)


def test_a_certificate_that_has_not_begun(authority: trustme.CA) -> None:
    begins = NOW + timedelta(days=2)
    seen = at(authority.issue_cert("localhost", not_before=begins, not_after=begins + timedelta(days=20)), authority)

    assert seen.refusal == "certificate is not yet valid"


def test_a_certificate_of_another_name(authority: trustme.CA) -> None:
    seen = at(authority.issue_cert("elsewhere.example"), authority)

    assert seen.refusal is not None
    assert "Hostname mismatch" in seen.refusal
    assert seen.names == ("elsewhere.example",)


def test_a_certificate_of_an_authority_that_nobody_knows(authority: trustme.CA) -> None:
    seen = at(trustme.CA().issue_cert("localhost"), authority)

    assert seen.refusal == "unable to get local issuer certificate"
    assert seen.days_left > 14


def test_a_certificate_without_the_one_between(authority: trustme.CA, tmp_path: Path) -> None:
    certificate = authority.create_child_ca().issue_cert("localhost")
    alone = certificate.private_key_pem.bytes() + certificate.cert_chain_pems[0].bytes()
    (tmp_path / "alone.pem").write_bytes(alone)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "alone.pem")

    assert at(certificate, authority).refusal is None
    assert at(context, authority).refusal == "unable to get local issuer certificate"


def test_where_there_is_no_tls_there_is_no_certificate(authority: trustme.CA) -> None:
    with served(Slow()) as port, pytest.raises(Unobservable, match=r"localhost:\d+ gave no certificate"):
        shown(f"https://localhost:{port}/", authority)
    with pytest.raises(Unobservable, match="is no https:// address"):
        shown("http://localhost/", authority)


def test_a_server_that_never_greets(authority: trustme.CA, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fixtures.site.certificate.PATIENCE", 0.2)
    slow = Slow(greeting=30)
    with served(slow, authority.issue_cert("localhost")) as port, pytest.raises(Unobservable, match="TimeoutError"):
        shown(f"https://localhost:{port}/", authority)


def test_nobody_there(authority: trustme.CA) -> None:
    with socket.socket() as port:
        port.bind(("127.0.0.1", 0))
        with pytest.raises(Unobservable, match="gave no certificate"):
            shown(f"https://localhost:{port.getsockname()[1]}/", authority)
