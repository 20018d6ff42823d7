"""What a browser gets of the build output: its files but the source maps, and index.html for every unknown path."""

from mimetypes import guess_type
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

FOREVER: Final = "public, max-age=31536000, immutable"
ASK_AGAIN: Final = "public, max-age=0, must-revalidate"
NOT_UPLOADED: Final = ".map"
"""Source maps stay beside the build; .vercelignore keeps them out of what is deployed."""


class Assets:
    """The rewrite to index.html: every unknown path answers 200 with HTML, also one that should be an API."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def serve(self, request: Request) -> Response:
        file = self._file(request.path_params["path"])
        if file is None:
            return PlainTextResponse("The page could not be found\n\nNOT_FOUND\n", 404)
        hashed = file.parent.name == "assets"
        kind = guess_type(file.name)[0] or "application/octet-stream"
        return Response(file.read_bytes(), media_type=kind, headers={"cache-control": FOREVER if hashed else ASK_AGAIN})

    def _file(self, path: str) -> Path | None:
        index = self._folder / "index.html"
        wanted = (self._folder / path).resolve()
        inside = wanted.is_relative_to(self._folder.resolve()) and wanted.is_file()
        if inside and wanted.suffix != NOT_UPLOADED:
            return wanted
        return index if index.is_file() else None
