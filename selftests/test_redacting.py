"""Where the redactor stands: at pytest's reports and at every log record."""

import logging
from collections.abc import Iterator

import pytest

from fixtures.engine import redacting
from fixtures.engine.redactor import MASK, Redactor
from selftests.test_redactor import NASTY, knowing, left


def test_a_report_of_pytest_is_cleaned() -> None:
    """What a worker sends, and what other plugins see."""
    sections = [(f"Captured {NASTY}", f"said {NASTY}")]
    report = pytest.TestReport("a.py::b", ("a.py", 1, "b"), {}, "failed", f"no {NASTY}", "call", sections)

    redacting.clean_report(report, knowing(API_KEY=NASTY))

    assert report.longrepr == f"no {MASK}"
    assert report.sections == [(f"Captured {MASK}", f"said {MASK}")]


def test_a_reason_to_skip_is_cleaned() -> None:
    report = pytest.TestReport("a.py::b", ("a.py", 1, "b"), {}, "skipped", ("a.py", 1, f"no {NASTY}"), "call")

    redacting.clean_report(report, knowing(API_KEY=NASTY))

    assert report.longrepr == ("a.py", 1, f"no {MASK}")


@pytest.fixture
def guarded() -> Iterator[Redactor]:
    redactor = knowing(API_KEY=NASTY)
    undo = redacting._guard_log(redactor)
    yield redactor
    undo()


def test_a_log_record_is_cleaned_when_it_is_made(guarded: Redactor, caplog: pytest.LogCaptureFixture) -> None:
    log = logging.getLogger("planted")
    try:
        raise KeyError(NASTY)
    except KeyError:
        log.exception("no %s in %r", NASTY, {"key": NASTY})

    assert left(caplog.text, NASTY) == {}
    assert MASK in caplog.text
    assert "test_redacting.py" in caplog.text


def test_a_record_that_cannot_be_formatted_does_no_harm(guarded: Redactor, caplog: pytest.LogCaptureFixture) -> None:
    """As without the guard: a wrong log line of a library must not become an error of the library."""
    log = logging.getLogger("planted.unformatted")

    log.warning("%d of %d", "one", NASTY)

    assert left(caplog.text, NASTY) == {}
