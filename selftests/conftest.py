"""What every self-test starts from: this checkout, and an environment without the developer's own settings."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from selftests.page_browser import browser as browser  # a fixture, for whoever asks for it by name
from selftests.voyage import Slipway

# A pytest or a make started by a self-test must not hear from the pytest and the make that started us,
# nor look at a real environment, nor write to the build's own summary, nor speak to its runner.
FOREIGN = ("PYTEST_", "SEATRIAL_", "MAKE", "MFLAGS", "ARGS", "GITHUB_", "GITLAB_CI")


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of this checkout."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def slipway(own_environment: None) -> Iterator[Slipway]:
    """Where a thousand voyages start from: one for all tests of this process."""
    with Slipway() as made:
        yield made


@pytest.fixture(scope="session", autouse=True)
def own_environment() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ.keys() - {"PYTEST_CURRENT_TEST"}:
            if name.startswith(FOREIGN):
                patch.delenv(name)
        yield
