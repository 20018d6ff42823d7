"""Observations that were too slow, told as one: each says its own name, and all say the same."""

import re
from collections.abc import Sequence

from msgspec.structs import replace

from reports.blocks import Block

# As fixtures/engine/observatory.py says it: "tables: no answer within 10 s, the deadline of this observation".
_LATE = re.compile(r"\w+: (no answer within [\d.]+ s)\b")


def together(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, with all that had no answer within the same time as one, in the place of the first of them."""
    groups: dict[str | int, list[Block]] = {}
    for number, block in enumerate(blocks):
        late = _LATE.match(block.message) if block.outcome == "blind" else None
        groups.setdefault(late[1] if late else number, []).append(block)
    return [group[0] if len(group) == 1 else _one(str(said), group) for said, group in groups.items()]


def _one(said: str, group: Sequence[Block]) -> Block:
    verdicts = tuple(verdict for block in group for verdict in block.verdicts)
    names = [block.message.partition(":")[0] for block in group]
    shown = ", ".join(names[:5]) + (", …" if len(names) > 5 else "")
    return replace(group[0], message=f"{len(group)} observations had {said}: {shown}", verdicts=verdicts)
