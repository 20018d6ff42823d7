"""Checks are read for a report whatever is wrong with one of them, and without running more than must be run."""

import sys
from pathlib import Path

import pytest

from reports.check_files import check_files, readable_checks

GOOD = '''
import pytest
pytestmark = [pytest.mark.severity("low"), pytest.mark.runbook("A-1"), pytest.mark.drill]

def test_good() -> None:
    """It holds.

    Means:   m.
    Confirm: c.
    Contain: c.
    Fix:     f.
    """
'''
WRONG = {
    "broken": "def test_(",
    "exits": "import sys; sys.exit(3)",
    "skips": "import pytest; pytest.skip('all', allow_module_level=True)",
    "empty": "",
    "undocumented": "def test_undocumented(): ...",
    "raises": "raise BaseException('no')",
}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A house with a check that can be read among many that cannot."""
    folder = tmp_path / "checks" / "small"
    folder.mkdir(parents=True)
    for name, text in {**WRONG, "good": GOOD}.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return tmp_path


def test_what_can_be_read_is_read(house: Path) -> None:
    assert [check.check for check in readable_checks(house)] == ["good"]


@pytest.mark.parametrize("name", WRONG)
def test_each_of_the_others_cannot_be_read(house: Path, name: str) -> None:
    for other in WRONG.keys() - {name}:
        (house / "checks" / "small" / f"{other}.py").unlink()

    with pytest.raises(BaseException):  # noqa: B017 - SystemExit and pytest's own among them
        check_files(house)


def test_somebody_who_interrupts_is_heard(house: Path) -> None:
    (house / "checks" / "small" / "zz.py").write_text("raise KeyboardInterrupt", encoding="utf-8")

    with pytest.raises(KeyboardInterrupt):
        readable_checks(house)


def test_when_a_run_hangs_no_file_is_run_that_pytest_has_not_imported(house: Path) -> None:
    (house / "checks" / "small" / "zz.py").write_text("raise KeyboardInterrupt", encoding="utf-8")

    assert readable_checks(house, imported_only=True) == []


def test_what_pytest_has_imported_is_not_run_again(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [good] = readable_checks(house)
    file = house / "checks" / "small" / "good.py"
    module = type(sys)("checks.small.good")
    module.__file__ = str(file)
    exec(compile(GOOD, file, "exec"), vars(module))  # noqa: S102 - the text above
    monkeypatch.setitem(sys.modules, "checks.small.good", module)
    file.write_text("raise KeyboardInterrupt", encoding="utf-8")

    assert readable_checks(house, imported_only=True) == [good]
    module.__file__ = "another house's"
    assert readable_checks(house, imported_only=True) == []
