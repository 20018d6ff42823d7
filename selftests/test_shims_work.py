"""Stand-ins that work, compute what the real extensions compute; the vectors are those of the extensions' own tests."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from selftests.stand_in_servers import ENGINES, asked, hosted, scratch


@pytest.fixture(scope="module", params=ENGINES)
def owner(request: pytest.FixtureRequest) -> Iterator["psycopg.Connection[Any]"]:
    with hosted(request.param) as server, scratch(server) as connection:
        connection.execute(
            "create extension pg_hashids with schema extensions; create extension pg_jsonschema with schema extensions;"
            "create extension pg_cron with schema extensions"
        )
        yield connection


@pytest.fixture(autouse=True)
def undone(owner: "psycopg.Connection[Any]") -> Iterator[None]:
    with owner.transaction(force_rollback=True):
        yield


LETTERS = "'abcdefghijABCDxFGHIJ1234567890'"


@pytest.mark.parametrize(
    ("call", "expected"),
    [  # iCyberon/pg_hashids, README; hashids.org
        ("id_encode(1001)", "jNl"),
        ("id_encode(1234567, 'This is my salt')", "Pdzxp"),
        ("id_encode(1234567, 'This is my salt', 10)", "PlRPdzxpR7"),
        (f"id_encode(1234567, 'This is my salt', 10, {LETTERS})", "3GJ956J9B9"),
        ("id_encode(array[1, 2, 3], 'this is my salt')", "laHquq"),
        ("id_decode('PlRPdzxpR7', 'This is my salt', 10)", [1234567]),
        (f"id_decode('3GJ956J9B9', 'This is my salt', 10, {LETTERS})", [1234567]),
        ("id_decode('laHquq', 'this is my salt')", [1, 2, 3]),
        ("id_decode('laHquq', 'another salt')", []),
        ("id_decode_once('Pdzxp', 'This is my salt')", 1234567),
    ],
)
def test_hashids(call: str, expected: object, owner: "psycopg.Connection[Any]") -> None:
    assert asked(owner, f"select extensions.{call}") == expected


TAGS = '{"type": "object", "properties": {"tags": {"type": "array", "items": {"type": "string", "maxLength": 16}}}}'
SHIP = """{
  "$defs": {"mast": {"type": "integer", "minimum": 1}},
  "type": "object", "required": ["name"], "additionalProperties": false,
  "properties": {
    "name": {"type": "string", "pattern": "^[A-Z]", "minLength": 2},
    "masts": {"$ref": "#/$defs/mast"},
    "flag": {"enum": ["red", "blue", null]},
    "crew": {"type": "array", "uniqueItems": true, "minItems": 1, "contains": {"const": "cook"}},
    "length": {"anyOf": [{"type": "number", "exclusiveMinimum": 3, "multipleOf": 0.5}, {"const": "unknown"}]}
  },
  "if": {"required": ["masts"]}, "then": {"required": ["length"]}
}"""


@pytest.mark.parametrize(
    ("schema", "instance", "expected"),
    [
        (TAGS, '{"tags": ["vip", "darkmode-ui"]}', True),
        (TAGS, '{"tags": [1, 3]}', False),
        (TAGS, '{"tags": ["longer than sixteen letters"]}', False),
        (SHIP, '{"name": "Ada"}', True),
        (SHIP, '{"name": "ada"}', False),
        (SHIP, '{"name": "A"}', False),
        (SHIP, "{}", False),
        (SHIP, '{"name": "Ada", "colour": "blue"}', False),
        (SHIP, '{"name": "Ada", "masts": 2}', False),
        (SHIP, '{"name": "Ada", "masts": 2, "length": 12.5}', True),
        (SHIP, '{"name": "Ada", "masts": 2.0, "length": "unknown"}', True),
        (SHIP, '{"name": "Ada", "masts": 0, "length": 12.5}', False),
        (SHIP, '{"name": "Ada", "length": 12.25}', False),
        (SHIP, '{"name": "Ada", "length": 3}', False),
        (SHIP, '{"name": "Ada", "flag": null}', True),
        (SHIP, '{"name": "Ada", "flag": "green"}', False),
        (SHIP, '{"name": "Ada", "crew": ["cook", "mate"]}', True),
        (SHIP, '{"name": "Ada", "crew": ["mate"]}', False),
        (SHIP, '{"name": "Ada", "crew": ["cook", "cook"]}', False),
        ("true", "1", True),
        ("false", "1", False),
        ('{"not": {"type": "null"}, "oneOf": [{"type": "string"}, {"maxLength": 2}]}', '"ab"', False),
        ('{"prefixItems": [{"type": "string"}], "items": {"type": "number"}}', '["a", 1, 2]', True),
        ('{"prefixItems": [{"type": "string"}], "items": {"type": "number"}}', '["a", "b"]', False),
        ('{"patternProperties": {"^s_": {"type": "string"}}, "additionalProperties": false}', '{"s_a": "x"}', True),
        ('{"patternProperties": {"^s_": {"type": "string"}}, "additionalProperties": false}', '{"s_a": 1}', False),
        ('{"type": "number", "minimum": 3, "exclusiveMinimum": true}', "3", False),
    ],
)
def test_json_schema(schema: str, instance: str, expected: bool, owner: "psycopg.Connection[Any]") -> None:
    call = owner.execute("select extensions.jsonb_matches_schema(%s::json, %s::jsonb)", (schema, instance))

    assert call.fetchone() == (expected,)


def test_a_check_with_a_json_schema_refuses_a_row(owner: "psycopg.Connection[Any]") -> None:
    owner.execute(
        f"create table public.ships (about json check (extensions.json_matches_schema('{TAGS}', about)))".encode()
    )

    with pytest.raises(psycopg.errors.CheckViolation):
        owner.execute("insert into public.ships values ('{\"tags\": [1, 3]}')")


def test_a_reference_to_another_document_is_an_error(owner: "psycopg.Connection[Any]") -> None:
    with pytest.raises(psycopg.errors.RaiseException, match="knows one document only"):
        owner.execute("""select extensions.json_matches_schema('{"$ref": "https://x.example/s"}', '1')""")


@pytest.mark.parametrize("schedule", ["* * * * *", "*/5 0-6,22 1 jan mon-fri", "0 0 $ * *", "30 seconds", "@daily"])
def test_a_job_is_scheduled_and_again_under_the_same_name(schedule: str, owner: "psycopg.Connection[Any]") -> None:
    first = asked(owner, "select cron.schedule('nightly', '0 3 * * *', 'select 1')")

    assert asked(owner, f"select cron.schedule('nightly', '{schedule}', 'select 2')") == first
    assert owner.execute("select schedule, command from cron.job").fetchall() == [(schedule, "select 2")]


@pytest.mark.parametrize(
    "schedule", ["61 * * * *", "0 25 * * *", "nightly", "90 seconds", "* * * *", "0 3 * * someday"]
)
def test_a_schedule_that_cannot_be_read_is_an_error(schedule: str, owner: "psycopg.Connection[Any]") -> None:
    with pytest.raises(psycopg.errors.InvalidParameterValue, match="invalid schedule"):
        owner.execute(f"select cron.schedule('nightly', '{schedule}', 'select 1')".encode())


@pytest.mark.parametrize("job", ["'nightly'", "4711"])
def test_unscheduling_an_unknown_job_is_an_error(job: str, owner: "psycopg.Connection[Any]") -> None:
    with pytest.raises(psycopg.errors.RaiseException, match="could not find valid entry for job"):
        owner.execute(f"select cron.unschedule({job})".encode())


MESSAGE = (
    "select array_agg(attname::text order by attnum) from pg_attribute where attrelid = 'pgmq.message_record'::regclass"
)


@pytest.mark.parametrize(("version", "headers"), [("1.4.4", False), ("1.5.1", True)])
def test_the_version_asked_for_is_the_one_made(version: str, headers: bool, owner: "psycopg.Connection[Any]") -> None:
    owner.execute(f"create extension pgmq version '{version}'".encode())

    assert ("headers" in asked(owner, MESSAGE)) is headers
    assert asked(owner, "select extversion from pg_extension where extname = 'pgmq'") == version


def test_without_a_version_it_is_the_newer(owner: "psycopg.Connection[Any]") -> None:
    owner.execute("create extension pgmq")

    assert "headers" in asked(owner, MESSAGE)


@pytest.mark.parametrize("version", ["1.4.4", "1.5.1"])
def test_a_queue_works_over_an_update_too(version: str, owner: "psycopg.Connection[Any]") -> None:
    owner.execute(f"create extension pgmq version '{version}'; select pgmq.create('Orders')".encode())
    owner.execute("""select pgmq.send('Orders', '{"n": 1}'); alter extension pgmq update""")
    sent = owner.execute("""select pgmq.send('orders', '{"n": 2}', '{"from": "test"}'::jsonb)""").fetchone()
    read = owner.execute("select msg_id, read_ct, message, headers from pgmq.read('orders', 30, 5)").fetchall()

    assert sent == (2,)
    assert read == [(1, 1, {"n": 1}, None), (2, 1, {"n": 2}, {"from": "test"})]
    assert owner.execute("select msg_id from pgmq.read('orders', 30, 5)").fetchall() == []  # not visible for 30 s
    assert asked(owner, "select pgmq.archive('orders', 1)") is True
    assert asked(owner, "select pgmq.delete('orders', 2)") is True
    assert asked(owner, "select total_messages from pgmq.metrics('orders')") == 2
    assert asked(owner, "select count(*) from pgmq.a_orders") == 1
    assert asked(owner, "select pgmq.drop_queue('orders')") is True
    assert asked(owner, "select pgmq.drop_queue('orders')") is False


def test_a_message_is_read_on_a_condition(owner: "psycopg.Connection[Any]") -> None:
    owner.execute("""create extension pgmq; select pgmq.create('orders');
        select pgmq.send_batch('orders', array['{"n": 1}', '{"n": 2}']::jsonb[])""")

    assert asked(owner, """select msg_id from pgmq.read('orders', 30, 5, '{"n": 2}')""") == 2


@pytest.mark.parametrize(("name", "message"), [("F--oo", "invalid characters"), ("o" * 48, "maximum length is 47")])
def test_a_queue_has_a_proper_name(name: str, message: str, owner: "psycopg.Connection[Any]") -> None:
    owner.execute("create extension pgmq")

    with pytest.raises(psycopg.errors.RaiseException, match=message):
        owner.execute(f"select pgmq.create('{name}')".encode())


def test_a_request_is_queued_with_its_parameters(owner: "psycopg.Connection[Any]") -> None:
    owner.execute("""select net.http_post('https://x.example/y?a=1', '{"n": 1}', '{"k": "a b"}', '{"X-Key": "1"}')""")

    row = owner.execute(
        "select method, url, headers, convert_from(body, 'UTF8') from net.http_request_queue"
    ).fetchone()
    headers = {"X-Key": "1", "Content-Type": "application/json"}
    assert row == ("POST", "https://x.example/y?a=1&k=a%20b", headers, '{"n": 1}')


def test_a_request_of_another_content_is_an_error(owner: "psycopg.Connection[Any]") -> None:
    with pytest.raises(psycopg.errors.RaiseException, match='Content-Type header must be "application/json"'):
        owner.execute("""select net.http_post('https://x.example', headers => '{"content-type": "text/plain"}')""")


def test_a_database_webhook_queues_what_it_would_send(owner: "psycopg.Connection[Any]") -> None:
    owner.execute("""create trigger told after insert on auth.users for each row
        execute function supabase_functions.http_request('https://x.example/hook', 'POST', '{}', '{}', '1000')""")
    owner.execute("insert into auth.users (id) values ('a11ce000-0000-4000-8000-000000000001')")

    body = asked(owner, "select convert_from(body, 'UTF8')::jsonb from net.http_request_queue")
    assert (body["type"], body["schema"], body["table"]) == ("INSERT", "auth", "users")
    assert body["record"]["id"] == "a11ce000-0000-4000-8000-000000000001"
    assert asked(owner, "select hook_name from supabase_functions.hooks") == "told"
