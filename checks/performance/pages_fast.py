import pytest

from checks import Finding, drill, high, low, pre_deploy, runbook
from fixtures.lighthouse import Score

pytestmark = [low, runbook("PERF-4"), pre_deploy, drill]

CATEGORIES = [
    pytest.param("performance", id="performance", marks=[high]),
    pytest.param("accessibility", id="accessibility"),
    pytest.param("best-practices", id="best-practices"),
    pytest.param("seo", id="seo"),
]


@pytest.mark.parametrize("lighthouse_scores", CATEGORIES, indirect=True)
def test_pages_fast(lighthouse_scores: tuple[Score, ...]) -> None:
    """Lighthouse gives each page a score at or over its floor: fast, usable, sound, found by search engines.

    Means:   a page keeps people on phones waiting, or shuts some of them out.
    Confirm: npx lighthouse "$OCEAN_URL" --view
    Contain: deploy only if the score was as low before: compare with the report of the release that is live.
    Fix:     the finding names the audits that cost most; the report says under each what to change. Floors are
             floors under [lighthouse] in the environment file.
    """
    low_ones = [score for score in lighthouse_scores if score.score < score.floor]
    if low_ones:
        first = low_ones[0]
        raise Finding(f"{first.path} scores {first.score:.2f}, {first.floor:.2f} is the floor", low_ones)
