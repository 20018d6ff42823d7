"""Stripe's lists are read to their end, and one that does not come to it is none."""

from typing import Any

import httpx
import pytest
import respx

from fixtures import Unobservable
from fixtures.stripe.client import Item, Page
from selftests.stripe_asked import HOST, asked


class Thing(Item):
    """Anything of which a list is made."""


def pages(*each: tuple[list[str], bool]) -> list[httpx.Response]:
    return [httpx.Response(200, json={"data": [{"id": id} for id in ids], "has_more": more}) for ids, more in each]


def test_a_list_is_read_to_its_end() -> None:
    with respx.mock:
        route = respx.route(host=HOST).mock(side_effect=pages((["a", "b"], True), (["c"], True), (["d"], False)))

        found = asked(
            lambda client: client.all("/v1/prices", Page[Thing], {"active": True, "expand": ["data.product"]})
        )

    assert [one.id for one in found] == ["a", "b", "c", "d"]
    sent = [dict(call.request.url.params) for call in route.calls]
    assert [one.get("starting_after") for one in sent] == [None, "b", "c"]
    assert all(one["active"] == "true" and one["limit"] == "100" for one in sent)


@pytest.mark.parametrize(
    "each",
    [
        [(["a"], True), (["a"], True)],
        [(["a", "b"], True), (["b", "c"], False)],
        [(["a"], True), (["b"], True), (["a"], True)],
        [([], True)],
        [(["a", "a"], False)],
    ],
    ids=["same-page", "overlap", "circle", "nothing-and-more", "twice"],
)
def test_a_list_that_does_not_advance_is_no_list(each: list[tuple[list[str], bool]]) -> None:
    with respx.mock:
        respx.route(host=HOST).mock(side_effect=pages(*each))

        with pytest.raises(Unobservable, match=r"Stripe /v1/prices(: page after page| says that there is more)"):
            asked(lambda client: client.all("/v1/prices", Page[Thing]))


def test_a_list_without_end_is_given_up_or_cut() -> None:
    def endless(request: httpx.Request) -> httpx.Response:
        after = request.url.params.get("starting_after", "0")
        return pages(([str(int(after) + 1)], True))[0]

    async def first_three(client: Any) -> int:
        return len([page async for page in client.pages("/v1/prices", Page[Thing], None, 3, cut=True)])

    with respx.mock:
        respx.route(host=HOST).mock(side_effect=endless)

        with pytest.raises(Unobservable, match="more than 3 pages of 100"):
            asked(lambda client: client.all("/v1/prices", Page[Thing], None, 3))
        assert asked(first_three) == 3
