"""HTML in which every text is escaped, because texts come from outside: what a database answered, say."""

import html
from collections.abc import Iterable

from reports.plain_text import printable

VOID = frozenset({"meta", "br", "hr", "input"})


class Html(str):
    """Text that is markup already, made by `tag` or by `joined`. Anything else is escaped."""

    __slots__ = ()


Child = str | None
"""What stands in an element: `Html` as it is, other texts escaped, None not at all."""


def tag(name: str, /, *children: Child, **attributes: str | bool | int | None) -> Html:
    """An element. Of an attribute's name a trailing underscore is dropped, and others become hyphens: ``class_``,
    ``aria_label``; True is an attribute without value, False and None are none.

    There are no style attributes: the page's own policy forbids them, use classes.
    """
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in VOID:
        return Html(f"<{name}{written}>")
    return Html(f"<{name}{written}>{joined(children)}</{name}>")


def joined(children: Iterable[Child], between: str = "") -> Html:
    """Several children after one another."""
    return Html(between.join(escaped(child) for child in children if child is not None))


def escaped(text: str) -> Html:
    """The text as markup: without what steers, and with ``&lt;`` for ``<``."""
    return text if isinstance(text, Html) else Html(html.escape(shown(text)))


def shown(text: str) -> str:
    """The text without what steers; nearly every text is without it, and is not searched twice."""
    return text if text.isprintable() else printable(text)


def _attribute(key: str, value: str | bool | int | None) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{html.escape(shown(str(value)))}"'
