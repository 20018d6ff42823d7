"""How soon there is a throwaway server, and on it a database in the state that is asked for."""

import asyncio
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import histories, rounds
from benchmarks.aims import Aim, within
from benchmarks.part import Beside, Missing, Part
from fixtures import Unobservable
from fixtures.migrations.files import Source, classified, read_sources
from fixtures.migrations.release import Release, all_but_newest
from fixtures.workbench.bench import Bench
from fixtures.workbench.engines.engine import Engine
from fixtures.workbench.engines.placing import Wish, find_engine

FILES = 1000
"""They make 200 tables."""
ENGINES = ("embedded", "system")
ACCESSIBLE = 0o755
"""For root, whose servers run as another account that must reach the cache."""
FIRST, LATER, ZERO = "server, first use", "server, later", "200 tables, replayed from zero"
AGAIN, MORE, CLONE = "200 tables, unchanged history again", "200 tables, one file more", "200 tables, a second clone"
SECONDS = {FIRST: 3.0, LATER: 0.6, AGAIN: 0.3}
"""What each may take."""
ONE_MORE = "alter table public.t1 add column one_more text;"


def measure(count: int, tell: Callable[[str], None]) -> Part:
    """`count` rounds with each engine that is here, in caches of their own.

    Raises:
        RuntimeError: a history that had not changed was run again.
        fixtures.Unobservable: a server did not start, or the history does not replay.
    """
    seconds: dict[str, list[float]] = {}
    missing, aims = [], []
    for name in ENGINES:
        why = _missing(name)
        if why:
            missing.append(Missing(f"{name} engine", why))
            continue
        found = _of(name, count, tell)
        seconds |= {f"{kind}, {name}": took for kind, took in found.items()}
        aims += _aims(name, found)
    compared = [Beside(f"{AGAIN}, {name}", f"{ZERO}, {name}") for name in ENGINES if f"{ZERO}, {name}" in seconds]
    title = "Throwaway servers and databases"
    return Part("workbench", title, seconds, aims, beside=compared, missing=missing)


def _aims(name: str, found: dict[str, list[float]]) -> list[Aim]:
    return [within(f"{kind}, within {limit:g} s, {name}", found[kind], limit) for kind, limit in SECONDS.items()]


def _missing(name: str) -> str:
    try:
        _engine(name).baseline  # noqa: B018  # looks for the programs
    except Unobservable as problem:
        return str(problem)
    return ""


def _engine(name: str) -> Engine:
    return find_engine(Wish(where=name), "exposed", lambda secret: None)


def _of(name: str, count: int, tell: Callable[[str], None]) -> dict[str, list[float]]:
    with tempfile.TemporaryDirectory(prefix="seatrial-benchmark-") as folder:
        os.chmod(folder, ACCESSIBLE)
        place = Place(name, Path(folder), histories.write(Path(folder, "checkout"), FILES))
        tell("warming up")
        place.prepare()
        kinds = {
            FIRST: place.first,
            LATER: place.later,
            ZERO: lambda: place.history("bare"),
            AGAIN: lambda: place.history("kept"),
            MORE: lambda: place.history("kept", ONE_MORE),
            CLONE: place.second_clone,
        }
        return rounds.interleaved(kinds, count, lambda text: tell(f"{name}: {text}"))


@dataclass
class Place:
    """An engine, and two caches for it: `bare` has servers without migrations only, `kept` what a run left there."""

    name: str
    folder: Path
    checkout: Path
    replayed: float = 0.0
    """Seconds that the kept run says it took: a run that says the same has taken it over."""

    def prepare(self) -> None:
        """Fill the caches."""
        with self._cache("bare"):
            _engine(self.name).start().stop()
        with self._cache("kept"):
            asyncio.run(self._timed(keep=True))

    def first(self) -> float:
        """Seconds to a server where nothing was made before."""
        with tempfile.TemporaryDirectory(dir=self.folder) as empty:
            os.chmod(empty, ACCESSIBLE)
            return self._started(empty)

    def later(self) -> float:
        """Seconds to a server."""
        return self._started("bare")

    def history(self, cache: str, more: str = "") -> float:
        """Seconds from reading the files to a database with all of them, and one file `more`."""
        with self._cache(cache):
            return asyncio.run(self._timed(more=more, again=cache == "kept" and not more))

    def second_clone(self) -> float:
        """Seconds to another one, when there is one."""
        with self._cache("kept"):
            return asyncio.run(self._timed(clones=2, again=True))

    def _started(self, cache: str) -> float:
        with self._cache(cache):
            began = time.perf_counter()
            server = _engine(self.name).start()
            took = time.perf_counter() - began
            server.stop()
            return took

    async def _timed(self, *, more: str = "", clones: int = 1, keep: bool = False, again: bool = False) -> float:
        began = time.perf_counter()
        sources = self._sources(more)
        bench = Bench(_engine(self.name), sources, lambda: _release(sources), keep=keep)
        try:
            for number in range(clones):
                began = time.perf_counter() if number else began
                await bench.whole()
            took = time.perf_counter() - began
            await self._compare(bench, again=again, keep=keep)
            return took
        finally:
            await bench.close()

    async def _compare(self, bench: Bench, *, again: bool, keep: bool) -> None:
        said = (await bench.outcome()).seconds
        if again and said != self.replayed:
            raise RuntimeError(f"{self.name}: a history that had not changed was run again: nothing was kept")
        if keep:
            self.replayed = said

    def _sources(self, more: str) -> Sequence[Source]:
        added = [Source(classified("20990101000000_more.sql", more.encode(), first=False), more)] if more else []
        return [*read_sources(self.checkout), *added]

    @contextmanager
    def _cache(self, name: str) -> Iterator[None]:
        before = os.environ.get("XDG_CACHE_HOME")
        os.environ["XDG_CACHE_HOME"] = str(self.folder / name)
        try:
            yield
        finally:
            del os.environ["XDG_CACHE_HOME"]
            os.environ |= {"XDG_CACHE_HOME": before} if before is not None else {}


async def _release(sources: Sequence[Source]) -> Release:
    return all_but_newest(sources, "the benchmark")
