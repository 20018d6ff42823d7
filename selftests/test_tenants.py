"""What is said of tenants without asking any: password files, kinds of refusal, groups of versions, samples."""

import os
from contextlib import nullcontext
from pathlib import Path

import msgspec
import pytest

from fixtures.engine.settings import decode_settings
from fixtures.facts import Inapplicable, Unobservable
from fixtures.tenants.asked import Reach, complete, controlled, reach_of
from fixtures.tenants.asking import Asking, Wake, where_to
from fixtures.tenants.connecting import Answer, History
from fixtures.tenants.passwords import PasswordFile
from fixtures.tenants.refusals import Kind, kind_of, spoken
from fixtures.tenants.sweep import Bounds, Swept, chosen
from fixtures.tenants.versions import files_in, history_of, versions_of
from fixtures.variables import Variable

HOST = "ep-a.neon.example"
OLD, NEW = history_of(["1", "2"]), history_of(["1", "2", "3"])
BOUNDS = Bounds(at_once=4, tenant_seconds=1.0, sweep_seconds=9.0)


def passwords(folder: Path, text: str, mode: int = 0o600) -> PasswordFile:
    file = folder / "pgpass"
    file.write_text(text, encoding="utf-8")
    file.chmod(mode)
    return PasswordFile(file)


@pytest.mark.parametrize(
    ("line", "serves"),
    [
        pytest.param(f"{HOST}:5432:neondb:reader:secret", True, id="exact"),
        pytest.param(f"{HOST}:*:*:*:secret", True, id="wild"),
        pytest.param("*:*:*:*:secret", True, id="all-wild"),
        pytest.param(f"{HOST}:5433:neondb:reader:secret", False, id="other-port"),
        pytest.param("ep-b.neon.example:5432:neondb:reader:secret", False, id="other-host"),
        pytest.param(f"{HOST}:5432:neondb:owner:secret", False, id="other-user"),
        pytest.param(f"{HOST}:5432:neon\\db:reader:sec\\:ret", True, id="escaped"),
        pytest.param(f"ep-b:*:*:*:x\n# {HOST}:*:*:*:x\n\n{HOST}:*:*:*:", False, id="comment-and-no-password"),
        pytest.param(f"{HOST}:*:neondb:reader:secret\r\nep-b:*:*:*:x\r", True, id="carriage-returns"),
    ],
)
def test_a_line_serves_as_it_does_for_libpq(tmp_path: Path, line: str, serves: bool) -> None:
    known = passwords(tmp_path, f"another:*:*:*:x\n{line}\n")

    assert known.serves(HOST, 5432, "neondb", "reader") is serves


@pytest.mark.parametrize(
    ("text", "mode", "says"),
    [
        pytest.param("h:*:*:*:secret", 0o640, "others may read .*: chmod 600", id="open"),
        pytest.param("# nothing\n\n", 0o600, "has no line host:port:database:user:password", id="empty"),
        pytest.param("h:1:d:u\n", 0o600, "has no line host:port:database:user:password", id="no-password"),
    ],
)
def test_a_password_file_that_helps_nobody(tmp_path: Path, text: str, mode: int, says: str) -> None:
    with pytest.raises(Unobservable, match=says) as raised:
        passwords(tmp_path, text, mode)

    assert "secret" not in str(raised.value)


def test_a_password_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Unobservable, match=r"cannot be read \(No such file"):
        PasswordFile(tmp_path / "nowhere")


def test_no_password_is_kept(tmp_path: Path) -> None:
    known = passwords(tmp_path, f"{HOST}:*:neondb:reader:hunter2\n")

    assert "hunter2" not in repr(vars(known))


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ('connection to server at "192.0.2.7", port 5432 failed: server does not support SSL', "no TLS"),
        ("connection failed: ERROR:  connection is insecure (try using `sslmode=require`)", "no TLS"),
        ("SSL error: certificate verify failed", "certificate"),
        ('server certificate for "elsewhere" does not match host name "ep-a"', "another's certificate"),
        ('FATAL:  password authentication failed for user "reader"', "password"),
        ("fe_sendauth: no password supplied", "password"),
        ("auth method \"password\" requirement failed", "no connection"),
        ("ERROR:  The requested endpoint could not be found, or you don't have access to it.", "no such endpoint"),
        ("ERROR:  Your project has exceeded the compute time quota", "refused"),
        ('FATAL:  database "neondb" does not exist', "refused"),
        ("failed to resolve host 'ep-a': [Errno -2] Name or service not known", "no such name"),
        ("connection timeout expired", "no answer"),
        ("Connection refused", "no connection"),
        ("server closed the connection unexpectedly", "no connection"),
        ("", "no connection"),
    ],
)  # fmt: skip
def test_kinds(said: str, kind: str) -> None:
    assert kind_of(said) == kind


def test_what_others_say_is_short_and_plain() -> None:
    said = spoken(
        'connection failed: connection to server at "1.2.3.4", port 5 failed: FATAL:  \x1b[31mno\x07\nmore' + "x" * 999
    )

    assert said == "FATAL:  [31mno"
    assert len(spoken("y" * 999)) == 200


@pytest.mark.parametrize(
    ("sample", "day", "expected"),
    [(2, 0, "ab"), (2, 1, "cd"), (2, 2, "ea"), (9, 3, "abcde"), (("c", "z"), 0, "c")],
)
def test_samples(sample: int | tuple[str, ...], day: int, expected: str) -> None:
    assert sorted(chosen("ecabd", sample, day)) == sorted(expected)


def test_everybody_is_in_some_sample() -> None:
    known = [f"t{n}" for n in range(7)]

    assert {one for day in range(7) for one in chosen(known, 3, day)} == set(known)
    assert chosen([], 3, 1) == []


def reach(*answers: Answer, served: str = "abcdef", unfinished: str = "") -> Reach:
    swept = Swept(answers=[*answers], unfinished=[*unfinished])
    return reach_of("t", 9, set(served), swept, BOUNDS, "pgpass")


def good(name: str, history: History = NEW) -> Answer:
    return Answer(name, "h", history)


def test_nothing_is_said_of_tenants_when_it_may_be_this_machine() -> None:
    refused = Answer("a", "h", kind="no connection", said="Connection refused")

    with pytest.raises(Unobservable, match=r"none of 1 tenants was reached: no connection 1 .*this machine's network"):
        controlled(reach(refused))
    assert complete(reach(refused, good("b"))).kinds == {"no connection": 1}
    assert complete(reach(Answer("a", "h", kind="password", said="no"))).kinds == {"password": 1}


def test_unfinished_ones_blind_and_do_not_hide_a_fault() -> None:
    with pytest.raises(Unobservable, match="the turn of b did not come within 9 s"):
        complete(reach(good("a"), unfinished="b"))
    assert complete(reach(good("a"), Answer("c", "h", kind="refused"), unfinished="b")).unreached


def test_groups() -> None:
    answers = [
        good("a"),
        good("b", OLD),
        good("c"),
        good("d", history_of(["1", "3"])),
        Answer("e", "h", unread="absent"),
    ]

    seen = versions_of(reach(*answers), answers, NEW, "public.schema_migrations")

    assert [(group.newest, group.applied, group.count) for group in seen.groups] == [
        ("3", 3, 2), ("2", 2, 1), ("3", 2, 1), ("no table of migrations", 0, 1),
    ]  # fmt: skip
    assert [group.organizations for group in seen.astray] == [("b",), ("d",), ("e",)]
    assert not seen.unseen


def test_all_alike_and_all_behind() -> None:
    answers = [good("a", OLD), good("b", OLD)]

    assert [group.count for group in versions_of(reach(*answers), answers, NEW, "m").astray] == [2]
    assert not versions_of(reach(*answers), answers, None, "m").astray


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        pytest.param([Answer("a", "h", unread="absent")], "none of 1 tenants has a row in m", id="absent"),
        pytest.param([Answer("a", "h", unread="permission denied")], "1 do not let us read m, a first", id="closed"),
        pytest.param([good("a"), Answer("b", "h", kind="refused")], "agree, but 1 were not reached, b", id="unreached"),
        pytest.param([good("a"), Answer("b", "h", unread="no")], "agree, but 1 do not let us read", id="one-closed"),
        pytest.param([], "no tenant to ask", id="nobody"),
    ],
)  # fmt: skip
def test_versions_that_nobody_knows(answers: list[Answer], says: str) -> None:
    with pytest.raises(Unobservable, match=says):
        versions_of(reach(*answers), answers, NEW, "m")


def test_a_history_that_is_empty_everywhere_is_the_wrong_one() -> None:
    answers = [good("a", History("", 0, "")), Answer("b", "h", unread="absent")]

    with pytest.raises(Unobservable, match="none of 2 tenants has a row in m"):
        versions_of(reach(*answers), answers, None, "m")
    assert len(versions_of(reach(*answers), answers, NEW, "m").astray) == 2


def test_a_database_of_another_project_is_a_fault_and_has_its_migrations_all_the_same() -> None:
    answers = [Answer("a", "h", NEW, kind="another project", said="it is x"), good("b")]

    assert complete(reach(*answers)).kinds == {"another project": 1}
    assert [group.count for group in versions_of(reach(*answers), answers, NEW, "m").groups] == [2]


def test_whose_it_is_nobody_knows() -> None:
    with pytest.raises(Unobservable, match="reached, but it is not known whose it is: a does not say"):
        complete(reach(Answer("a", "h", NEW, anonymous=True), good("b")))


@pytest.mark.parametrize(
    "kind", ["foreign host", "no host", "certificate", "no such name", "no connection", "no answer"]
)
def test_what_is_said_of_nobody_but_us(kind: Kind) -> None:
    with pytest.raises(Unobservable, match=f"none of 2 tenants was reached: {kind} 2"):
        complete(reach(Answer("a", "h", kind=kind), Answer("b", "h", kind=kind)))


@pytest.mark.parametrize(
    "kind", ["no TLS", "another's certificate", "another project", "password", "no such endpoint", "refused"]
)
def test_what_only_the_other_side_can_have_said(kind: Kind) -> None:
    assert complete(reach(Answer("a", "h", kind=kind))).kinds == {kind: 1}


def test_a_service_that_the_environment_names_is_named() -> None:
    said = 'definition of service "nope" not found'

    with pytest.raises(Unobservable, match="unset PGSERVICE"):
        complete(reach(Answer("a", "h", kind=kind_of(said), said=said)))


@pytest.mark.parametrize(
    ("wake", "kind", "refusal"),
    [
        (None, "production", Unobservable), ("sample", "production", Inapplicable), ("sample", "staging", Inapplicable),
        ("all", "production", None), (None, "staging", None), (None, "local", None), ("all", "staging", None),
    ],
)  # fmt: skip
def test_who_may_be_woken(wake: Wake | None, kind: str, refusal: type[Exception] | None) -> None:
    with nullcontext() if refusal is None else pytest.raises(refusal, match="wake = "):
        Asking(wake=wake).refuse_to_wake_all(kind)


def test_who_is_unseen_does_not_hide_a_disagreement() -> None:
    answers = [good("a"), good("b", OLD), Answer("c", "h", kind="refused")]

    seen = versions_of(reach(*answers), answers, None, "m")

    assert len(seen.astray) == 1
    assert "c first" in seen.unseen


def test_a_name_is_enough_for_a_migration(tmp_path: Path) -> None:
    for name in ("2_b.sql", "1_a.sql", "notes.sql", "x_y.sql", "3_c.txt"):
        (tmp_path / name).touch()

    assert files_in(tmp_path) == OLD
    with pytest.raises(Unobservable, match=r"has no file <version>_<name>.sql"):
        files_in(tmp_path / "nowhere")


@pytest.mark.parametrize("address", ["localhost", ":5432", "127.0.0.1:http"])
def test_an_address_is_a_host_and_a_port(address: str) -> None:
    with pytest.raises(Unobservable, match=r"write it as 127.0.0.1:5432"):
        where_to(Asking(address=Variable(None, address)))


def test_an_address_in_brackets_is_libpqs_without_them() -> None:
    assert where_to(Asking(address=Variable(None, "[::1]:5433"))) == ("::1", 5433)
    assert where_to(Asking()) == ("", 5432)


@pytest.mark.parametrize("wrong", [{"at_once": 0}, {"tries": 0}, {"sweep_seconds": 0}, {"sample": 0}, {"wake": "some"}])
def test_settings_that_make_no_sense(wrong: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        decode_settings(wrong, Asking, os.environ)
