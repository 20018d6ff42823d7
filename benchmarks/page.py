"""The report page in Chromium: how large, and how soon it stands, beside the pages of others for the same verdicts."""

import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path

from benchmarks import chromium, page_peers
from benchmarks.aims import within
from benchmarks.figures import Figure, figure
from benchmarks.kept_peers import NotHere
from benchmarks.part import BySize, Missing, Part, named, pairs
from benchmarks.rounds import interleaved

SIZES = (100, 1000, 10_000)
AIMED, SECONDS = 10_000, 1.0
OURS = "our page ready"
PEERS: Mapping[str, Callable[[int, Path], Path]] = {
    "Allure's ready": page_peers.allure,
    "pytest-html's ready": page_peers.pytest_html,
}
MEGABYTE = 1e6


def measure(count: int, tell: Callable[[str], None], sizes: Sequence[int] = SIZES) -> Part:
    """`count` rounds of each page with each number of verdicts, each in a browser that has just been started.

    Raises:
        RuntimeError: there is no Chromium, a page could not be made, or showed nothing.
    """
    browser = chromium.program()
    if browser is None:
        raise RuntimeError(f"there is no Chromium: apt install chromium, or name it in {chromium.NAMED}")
    missing: dict[str, Missing] = {}
    found: dict[int, dict[str, list[float]]] = {}
    derived: dict[str, Figure] = {}
    with tempfile.TemporaryDirectory(prefix="seatrial-benchmark-") as folder:
        for size in sizes:
            tell(f"pages of {size:,} verdicts are made")
            pages, figures = _pages(size, Path(folder, str(size)), missing)
            derived |= figures
            kinds = {name: partial(chromium.seconds_to_ready, path, browser) for name, path in pages.items()}
            found[size] = interleaved(kinds, count, partial(_told, tell, size))
    return _part(found, derived, missing.values())


def _pages(size: int, folder: Path, missing: dict[str, Missing]) -> tuple[dict[str, Path], dict[str, Figure]]:
    folder.mkdir()
    began = time.perf_counter()
    pages = {OURS: page_peers.ours(size, folder / "ours")}
    took = time.perf_counter() - began
    for number, (name, make) in enumerate(PEERS.items()):
        try:
            pages[name] = make(size, folder / str(number))
        except NotHere as problem:
            missing[name] = Missing(name, str(problem))
    sizes = {
        f"bytes, {name.removesuffix(' ready')}, {size:,} verdicts": figure([path.stat().st_size / MEGABYTE], "MB")
        for name, path in pages.items()
    }
    return pages, {f"our page written, {size:,} verdicts": figure([took]), **sizes}


def _part(found: BySize, derived: Mapping[str, Figure], missing: Iterable[Missing]) -> Part:
    sentence = f"a page of {AIMED:,} verdicts ready in {SECONDS:g} s"
    return Part(
        "page",
        "The report page in Chromium, from asking for it until its last change is drawn",
        named(found, "verdicts"),
        [within(sentence, found[AIMED][OURS], SECONDS)] if AIMED in found else [],
        derived,
        beside=pairs(found, "verdicts", OURS, *PEERS),
        missing=[*missing],
        versions={"allure": page_peers.ALLURE, "pytest-html": page_peers.PYTEST_HTML, "pytest": version("pytest")},
    )


def _told(tell: Callable[[str], None], size: int, text: str) -> None:
    tell(f"{size:,} verdicts, {text}")
