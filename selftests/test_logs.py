"""Logs of this machine: what is told of a line, how lines are read, and that what cannot be read is never quiet."""

import os
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fixtures import Unobservable
from fixtures.logs.container import NoContainer, read_container
from fixtures.logs.file import TAIL, read_file
from fixtures.logs.line import Line, is_failed_signup, is_ours, kinds_of, told
from fixtures.logs.local_lines import is_error, lines_of
from selftests.containers import IMAGE, needs_engine

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


# ── what is told ──────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ('relation "profiles" does not exist', 'relation "profiles" does not exist'),
        ("error sending mail to mia.lind@example.org", "error sending mail to <e-mail>"),
        ("Key (email)=(mia.lind@example.org) already exists.", "Key (email)=(…) already exists."),
        ('invalid input syntax for type uuid: "Mia Lind, 12 High Street"', 'invalid input syntax for type uuid: "…"'),
        ("user 8b1c7b0e-32d1-4f1e-9a1f-2b7d0f6f9a11 from 203.0.113.9", "user <uuid> from <ip>"),
        ("token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln refused", "token <token> refused"),
        ("call of https://api.example/x?key=1 failed", "call of <address> failed"),
        ("sb_secret_1234567890abcdef is invalid", "<token> is invalid"),
        ("call +46 70 123 45 67 back", "call <number> back"),
        ("update users set name = 'Mia' where id = 12345678", "update users set name = '…' where id = <number>"),
        ('payload {"name": "Mia"} refused', "payload {…} refused"),
    ],
)
def test_a_message_is_told_without_what_is_personal(message: str, shown: str) -> None:
    assert told(message) == shown


def test_lines_that_say_the_same_are_one_kind_and_the_most_frequent_comes_first() -> None:
    lines = [Line(at=NOW + n * HOUR, severity="ERROR", message=f"no user {n}@example.org") for n in range(3)]
    kinds = kinds_of([Line(at=NOW, severity="FATAL", message="out of memory"), *lines])

    assert [(kind.message, kind.count) for kind in kinds] == [("no user <e-mail>", 3), ("out of memory", 1)]
    assert (kinds[0].first, kinds[0].last) == (NOW, NOW + 2 * HOUR)


# ── how lines are read ────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("text", "severity", "message", "role"),
    [
        ("2026-11-22 10:00:00.123 UTC [7] api@postgres ERROR:  no x", "ERROR", "no x", "api"),
        ("2026-11-22T10:00:00.123456789Z 2026-11-22 10:00:00 UTC [7] FATAL:  bye", "FATAL", "bye", ""),
        ('{"time":"2026-11-22T10:00:00Z","level":"error","msg":"500: no"}', "error", "500: no", ""),
        ('{"ts":1795341600.5,"level":"info","message":"ok"}', "info", "ok", ""),
        ('2026-11-22T10:00:00+00:00 level=error msg="it \\"broke\\""', "error", 'it \\"broke\\"', ""),
        ("[2026-11-22 10:00:00,123] ERROR something", "ERROR", "something", ""),
        ('{"level":50,"time":1795341600000,"msg":"it broke"}', "error", "it broke", ""),
        ('{"level":30,"time":1795341600000,"msg":"ok"}', "info", "ok", ""),
        ('time="2026-11-22T10:00:00Z" level=error msg="it broke"', "error", "it broke", ""),
        ("2026/11/22 10:00:00 ERROR it broke", "ERROR", "it broke", ""),
        ("2026-11-22 10:00:00.1+00 UTC [7] ERROR:  it broke", "ERROR", "it broke", ""),
        ("2026-11-22T11:00:00+01:00 no errors found", "", "no errors found", ""),
    ],
)  # fmt: skip
def test_lines_of_several_kinds(text: str, severity: str, message: str, role: str) -> None:
    (line,) = lines_of([text])

    assert (line.severity, line.message, line.role) == (severity, message, role)
    assert line.at.replace(microsecond=0) == NOW


@pytest.mark.parametrize("zone", ["EST", "CET", "CEST", "PDT", "MSK"])
def test_a_time_in_a_zone_that_only_has_a_name_is_not_guessed(zone: str) -> None:
    with pytest.raises(Unobservable, match=f"{zone}.*log_timezone"):
        list(lines_of([f"2026-11-22 21:10:00.123 {zone} [12] ERROR:  x"]))


def test_lines_without_a_time_belong_to_the_one_before() -> None:
    text = ["2026-11-22T10:00:00Z INFO x", "  ERROR in the second line", "Traceback", "DETAIL:  Key (a)=(1)"]

    assert [is_error(line) for line in lines_of(text)] == [False]


OF_SIGNUP = {"severity": "ERROR", "role": "supabase_auth_admin", "message": 'relation "profiles" does not exist'}
WITHIN = 'INSERT INTO "users" ("email") VALUES ($1) PL/pgSQL function public.handle_new_user() line 3 at SQL statement'


@pytest.mark.parametrize(
    ("said", "failed"),
    [
        ({"severity": "", "message": "500: Database error saving new user"}, True),
        (OF_SIGNUP | {"around": WITHIN}, True),
        (OF_SIGNUP | {"around": 'INSERT INTO "users" ("email") VALUES ($1)', "state": "23502"}, True),
        (OF_SIGNUP | {"around": WITHIN, "state": "23505", "message": "duplicate key value, of profiles"}, True),
        (OF_SIGNUP | {"around": 'INSERT INTO "users" ("email") VALUES ($1)', "state": "23505"}, False),
        (OF_SIGNUP | {"around": WITHIN, "state": "57014"}, False),
        (OF_SIGNUP | {"around": 'SELECT * FROM "users"'}, False),
        (OF_SIGNUP, False),
        (OF_SIGNUP | {"around": WITHIN, "role": "authenticator"}, False),
        (OF_SIGNUP | {"severity": "FATAL", "message": "terminating connection due to administrator command"}, False),
    ],
)
def test_which_errors_are_failed_sign_ups(said: dict[str, str], failed: bool) -> None:
    assert is_failed_signup(Line(at=NOW, **said)) is failed


def test_what_postgres_adds_to_an_error_belongs_to_it() -> None:
    text = [
        "2026-11-22T10:00:00Z a@b ERROR:  no such table",
        "2026-11-22T10:00:00Z a@b CONTEXT:  PL/pgSQL function public.handle_new_user() line 3",
        "2026-11-22T10:00:00Z a@b STATEMENT:  insert into users",
        "\t(email) values ($1)",
        "2026-11-22T10:00:01Z a@b LOG:  next",
    ]
    first, second = lines_of(text)

    context = "PL/pgSQL function public.handle_new_user() line 3"
    assert " ".join(first.around.split()) == f"{context} insert into users (email) values ($1)"
    assert (second.message, second.around) == ("next", "")


@pytest.mark.parametrize(
    ("state", "ours"),
    [("", True), ("40P01", True), ("42P01", True), ("53300", True), ("XX000", True), ("57014", True)]
    + [(state, False) for state in ("42501", "23505", "22P02", "P0001", "28P01", "57P01")],
)
def test_whose_error_it_is(state: str, ours: bool) -> None:
    assert is_ours(Line(at=NOW, severity="ERROR", message="x", state=state)) is ours


# ── files ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def stamped(minutes_ago: float, text: str) -> str:
    return f"{(NOW - timedelta(minutes=minutes_ago)).isoformat()} {text}\n"


def test_a_file_is_read_within_the_window_and_back_into_what_was_rotated_away(tmp_path: Path) -> None:
    log = tmp_path / "ocean.log"
    (tmp_path / "ocean.log.1").write_text(stamped(90, "ERROR too old") + stamped(50, "ERROR rotated"))
    log.write_text(stamped(40, "ERROR new"))

    lines, newest, more = read_file(log, NOW - HOUR)

    assert [line.message for line in lines] == ["rotated", "new"]
    assert (newest, more) == (NOW - timedelta(minutes=40), False)


def test_of_a_huge_file_the_end_is_read_and_said_so(tmp_path: Path) -> None:
    log = tmp_path / "ocean.log"
    log.write_text(stamped(30, "ERROR " + "x" * 90) * (TAIL // 100))

    started = time.monotonic()
    lines, _, more = read_file(log, NOW - HOUR)

    assert more
    assert 50_000 < len(lines) < TAIL // 100
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("absent.log", None),
        ("empty.log", ""),
        ("undated.log", "ERROR\nERROR\n"),
        ("some.log", "ERROR a\nERROR b\n2026-11-22T10:00:00Z INFO c\n"),
    ],
)
def test_a_file_that_tells_nothing_is_unobservable(name: str, text: str | None, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / name).write_text(text)

    with pytest.raises(Unobservable, match=rf"{name}.*\[logs\] file"):
        read_file(tmp_path / name, NOW - HOUR)


# ── containers ────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("script", "kind", "match"),
    [
        ("echo 'Error response from daemon: No such container: x' >&2; exit 1", NoContainer, "No such container"),
        ("echo 'Cannot connect to the Docker daemon at unix:///x' >&2; exit 1", Unobservable, "Cannot connect"),
        ("exit 0", Unobservable, "no line at all"),
        ("exec sleep 30", Unobservable, "no answer"),
        (None, Unobservable, "not installed"),
    ],
)
def test_docker_that_does_not_tell(
    script: str | None, kind: type[Unobservable], match: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fixtures.logs.container.SECONDS", 0.5)
    docker = tmp_path / "docker"
    if script is not None:
        docker.write_text(f"#!/bin/sh\n{script}\n")
        docker.chmod(0o755)

    with pytest.raises(kind, match=match):
        read_container(str(docker), "x", NOW)


@needs_engine
def test_a_real_container_s_log_is_read_from_both_streams() -> None:
    name = f"seatrial-logs-{os.getpid()}"
    written = 'echo "INFO out"; echo "2026-01-01 00:00:00 UTC [1] a@b ERROR:  on the second stream" >&2'
    command = [
        "docker",
        "run",
        "--detach",
        "--name",
        name,
        "--network",
        "none",
        "--entrypoint",
        "sh",
        IMAGE,
        "-c",
        written,
    ]
    subprocess.run(command, check=True, capture_output=True)
    try:
        subprocess.run(["docker", "wait", name], check=True, capture_output=True, timeout=60)
        lines, newest, more = read_container("docker", name, datetime.now(UTC) - HOUR)
    finally:
        subprocess.run(["docker", "rm", "--force", name], check=True, capture_output=True)

    assert {(line.severity, line.message) for line in lines} == {("INFO", "out"), ("ERROR", "on the second stream")}
    assert datetime.now(UTC) - newest < HOUR
    assert not more
    with pytest.raises(NoContainer):
        read_container("docker", name, datetime.now(UTC) - HOUR)
