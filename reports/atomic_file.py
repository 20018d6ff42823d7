"""Files that are there whole or not at all."""

import os
import threading
from pathlib import Path


def replace_file(path: Path, content: bytes) -> Path:
    """Write `content` beside `path` and rename it, so that no reader ever sees half a report.

    Raises:
        OSError: the directory cannot be made or written to.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # The watchdog may write the same report while the main thread does.
    draft = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path
