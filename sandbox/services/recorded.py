"""What a service was asked: a line for each request, beside everything else that a start leaves in its folder."""

from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

FILE = "requests.log"
"""In the sandbox's folder: ``vercel GET /v9/projects/prj``; paths without their query, which can hold a secret."""


class Recorded:
    """Wraps a service with all its layers, so that a request counts whatever becomes of it."""

    def __init__(self, service: ASGIApp, name: str, folder: Path) -> None:
        self._service = service
        self._name = name
        self._file = folder / FILE

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            with self._file.open("a", encoding="utf-8") as lines:
                lines.write(f"{self._name} {scope['method']} {scope['path']}\n")
        await self._service(scope, receive, send)
