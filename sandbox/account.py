"""Who runs Postgres: it refuses to run as root, so root lends it an account that owns nothing else."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

CANDIDATES = ("nobody", "daemon")  # present on every Debian, Ubuntu and macOS


class Credentials(TypedDict, total=False):
    """Keyword arguments of `subprocess.Popen`; empty means: as we are."""

    user: int
    group: int
    extra_groups: list[int]


class NoAccount(RuntimeError):
    """We are root and the machine has no unprivileged account that is known."""


@dataclass(frozen=True)
class Account:
    """An account for child processes; None in both fields is our own."""

    uid: int | None = None
    gid: int | None = None

    @property
    def credentials(self) -> Credentials:
        """What to pass to subprocess."""
        if self.uid is None or self.gid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def give(self, path: Path) -> None:
        """Make this account the owner of one file or directory."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def reaches(self, path: Path) -> bool:
        """Whether every folder down to `path`, an existing folder, lets this account through."""
        if self.uid is None:
            return True
        place = path.resolve()
        return all(folder.stat().st_mode & 0o001 for folder in (place, *place.parents))


def account() -> Account:
    """Ours, unless we are root. Raises NoAccount."""
    if os.geteuid() != 0:
        return Account()
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise NoAccount(f"Postgres does not run as root, and this machine has none of the accounts {', '.join(CANDIDATES)}")
