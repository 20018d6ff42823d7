"""The site as visitors meet it: headers, redirects and names, and what is none of these."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import respx

from fixtures import Unobservable, Variable
from fixtures.application import Application
from fixtures.engine.http import Http
from fixtures.site import Site, _is_public, _without_tls
from fixtures.site.names import Name, read_name
from fixtures.site.page import Protection, directives, max_age, read_protection, read_redirect
from selftests.broken_answers import BROKEN, THROTTLED, said

RESOLVER = "https://resolver.example/dns-query"
PAGE = "https://ocean.example/"
PLAIN = "http://ocean.example/"


# ── headers ─────────────────────────────────────────────────────────────────────────────────────────────────────────
SAFE = {
    "strict-transport-security": "max-age=15552000",
    "content-security-policy": "frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}


@pytest.mark.parametrize(
    ("kind", "header", "value", "weak"),
    [
        ("hsts", "strict-transport-security", "max-age=15552000", False),
        ("hsts", "strict-transport-security", 'includeSubDomains ; MAX-AGE="63072000"; preload', False),
        ("hsts", "strict-transport-security", "max-age=15551999", True),
        ("hsts", "strict-transport-security", "max-age=-1", True),
        ("hsts", "strict-transport-security", "includeSubDomains", True),
        ("hsts", "strict-transport-security", None, True),
        ("framing", "content-security-policy", None, True),
        ("framing", "content-security-policy", "default-src 'self'", True),
        ("framing", "content-security-policy", "default-src 'self'; Frame-Ancestors 'self'", False),
        ("framing", "content-security-policy", "frame-ancestors", False),
        ("framing", "content-security-policy", "frame-ancestors *", True),
        ("framing", "content-security-policy", "frame-ancestors https:", True),
        ("framing", "content-security-policy", "frame-ancestors https://*", True),
        ("framing", "content-security-policy", "frame-ancestors *:*", True),
        ("framing", "content-security-policy", "frame-ancestors http://*:443/", True),
        ("framing", "content-security-policy", "frame-ancestors https://*.partner.example:*", False),
        ("framing", "content-security-policy", "frame-ancestors 'none'; frame-ancestors *", False),
        ("framing", "content-security-policy", "frame-ancestors *, frame-ancestors 'none'", False),
        ("content-type-options", "x-content-type-options", "NOSNIFF", False),
        ("content-type-options", "x-content-type-options", "sniff", True),
        ("content-type-options", "x-content-type-options", None, True),
        ("referrer-policy", "referrer-policy", None, True),
        ("referrer-policy", "referrer-policy", "unsafe-url", True),
        ("referrer-policy", "referrer-policy", "no-referrer-when-downgrade", True),
        ("referrer-policy", "referrer-policy", "unsafe-url, same-origin", False),
    ],
)
def test_weak_headers(kind: str, header: str, value: str | None, weak: bool) -> None:
    headers = {name: text for name, text in {**SAFE, header: value}.items() if text is not None}
    seen = Protection(url=PAGE, headers=headers, least_age=180 * 86400)

    assert (seen.weakness(kind) is not None) is weak
    others = {"hsts", "framing", "content-type-options", "referrer-policy"} - {kind}
    assert [seen.weakness(other) for other in others] == [None, None, None]


def test_x_frame_options_count_where_no_policy_names_ancestors() -> None:
    seen = Protection(url=PAGE, headers={"x-frame-options": "SameOrigin"}, least_age=0)
    ignored = {"x-frame-options": "DENY", "content-security-policy": "frame-ancestors *"}

    assert seen.weakness("framing") is None
    assert Protection(url=PAGE, headers=ignored, least_age=0).weakness("framing")


def test_what_is_no_number_is_no_age() -> None:
    assert [max_age(text) for text in ("max-age=1", "max-age=x", "", "max-age", "max-age=²")] == [
        1,
        None,
        None,
        None,
        None,
    ]
    assert directives(" ; a b  c;A d;;") == {"a": ["b", "c"]}


@respx.mock
def test_only_the_headers_that_protect_are_kept() -> None:
    respx.get(PAGE).mock(return_value=httpx.Response(200, headers={**SAFE, "set-cookie": "a=secret", "x-id": "1"}))

    assert asyncio.run(read_protection(Http(), PAGE, None, 180)).headers == SAFE


NOT_PAGES = [broken for broken in BROKEN if broken.id in ("401", "404", "500", "moved", "refused", "silent", "closed")]


@respx.mock
@pytest.mark.parametrize("broken", [*NOT_PAGES, *THROTTLED])
def test_the_headers_of_an_error_are_not_judged(broken: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fixtures.site.page.ONE_MORE_TRY", 0)
    respx.get(PAGE).mock(**said(broken))

    with pytest.raises(Unobservable, match=r"GET https://ocean\.example/"):
        asyncio.run(read_protection(Http(), PAGE, None, 180))


# ── without TLS ─────────────────────────────────────────────────────────────────────────────────────────────────────
@respx.mock
@pytest.mark.parametrize(
    ("location", "to"),
    [
        ("https://ocean.example/", "https://ocean.example/"),
        ("/en", "http://ocean.example/en"),
        ("//ocean.example/", "http://ocean.example/"),
        (None, None),
    ],
)
def test_a_redirect_is_resolved_and_not_followed(location: str | None, to: str | None) -> None:
    headers = {"location": location} if location else {}
    route = respx.get(PLAIN).mock(return_value=httpx.Response(308, headers=headers))

    assert asyncio.run(read_redirect(Http(), PLAIN, PAGE)).to == to
    assert route.call_count == len(respx.calls) == 1


@respx.mock
def test_a_port_that_is_closed_is_told_with_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fixtures.site.page.ONE_MORE_TRY", 0)
    respx.get(PLAIN).mock(side_effect=httpx.ConnectError("refused"))

    with pytest.raises(Unobservable, match=r"on purpose, say so: \[inapplicable\] https_only"):
        asyncio.run(read_redirect(Http(), PLAIN, PAGE))


def test_the_plain_address_is_that_of_the_url_unless_it_is_declared() -> None:
    url = Variable(None, "https://ocean.example:8443")
    declared = Application(url=url, plain_url=Variable(None, "http://127.0.0.1:81"))

    assert _without_tls(Application(url=url), "https://ocean.example:8443/") == PLAIN
    assert _without_tls(declared, "https://ocean.example:8443/") == "http://127.0.0.1:81/"
    with pytest.raises(Unobservable, match="name the http:// address"):
        asyncio.run(read_redirect(Http(), PAGE, PAGE))


# ── names ───────────────────────────────────────────────────────────────────────────────────────────────────────────
@contextmanager
def resolving(**answers: dict[str, Any]) -> Iterator[respx.MockRouter]:
    with respx.mock as router:
        for kind, answer in answers.items():
            router.get(RESOLVER, params={"name": "ocean.example", "type": kind}).mock(
                return_value=httpx.Response(200, json=answer)
            )
        yield router


def name() -> Name:
    return asyncio.run(read_name(Http(), RESOLVER, "ocean.example"))


def records(*pairs: tuple[int, str]) -> dict[str, Any]:
    return {"Status": 0, "Answer": [{"name": "x", "type": kind, "TTL": 1, "data": data} for kind, data in pairs]}


def test_addresses_of_both_kinds_count_and_aliases_do_not() -> None:
    with resolving(A=records((5, "alias."), (1, "192.0.2.1"))) as router:
        assert name().addresses == ("192.0.2.1",)
        assert router.calls[0].request.headers["accept"] == "application/dns-json"
    with resolving(A=records((5, "alias.")), AAAA=records((28, "2001:db8::1"))):
        assert name().addresses == ("2001:db8::1",)
    with resolving(A=records((5, "alias.")), AAAA={"Status": 0}):
        assert name() == Name(name="ocean.example", exists=True, addresses=())


def test_a_name_that_does_not_exist() -> None:
    with resolving(A={"Status": 3, "Authority": []}):
        assert name() == Name(name="ocean.example", exists=False, addresses=())


@pytest.mark.parametrize("rcode", [1, 2, 4, 5])
def test_a_resolver_that_cannot_tell_is_no_missing_name(rcode: int) -> None:
    with resolving(A={"Status": rcode}), pytest.raises(Unobservable, match=rf"ocean\.example \(DNS status {rcode}\)"):
        name()


@respx.mock
@pytest.mark.parametrize("broken", [*BROKEN, *THROTTLED])
def test_a_broken_resolver_tells_nothing(broken: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fixtures.site.names.PATIENCE", 0)
    respx.get(RESOLVER).mock(**said(broken))

    with pytest.raises(Unobservable, match=r"https://resolver\.example/dns-query"):
        name()


def test_only_public_names_are_asked_for() -> None:
    assert [host for host in ("localhost", "127.0.0.1", "::1", "ocean.local", "ocean.example") if _is_public(host)] == [
        "ocean.example"
    ]
    assert Site().samples == 5
