"""Ocean's own Edge Function in TypeScript, run by Deno as Supabase's edge runtime does, behind the sandbox's gateway.

It is started when it is first called, and again when its files were changed. Its libraries come from npm once
(`make functions`) and are kept in `.cache/deno`; the function itself then asks for nothing but the gateway.
"""

import asyncio
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import httpx
from starlette.requests import Request
from starlette.responses import Response

HOUSE: Final = Path(__file__).parents[3]
LIBRARIES: Final = HOUSE / ".cache" / "deno"
TIED: Final = HOUSE / "sandbox" / "programs" / "tied.ts"
READY: Final = b"Listening on "
STARTS_WITHIN: Final = 20.0
"""Seconds; it takes less than one on a machine that does nothing else."""
ABOUT_THE_CONNECTION: Final = {
    "connection",
    "content-length",
    "content-encoding",
    "host",
    "keep-alive",
    "transfer-encoding",
}


class NoDeno(RuntimeError):
    """The function could not be started; the message is what Deno said."""


class DenoFunction:
    """One function of the checkout's, with `environment` as its secrets."""

    def __init__(self, source: Path, environment: Mapping[str, str]) -> None:
        self._source = source
        self._environment = environment
        self._starting = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._client: httpx.AsyncClient | None = None
        self._stamp = 0

    async def answer(self, request: Request) -> Response:
        """What the function answers, with names of headers as they were spelled."""
        client = await self._running()
        spelled = request.scope.get("state", {}).get("raw_headers") or request.headers.raw
        headers = [(name, value) for name, value in spelled if name.lower().decode() not in ABOUT_THE_CONNECTION]
        answered = await client.request(request.method, "/", headers=headers, content=await request.body())
        kept = {name: value for name, value in answered.headers.items() if name not in ABOUT_THE_CONNECTION}
        return Response(answered.content, answered.status_code, kept)

    async def _running(self) -> httpx.AsyncClient:
        async with self._starting:
            stamp = max(file.stat().st_mtime_ns for file in self._source.parent.iterdir())
            if self._client is None or stamp != self._stamp:
                if self._process is not None:
                    self._process.kill()
                self._stamp = stamp
                self._client = httpx.AsyncClient(base_url=await self._start(), timeout=30.0, trust_env=False)
            return self._client

    async def _start(self) -> str:
        """Its address. Raises NoDeno."""
        self._process = await asyncio.create_subprocess_exec(
            *command("run", self._source), env=self._variables(), cwd=self._source.parent,
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert self._process.stderr
        said = []
        async with asyncio.timeout(STARTS_WITHIN):
            async for line in self._process.stderr:
                said.append(line)
                if READY in line:
                    self._draining = asyncio.ensure_future(_drained(self._process.stderr))
                    return line.decode().partition(READY.decode())[2].split()[0].rstrip("/")
        raise NoDeno(b"".join(said).decode(errors="replace"))

    def _variables(self) -> dict[str, str]:
        return {**variables(), **self._environment, "DENO_SERVE_ADDRESS": "tcp:127.0.0.1:0"}


def command(verb: str, source: Path) -> list[str]:
    """`deno run` of a function with what is in the cache, and no more rights than it needs."""
    rights = ["--cached-only", "--no-prompt", "--allow-env", "--allow-net=127.0.0.1", f"--preload={TIED}"]
    return [deno(), verb, *rights, str(source)]


def variables() -> dict[str, str]:
    """What Deno itself needs: nothing of the caller's own is given to the function."""
    registry = os.environ.get("NPM_CONFIG_REGISTRY")  # where they came from is part of where they are kept
    return {
        **({"NPM_CONFIG_REGISTRY": registry} if registry else {}),
        "DENO_DIR": str(LIBRARIES),
        "DENO_NO_PACKAGE_JSON": "1",  # Ocean's frontend has one, and it is none of the function's business
        "DENO_NO_UPDATE_CHECK": "1",
        "NO_COLOR": "1",
        "PATH": os.environ.get("PATH", ""),
        "HOME": os.environ.get("HOME", ""),
    }


def deno() -> str:
    """The program, from the virtual environment or the PATH. Raises NoDeno."""
    beside = Path(sys.executable).parent / "deno"
    found = str(beside) if beside.exists() else shutil.which("deno")
    if found is None:
        raise NoDeno("there is no deno here: make install")
    return found


async def _drained(stream: asyncio.StreamReader) -> None:
    """What a function logs is read and forgotten, so that it never waits for a reader."""
    while await stream.read(65536):
        pass
