"""The checkout's `.env.local`, which a build of the frontend reads and git ignores."""

from pathlib import Path
from typing import Final

from sandbox.world import Secrets

FILE: Final = ".env.local"
BUILT_IN: Final = "with-a-secret-key"
ROTATED: Final = "before-the-rotation"


def write_dotenv(checkout: Path, secrets: Secrets, mistake: str) -> None:
    """What Ocean's developers keep in it: the publishable key and no other. `mistake` is the switch `dotenv`."""
    key = f"sb_publishable_{secrets.token('rotated', size=16)}" if mistake == ROTATED else secrets.publishable_key
    lines = ["# made by `vercel env pull`", f'VITE_SUPABASE_PUBLISHABLE_KEY="{key}"']
    if mistake == BUILT_IN:
        lines.append(f"export VITE_SUPABASE_KEY={secrets.secret_key}  # for the admin page")
    (checkout / FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")
