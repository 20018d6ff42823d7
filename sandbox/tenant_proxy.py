"""What stands before the tenants' databases, as Neon's proxy does: TLS always, and the name asked for picks the tenant.

Each tenant can behave in a way of its own, by what a fault's switch ``tenant-<slug>`` says: silent (nothing after the
greeting, as when its compute never wakes), mute (nothing after the login), cut (the connection ends), misnamed,
stranger or expired (its certificate), ``slow 2.5`` (seconds). The switch `tenants_tls` = "none" offers no TLS.
"""

import asyncio
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from sandbox.certificates import Certificates
from sandbox.distance import CHUNK_BYTES, HEAD_BYTES, WANTS_GSS, WANTS_TLS
from sandbox.tenant_databases import database_of, role_of
from sandbox.world import HOST

PROTOCOL = 196608  # 3.0; Postgres's manual, 54.7
READY_FOR_QUERY = b"Z\x00\x00\x00\x05I"
NO_TLS = "connection is insecure (try using `sslmode=require`)"
NO_ENDPOINT = (  # as others quote it, with this severity and code; not seen here
    "The requested endpoint could not be found, or you don't have access to it."
    " Please check the provided ID and try again."
)


@dataclass
class Proxy:
    """Who is known, by the name that is asked for in the TLS greeting, and how each behaves."""

    slugs: Mapping[str, str]
    """Host -> slug of the tenant."""
    behaviours: Mapping[str, str]
    certificates: Mapping[str, Certificates]
    """By behaviour; "" is the good one."""
    awake: Callable[[], Awaitable[int]]
    """The port of the server, which is started when it is first needed."""
    offers_tls: bool = True
    served: int = 0
    at_once: int = 0
    most_at_once: int = field(default=0)


@asynccontextmanager
async def proxying(proxy: Proxy) -> AsyncIterator[int]:
    """The port that it listens at."""
    contexts = {behaviour: found.context() for behaviour, found in proxy.certificates.items()}
    contexts[""].sni_callback = lambda link, name, _: _present(proxy, contexts, link, name)

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        proxy.served, proxy.at_once = proxy.served + 1, proxy.at_once + 1
        proxy.most_at_once = max(proxy.most_at_once, proxy.at_once)
        # asyncio asks a finished handler for its exception, and complains when it was cancelled instead
        with suppress(asyncio.CancelledError, OSError, asyncio.IncompleteReadError, ssl.SSLError):
            await _serve(proxy, contexts[""], reader, writer)
        proxy.at_once -= 1
        writer.close()

    server = await asyncio.start_server(handle, HOST, 0, backlog=512)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()


def _present(proxy: Proxy, contexts: Mapping[str, ssl.SSLContext], link: Any, name: str | None) -> None:
    """In the middle of OpenSSL's greeting: the client has said the name, and gets that one's certificate."""
    link.asked = (name or "").replace("-pooler.", ".", 1)
    behaviour = proxy.behaviours.get(proxy.slugs.get(link.asked, ""), "")
    if behaviour in contexts and behaviour:
        link.context = contexts[behaviour]


async def _serve(
    proxy: Proxy, context: ssl.SSLContext, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    startup = await _greeted(proxy, context, reader, writer)
    link = writer.get_extra_info("ssl_object")
    if link is None:
        return await _refuse(writer, NO_TLS)
    slug = proxy.slugs.get(getattr(link, "asked", ""))
    if slug is None:
        return await _refuse(writer, NO_ENDPOINT)
    behaviour, _, seconds = proxy.behaviours.get(slug, "").partition(" ")
    if behaviour == "cut":
        return None
    if behaviour == "silent":
        await reader.read()
        return None
    await asyncio.sleep(float(seconds or 0))
    server_says, to_server = await asyncio.open_connection(HOST, await proxy.awake())
    to_server.write(_rewritten(startup, slug))
    await asyncio.gather(_pass_on(reader, to_server), _pass_on(server_says, writer, mute=behaviour == "mute"))
    return None


async def _greeted(
    proxy: Proxy, context: ssl.SSLContext, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> dict[str, str]:
    """TLS, if the client asks for it and it is offered; returns what the startup packet says."""
    while True:
        size, code = struct.unpack("!ii", await reader.readexactly(HEAD_BYTES))
        if code == PROTOCOL:
            words = (await reader.readexactly(size - HEAD_BYTES)).decode().rstrip("\0").split("\0")
            return dict(zip(words[::2], words[1::2], strict=True))
        if code not in (WANTS_TLS, WANTS_GSS):  # to cancel a query: nobody here does
            raise ConnectionAbortedError
        secures = code == WANTS_TLS and proxy.offers_tls
        writer.write(b"S" if secures else b"N")
        if secures:
            await writer.start_tls(context)


def _rewritten(said: Mapping[str, str], slug: str) -> bytes:
    """The startup packet for the server, with the tenant's own role and database in the place of what all call them."""
    meant = {**said, "user": role_of(slug, said["user"]), "database": database_of(slug, said.get("database", ""))}
    body = b"".join(f"{name}\0{value}\0".encode() for name, value in meant.items()) + b"\0"
    return struct.pack("!ii", HEAD_BYTES + len(body), PROTOCOL) + body


async def _refuse(writer: asyncio.StreamWriter, message: str) -> None:
    """An ErrorResponse, with the severity and the code that Neon's proxy is quoted with."""
    body = b"".join(f"{kind}{text}\0".encode() for kind, text in (("S", "ERROR"), ("C", "XX000"), ("M", message)))
    writer.write(b"E" + struct.pack("!i", 4 + len(body) + 1) + body + b"\0")
    await writer.drain()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, mute: bool = False) -> None:
    """Bytes from one side to the other until the end; `mute`: nothing more once the server is ready for queries."""
    says = True
    with suppress(ConnectionError):
        while chunk := await reader.read(CHUNK_BYTES):
            if says:
                writer.write(chunk)
                await writer.drain()
            says = says and not (mute and READY_FOR_QUERY in chunk)
    writer.close()
