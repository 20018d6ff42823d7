"""Where an environment file says that a run is told to people, and how nobody hears the address."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from fixtures import Secret
from fixtures.engine.environment import Environment
from fixtures.engine.redactor import SHORTEST, Redactor
from fixtures.engine.registry import REGISTRY
from fixtures.engine.settings import decode_settings

DEFAULT = "not-green"


@dataclass(frozen=True)
class Chat:
    """Where to tell, and which runs."""

    url: Secret
    when: str


def chat_of(environment: Environment, variables: Mapping[str, str]) -> Chat | None:
    """The chat of an environment; None when it names none, or is a local one and does not say when."""
    table, kind = environment.tables.get("chat"), REGISTRY.providers.get("chat")
    if table is None or kind is None or "chat" in environment.inapplicable:
        return None
    settings: Any = decode_settings(dict(table), kind, variables)
    when = settings.when or ("" if environment.heading.kind == "local" else DEFAULT)
    return Chat(settings.url, when) if when else None


def hide(chat: Chat | None, redactor: Redactor) -> None:
    """Who knows the address can write there: it is hidden whole, and so is the part of it that nobody can guess."""
    if chat is None or not chat.url.is_set:
        return
    redactor.hide(chat.url.value)
    path = parsed(chat.url.value).path.rstrip("/")
    for part in (path, path.rpartition("/")[2]):
        if len(part) >= SHORTEST:
            redactor.hide(part)


def parsed(url: str) -> SplitResult:
    """The parts of an address; empty ones of a text that is none."""
    try:
        return urlsplit(url)
    except ValueError:  # http://[
        return urlsplit("")
