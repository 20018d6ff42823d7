"""The release of Ocean that is live: its health page and Vercel agree on it."""

from typing import Final

VERSION: Final = "4.7.0"
COMMIT: Final = "8c1f0de27b95a34c6e0f9d1b7a2c5e8f40d3b691"
