"""The logs that Ocean leaves on this machine: a file of the application's, and the database's container.

No service in the network: it writes the file, and a program that answers `docker logs` as Docker does. Its state has
`file` and `container`, each a dictionary of lines (`at`, `text`; `absent = true` leaves one out), and what is wrong:
`daemon = false` (Docker is not running), `named = false` (the container has another name), `hangs`, `readable = false`.
"""

import time
from pathlib import Path
from typing import Any, Final

from starlette.applications import Starlette

from sandbox.services.service import Service, World
from sandbox.services.state import State, iso, patched

CONTAINER: Final = "supabase_db_ocean"
DOCKER: Final = """\
#!/bin/sh
# Answers docker logs [--timestamps] [--since TIME] [--tail N] NAME. A container's lines go to standard error, as
# Postgres writes them.
[ "$1" = logs ] || { echo "docker: '$1' is not a docker command." >&2; exit 1; }
shift
since= tail=all stamps=no
while [ $# -gt 1 ]; do
  case $1 in
    --timestamps) stamps=yes ;;
    --since) since=$2; shift ;;
    --tail) tail=$2; shift ;;
    *) echo "unknown flag: $1" >&2; exit 125 ;;
  esac
  shift
done
[ -e "$0.hangs" ] && exec sleep 60
[ -e "$0.stopped" ] && {
  echo "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?" >&2
  exit 1
}
[ -e "$0.$1" ] || { echo "Error response from daemon: No such container: $1" >&2; exit 1; }
[ "$tail" = all ] && tail=1000000
awk -v since="$since" -v stamps="$stamps" '
  $1 >= since { line = $0; if (stamps != "yes") sub(/^[^ ]* /, "", line); print line }' "$0.$1" | tail -n "$tail" >&2
"""


def service(world: World) -> Service:
    """Writes all of it beside the checkout."""
    folder = world.checkout.parent / "logs"
    folder.mkdir()
    now = time.time()
    state = patched(_lines(now), world.patches("logs"), now, iso)
    log, docker = folder / "ocean.log", folder / "docker"
    if state["readable"]:
        log.write_text(_text(state["file"]), encoding="utf-8")
    _write_docker(docker, state)
    return Service(Starlette(), lambda origin: {"OCEAN_LOG": str(log), "DOCKER_PROGRAM": str(docker)})


def _write_docker(docker: Path, state: State) -> None:
    docker.write_text(DOCKER, encoding="utf-8")
    docker.chmod(0o755)
    name = CONTAINER if state["named"] else f"{CONTAINER}_1"
    docker.with_name(f"docker.{name}").write_text(_text(state["container"], stamped=True), encoding="utf-8")
    for wrong, marker in ((not state["daemon"], "stopped"), (state["hangs"], "hangs")):
        if wrong:
            docker.with_name(f"docker.{marker}").touch()


def _text(lines: dict[str, dict[str, Any]], *, stamped: bool = False) -> str:
    """In the order of their times; of a text with several lines only the first has a time, unless Docker stamps all."""
    there = sorted((line for line in lines.values() if not line.get("absent")), key=lambda line: str(line["at"]))
    written = []
    for line in there:
        text = str(line["text"]).replace("\n", f"\n{line['at']} ") if stamped else line["text"]
        written += [f"{line['at']} {text}\n"] * line.get("times", 1)
    return "".join(written)


def _lines(now: float) -> State:
    statement = "2026-01-01 00:00:00.000 UTC [71] authenticator@postgres ERROR:"
    return {
        "daemon": True, "named": True, "hangs": False, "readable": True,
        "file": {
            "start": {"at": iso(now - 4000), "text": "INFO listening on 3000"},
            "old-error": {"at": iso(now - 3900), "text": "ERROR GET /organizations 500 (before the release)"},
            "request": {"at": iso(now - 120), "text": '{"level":"info","msg":"POST /signup 200"}'},
            "error": {"at": iso(now - 100), "text": 'level=error msg="fetch of exchange rates failed, will try again"'},
        },
        "container": {
            "ready": {"at": iso(now - 3000), "text": "UTC [1] LOG:  database system is ready to accept connections"},
            "unique": {"at": iso(now - 900), "text": f'{statement}  invalid input syntax for type uuid: "x"'},
            "checkpoint": {"at": iso(now - 60), "text": "UTC [28] LOG:  checkpoint complete: wrote 41 buffers (0.3%)"},
        },
    }  # fmt: skip
