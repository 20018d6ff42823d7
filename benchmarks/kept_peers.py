"""Peers that are fetched once from a package registry, and kept in the user's cache from one run to the next."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

SECONDS = 300


class NotHere(Exception):
    """A peer cannot be had; the message says how it could be."""


def from_npm(package: str, version: str) -> Path:
    """The folder of its programs. Raises NotHere: there is no Node, or no network."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            raise NotHere(f"{package} comes from npm, and there is no {program} here: install Node")
    command = ["npm", "install", "--no-audit", "--no-fund", f"{package}@{version}", "--prefix"]
    return _kept(f"{package}-{version}", command) / "node_modules" / ".bin"


def from_pypi(package: str, version: str, *needed: str) -> Path:
    """A folder for PYTHONPATH, with what else is `needed` (``name==version``) and nothing more.

    Raises:
        NotHere: there is no network.
    """
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    return _kept(f"{package}-{version}", [*command, f"{package}=={version}", *needed, "--target"])


def _kept(name: str, command: Sequence[str]) -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "seatrial"
    folder = cache / name
    if not folder.exists():
        _install(command, folder)
    return folder


def _install(command: Sequence[str], folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = tempfile.mkdtemp(dir=folder.parent, prefix=f"{folder.name}-")
    try:
        subprocess.run([*command, unfinished], check=True, capture_output=True, timeout=SECONDS)
        Path(unfinished).rename(folder)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as problem:
        raise NotHere(f"`{' '.join(command[:3])} …` could not fetch {folder.name}; is there a network?") from problem
    except OSError:  # somebody else was faster
        if not folder.exists():
            raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
