"""A small project with a past, `old_project/`, in a git repository of its own: what an adopting team has."""

import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
IDENTITY = ("-c", "user.name=Sample", "-c", "user.email=sample@example.com", "-c", "commit.gpgsign=false")


def old_project(folder: Path) -> Path:
    """The project at `folder`, committed."""
    shutil.copytree(HERE / "old_project", folder)
    _git(folder, "init", "--quiet", "--initial-branch=main")
    return commit(folder, {})


def commit(folder: Path, files: dict[str, str]) -> Path:
    """Write files into the project, and commit all that is there."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    _git(folder, "add", "--all")
    _git(folder, *IDENTITY, "commit", "--quiet", "--allow-empty", "--message", "A step")
    return folder


def _git(folder: Path, *words: str) -> None:
    subprocess.run(["git", "-c", "safe.directory=*", *words], cwd=folder, check=True, timeout=60)


def branch(folder: Path, name: str) -> Path:
    """Go on in a new branch."""
    _git(folder, "checkout", "--quiet", "-b", name)
    return folder


def head(folder: Path) -> str:
    """The commit that is checked out."""
    command = ["git", "-c", "safe.directory=*", "rev-parse", "HEAD"]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=60).stdout.strip()
