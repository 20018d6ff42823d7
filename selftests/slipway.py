"""Where voyages start from when there are a thousand: a process that has imported everything, and forks for each.

What a voyage does is the same as with `python -m sandbox -- python -m pytest`: a sandbox in a process of its own, and
pytest in another with the variables that the sandbox announces; or pytest alone. Only the imports, half of what most
faults cost, are not repeated. That both ways come to the same is a self-test (test_slipway.py).

Speaks with voyage.py over its standard input and output: one JSON object each way per voyage.
"""

import gc
import importlib
import json
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn

import pytest

import sandbox.__main__
import sandbox.services
from sandbox.faults import SERVICES
from selftests.running_sandbox import announced

READY = "# ready"
WANTED_LATER = (
    *("httpx", "jwt", "postgast", "psycopg", "stripe", "tree_sitter_bash", "tree_sitter_typescript"),
    *("sandbox.startup", *(f"sandbox.services.{name}" for name in SERVICES)),
)
"""What is imported only by whoever needs it, and takes long."""


def main() -> None:
    """Answer every line with ``{"pid": …}`` and then ``{"exit": …}``, until standard input closes."""
    _import_everything()
    for line in sys.stdin:
        pid = _start(json.loads(line))
        _say({"pid": pid})
        _say({"exit": _exit_code(pid)})


def _start(asked: dict[str, Any]) -> int:
    return _fork(lambda: _voyage(**asked))


def _import_everything() -> None:
    """By collecting once, so that every module comes in as it does in a run: through pytest's own importer."""
    with tempfile.TemporaryDirectory() as folder:
        _quietly(lambda: pytest.main(["--collect-only", "--quiet", f"--report={folder}"]))
    for name in WANTED_LATER:
        importlib.import_module(name)
    sandbox.__main__.known_faults()
    if threading.active_count() > 1:
        raise RuntimeError(f"cannot fork beside threads: {threading.enumerate()}")
    gc.freeze()  # what is here stays in memory that all voyages share


def _quietly(work: Callable[[], object]) -> None:
    """Standard output is for answers."""
    kept = os.dup(1)
    _redirect(os.open(os.devnull, os.O_WRONLY), 1)
    work()
    sys.stdout.flush()
    _redirect(kept, 1)


def _redirect(descriptor: int, *targets: int) -> None:
    for target in targets:
        os.dup2(descriptor, target)
    os.close(descriptor)


def _voyage(faults: list[str] | None, arguments: list[str], output: str, environment: dict[str, str]) -> int:
    os.setsid()  # so that whoever waits too long can end all of it
    os.environ.clear()
    os.environ.update(environment)
    _redirect(os.open(os.devnull, os.O_RDONLY), 0)
    _redirect(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), 1, 2)
    return int(pytest.main(arguments)) if faults is None else _beside_a_sandbox(faults, arguments)


def _beside_a_sandbox(faults: list[str], arguments: list[str]) -> int:
    reading, writing = os.pipe()
    pid = _fork(lambda: _sandbox(faults, writing))
    os.close(writing)
    said = _said(reading)
    if not said[-1:] or not said[-1].startswith(READY):
        return _exit_code(pid)
    os.environ.update(announced(said))
    code = _exit_code(_fork(lambda: int(pytest.main(arguments))))
    os.kill(pid, signal.SIGTERM)
    _exit_code(pid)
    return code


def _sandbox(faults: list[str], writing: int) -> int:
    _redirect(writing, 1)
    sys.argv = ["sandbox", *(word for fault in faults for word in ("--fault", fault))]
    return sandbox.__main__.main()


def _said(reading: int) -> list[str]:
    """What the sandbox says until it is ready, or ends."""
    said: list[str] = []
    with os.fdopen(reading, encoding="utf-8") as lines:
        for line in lines:
            said.append(line)
            if line.startswith(READY):
                break
    return said


def _fork(work: Callable[[], int]) -> int:
    pid = os.fork()
    if not pid:
        _work(work)
    return pid


def _work(work: Callable[[], int]) -> NoReturn:
    code = 70
    try:
        code = work()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code)


def _exit_code(pid: int) -> int:
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return code if code >= 0 else 128 - code


def _say(answer: dict[str, Any]) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    with suppress(BrokenPipeError):  # whoever asked is gone
        main()
