"""Sends a message to the chat that the environment names, once, within seconds, and never tells its address."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reports.chat.address import Chat, parsed
from reports.chat.message import message, worth_telling
from reports.plain_text import one_line
from reports.telling import Telling

DEADLINE = 5.0  # seconds for one request, in total
LONGEST_PAUSE = 5.0  # seconds that a chat may ask us to wait
PATIENCE = 15.0  # seconds for all of it
LONGEST_ANSWER = 1000  # bytes that are read of an answer


@dataclass(frozen=True)
class Answer:
    """What the chat said: a status, or why there is none. `pause`: seconds after which it wants to be asked again."""

    status: int = 0
    text: str = ""
    pause: float | None = None


def send(chat: Chat, telling: Telling, patience: float = PATIENCE) -> str | None:
    """Tell the chat of a run that is worth it, within `patience` seconds in all.

    Returns why that could not be done. Raises nothing.
    """
    until = time.monotonic() + patience
    if not worth_telling(telling, chat.when):
        return None
    if not chat.url.is_set:
        return f"chat: not told, {chat.url.name} is not set: export it, or take [chat] out of the environment file"
    if parsed(chat.url.value).scheme not in ("http", "https"):
        return f"chat: not told, {chat.url.name} holds no http(s) address"
    body = message(telling)
    answer = _ask(chat.url.value, body, min(DEADLINE, patience))
    if answer.pause is not None and time.monotonic() + answer.pause < until:
        time.sleep(answer.pause)
        answer = _ask(chat.url.value, body, min(DEADLINE, until - time.monotonic()))
    if 200 <= answer.status < 300:
        return None
    said = f"it answered {answer.status}: {one_line(answer.text, 100)}" if answer.status else answer.text
    return f"chat: not told, {said}"


def _ask(url: str, body: dict[str, Any], deadline: float) -> Answer:
    """One request, in a thread that can be left behind: looking up a name takes as long as it takes."""
    answers: list[Answer] = []
    thread = threading.Thread(target=lambda: answers.append(_post(url, body, deadline)), daemon=True, name="chat")
    thread.start()
    thread.join(deadline)
    return answers[0] if answers else Answer(text=f"no answer within {deadline:g} s")


def _post(url: str, body: dict[str, Any], deadline: float) -> Answer:
    import httpx  # only a run that has something to tell

    try:
        with httpx.stream("POST", url, json=body, timeout=deadline) as response:
            begins = next(response.iter_bytes(LONGEST_ANSWER), b"").decode("utf-8", "replace")
            return Answer(response.status_code, begins, _pause(response.status_code, response.headers))
    except Exception as problem:  # the message of some of them holds the address
        return Answer(text=f"it cannot be reached ({type(problem).__name__})")


def _pause(status: int, headers: Mapping[str, str]) -> float | None:
    said = headers.get("retry-after", "1")
    if status != 429 or not said.isascii() or not said.isdigit() or int(said) > LONGEST_PAUSE:
        return None
    return float(said)
