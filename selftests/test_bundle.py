"""The served bundle is read to its end or not at all; a source map is told by what it holds."""

import asyncio
import json

import httpx
import pytest
import respx

from fixtures import Unobservable
from fixtures.bundle.served import ServedMap, files_of, maps_of, public_keys
from fixtures.bundle.site import Site
from fixtures.engine.fingerprint import fingerprint
from fixtures.engine.http import Http
from sandbox.drawn import DRAWN
from selftests.broken_answers import BROKEN, said
from selftests.served_site import HERE, PAGE, paths, read, script, serve

STYLE = httpx.Response(200, text="a{}", headers={"content-type": "text/css"})
WHOLE = {
    "/": httpx.Response(200, html=PAGE),
    "/a.css": STYLE,
    "/assets/index.js": script(
        'import{a as b}from"./shared.js";import"./side.js";const m=["assets/named.js","assets/no-file.js"];'
        'const load=()=>import("./later.js"),o="https://cdn.example/x.js",t=`./${m}.js`'
    ),
    "/assets/shared.js": script("export const a=1"),
    "/assets/side.js": script("export{c}from'./deep.js'"),
    "/assets/deep.js": script('import "./index.js"'),
    "/assets/named.js": script("1"),
    "/assets/later.js": script('export const Page="static/chunks/app.js"'),
    "/_next/static/chunks/app.js": script("2"),
}
"""A page that leads to all of these, in circles, and names what is no file."""


@respx.mock
def test_everything_that_can_be_reached_is_read_once() -> None:
    serve(WHOLE)
    other = respx.get(url__startswith="https://cdn.example").mock(return_value=script("3"))

    site = read()

    assert paths(site) == sorted(WHOLE)
    assert other.call_count == 0
    asked = [str(call.request.url) for call in respx.calls]
    assert len(asked) == len(set(asked))
    assert {call.request.method for call in respx.calls} == {"GET"}


@respx.mock
@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("path", ["/", "/assets/index.js", "/a.css"])
def test_what_is_needed_and_cannot_be_read_is_blind(path: str, broken: httpx.Response | Exception) -> None:
    respx.get(HERE + path).mock(**said(broken))
    serve({name: answer for name, answer in WHOLE.items() if name != path})

    with pytest.raises(Unobservable, match=r"ocean\.example"):
        files_of(read())


@respx.mock
@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("path", ["/assets/deep.js", "/assets/later.js"])
def test_a_chunk_is_read_or_absent_or_blind(path: str, broken: httpx.Response | Exception) -> None:
    """What a script names may be a mere text; but where nobody answers, nobody knows."""
    respx.get(HERE + path).mock(**said(broken))
    serve({name: answer for name, answer in WHOLE.items() if name != path})

    if isinstance(broken, Exception) or broken.status_code >= 500:
        with pytest.raises(Unobservable, match=path):
            read()
    else:
        assert path not in paths(read())


@respx.mock
def test_what_a_script_inside_the_page_imports_is_read() -> None:
    page = PAGE + '<script type="module">import "/assets/inside.js"; import("/assets/later-inside.js")</script>'
    more = {f"/assets/{name}.js": script("1") for name in ("inside", "later-inside")}
    serve({**WHOLE, **more, "/": httpx.Response(200, html=page)})

    assert paths(read()) == sorted([*WHOLE, *more])


@respx.mock
def test_too_many_files_are_not_left_out_in_silence() -> None:
    serve(WHOLE)

    with pytest.raises(Unobservable, match=r"leads to more than 5 files: raise files under \[bundle\]"):
        read(most=5)


@respx.mock
def test_a_redirect_within_the_origin_is_followed_and_one_to_another_is_not() -> None:
    serve({**WHOLE, "/": httpx.Response(307, headers={"location": "/en"}), "/en": httpx.Response(200, html=PAGE)})
    assert "/en" in paths(read())

    respx.get(HERE + "/").mock(return_value=httpx.Response(308, headers={"location": "https://www.ocean.example/"}))
    with pytest.raises(Unobservable, match="answered 308"):
        read()


@respx.mock
def test_a_page_without_a_script_is_no_application() -> None:
    serve({}, rest=httpx.Response(200, html="<h1>Welcome to nginx!</h1>"))

    with pytest.raises(Unobservable, match="needs no script"):
        files_of(read())


def test_public_keys_are_told_by_their_fingerprints() -> None:
    publishable, anon, service = (DRAWN[kind]() for kind in ("supabase_publishable", "anon", "service_role"))

    found = public_keys(f'a="{publishable}";b="{anon}";c="{publishable}";d="{service}"')

    assert found == (fingerprint(publishable), fingerprint(anon))


@respx.mock
@pytest.mark.parametrize("name", ["index-DuRAN4w0.js", "main-0f1e2d3c4b5a6978.js"])
def test_a_bundle_on_another_host_is_blind_until_it_is_named(name: str) -> None:
    page = f'<!doctype html><script src="/own.js"></script><script src="https://cdn.example/{name}"></script>'
    elsewhere = respx.get(url__startswith="https://cdn.example").mock(return_value=script("1"))
    serve({"/": httpx.Response(200, html=page), "/own.js": script("1")})

    with pytest.raises(Unobservable, match=r'add "https://cdn\.example" to origins'):
        read()
    assert elsewhere.call_count == 0
    assert f"https://cdn.example/{name}" in paths(read(origins=("https://cdn.example",)))


@respx.mock
def test_somebody_else_s_script_is_no_part_of_the_bundle() -> None:
    page = PAGE + '<script src="https://plausible.example/js/script.js"></script>'
    serve({**WHOLE, "/": httpx.Response(200, html=page)})

    assert paths(read()) == sorted(WHOLE)


# ── source maps ───────────────────────────────────────────────────────────────────────────────────────────────────────
MAP = {"version": 3, "sources": ["../src/a.ts"], "mappings": "AAAA"}
INLINE = "data:application/json;base64,eyJ2ZXJzaW9uIjozfQ=="
ONE = '<!doctype html><script src="/a.js"></script>'


def maps(text: str, beside: httpx.Response | Exception, **headers: str) -> tuple[ServedMap, ...]:
    respx.get(HERE + "/a.js.map").mock(**said(beside))
    answers = {"/": httpx.Response(200, html=ONE), "/a.js": script(text, **headers)}
    serve({**answers, "/maps/a.map": httpx.Response(200, json=MAP)}, rest=httpx.Response(200, html=ONE))

    async def look() -> tuple[ServedMap, ...]:
        site = Site(Http(), None, 50)
        await site.read(HERE + "/")
        return await maps_of(site)

    return asyncio.run(look())


ABSENT = httpx.Response(404)


@respx.mock
@pytest.mark.parametrize(
    ("text", "headers", "beside", "found"),
    [
        ("1", {}, httpx.Response(200, json=MAP), ["/a.js.map"]),
        ("1", {}, httpx.Response(206, json=MAP), ["/a.js.map"]),
        ("1", {}, httpx.Response(200, text=")]}'\n" + json.dumps(MAP)), ["/a.js.map"]),
        ("1", {}, httpx.Response(200, json={"version": 3, "sections": []}), ["/a.js.map"]),
        ("1", {}, httpx.Response(200, json={**MAP, "sourcesContent": ["x" * 400_000]}), ["/a.js.map"]),
        ("1\n//# sourceMappingURL=maps/a.map", {}, ABSENT, ["/maps/a.map"]),
        ("1\n//@ sourceMappingURL=maps/a.map\n", {}, ABSENT, ["/maps/a.map"]),
        ("1\n/*# sourceMappingURL=/maps/a.map */", {}, ABSENT, ["/maps/a.map"]),
        (f"1\n//# sourceMappingURL={INLINE}", {}, ABSENT, ["/a.js"]),
        ("1", {"sourcemap": "/maps/a.map"}, ABSENT, ["/maps/a.map"]),
        ("1", {"x-sourcemap": "/maps/a.map"}, ABSENT, ["/maps/a.map"]),
        ("1\n//# sourceMappingURL=a.js.map", {}, ABSENT, []),
        ("1", {}, ABSENT, []),
        ("1", {}, httpx.Response(403, json=MAP), []),
        ("1", {}, httpx.Response(200, html=ONE), []),
        ("1", {}, httpx.Response(200, json={"error": "no sources", "version": 3}), []),
        ("1", {}, httpx.Response(301, headers={"location": "/"}), []),
    ],
)
def test_a_map_is_told_by_what_it_holds(
    text: str, headers: dict[str, str], beside: httpx.Response, found: list[str]
) -> None:
    assert [each.url.removeprefix(HERE) for each in maps(text, beside, **headers)] == found


@respx.mock
@pytest.mark.parametrize(
    "broken", [httpx.Response(500), httpx.Response(429), httpx.ConnectError("refused"), httpx.ReadTimeout("silent")]
)
def test_where_nobody_knows_whether_there_is_a_map_it_is_blind(broken: httpx.Response | Exception) -> None:
    with pytest.raises(Unobservable, match=r"a\.js\.map"):
        maps("1", broken)
