"""A whole Ocean on one machine: `python -m sandbox`. Shares no code with the checks that look at it."""

import time

STARTED = time.monotonic()
"""The clock of "ready in": it runs from the first import on, because imports are part of what a start costs."""
