import pytest

from checks import Finding, high, low, pre_deploy, runbook
from fixtures.bundle import Sizes

pytestmark = [high, runbook("PERF-3"), pre_deploy]

MEASURES = [
    "first-visit",
    pytest.param("chunk", marks=[low]),
    pytest.param("growth", marks=[low]),
]


@pytest.mark.parametrize("sizes", MEASURES, indirect=True)
def test_bundle_small(sizes: Sizes) -> None:
    """The bundle is within its limits, chunk by chunk, and has not grown beyond a share of its baseline.

    Means:   customers on a phone look at an empty page for seconds, and leave.
    Confirm: npm run build   (it lists each chunk, raw and compressed)
    Contain: deploy only if the growth is meant. Then copy bundle.json from the report's folder to seatrial/bundle.json.
    Fix:     npx vite-bundle-visualizer shows what came in; load it when it is needed with import(), or take a smaller
             package. Limits are limit_kb, chunk_kb and growth under [bundle] in the environment file.
    """
    large = [size for size in sizes.measured if size.is_too_large]
    if large:
        raise Finding(f"{large[0].name} is {large[0].bytes} bytes, {large[0].limit} are the limit", large)
