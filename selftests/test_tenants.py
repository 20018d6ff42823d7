"""What is said of tenants without asking any: settings, password files, kinds of refusal, samples."""

import os
from contextlib import nullcontext
from pathlib import Path

import msgspec
import pytest

from fixtures.engine.settings import decode_settings
from fixtures.facts import Inapplicable, Unobservable
from fixtures.tenants.asking import Asking, Wake, where_to
from fixtures.tenants.passwords import PasswordFile
from fixtures.tenants.refusals import kind_of, spoken
from fixtures.tenants.sweep import chosen
from fixtures.variables import Variable

HOST = "ep-a.neon.example"


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
        ('authentication method requirement "scram-sha-256" failed: server requested a cleartext password', "refused"),
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
