"""What Ocean has been asked before anybody looks: the statements its release records, sent as the API sends them."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from sandbox.sessions import Session, hold
from sandbox.world import Databases

RECORDED = Path(__file__).parent / "ocean" / "seatrial" / "contract"
TIMES = 12
POOLED = Session(application="Supavisor", times=2, run=["select 1"])
_NOTE = re.compile(r"^-- (role|claims|\$\d+): (.*)$", re.MULTILINE)


@dataclass
class _Asked:
    text: str
    role: str = "anon"
    claims: str = "{}"
    values: list[str] = field(default_factory=list)  # SQL expressions


def send(databases: Databases) -> None:
    """Every recorded SELECT, `TIMES` times. One that is refused is not sent again: it is recorded to be refused.

    The pooler's connections stay open afterwards, and idle.
    """
    hold([POOLED], databases)
    with (
        psycopg.connect(databases.authenticator_url, autocommit=True, application_name="postgrest") as api,
        psycopg.connect(databases.admin_url, autocommit=True) as admin,
    ):
        for asked in _recorded():
            values = [admin.execute(f"select ({each})::text".encode()).fetchone() for each in asked.values]
            with suppress(psycopg.Error):
                _send(api, asked, [value[0] if value else None for value in values])


def _send(api: psycopg.Connection[tuple[object, ...]], asked: _Asked, values: list[object]) -> None:
    with api.transaction():
        api.execute(
            "select set_config('role', %s, true), set_config('request.jwt.claims', %s, true)",
            (asked.role, asked.claims),
        )
        for _ in range(TIMES):
            psycopg.RawCursor(api).execute(asked.text.encode(), values, prepare=False)


def _recorded() -> Iterator[_Asked]:
    for file in sorted(RECORDED.glob("*.sql")):
        text = file.read_text(encoding="utf-8")
        asked = _Asked("\n".join(line for line in text.splitlines() if not line.startswith("--")).strip().rstrip(";"))
        for name, value in _NOTE.findall(text):
            if name.startswith("$"):
                asked.values.append(value)
            else:
                setattr(asked, name, value)
        if asked.text.lower().startswith("select"):
            yield asked
