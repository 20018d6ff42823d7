"""`python -m sandbox`: starts a whole Ocean, says where it is, and stays until told to stop or its parent ends."""

import argparse
import asyncio
import os
import shlex
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from sandbox import STARTED
from sandbox.faults import Fault, Faults, MalformedFault, UnknownFault, choose, load_faults
from sandbox.keeper import Keeper, hire
from sandbox.life import Ending, run

MEMORY = Path("/dev/shm")  # noqa: S108  a file system in memory, where there is one
ROOM_BYTES = 300 * 1024 * 1024
USAGE_ERROR = 2


@cache
def known_faults() -> Mapping[str, Fault]:
    """Every row, read once: whoever starts many sandboxes from one process does that before it forks."""
    return load_faults()


def _arguments(argv: list[str]) -> argparse.Namespace:
    before, _, command = _split(argv)
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__, allow_abbrev=False)
    parser.usage = "python -m sandbox [--fault NAME]... [--latency MS] [--list-faults] [-- COMMAND ...]"
    parser.add_argument("--fault", action="append", default=[], metavar="NAME", help="break something; may be repeated")
    parser.add_argument("--latency", type=float, default=0.0, metavar="MS", help="milliseconds added to every answer")
    parser.add_argument("--list-faults", action="store_true", help="say what can be broken, and end")
    chosen = parser.parse_args(before)
    chosen.command = command
    return chosen


def _split(argv: list[str]) -> tuple[list[str], str, list[str]]:
    if "--" not in argv:
        return argv, "", []
    at = argv.index("--")
    return argv[:at], "--", argv[at + 1 :]


def _run_folder() -> Path:
    where = MEMORY if _has_room(MEMORY) else None
    folder = Path(tempfile.mkdtemp(prefix="seatrial-", dir=where))
    folder.chmod(0o711)  # the account that Postgres runs as passes through; it cannot list
    return folder


def _has_room(path: Path) -> bool:
    if not (path.is_dir() and os.access(path, os.W_OK)):
        return False
    file_system = os.statvfs(path)
    return file_system.f_bavail * file_system.f_frsize > ROOM_BYTES


async def _live(folder: Path, keeper: Keeper, faults: Faults, chosen: argparse.Namespace, parent: int) -> int:
    from sandbox.startup import ocean

    ending = Ending(parent)
    async with ocean(folder, keeper, faults, chosen.latency / 1000) as announced:
        variables = {name: value for name, value in announced.items() if name not in faults.unset}
        if chosen.command:
            inherited = {name: value for name, value in os.environ.items() if name not in faults.unset}
            return await run(chosen.command, {**inherited, **variables}, ending, keeper)
        _announce(variables)
        await ending.reached()
    return 0


def _announce(variables: dict[str, str]) -> None:
    for name, value in variables.items():
        print(f"{name}={shlex.quote(value)}")
    print(f"# ready in {time.monotonic() - STARTED:.2f} s", flush=True)


def _sail(chosen: argparse.Namespace, faults: Faults, parent: int) -> int:
    folder = _run_folder()
    keeper = hire(folder)
    try:
        return asyncio.run(_live(folder, keeper, faults, chosen, parent))
    except (RuntimeError, OSError) as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        keeper.dismiss()


def _list(faults: Iterable[Fault]) -> int:
    try:
        print("\n".join(f"{fault.name:<32} {fault.breaks}" for fault in faults), flush=True)
    except BrokenPipeError:  # `| head` has read enough; nor may the interpreter try again when it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def main() -> int:
    """The exit code: 0, the command's, 1 when Ocean could not be started, 2 for a wrong command line."""
    parent = os.getppid()
    chosen = _arguments(sys.argv[1:])
    try:
        known = (
            known_faults() if chosen.fault or chosen.list_faults else {}
        )  # half a megabyte of rows is not read in vain
        faults = choose(chosen.fault, known)
    except (UnknownFault, MalformedFault) as error:
        print(f"sandbox: {error.args[0]}", file=sys.stderr)
        return USAGE_ERROR
    if chosen.list_faults:
        return _list(known.values())
    return _sail(chosen, faults, parent)


if __name__ == "__main__":
    sys.exit(main())
