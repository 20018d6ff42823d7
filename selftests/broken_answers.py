"""How a provider fails to answer: each of these must leave a check blind, whichever provider it is."""

from typing import Any

import httpx
import pytest

HTML = "<!doctype html><title>Sign in</title>"

BROKEN = [
    pytest.param(httpx.Response(401, json={"message": "Unauthorized"}), id="401"),
    pytest.param(httpx.Response(403, json={"message": "Forbidden"}), id="403"),
    pytest.param(httpx.Response(404, json={"message": "Not Found"}), id="404"),
    pytest.param(httpx.Response(500, text="Internal Server Error"), id="500"),
    pytest.param(httpx.Response(301, headers={"location": "https://elsewhere.invalid/"}), id="moved"),
    pytest.param(httpx.Response(204), id="no-content"),
    pytest.param(httpx.Response(200, html=HTML), id="html"),
    pytest.param(
        httpx.Response(200, content=b'{"name": ', headers={"content-type": "application/json"}), id="truncated"
    ),
    pytest.param(httpx.Response(200, content=b"\xff\xfe", headers={"content-type": "application/json"}), id="no-text"),
    pytest.param(httpx.Response(200, json=None), id="null"),
    pytest.param(httpx.Response(200, json="a text"), id="text"),
    pytest.param(httpx.Response(200, json=[[]]), id="list-of-lists"),
    pytest.param(httpx.ConnectError("refused"), id="refused"),
    pytest.param(httpx.ReadTimeout("nothing came"), id="silent"),
    pytest.param(httpx.RemoteProtocolError("closed in the middle"), id="closed"),
]
"""An answer, or the error that takes its place: ``respx.get(url).mock(**said(broken))``."""

THROTTLED = [
    pytest.param(httpx.Response(429, headers={"retry-after": "1"}), id="429"),
    pytest.param(httpx.Response(502, text="Bad Gateway"), id="502"),
    pytest.param(httpx.Response(503, text="Service Unavailable"), id="503"),
    pytest.param(httpx.Response(504, text="Gateway Timeout"), id="504"),
]
"""Answers after which a provider is asked again, for four seconds."""


def said(broken: httpx.Response | Exception) -> dict[str, Any]:
    """As arguments of respx's ``mock``."""
    return {"side_effect": broken} if isinstance(broken, Exception) else {"return_value": broken}
