"""The sweep over ten thousand tenants: what it holds at once does not grow with them. Answers are made up here."""

import asyncio
import time
import tracemalloc
from collections.abc import Callable

from fixtures.tenants.asked import MOST, reach_of
from fixtures.tenants.connecting import Answer, Caller, Tenant
from fixtures.tenants.sweep import Bounds, Swept, sweep
from fixtures.tenants.versions import history_of

MANY = 10_000
NEW = history_of(["1", "2"])


class Answering(Caller):
    """Says what `answers` says, after the seconds that it says, or when the tenant's or the sweep's time is over."""

    def __init__(self, answers: Callable[[str], tuple[float, Answer]], patience: float) -> None:
        self.answers = answers
        self.patience = patience
        self.at_once = self.most_at_once = self.most_tasks = 0

    async def ask(self, tenant: Tenant, until: float) -> Answer:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.most_tasks = max(self.most_tasks, len(asyncio.all_tasks()))
        seconds, answer = self.answers(tenant.organization)
        left = min(until - time.monotonic(), self.patience)
        await asyncio.sleep(min(seconds, left))
        self.at_once -= 1
        return answer if seconds <= left else Answer(answer.organization, "h", kind="no answer", seconds=left)


def tenants(many: int) -> list[Tenant]:
    return [Tenant(f"t{number}", "h", "p") for number in range(many)]


def swept(caller: Answering, many: int, told: list[str] | None = None, seconds: float = 30.0) -> Swept:
    bounds = Bounds(at_once=16, tenant_seconds=caller.patience, sweep_seconds=seconds)
    return sweep(caller, tenants(many), bounds, (told if told is not None else []).append)


def at_once(name: str) -> tuple[float, Answer]:
    return 0.0, Answer(name, "h", NEW)


def test_ten_thousand_take_sixteen_places_and_no_task_each() -> None:
    caller, told = Answering(at_once, patience=1.0), list[str]()

    seen = swept(caller, MANY, told)

    assert (len(seen.answers), seen.unfinished) == (MANY, [])
    assert seen.at_once == caller.most_at_once == 16
    assert caller.most_tasks == 16 + 1, "and the sweep itself"
    assert told[-1] == "10,000 of 10,000 tenants"


def test_what_is_kept_of_each_is_small() -> None:
    caller, rows = Answering(at_once, patience=1.0), tenants(MANY)
    tracemalloc.start()
    seen = sweep(caller, rows, Bounds(16, 1.0, 30.0), lambda _: None)
    kept, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert kept < 300 * MANY
    assert most - kept < 500_000, "and nothing that grows with them is held meanwhile"
    assert len(seen.answers) == MANY


def test_a_report_of_ten_thousand_that_failed_names_fifty_and_counts_all() -> None:
    def refused(name: str) -> tuple[float, Answer]:
        return 0.0, Answer(name, "h", kind="refused", said="no")

    seen = swept(Answering(refused, patience=1.0), MANY)
    reach = reach_of("t", MANY, set(), seen, Bounds(16, 1.0, 30.0), "pgpass")

    assert (reach.kinds, len(reach.unreached)) == ({"refused": MANY}, MOST)


def test_fifteen_that_hang_leave_one_place_and_everybody_has_a_turn() -> None:
    def most(name: str) -> tuple[float, Answer]:
        return 60.0 if int(name[1:]) % 40 == 0 else 0.0, Answer(name, "h", NEW)

    seen = swept(Answering(most, patience=0.3), 600)

    assert sum(answer.kind == "no answer" for answer in seen.answers) == 15
    assert (len(seen.answers), seen.unfinished) == (600, [])
    assert seen.seconds < 3.0 < 15 * 0.3


def test_more_that_hang_than_there_are_places_cost_their_time_and_no_more() -> None:
    def first(name: str) -> tuple[float, Answer]:
        return 60.0 if int(name[1:]) < 40 else 0.0, Answer(name, "h", NEW)

    seen = swept(Answering(first, patience=0.2), 500)

    assert sum(answer.kind is None for answer in seen.answers) == 460
    assert 0.6 <= seen.seconds < 3.0, "three times the time of one, for forty that hang in sixteen places"


def test_the_end_of_the_sweep_is_nobodys_fault() -> None:
    def slow(name: str) -> tuple[float, Answer]:
        return 0.2, Answer(name, "h", NEW)

    seen = swept(Answering(slow, patience=1.0), 100, seconds=0.5)

    assert {answer.kind for answer in seen.answers} == {None}
    assert len(seen.answers) + len(seen.unfinished) == 100
    assert len(seen.unfinished) >= 100 - 2 * 16
