"""Planted answers: what a fault row makes a service say instead of its own answer."""

from collections.abc import Sequence

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.faults import Answer
from sandbox.services.behaviours import BEHAVIOURS, Truncated
from sandbox.services.latency import Delayed


class Planted:
    """Wraps a service; the first planted answer that matches a request replaces the service's own."""

    def __init__(self, service: ASGIApp, name: str, answers: Sequence[Answer]) -> None:
        self._service = service
        self._name = name
        self._answers = [answer for answer in answers if answer.service == name]

    @property
    def refuses_connections(self) -> bool:
        """Whether a fault closes this service's port altogether."""
        return any(answer.behaviour == "refuse" for answer in self._answers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._application(scope["method"], scope["path"])(scope, receive, send)

    def _application(self, method: str, path: str) -> ASGIApp:
        for answer in self._answers:
            if answer.matches(self._name, method, path):
                return self._said(answer)
        return self._service

    def _said(self, answer: Answer) -> ASGIApp:
        return Delayed(self._service, answer.after) if answer.behaviour == "slow" else _instead(answer)


def _instead(answer: Answer) -> ASGIApp:
    if answer.behaviour == "truncate":
        return Truncated(answer.body, answer.content_type)
    if answer.behaviour is not None:
        return BEHAVIOURS[answer.behaviour]
    headers = {**answer.headers, "content-type": answer.content_type}  # given here, starlette adds no charset
    return Response(answer.body, answer.status, headers)
