"""Chunks that webpack loads later are read out of its runtime, or the bundle counts as not read."""

import httpx
import pytest
import respx

from fixtures import Unobservable
from fixtures.bundle.references import of_script
from selftests.served_site import HERE, paths, read, script, serve

RUNTIME = "{},{}n.o=(e,t)=>Object.prototype.hasOwnProperty.call(e,t)"
A, B = "666c81bb35a17da379b8", "9666494a3b1c45cdd0f1"


@pytest.mark.parametrize(
    ("function", "public", "expected"),
    [  # what webpack 5.112 writes, and what Next.js and older ones do
        ('n.u=e=>"static/chunks/"+(890===e?"named":e)+"."+{890:"A",967:"B"}[e]+".js"', 'n.p="/_next/"',
         ["/_next/static/chunks/named.A.js", "/_next/static/chunks/967.B.js"]),
        ('n.u=e=>"static/chunks/"+e+"."+{890:"A",967:"B"}[e]+".js"', 'n.p="/"',
         ["/static/chunks/890.A.js", "/static/chunks/967.B.js"]),
        ('n.u=e=>"static/chunks/"+({890:"named"}[e]||e)+"-"+{890:"A",967:"B"}[e]+".js"', 'n.p=""',
         ["/static/chunks/named-A.js", "/static/chunks/967-B.js"]),
        ('r.u=function(e){return"static/js/"+e+"."+{967:"B"}[e]+".chunk.js"}', 'r.p="/"',
         ["/static/js/967.B.chunk.js"]),
        ('n.u=e=>e+"."+{967:"B"}[e]+".js"', 'n.p="/js/"', ["/js/967.B.js"]),
        ('n.u=e=>"static/chunks/"+e+"."+{967:"B"}[e]+".js"', "n.p=e", ["/app/static/chunks/967.B.js"]),
        ('n.u=e=>"static/chunks/"+e+".js",n.e(967),n.e("b")', 'n.p="/"',
         ["/static/chunks/967.js", "/static/chunks/b.js"]),
        ('n.u=e=>f(e)[0],n.e(1),g("a"+".js")', 'n.p="/"', []),
        ('n.miniCssF=e=>"static/css/"+{967:"B"}[e]+".css"', 'n.p="/"', ["/static/css/B.css"]),
    ],
)  # fmt: skip
def test_chunks_are_read_out_of_webpack_s_table(function: str, public: str, expected: list[str]) -> None:
    text = RUNTIME.format(function, public + ",").replace('"A"', f'"{A}"').replace('"B"', f'"{B}"')

    found = of_script(text, f"{HERE}/app/static/chunks/main.js", f"{HERE}/").later

    wanted = [path.replace("A", A).replace("B", B) for path in expected]
    assert [url.removeprefix(HERE) for url in found] == wanted


def test_a_table_that_is_not_understood_is_blind() -> None:
    with pytest.raises(Unobservable, match="not understood"):
        of_script('n.u=e=>"static/"+f(e)+{1:"abc"}[e]+".js"', f"{HERE}/main.js", f"{HERE}/")


@respx.mock
def test_a_secret_route_of_webpack_is_read() -> None:
    main = f'n.u=e=>"static/"+e+"."+{{967:"{A}"}}[e]+".js",n.p="/"'
    page = httpx.Response(200, html='<!doctype html><script src="/main.js"></script>')
    serve({"/": page, "/main.js": script(main), f"/static/967.{A}.js": script("1")})

    assert f"/static/967.{A}.js" in paths(read())


@respx.mock
def test_where_none_of_webpack_s_chunks_is_served_the_address_is_wrong() -> None:
    main = f'n.u=e=>"static/"+e+"."+{{967:"{A}",890:"{B}"}}[e]+".js",n.p="/elsewhere/"'
    page = httpx.Response(200, html='<!doctype html><script src="/main.js"></script>')
    serve({"/": page, "/main.js": script(main), f"/static/967.{A}.js": script("1")})

    with pytest.raises(Unobservable, match="none of webpack's chunks is served"):
        read()
