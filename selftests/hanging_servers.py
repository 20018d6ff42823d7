"""Servers that hang, each in its own way, and a Postgres that can be frozen."""

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

from fixtures.workbench.engines.embedded import start_embedded
from fixtures.workbench.engines.server import Server
from selftests.planted_house import processes

DRIP_SECONDS = 0.2


def drip_body(connection: socket.socket) -> None:
    """The headers at once, then a byte now and then: a timeout per read never fires."""
    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n")
    _drip(connection, b" ")


def drip_headers(connection: socket.socket) -> None:
    """A header that never ends."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nx-long: ")
    _drip(connection, b"x")


def silent(connection: socket.socket) -> None:
    """Accepts and never answers."""
    while connection.recv(1024):
        pass


def _drip(connection: socket.socket, drop: bytes) -> None:
    while True:
        connection.sendall(drop)
        time.sleep(DRIP_SECONDS)


@contextmanager
def hanging_servers() -> Iterator[dict[str, str]]:
    """URLs, by the name of the variable in which a house expects them."""
    with ExitStack() as stack:
        urls = {
            f"{act.__name__.upper()}_URL": stack.enter_context(_server(act))
            for act in (drip_body, drip_headers, silent)
        }
        yield {**urls, "NEVER_ACCEPTS_URL": stack.enter_context(_never_accepts())}


@contextmanager
def _server(act: Callable[[socket.socket], None]) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_accept, args=(listener, act), daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/health"
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts


def _accept(listener: socket.socket, act: Callable[[socket.socket], None]) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_serve, args=(connection, act), daemon=True).start()


def _serve(connection: socket.socket, act: Callable[[socket.socket], None]) -> None:
    with connection, suppress(OSError):
        act(connection)


@contextmanager
def _never_accepts() -> Iterator[str]:
    """A queue of one, which is full: further connections get no answer to their first packet."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(3):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/health"


@contextmanager
def freezable_postgres() -> Iterator[Server]:
    """A real server; whatever a test has frozen is thawed at the end, so that it can be stopped."""
    server = start_embedded(30.0)
    try:
        yield server
    finally:
        for pid in family_of(server):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        server.stop()


def family_of(server: Server) -> set[int]:
    """The process ids of a server: the first, and one for each connection and background task."""
    first = server.process_id()
    return {pid for pid, (parent, _) in processes().items() if first in (pid, parent)}
