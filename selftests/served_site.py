"""A site that tests serve without a server, and how they read it."""

import asyncio
from collections.abc import Mapping

import httpx
import respx

from fixtures.bundle.site import Site
from fixtures.engine.http import Http

HERE = "https://ocean.example"
PAGE = '<!doctype html><script type="module" src="/assets/index.js"></script><link rel="stylesheet" href="/a.css">'


def script(text: str, **headers: str) -> httpx.Response:
    return httpx.Response(200, text=text, headers={"content-type": "text/javascript", **headers})


def serve(files: Mapping[str, httpx.Response], rest: httpx.Response | None = None) -> None:
    """`files` by path; everything else is answered as a single-page application does."""
    for path, answer in files.items():
        respx.get(HERE + path).mock(return_value=answer)
    respx.get(url__startswith=HERE).mock(return_value=rest or httpx.Response(200, html=PAGE))


def read(most: int = 50, origins: tuple[str, ...] = ()) -> Site:
    async def reading() -> Site:
        site = Site(Http(), None, most, origins)
        await site.read(HERE + "/")
        return site

    return asyncio.run(reading())


def paths(site: Site) -> list[str]:
    return sorted(url.removeprefix(HERE) for url in site.files)
