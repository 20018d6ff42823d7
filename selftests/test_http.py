"""The HTTP client of all probes: it reads only, follows nobody, keeps little, and says why there was no answer."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
import respx
import trustme

from fixtures import Unobservable
from fixtures.engine.http import LONGEST_BODY, UNUSED, Http, Reply
from selftests.timed_servers import Slow, served

URL = "https://api.example/things"


def ask(url: str = URL, method: str = "GET", **more: Any) -> Reply:
    async def asked() -> Reply:
        http = Http()
        try:
            return await http.request(method, url, **more)
        finally:
            await http.close()

    return asyncio.run(asked())


@respx.mock
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_what_may_change_something_is_not_even_tried(method: str) -> None:
    route = respx.route().mock(return_value=httpx.Response(200))

    with pytest.raises(ValueError, match=rf"{method} https://api\.example/things: this observation only reads"):
        ask(method=method, content=b"x")
    assert not route.called
    assert ask(method=method, sends=True).status == 200


@pytest.mark.parametrize(
    "url",
    ["", "ocean.example", "//ocean.example", "ftp://ocean.example", "https://", "https:///x", "http://[::1", "https://x:y/",
     "https://x:0/", "https://x:99999/"],
)  # fmt: skip
def test_what_is_no_address_is_told_and_not_tried_again(url: str) -> None:
    with pytest.raises(Unobservable, match="is no address: begin it with https://") as told:
        ask(url)

    assert told.value.final


@respx.mock
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_is_followed_with_or_without_credentials(status: int) -> None:
    elsewhere = respx.get("https://elsewhere.example/").mock(return_value=httpx.Response(200))
    respx.get(URL).mock(return_value=httpx.Response(status, headers={"location": "https://elsewhere.example/"}))

    reply = ask(headers={"authorization": "Bearer not-a-secret"})

    assert (reply.status, reply.headers["location"]) == (status, "https://elsewhere.example/")
    assert not elsewhere.called


@respx.mock
def test_what_is_secret_is_not_kept() -> None:
    headers = {"Set-Cookie": "session=1", "X-Api-Key": "2", "X-Other": "3"}
    respx.get(host="api.example").mock(return_value=httpx.Response(200, headers=headers))

    reply = ask("https://user:password@api.example/things?key=4#5")

    assert (reply.url, reply.headers) == (URL, {"x-other": "3"})


@respx.mock
def test_an_error_shows_the_address_without_what_is_secret() -> None:
    respx.get(host="api.example").mock(side_effect=httpx.ConnectError("refused"))

    with pytest.raises(Unobservable) as told:
        ask("https://user:password@api.example/things?key=4")

    assert str(told.value) == f"GET {URL}: no answer (ConnectError: refused)"


@respx.mock
@pytest.mark.parametrize(("length", "cut"), [(LONGEST_BODY, False), (LONGEST_BODY + 1, True)])
def test_a_body_is_kept_up_to_a_length(length: int, cut: bool) -> None:
    respx.get(URL).mock(return_value=httpx.Response(200, content=b"x" * length))

    reply = ask()

    assert (len(reply.body), reply.cut) == (LONGEST_BODY, cut)


@respx.mock
@pytest.mark.parametrize(
    ("content_type", "media_type", "is_json"),
    [
        ("application/json", "application/json", True),
        ("Application/JSON; charset=utf-8", "application/json", True),
        ("application/graphql-response+json", "application/graphql-response+json", True),
        ("text/html", "text/html", False),
        ("application/jsonp", "application/jsonp", False),
        ("", "", False),
    ],
)
def test_media_types(content_type: str, media_type: str, is_json: bool) -> None:
    respx.get(URL).mock(return_value=httpx.Response(200, content=b"{}", headers={"content-type": content_type}))

    reply = ask()

    assert (reply.content_type, reply.is_json, reply.json()) == (media_type, is_json, {})


@pytest.mark.parametrize("slow", [Slow(first_byte=30), Slow(body=30)], ids=["silent", "in-the-middle"])
def test_a_whole_request_has_a_limit(slow: Slow) -> None:
    with (
        served(slow) as port,
        pytest.raises(Unobservable, match=rf"http://127\.0\.0\.1:{port}/: no answer within 0\.2 s"),
    ):
        ask(f"http://127.0.0.1:{port}/", within=0.2)


@pytest.mark.parametrize(("pause", "connections"), [(0.0, 1), (UNUSED + 0.2, 2)])
def test_connections_are_used_again_as_long_as_the_server_surely_keeps_them(pause: float, connections: int) -> None:
    slow = Slow()

    async def twice(url: str) -> None:
        http = Http()
        await http.request("GET", url)
        await asyncio.sleep(pause)
        await http.request("GET", url)
        await http.close()

    with served(slow) as port:
        asyncio.run(twice(f"http://127.0.0.1:{port}/"))

    assert (slow.connections, len(slow.requests)) == (connections, 2)


def test_only_the_named_authority_is_trusted(tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    with served(Slow(), authority.issue_cert("localhost")) as port:
        url = f"https://localhost:{port}/"
        assert ask(url, trust=str(tmp_path / "ca.pem")).status == 200
        with pytest.raises(Unobservable, match="CERTIFICATE_VERIFY_FAILED"):
            ask(url)


@pytest.mark.parametrize("text", [None, "", "not a certificate"])
def test_a_file_without_certificates_is_told_and_not_tried_again(text: str | None, tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    if text is not None:
        file.write_text(text)

    with pytest.raises(Unobservable, match=r"holds no certificate authority .*: name a PEM file under ca") as told:
        ask("https://localhost:1/", trust=str(file))
    assert told.value.final
