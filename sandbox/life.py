"""How long the sandbox lives: until a signal, the death of its parent, or the end of the command it runs."""

import asyncio
import os
import signal
from collections.abc import Mapping, Sequence

from sandbox.keeper import Keeper

LOOK_AGAIN_SECONDS = 0.25
CLEAN_END_SECONDS = 5.0  # for a command to end by itself after Ctrl-C


class Ending:
    """Set by SIGTERM, SIGINT, SIGHUP, or when the process that started us is gone. Make it inside the running loop."""

    def __init__(self, parent: int) -> None:
        self._reached = asyncio.Event()
        self.signal: signal.Signals | None = None
        loop = asyncio.get_running_loop()
        for what in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.add_signal_handler(what, self._on_signal, what)
        self._watching = loop.create_task(self._watch(parent))

    async def reached(self) -> None:
        """Returns at the end of the sandbox's life."""
        await self._reached.wait()

    def _on_signal(self, what: signal.Signals) -> None:
        self.signal = what
        self._reached.set()

    async def _watch(self, parent: int) -> None:
        while os.getppid() == parent:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        self._reached.set()


async def run(command: Sequence[str], variables: Mapping[str, str], ending: Ending, keeper: Keeper) -> int:
    """Run a command with exactly these variables in its environment; its exit code, or 128 + n when signal n ended it.

    Raises OSError when the command cannot be started.
    """
    process = await asyncio.create_subprocess_exec(*command, env=variables)
    keeper.watch("command", process.pid)
    finished, ended = asyncio.create_task(process.wait()), asyncio.create_task(ending.reached())
    await asyncio.wait((finished, ended), return_when=asyncio.FIRST_COMPLETED)
    if not finished.done():
        await _end(process, finished, ending)
    ended.cancel()
    code = await finished
    keeper.release(process.pid)
    return code if code >= 0 else 128 - code


async def _end(process: asyncio.subprocess.Process, finished: "asyncio.Task[int]", ending: Ending) -> None:
    # Ctrl-C in a terminal reaches the command too, and a second signal would cut its own ending short
    if ending.signal is not signal.SIGINT:
        process.terminate()
    await asyncio.wait((finished,), timeout=CLEAN_END_SECONDS)
    if not finished.done():
        process.kill()
