"""What reading pending migrations costs beside squawk alone: the same files, the same machine, in turn."""

import asyncio
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path

from benchmarks import rounds
from benchmarks.aims import Aim, beside
from benchmarks.part import BySize, Part, lines, named, pairs
from fixtures.lint.pending import Pending
from fixtures.lint.squawk import _binary
from fixtures.migrations.files import FOLDER, read_sources
from fixtures.migrations.release import Release
from fixtures.workbench.bench import Bench

SIZES = (200, 1000)
AIMED, TIMES = 1000, 1.2
ALONE, OURS, PLAIN = "squawk alone", "migration_lint", "nothing for our parser"
SUFFIXES = ("", f", {PLAIN}")
TABLE = """
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
OFTEN, TABLES, MANY = 6, 3, 16
"""One file in so many is in a transaction of its own, and longer than the others. Measured on 1,678 files of 23 public
projects: 17% of the files, with 54% of the text, hold a word for which our parser has to read what squawk has read
already; a file has 3.6 kB."""


def measure(count: int, tell: Callable[[str], None], sizes: Sequence[int] = SIZES) -> Part:
    """`count` rounds of squawk and of ours on folders of each size; one of ours before, uncounted.

    Raises:
        fixtures.Unobservable: squawk is missing.
    """
    found = {size: _of(size, count, tell) for size in sizes}
    compared = [pair for suffix in SUFFIXES for pair in pairs(found, "files", f"{OURS}{suffix}", f"{ALONE}{suffix}")]
    return Part(
        "lint",
        "Pending migrations read",
        named(found, "files"),
        [aim for suffix in SUFFIXES for aim in _aims(found, suffix)],
        lines=lines(found),
        beside=compared,
        versions={"squawk": version("squawk-cli")},
    )


def _aims(found: BySize, suffix: str) -> list[Aim]:
    row = found.get(AIMED, {})
    sentence = f"lint of {AIMED:,} files within {TIMES} times squawk alone{suffix}"
    return [beside(sentence, row[f"{OURS}{suffix}"], row[f"{ALONE}{suffix}"], TIMES)] if row else []


def _of(size: int, count: int, tell: Callable[[str], None]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for often, suffix in ((OFTEN, ""), (0, SUFFIXES[1])):
        with folder(size, often) as checkout:
            ours(checkout)
            kinds = {f"{ALONE}{suffix}": partial(alone, checkout), f"{OURS}{suffix}": partial(ours, checkout)}
            found |= rounds.interleaved(kinds, count, partial(_told, tell, size))
    return found


def _told(tell: Callable[[str], None], size: int, text: str) -> None:
    tell(f"{size} files, {text}")


@contextmanager
def folder(size: int, often: int) -> Iterator[Path]:
    """A checkout with that many migrations; one of `often` is such that we read it too, none when that is 0."""
    with tempfile.TemporaryDirectory(prefix="seatrial-benchmark-") as name:
        migrations = Path(name, FOLDER)
        migrations.mkdir(parents=True)
        for number in range(size):
            text = _text(number, read_by_us=bool(often) and number % often == 0)
            (migrations / f"{20250101000000 + number}_things.sql").write_text(text, encoding="utf-8")
        yield Path(name)


def _text(number: int, *, read_by_us: bool) -> str:
    tables = "".join(TABLE.format(number=f"{number}_{table}") for table in range(MANY if read_by_us else TABLES))
    return f"begin;\n{tables}commit;\n" if read_by_us else f"set lock_timeout = '2s';\n{tables}"


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
