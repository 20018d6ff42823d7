"""A provider's API: pages to their end, what is not there, and every broken answer told by name and path."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import respx

from fixtures import Secret, Unobservable
from fixtures.engine.api import Api, pause
from fixtures.engine.http import Http, Reply
from fixtures.engine.moments import moment
from selftests.broken_answers import BROKEN, THROTTLED, said

URL = "https://api.example/things"
PAGES = 'rel="next"'


def api(**more: Any) -> Api:
    return Api(Http(), "Example", "https://api.example", Secret("EXAMPLE_TOKEN", "not-a-secret"), **more)


@respx.mock
@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_answer_names_provider_and_path(broken: httpx.Response | Exception) -> None:
    respx.get(URL).mock(**said(broken))

    with pytest.raises(Unobservable, match=r"Example /things|GET https://api\.example/things"):
        asyncio.run(api().get("/things", dict[str, int], within=0))


@respx.mock
@pytest.mark.parametrize("throttled", THROTTLED)
def test_a_throttled_answer_is_asked_for_again(throttled: httpx.Response) -> None:
    route = respx.get(URL).mock(side_effect=[throttled, httpx.Response(200, json={"a": 1})])

    assert asyncio.run(api().get("/things", dict[str, int])) == {"a": 1}
    assert route.call_count == 2


@respx.mock
@pytest.mark.parametrize(("asked", "pauses"), [("2", [2.0]), ("3", [3.0]), ("0", [1.0]), ("soon", [1.0]), ("60", None)])
def test_who_says_when_to_come_back_is_asked_then(
    asked: str, pauses: list[float] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr("fixtures.engine.attempts.asyncio.sleep", sleep)
    busy = httpx.Response(429, headers={"retry-after": asked})
    respx.get(URL).mock(side_effect=[busy, httpx.Response(200, json={"a": 1})])

    if pauses is None:
        with pytest.raises(Unobservable, match="Example /things answered 429: the rate limit is used up"):
            asyncio.run(api().get("/things", dict[str, int]))
    else:
        assert asyncio.run(api().get("/things", dict[str, int])) == {"a": 1}
    assert slept == (pauses or [])


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("", 0), ("7", 7), ("soon", 0), ("-3", 0), ("Mon, 23 Nov 2026 09:00:30 GMT", 30),
        ("Mon, 23 Nov 2026 08:00:00 GMT", 0), ("Mon, 23 Nov 2026 10:00:10 +0100", 10),
    ],
)  # fmt: skip
def test_the_wait_that_is_asked_for_is_seconds_or_a_date(said: str, seconds: float) -> None:
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    reply = Reply(method="GET", url=URL, status=429, headers={"retry-after": said}, body="", ms=1.0)

    assert pause(reply, now) == seconds


@respx.mock
def test_pages_are_followed_to_their_end_with_the_same_token() -> None:
    link = {"link": f'<{URL}?page=1>; rel="prev", <{URL}?per_page=2&page=2>; {PAGES}'}
    respx.get(URL, params={"page": "2"}).mock(return_value=httpx.Response(200, json=[3]))
    respx.get(URL, params={"per_page": "2"}).mock(return_value=httpx.Response(200, json=[1, 2], headers=link))

    assert asyncio.run(api().pages("/things", list[int], {"per_page": "2"})) == [[1, 2], [3]]
    assert {call.request.headers["authorization"] for call in respx.calls} == {"Bearer not-a-secret"}


@respx.mock
def test_a_next_page_on_another_host_is_asked_of_the_provider() -> None:
    link = {"link": f"<https://elsewhere.invalid/things?page=2>; {PAGES}"}
    respx.get(URL, params={"page": "2"}).mock(return_value=httpx.Response(200, json=[2]))
    respx.get(URL).mock(return_value=httpx.Response(200, json=[1], headers=link))

    assert asyncio.run(api().pages("/things", list[int])) == [[1], [2]]


@respx.mock
def test_sentry_s_empty_next_page_is_the_end() -> None:
    link = {"link": f'<{URL}?cursor=1>; {PAGES}; results="false"'}
    respx.get(URL).mock(return_value=httpx.Response(200, json=[1], headers=link))

    assert asyncio.run(api().pages("/things", list[int])) == [[1]]


@respx.mock
def test_a_list_without_end_is_not_known() -> None:
    link = {"link": f"<{URL}?page=2>; {PAGES}"}
    respx.get(URL).mock(return_value=httpx.Response(200, json=[1], headers=link))

    with pytest.raises(Unobservable, match="more than 3 pages"):
        asyncio.run(api().pages("/things", list[int], most=3))


@respx.mock
def test_what_is_not_there_is_none_and_a_refusal_is_not() -> None:
    respx.get(URL).mock(side_effect=[httpx.Response(404), httpx.Response(403)])

    assert asyncio.run(api().get_or_none("/things", dict[str, int])) is None
    with pytest.raises(Unobservable, match="403: does EXAMPLE_TOKEN have the scope"):
        asyncio.run(api().get_or_none("/things", dict[str, int]))


@respx.mock
def test_names_may_be_repeated_and_win_over_the_api_s_own() -> None:
    route = respx.get(URL).mock(return_value=httpx.Response(200, json={}))

    asyncio.run(api(query={"team": "one", "limit": "5"}).get("/things", dict[str, int], [("s", "a"), ("s", "b")]))

    assert str(route.calls[0].request.url) == f"{URL}?team=one&limit=5&s=a&s=b"


@pytest.mark.parametrize("seconds", [1e18, -1e18, float("inf"), float("nan")])
def test_a_time_in_another_unit_is_no_moment(seconds: float) -> None:
    with pytest.raises(Unobservable, match="another unit"):
        moment(seconds)
