"""What a health page says: well, not well, or nothing of the kind; in the words of several frameworks."""

from typing import Any

import msgspec
import pytest

from fixtures.application.health import Health, health_of
from fixtures.engine.http import Reply

ERRORS = {"errors": [{"message": "upstream timed out"}]}
WELL = {"system_status": {"healthy": True}}


def seen(said: Any, graphql: bool = False, **headers: str) -> Health:
    body = said if isinstance(said, str) else msgspec.json.encode(said).decode()
    headers = {"content-type": "application/json", **headers}
    reply = Reply(method="GET", url="https://ocean.example/health", status=200, headers=headers, body=body, ms=1)
    return health_of(reply, graphql=graphql)


@pytest.mark.parametrize(
    "said",
    [
        {"status": "ok"}, {"status": "OK"}, {"status": "UP"}, {"status": "Healthy"}, {"status": "pass"}, {"ok": True},
        {"status": "success"}, {"healthy": True}, {"status": "ok", "healthy": True},
        {"status": "ok", "checks": [{"name": "assets", "status": "degraded"}]},
        {"status": "UP", "components": {"db": {"status": "UP", "details": {"database": "PostgreSQL"}}, "disk": "ok"}},
        {"status": "ok", "checks": "none", "details": None, "errors": []},
    ],
)  # fmt: skip
def test_well(said: Any) -> None:
    assert (seen(said).healthy, seen(said).errors) == (True, ())


@pytest.mark.parametrize(
    "said",
    [
        {"status": "degraded"}, {"status": None}, {"status": True}, {"healthy": "true"}, {"healthy": 1}, {"ok": "yes"},
        {"status": "ok", "healthy": False}, {"ok": False, "status": "ok"},
    ],
)  # fmt: skip
def test_not_well(said: Any) -> None:
    assert seen(said).healthy is False


@pytest.mark.parametrize("said", [{}, [], ["ok"], "ok", "", "{", {"version": "4.7.0"}, {"state": "ok"}])
def test_nothing_of_the_kind(said: Any) -> None:
    assert seen(said).healthy is None


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"status": "ok", "checks": {"db": "down"}}, "db: down"),
        ({"status": "ok", "checks": [{"name": "db", "status": "FAIL"}]}, "db: fail"),
        ({"status": "UP", "components": {"db": {"status": "DOWN"}}}, "db: down"),
        ({"status": "ok", "checks": {"db": True, "cache": False}}, "cache: unhealthy"),
        ({"status": "ok", "services": {"db": {"healthy": False}}}, "db: unhealthy"),
        ({"status": "ok", "dependencies": [{"state": "unreachable"}]}, "a part: unreachable"),
        ({"status": "ok", **ERRORS}, "upstream timed out"),
    ],
)
def test_a_part_that_does_not_work_is_told_though_the_whole_is_called_well(said: Any, told: str) -> None:
    assert seen(said).errors == (told,)


def test_graphql() -> None:
    assert seen({"data": WELL}, graphql=True).healthy is True
    assert seen({"data": {"system_status": {"healthy": "true"}}}, graphql=True).healthy is None
    assert seen({"data": WELL, **ERRORS}, graphql=True).errors == ("upstream timed out",)
    assert seen({"data": None, "errors": ["not enabled"]}, graphql=True).errors == ("not enabled",)
    assert seen({"status": "ok", "checks": {"db": "down"}}, graphql=True).errors == ()


def test_which_release_it_is_and_where_it_leads() -> None:
    assert (seen({"sha": "8c1f", "version": "4.7.0"}).commit, seen({"commit": 7}).commit) == ("8c1f", None)


DRAWN = "Xy9Kq2Lm7Pw4"
LEAKS = [
    f"connect failed: postgresql://owner:{DRAWN}@ep-x.neon.tech/neondb?sslmode=require",
    f"redis://:{DRAWN}@cache.example:6379",
    f"Authorization: Bearer {DRAWN}.{DRAWN}",
    f'config was {{"password": "{DRAWN}"}}',
    f"host=db.example user=owner password={DRAWN} dbname=ocean",
    f"npg_{DRAWN} was refused",
    f"postgres://a:p@G{DRAWN}@db.example/ocean",
    f"GET https://api.example/x?api_key={DRAWN}&page=2 failed",
    f"token: {DRAWN}",
    f"pwd={DRAWN};",
    f"https://x.example/?access_token={DRAWN}",
    f"Invalid API Key provided: sk_live_{DRAWN}{DRAWN}",
]


@pytest.mark.parametrize("text", LEAKS)
def test_secrets_that_a_page_quotes_are_covered(text: str) -> None:
    page = seen({"status": "error", "message": text, "checks": {"db": {"status": "down"}}})
    answer = seen({"errors": [{"message": text}]}, graphql=True)

    for fact in (page, answer):
        assert DRAWN not in msgspec.json.encode(fact).decode()
        assert "sha256:" in fact.body
    assert "sha256:" in answer.errors[0]


def test_a_secret_at_the_end_of_the_excerpt_is_covered_whole() -> None:
    page = seen(" " * 480 + f"postgresql://owner:{DRAWN}@ep-x.neon.tech/neondb")

    assert DRAWN[:3] not in page.body


def test_what_is_no_secret_stays() -> None:
    said = '{"status":"ok","url":"https://ocean.example:443/a@b","note":"basic auth is off, password: ok","key":"db"}'

    assert seen(said).body == said


def test_where_a_redirect_leads_is_told_without_its_query() -> None:
    assert seen("", location="https://login.example/in?token=1#2").to == "https://login.example/in"
    assert seen("", location="/login").to == "/login"
