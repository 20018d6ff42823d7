from checks import Finding, low, pre_deploy, runbook
from fixtures.bundle import Contents

pytestmark = [low, runbook("PERF-5"), pre_deploy]

MOSTLY = 0.5
"""The share of a chunk that its source map has to tell the origin of."""


def test_chunks_known(contents: tuple[Contents, ...]) -> None:
    """What is in each chunk is known: a source map beside the build says which package every part comes from.

    Means:   an error in production names a place in a minified file, and nobody can tell what made the bundle grow.
    Confirm: ls dist/assets/*.map
    Contain: build again from the same commit with source maps, to read the errors that come in meanwhile.
    Fix:     build: { sourcemap: "hidden" } in vite.config.ts makes maps that no served file names; upload them to
             Sentry, and keep them out of what is deployed.
    """
    unknown = [each for each in contents if not each.map or each.known < MOSTLY]
    if unknown:
        why = "has no source map" if not unknown[0].map else "is told by its source map only in part"
        raise Finding(f"{unknown[0].file} {why}", unknown)
