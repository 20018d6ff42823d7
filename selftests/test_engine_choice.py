"""What `--postgres` takes: what is named, else the first that is there, and why; what is no place is refused."""

import os
import socket
import sys
from pathlib import Path

import pytest

from fixtures import Unobservable
from fixtures.workbench.engines import docker_engine, embedded, placing, system
from fixtures.workbench.engines.cluster import LocalEngine
from fixtures.workbench.engines.container import ContainerEngine
from fixtures.workbench.engines.engine import Engine
from fixtures.workbench.engines.launch import Binaries
from fixtures.workbench.engines.placing import Wish, find_engine
from selftests.small_house import House, build

CANARY = "canary-c0ffee77"
USAGE = 4


def found(**wish: object) -> Engine:
    return find_engine(Wish(**wish), "exposed", lambda secret: None)  # type: ignore[arg-type]  # words of a Wish


@pytest.fixture(autouse=True)
def no_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without Docker."""
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    for name in ("_SOCKETS", "_SETTINGS"):
        monkeypatch.setattr(docker_engine, name, (str(tmp_path / "nothing"),))


def test_what_is_named_is_taken() -> None:
    local = {"embedded": "LocalEngine", "system": "LocalEngine"}
    for where, kind in {**local, "container": "ContainerEngine", "postgresql://u@localhost/x": "GivenEngine"}.items():
        engine = found(where=where)
        assert type(engine).__name__ == kind
        assert engine.remark == ""


def test_auto_is_embedded_unless_an_image_is_named() -> None:
    engine = found()
    assert isinstance(engine, LocalEngine)
    assert engine._name == "embedded"
    assert engine.remark == ""


def test_auto_says_why_it_takes_no_container() -> None:
    engine = found(image="postgres:17")
    assert isinstance(engine, LocalEngine)
    assert engine.remark.startswith(
        "--postgres auto passed over: there is no Docker engine (no DOCKER_HOST, no socket)"
    )


def test_looking_for_an_engine_that_is_not_there_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docker", None)  # importing its client alone takes longer than may be taken
    assert "no Docker engine" in found(image="postgres:17").remark


def test_auto_takes_a_container_when_the_image_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "_container", lambda image, *rest: ContainerEngine(image, *rest))
    assert isinstance(found(image="postgres:17"), ContainerEngine)


def test_auto_goes_on_to_the_programs_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(owner: object) -> None:
        raise Unobservable("no wheel")

    there = Binaries(folder=Path("/there"), version="x", described="x")
    monkeypatch.setattr(embedded, "_binaries", none)
    monkeypatch.setattr(system, "_binaries", lambda owner: there)
    engine = found()
    assert isinstance(engine, LocalEngine)
    assert (engine._name, engine.remark) == ("system", "--postgres auto passed over: no wheel")

    monkeypatch.setattr(system, "_binaries", none)
    with pytest.raises(Unobservable, match=r"auto finds no way to a throwaway Postgres: no wheel; no wheel"):
        found()


def test_a_misspelt_place_in_the_environment_file_is_told() -> None:
    with pytest.raises(
        Unobservable, match=r"\[workbench\] postgres = 'docker' is not known: known are auto, container"
    ):
        found(where="docker")


def test_an_engine_that_is_not_there_any_more_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(tmp_path / "left"))
    for name, why in (("none", "No such file"), ("left", "refused")):
        monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/{name}")
        with pytest.raises(Unobservable, match=rf"no Docker engine answers at unix://.*{name} \(.*{why}.*start it"):
            found(where="container").start()


def test_an_engine_elsewhere_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:1")
    with pytest.raises(Unobservable, match=r"no Docker engine answers at tcp://127\.0\.0\.1:1; start it"):
        found(where="container").start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_an_engine_that_does_not_let_us_in_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX) as engine:
        engine.bind(str(tmp_path / "engine"))
        (tmp_path / "engine").chmod(0o600)
        for folder in (tmp_path, *tmp_path.parents):
            if folder.owner() == "root" and "pytest" in folder.name:
                folder.chmod(0o755)
        monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/engine")
        child = os.fork()
        if child == 0:
            os.setuid(65534)
            try:
                docker_engine._knock()
            except Unobservable as problem:
                os._exit(7 if "does not let this user in: add the user to the group docker" in str(problem) else 8)
            os._exit(9)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


@pytest.fixture
def house(tmp_path: Path) -> House:
    return build(tmp_path / "house", tmp_path.parent / "timber").check("ok").manifest({"ok": ["pre-deploy"]})


@pytest.mark.parametrize(
    "said", ["auto", "container", "embedded", "system", f"postgresql://u:{CANARY}@localhost:5432/x"]
)
def test_places_are_accepted(house: House, said: str) -> None:
    ran = house.run("--postgres", said)
    assert ran.exit == 0
    assert CANARY not in ran.output


@pytest.mark.parametrize(
    "said",
    [
        f"postgresql://u:{CANARY}@localhost:5432/x/y",
        f"postgresql://u:{CANARY}/{CANARY}@localhost/x",
        f"mysql://u:{CANARY}@localhost/x",
        f"postgresql//u:{CANARY}@localhost/x",
        f"host=localhost password={CANARY}",
        f"postgresql://u:{CANARY}@localhost/x y",
    ],
)
@pytest.mark.parametrize("by", ["option", "variable"])
def test_what_is_no_url_is_refused_and_not_repeated(house: House, said: str, by: str) -> None:
    if by == "variable":
        house.variables["SEATRIAL_POSTGRES"] = said
    ran = house.run(*(["--postgres", said] if by == "option" else []))

    assert ran.exit == USAGE
    assert "--postgres (SEATRIAL_POSTGRES) is not a URL of this form: postgresql://user:" in ran.output
    assert CANARY not in ran.output
    assert house.looked() == []


def test_a_word_that_is_no_place_names_the_choices(house: House) -> None:
    ran = house.run("--postgres", "docker")
    assert ran.exit == USAGE
    assert (
        "--postgres docker (SEATRIAL_POSTGRES): known are auto, container, embedded, system and the URL" in ran.output
    )
