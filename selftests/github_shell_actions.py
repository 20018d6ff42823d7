"""What GitHub's own actions do, as far as the workflows here use them: on folders of this machine.

Each takes its `with` and a workspace, keeps to what the real one refuses, and returns its outputs.
"""

import fnmatch
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

With = Mapping[str, str]


class Failed(Exception):
    """A step that fails, as the real one would. `outputs` are what it said before that: they count."""

    def __init__(self, message: str, outputs: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.outputs = outputs or {}


@dataclass
class Store:
    """What outlives a job. `lost` are names of artefacts that never arrive; `folder` holds artefacts and caches."""

    folder: Path
    application: Path
    lost: set[str] = field(default_factory=set)
    saved: list[str] = field(default_factory=list)
    """Keys of caches, the oldest first."""

    @property
    def artefacts(self) -> Path:
        return self.folder / "artefacts"

    @property
    def caches(self) -> Path:
        return self.folder / "caches"


def checkout(store: Store, workspace: Path, given: With) -> dict[str, str]:
    """actions/checkout of the application's repository: a commit, no branch, no origin/HEAD; others' tips if asked."""
    if given.get("persist-credentials") != "false":
        raise Failed("the token would be left in the checkout")
    target = str(workspace / given.get("path", "."))
    _git("init", "--quiet", target)
    _git("-C", target, "fetch", "--quiet", str(store.application), "HEAD", "+refs/heads/*:refs/remotes/origin/*")
    _git("-C", target, "checkout", "--quiet", "--detach", given.get("ref") or "FETCH_HEAD")
    if given.get("fetch-depth") != "0":
        _git("-C", target, "update-ref", "-d", "refs/remotes/origin/main")
    return {}


def setup_python(store: Store, workspace: Path, given: With) -> dict[str, str]:
    """actions/setup-python: the one that runs us."""
    return {"python-path": sys.executable}


def restore(store: Store, workspace: Path, given: With) -> dict[str, str]:
    """actions/cache/restore: the key itself, else the newest one that begins as one of `restore-keys` says."""
    begins = [given["key"], *given.get("restore-keys", "").split()]
    found = [key for begin in begins for key in reversed(store.saved) if key.startswith(begin)]
    if not found:
        return {"cache-hit": ""}
    _copy(store.caches / found[0], workspace / given["path"])
    return {"cache-hit": str(found[0] == given["key"]).lower()}


def save(store: Store, workspace: Path, given: With) -> dict[str, str]:
    """actions/cache/save: a key is written once."""
    if given["key"] not in store.saved and (workspace / given["path"]).exists():
        store.saved.append(given["key"])
        _copy(workspace / given["path"], store.caches / given["key"])
    return {}


def upload(store: Store, workspace: Path, given: With) -> dict[str, str]:
    """actions/upload-artifact: everything in a folder but hidden files; nothing when there is nothing."""
    name, source = given["name"], workspace / given["path"]
    target = store.artefacts / name
    if target.exists() and given.get("overwrite") != "true":
        raise Failed(f"an artefact named {name} exists")
    if set(name) & set('":<>|*?\r\n\\/'):
        raise Failed(f"{name!r} is no name of an artefact")
    if name not in store.lost and source.is_dir() and any(source.iterdir()):
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target, ignore=shutil.ignore_patterns(".*"))
    return {}


def download(store: Store, workspace: Path, given: With) -> dict[str, str]:
    """actions/download-artifact: one by its name, or each that fits `pattern` into a folder of its name."""
    target = workspace / given["path"]
    if "name" in given:
        if not (store.artefacts / given["name"]).exists():
            raise Failed(f"there is no artefact {given['name']}")
        _copy(store.artefacts / given["name"], target)
        return {}
    names = sorted(path.name for path in store.artefacts.iterdir()) if store.artefacts.exists() else []
    for name in fnmatch.filter(names, given["pattern"]):
        _copy(store.artefacts / name, target / name)
    return {}


ACTIONS: Mapping[str, Callable[[Store, Path, With], dict[str, str]]] = {
    "actions/checkout": checkout,
    "actions/setup-python": setup_python,
    "actions/cache": restore,
    "actions/cache/restore": restore,
    "actions/cache/save": save,
    "actions/upload-artifact": upload,
    "actions/download-artifact": download,
}


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    else:
        shutil.copyfile(source, target)


def _git(*words: str) -> None:
    command = ["git", "-c", "safe.directory=*", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if done.returncode:
        raise Failed(done.stderr)
