"""All files that are made of a report: whatever the texts in it are, they are written, harmless and complete."""

from pathlib import Path

import pytest

from reports.made import MADE
from reports.telling import Writer, from_report
from reports.writing import WRITERS
from selftests.report_readers import telling
from selftests.report_samples import HOSTILE, one_of_each, report, verdict, violated

ALL = report(*one_of_each(), missing=("applied_unchanged[edited-base]",))
SHORTENING = [write for write in WRITERS if write.__name__ not in ("write_json", "write_observations", "write_page")]
"""The writers whose readers choke on much; verdicts.json has all of it."""
each_writer = pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)


@each_writer
def test_hostile_texts_are_written_and_read(write: Writer, tmp_path: Path) -> None:
    fact = {"path": f"supabase/{HOSTILE}.sql", "line": 3, "says": HOSTILE, "instead": HOSTILE}
    hostile = violated(message=HOSTILE, case=HOSTILE, subjects=(HOSTILE,), contain=HOSTILE, promise=HOSTILE,
                       evidence={"subjects": {HOSTILE: fact}})  # fmt: skip
    sample = report(hostile, verdict("blind", message=HOSTILE), missing=(HOSTILE,), notes=(HOSTILE,), commit=HOSTILE)
    written = write(telling(sample, tmp_path), tmp_path)
    texts = [path.read_text("utf-8") for path in [written, *written.rglob("*")] if path.is_file()]

    assert texts
    for text in texts:
        assert not {*"\x00\x1b\x9b\x07"} & {*text}


@pytest.mark.parametrize("write", SHORTENING, ids=lambda write: write.__name__)
def test_one_text_of_a_million_characters_makes_no_large_file(write: Writer, tmp_path: Path) -> None:
    long = "x" * 1_000_000
    fact = {"path": "supabase/seed.sql", "line": 3, "says": long, "instead": long}
    many = tuple(f"public.t{number}" for number in range(100_000))
    sample = report(
        violated(message=long, subjects=(long, *many), evidence={"subjects": {long: fact}}),
        verdict("blind", message=long), notes=(long,),
    )  # fmt: skip
    written = write(telling(sample, tmp_path), tmp_path)

    assert sum(path.stat().st_size for path in [written, *written.rglob("*")] if path.is_file()) < 100_000


@each_writer
def test_a_directory_that_cannot_be_made_is_an_error(write: Writer, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(OSError):
        write(telling(ALL, tmp_path), tmp_path / "file")


@each_writer
def test_nothing_of_an_earlier_run_stays_when_a_run_dies(write: Writer, tmp_path: Path) -> None:
    """observations.json says itself when it was made; Allure's folder is emptied by its writer."""
    written = write(telling(ALL, tmp_path), tmp_path)

    forgotten = {path.name for pattern in MADE for path in tmp_path.glob(pattern)}
    assert written.name in {*forgotten, "allure-results", "observations.json"}


def test_a_writer_of_a_report_keeps_its_name() -> None:
    assert from_report(lambda _report, folder: folder)(telling(ALL, Path("x")), Path("y")) == Path("y")
    assert len({write.__name__ for write in WRITERS}) == len(WRITERS)
