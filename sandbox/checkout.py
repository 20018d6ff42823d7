"""The application's checkout: a copy of `sandbox/ocean` as a git repository, changed as the chosen faults say."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

from sandbox.faults import Fault
from sandbox.world import PREVIOUS_VERSION, VERSION

SOURCE = Path(__file__).parent / "ocean"
IDENTITY = ("-c", "user.name=Ocean", "-c", "user.email=ocean@example.invalid", "-c", "commit.gpgsign=false")


class CheckoutFailed(RuntimeError):
    """git is missing or refused, or a fault names a path that is not there."""


def lay_out(folder: Path, faults: Iterable[Fault], build: Callable[[Path], None]) -> Path:
    """Make the checkout in a new folder: two releases, committed on branch main, and what `build` makes of the newer.

    Then the faults change it, in order. Raises CheckoutFailed.
    """
    shutil.copytree(SOURCE, folder)
    _git(folder, "init", "--quiet", "--initial-branch", "main")
    _commit_release_before(folder)
    _commit(folder, f"Ocean {VERSION}")
    build(folder)
    for fault in faults:
        _change(folder, fault)
    return folder


def _commit_release_before(folder: Path) -> None:
    """The release that could be gone back to: it differs in its version alone, so that its migrations are the same."""
    package = folder / "package.json"
    text = package.read_text(encoding="utf-8")
    package.write_text(text.replace(f'"version": "{VERSION}"', f'"version": "{PREVIOUS_VERSION}"'), encoding="utf-8")
    _commit(folder, f"Ocean {PREVIOUS_VERSION}")
    package.write_text(text, encoding="utf-8")


def _change(folder: Path, fault: Fault) -> None:
    for old, new in fault.rename.items():
        _existing(folder, old, fault).rename(folder / new)
    for name in fault.remove:
        _remove(_existing(folder, name, fault))
    for name, text in fault.write.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    if fault.commit:
        _commit(folder, fault.breaks)


def _existing(folder: Path, name: str, fault: Fault) -> Path:
    if not (folder / name).exists():
        raise CheckoutFailed(f"the fault {fault.name} changes {name}, which Ocean's checkout does not have")
    return folder / name


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def _commit(folder: Path, message: str) -> None:
    _git(folder, "add", "--all")
    _git(folder, *IDENTITY, "commit", "--quiet", "--message", message)


def _git(folder: Path, *arguments: str) -> None:
    # nobody's configuration (hooks, signing, templates) may decide how the copy comes out
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        **{"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"},
    }
    try:
        command = ["git", *arguments]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise CheckoutFailed("git is not installed; the sandbox's checkout is a git repository") from None
    if done.returncode:
        raise CheckoutFailed(f"git {arguments[0]} failed: {done.stderr.strip()}")
