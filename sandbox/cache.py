"""Where built clusters are kept between starts, and how they get there safely when two builds run at once."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sandbox.account import Account

KEPT = 3  # newest clusters; each is about 30 MB
ABANDONED_SECONDS = 3600.0  # a build that was killed leaves a folder; nobody builds for that long
ROOTS_OWN = Path("/var/cache/seatrial")  # root's home is closed to the account that Postgres runs as


class UntrustedCache(RuntimeError):
    """The cache folder belongs to somebody else, who could have planted a cluster in it."""


def cache_folder(account: Account) -> Path:
    """`$XDG_CACHE_HOME/seatrial` or `~/.cache/seatrial`; for root a folder that the lent account can reach."""
    home = os.environ.get("XDG_CACHE_HOME")
    wished = (Path(home) if home else Path.home() / ".cache") / "seatrial"
    folder = wished if account.reaches(_existing(wished)) else ROOTS_OWN
    folder.mkdir(parents=True, exist_ok=True)
    if folder.stat().st_uid != os.geteuid():
        raise UntrustedCache(f"{folder} belongs to somebody else; remove it or set XDG_CACHE_HOME")
    folder.chmod(0o755)
    return folder


def _existing(path: Path) -> Path:
    return path if path.exists() else _existing(path.parent)


def kept(shelf: Path, key: str, build: Callable[[Path], None]) -> Path:
    """The folder `key` on this shelf, built aside and moved into place when it is not there yet.

    Whoever finishes second throws its own away; `build` gets an empty folder and may raise anything.
    """
    place = shelf / key
    if not place.is_dir():
        shelf.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=".building-", dir=shelf))
        aside.chmod(0o755)
        try:
            build(aside)
            _move(aside, place)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    os.utime(place)  # newest use, for `trim`
    return place


def _move(aside: Path, place: Path) -> None:
    try:
        aside.rename(place)
    except OSError:
        if not place.is_dir():  # not lost to another build, but a real failure
            raise


def trim(shelf: Path, keep: int = KEPT) -> None:
    """Drop all but the newest few, and what killed builds left."""
    entries = sorted(shelf.iterdir(), key=lambda entry: entry.stat().st_mtime, reverse=True)
    finished = [entry for entry in entries if not entry.name.startswith(".")]
    abandoned = [entry for entry in entries if entry.name.startswith(".") and _age(entry) > ABANDONED_SECONDS]
    for entry in finished[keep:] + abandoned:
        shutil.rmtree(entry, ignore_errors=True)


def _age(entry: Path) -> float:
    return time.time() - entry.stat().st_mtime
