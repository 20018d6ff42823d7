"""`--postgres URL`: which servers are refused before anything is asked of them, and that no password is told."""

import pytest

from fixtures import Unobservable
from fixtures.workbench.engines.given import GivenEngine

CANARY = "canary-a8f1c7"
HERE = ["localhost", "127.0.0.1", "127.3.2.1", "[::1]", "", "/var/run/postgresql".replace("/", "%2F")]
ELSEWHERE = [
    "db.example.com",
    "10.0.0.7",
    "[2001:db8::1]",
    "localhost,db.example.com",
    "localhost.example.com",
    "0.0.0.1",
]


@pytest.mark.parametrize("host", HERE)
def test_this_machine_is_allowed(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    GivenEngine(f"postgresql://u@{host}/x", "exposed", lambda secret: None)


@pytest.mark.parametrize("place", [*(f"u:{CANARY}@{host}/x" for host in ELSEWHERE), "u@localhost/x?hostaddr=10.0.0.7"])
def test_another_machine_is_refused_unless_told(place: str) -> None:
    with pytest.raises(
        Unobservable, match=r"which is not this machine.*`anywhere = true` under \[workbench\]"
    ) as refused:
        GivenEngine(f"postgresql://{place}", "exposed", lambda secret: None)
    assert CANARY not in str(refused.value)
    GivenEngine(f"postgresql://{place}", "exposed", lambda secret: None, anywhere=True)


@pytest.mark.parametrize("name", ["PGHOST", "PGHOSTADDR"])
def test_a_variable_of_libpq_counts_too(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "10.0.0.7")
    with pytest.raises(Unobservable, match=r"names 10\.0\.0\.7, which is not this machine"):
        GivenEngine("postgresql:///x", "exposed", lambda secret: None)


@pytest.mark.parametrize(
    ("given", "production", "refused"),
    [
        ("db.example.com", "other:secret@db.example.com:5432/postgres", True),
        ("DB.example.com:5432", "u@db.example.com", True),
        ("localhost:6543", "u@127.0.0.1:6543/y", True),
        ("a.example.com,db.example.com", "u@db.example.com", True),
        ("db.example.com:5433", "u@db.example.com:5432", False),
        ("localhost:5433", "u@localhost:6543", False),
    ],
)
def test_production_is_refused_whatever_is_told(given: str, production: str, refused: bool) -> None:
    def make() -> GivenEngine:
        never = [f"postgresql://{production}"]
        return GivenEngine(f"postgresql://u@{given}/x", "exposed", lambda secret: None, anywhere=True, never=never)

    if refused:
        with pytest.raises(Unobservable, match="names production's server: throwaway databases are never made there"):
            make()
    else:
        make()


def test_a_service_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unobservable, match="names a service, which may be anywhere: write the host"):
        GivenEngine("postgresql:///?service=production", "exposed", lambda secret: None)
    monkeypatch.setenv("PGSERVICE", "production")
    with pytest.raises(Unobservable, match="names a service"):
        GivenEngine("postgresql:///x", "exposed", lambda secret: None)


def test_the_password_is_hidden_and_not_told() -> None:
    hidden: list[str] = []
    GivenEngine(f"postgresql://u:{CANARY}%2F@localhost/x", "exposed", hidden.append)
    assert hidden == [f"{CANARY}/"]

    with pytest.raises(Unobservable, match="is not a URL that libpq understands") as refused:
        GivenEngine(f"postgresql://u:{CANARY}@localhost:port/x?nonesuch=1", "exposed", hidden.append)
    assert CANARY not in str(refused.value)


def test_no_server_there_is_told() -> None:
    with pytest.raises(Unobservable, match=r"at 127\.0\.0\.1: (?s:.*)refused(?s:.*)is --postgres right"):
        GivenEngine("postgresql://alice@127.0.0.1:1/x", "exposed", lambda secret: None).start()
