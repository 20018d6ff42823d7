"""The build output of Ocean's frontend: what `vite build` made of `sandbox/ocean`, laid out as `dist/` of a checkout.

`sandbox/frontend` was made once, with vite 7.3 and preact 11.2 (whose licence lies beside it), and with PLACEHOLDER as
VITE_SUPABASE_PUBLISHABLE_KEY; no start of the sandbox needs Node.
"""

import shutil
from pathlib import Path
from typing import Final

SOURCE: Final = Path(__file__).parent / "frontend"
FOLDER: Final = "dist"
PLACEHOLDER: Final = "sb_publishable_" + "0" * 32
"""As long as the keys that a start draws, so that the source maps stay true."""
LICENCES: Final = shutil.ignore_patterns("*.LICENSE")


def build(checkout: Path, publishable_key: str) -> None:
    """Make `dist/` in a checkout that has none, with this project's key in it."""
    shutil.copytree(SOURCE, checkout / FOLDER, ignore=LICENCES)
    for script in (checkout / FOLDER / "assets").glob("*.js"):
        text = script.read_text(encoding="utf-8")
        if PLACEHOLDER in text:
            script.write_text(text.replace(PLACEHOLDER, publishable_key), encoding="utf-8")
