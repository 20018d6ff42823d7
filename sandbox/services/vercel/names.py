"""Ocean's fixed identities on Vercel, so that fault rows can name paths and deployments."""

from typing import Final

TEAM_ID: Final = "team_ocean"
PROJECT_ID: Final = "prj_ocean"
PROJECT_NAME: Final = "ocean-platform"
DOMAINS: Final = ("ocean.example", "www.ocean.example")
