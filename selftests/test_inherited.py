"""What a thread reads of this process's variables while another changes them."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from fixtures.engine.inherited import inherited, undisturbed

NAME = "SELFTEST_COMES_AND_GOES"


def test_all_variables_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "here")

    assert inherited() == dict(os.environ)
    assert inherited()[NAME] == "here"


def test_a_variable_that_goes_meanwhile_is_no_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Taken away between the names and their values, as pytest does with the name of the test."""

    class Going(dict[str, str]):
        def get(self, name: str, default: object = None) -> object:  # type: ignore[override]  # one of its overloads
            return None if name == NAME else super().get(name, default)

    monkeypatch.setattr(os, "environ", Going({NAME: "gone by now", "PATH": "/bin"}))

    assert inherited() == {"PATH": "/bin"}


def test_a_thousand_readings_beside_somebody_who_sets_and_unsets() -> None:
    with _coming_and_going():
        for _ in range(1000):
            assert inherited()["PATH"]


def test_a_library_that_reads_them_itself_is_called_again() -> None:
    with _coming_and_going():
        for _ in range(1000):
            assert undisturbed(lambda: dict(os.environ))["PATH"]


def test_another_mistake_of_the_library_is_told() -> None:
    with pytest.raises(KeyError, match="unknown option"):
        undisturbed(partial({"known": 1}.__getitem__, "unknown option"))


@contextmanager
def _coming_and_going() -> Iterator[None]:
    done = threading.Event()

    def change() -> None:
        while not done.is_set():
            os.environ[NAME] = "here"
            os.environ.pop(NAME, None)

    thread = threading.Thread(target=change)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
