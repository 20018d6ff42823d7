"""Pages of a list as Stripe cuts them: newest first, `limit`, `starting_after`, `ending_before`, `created[…]`."""

import itertools
from collections.abc import Callable, Mapping
from typing import Any, Final

from sandbox.services.stripe.asked import Asked, whole
from sandbox.services.stripe.books import LAST, Item, Rank, Shelf, rank
from sandbox.services.stripe.errors import invalid, unknown_parameter

PAGING: Final = ("limit", "starting_after", "ending_before")
DEFAULT_LIMIT: Final = 10
LARGEST_LIMIT: Final = 100
HIGHEST: Final = chr(0x10FFFF)
"""Greater than every id."""
Wanted = Callable[[Item], bool]


def page(shelf: Shelf, given: Asked, url: str, wanted: Wanted) -> dict[str, Any]:
    """`{"object": "list", "url", "has_more", "data"}`: of the shelf, what is wanted and within `created`."""
    limit = _limit(given)
    below, above = _between(given.get("created"))
    if "starting_after" in given and "ending_before" in given:
        raise invalid("You may only specify one of these parameters: ending_before, starting_after.", "ending_before")
    if "ending_before" in given:
        above = max(above, _cursor(shelf, given, "ending_before"))
        found = list(itertools.islice(filter(wanted, shelf.oldest(below, above)), limit + 1))
        return _answer(url, found[:limit][::-1], more=len(found) > limit)
    if "starting_after" in given:
        below = min(below, _cursor(shelf, given, "starting_after"))
    found = list(itertools.islice(filter(wanted, shelf.newest(below, above)), limit + 1))
    return _answer(url, found[:limit], more=len(found) > limit)


def _answer(url: str, data: list[Item], *, more: bool) -> dict[str, Any]:
    return {"object": "list", "data": data, "has_more": more, "url": url}


def _limit(given: Asked) -> int:
    limit = whole(given.get("limit", DEFAULT_LIMIT), "limit")
    if limit < 1:
        raise invalid("This value must be greater than or equal to 1.", "limit", "parameter_invalid_integer")
    if limit > LARGEST_LIMIT:
        message = f"This value must be less than or equal to {LARGEST_LIMIT} (it currently is '{limit}')."
        raise invalid(message, "limit", "parameter_invalid_integer")
    return limit


def _cursor(shelf: Shelf, given: Asked, name: str) -> Rank:
    return rank(shelf.get(str(given[name]), name, 400))


def _between(created: object) -> tuple[Rank, Rank]:
    """The ranks below and above which nothing is wanted."""
    if created is None:
        return LAST, (-1, "")
    if not isinstance(created, Mapping):
        exact = whole(created, "created")
        return (exact, HIGHEST), (exact, "")
    below, above = LAST, (-1, "")
    for name, text in created.items():
        if name not in ("gt", "gte", "lt", "lte"):
            raise unknown_parameter(f"created[{name}]")
        moment = whole(text, f"created[{name}]")
        if name in ("lt", "lte"):
            below = min(below, (moment, "") if name == "lt" else (moment, HIGHEST))
        else:
            above = max(above, (moment, HIGHEST) if name == "gt" else (moment, ""))
    return below, above
