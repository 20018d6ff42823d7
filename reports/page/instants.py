"""When something was, in words: always in UTC; scripts add how long ago that is."""

from datetime import UTC, datetime

from reports.page.markup import Html, tag
from reports.plain_text import one_line


def when(instant: str) -> Html:
    """An instant (ISO 8601) as a ``<time>``."""
    return tag("time", spelt(instant), datetime=instant)


def spelt(instant: str) -> str:
    """``2026-11-22 10:00 UTC``; the text itself, when it is no instant."""
    try:
        time = datetime.fromisoformat(instant)
    except ValueError:
        return one_line(instant, 40)
    return time.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
