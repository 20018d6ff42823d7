"""A whole Ocean on one machine: `python -m sandbox`. Shares no code with the checks that look at it."""
