"""What reading pending migrations costs beside squawk alone: the same files, the same machine, in turn."""

import asyncio
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks import rounds
from benchmarks.aims import Aim
from benchmarks.figures import Figure, figure
from fixtures.lint.pending import Pending
from fixtures.lint.squawk import _binary
from fixtures.migrations.files import FOLDER, read_sources
from fixtures.migrations.release import Release
from fixtures.workbench.bench import Bench

FILES = (20, 200, 1000, 5000)
AIMED_AT, TIMES = 1000, 1.2
ALONE, OURS = "squawk alone", "migration_lint"
TEMPLATE = """-- {number}
set lock_timeout = '2s';
create table public.things_{number} (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations (id) on delete cascade,
  name text not null check (length(name) between 1 and 80),
  created_at timestamptz not null default now()
);
alter table public.things_{number} enable row level security;
create policy "members see things" on public.things_{number}
  for select to authenticated using (organization_id in (select private.my_organization_ids()));
create function public.count_things_{number}() returns bigint language sql stable set search_path = '' as $$
  select count(*) from public.things_{number}
$$;
"""
"""Four statements and a half a file, which is more than the average of real folders."""


@dataclass(frozen=True)
class Linting:
    """Seconds, by how many files and what read them."""

    seconds: dict[int, dict[str, list[float]]]

    @property
    def aims(self) -> list[Aim]:
        """What is promised about reading."""
        taken = self.seconds[AIMED_AT]
        runs = zip(taken[OURS], taken[ALONE], strict=True)
        sentence = f"lint of {AIMED_AT:,} files within {TIMES} times squawk alone"
        return [Aim(sentence, tuple((ours, TIMES * alone) for ours, alone in runs))]

    def figures(self) -> dict[str, Figure]:
        """By what read how many files."""
        return {
            f"{kind}, {count:,} files": figure(values)
            for count, kinds in self.seconds.items()
            for kind, values in kinds.items()
        }

    def plain(self) -> dict[str, object]:
        """For JSON: the figures and every single measurement."""
        return {
            "aims": [aim.plain() for aim in self.aims],
            "figures": {name: value.plain() for name, value in self.figures().items()},
            "seconds": self.seconds,
        }


def measure(count: int, tell: Callable[[str], None], sizes: Iterable[int] = FILES) -> Linting:
    """`count` rounds of squawk and of ours on folders of each size; one of ours before, uncounted.

    Raises:
        fixtures.Unobservable: squawk is missing.
    """
    seconds = {}
    for size in sizes:
        with folder(size) as checkout:
            ours(checkout)
            kinds = {ALONE: partial(alone, checkout), OURS: partial(ours, checkout)}
            seconds[size] = rounds.interleaved(kinds, count, partial(_told, tell, size))
    return Linting(seconds)


def _told(tell: Callable[[str], None], size: int, text: str) -> None:
    tell(f"{size} files, {text}")


@contextmanager
def folder(size: int) -> Iterator[Path]:
    """A checkout with that many migrations."""
    with tempfile.TemporaryDirectory(prefix="seatrial-benchmark-") as name:
        migrations = Path(name, FOLDER)
        migrations.mkdir(parents=True)
        for number in range(size):
            (migrations / f"{20250101000000 + number}_things.sql").write_text(TEMPLATE.format(number=number))
        yield Path(name)


def alone(checkout: Path) -> float:
    """Seconds that squawk takes for all files in one process, as it comes."""
    paths = [source.file.path for source in read_sources(checkout)]
    started = time.perf_counter()
    subprocess.run([_binary(), "--reporter=json", *paths], cwd=checkout, capture_output=True, check=False)
    return time.perf_counter() - started


def ours(checkout: Path) -> float:
    """Seconds from files in memory to findings, squawk's among them."""
    release = Release(applied=(), pending=tuple(read_sources(checkout)), known_by="")
    started = time.perf_counter()
    asyncio.run(_written(Pending(release, checkout, _no_bench)))
    return time.perf_counter() - started


async def _written(pending: Pending) -> None:
    await pending.written("migration_lint[syntax]")


async def _no_bench() -> Bench:
    raise AssertionError("reading takes no database")
