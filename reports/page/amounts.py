"""Numbers as people say them, in what the page says without scripts."""


def took(ms: float) -> str:
    """A duration, of milliseconds: ``850 ms``, ``4.2 s``, ``3 min 20 s``."""
    if ms < 999.5:
        return f"{ms:.0f} ms"
    if ms < 59_950:
        return f"{ms / 1000:.1f} s"
    minutes, seconds = divmod(round(ms / 1000), 60)
    return f"{minutes} min {seconds} s"


def counted(count: int, one: str, many: str | None = None) -> str:
    """A count with its noun: ``1 case``, ``3 cases``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
