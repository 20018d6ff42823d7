"""One part of the page: its slice of the data, and what it says without any script."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from reports.page.markup import Html
from reports.telling import Telling


class Section(Struct, frozen=True, kw_only=True):
    """A part of the page, in a module of its own that calls it `SECTION`.

    `name` is the id of its ``<section>`` and of its slice of the data. `data` makes that slice: plain values that
    JSON can express. `html` is what stands there without JavaScript; scripts replace it on the screen, unless it
    `stays`. `assets` are the stems of its files in ``assets/``, each ``.css`` and ``.js`` where there is one.
    """

    name: str
    title: str
    data: Callable[[Telling], Any]
    html: Callable[[Telling], Html]
    assets: tuple[str, ...]
    stays: bool = False
