"""The sweep finds rows whose sets are not exact, and writes them as a person would."""

import tomllib
from functools import partial
from pathlib import Path

import pytest

from sandbox.faults import FOLDER, load_faults
from selftests import sweep
from selftests.fault_files import NoSuchRow, file_of, rewritten, shortest
from selftests.fault_reach import MANIFEST, all_faults, reach_of, written_out
from selftests.ran import digest, note, ran_rows
from selftests.sweep import Swept, main, sets_of, write

TEXT = '''# of the health of pages
[page-slow]
breaks   = "a page takes seconds"
violates = ["pages_fast[home]"]
blinds   = []

# what a query changes
[query-slow]
breaks   = "a query = [slow]"
violates = [
    "queries_fast[mean]",
    "queries_fast[share]",
]
blinds   = ["@tables"]
sql = """
select array['violates = []'];
"""
'''
CASES = ["a[one]", "a[two]", "a[three]", "a[four]", "b[environment-x]", "b[replayed-x]", "c"]


def test_lists_of_one_row_are_replaced_and_nothing_else() -> None:
    text = rewritten(TEXT, "query-slow", {"violates": ["c"], "blinds": []})

    assert text == TEXT.replace('[\n    "queries_fast[mean]",\n    "queries_fast[share]",\n]', '["c"]').replace(
        '["@tables"]', "[]"
    )


def test_long_lists_are_wrapped_and_read_back_the_same() -> None:
    names = [f"a_rather_long_check[with-a-case-{number}]" for number in range(20)]

    text = rewritten(TEXT, "page-slow", {"blinds": names})

    assert tomllib.loads(text)["page-slow"]["blinds"] == names
    assert max(map(len, text.splitlines())) <= 120
    assert tomllib.loads(text)["query-slow"] == tomllib.loads(TEXT)["query-slow"]


@pytest.mark.parametrize(("row", "key"), [("page-fast", "blinds"), ("page-slow", "sinks")])
def test_what_there_is_not_is_refused(row: str, key: str) -> None:
    with pytest.raises(NoSuchRow, match=row):
        rewritten(TEXT, row, {key: []})


@pytest.mark.parametrize(
    ("cases", "written", "expected"),
    [
        (["c"], [], ["c"]),
        (CASES[:4], [], ["a[*]"]),
        (CASES[:3], [], ["a[one]", "a[three]", "a[two]"]),
        (["c", "a[two]", "a[one]"], ["a[two]", "c"], ["a[two]", "c", "a[one]"]),
        (["c", "b[replayed-x]"], [], ["b[replayed-x]", "c"]),
        (["c", "b[replayed-x]"], ["@small"], ["@small"]),
        (CASES, [], ["@large", "a[three]", "a[two]"]),
        (CASES[:4], ["@large"], ["a[*]"]),
    ],
)
def test_cases_are_written_short(cases: list[str], written: list[str], expected: list[str]) -> None:
    sets = {"small": ["c", "b[replayed-x]"], "large": ["a[one]", "a[four]", "b[environment-x]", "b[replayed-x]", "c"]}

    assert shortest(cases, written, sets, CASES) == expected


def test_every_row_of_ours_means_the_same_when_it_is_written_anew() -> None:
    sets = sets_of(FOLDER)
    for fault in all_faults().values():
        for cases in (fault.violates, fault.blinds):
            names = shortest(cases, [], sets, MANIFEST)
            again = [case for name in names for case in (sets[name[1:]] if name[0] == "@" else [name])]

            assert set(written_out(again)) == set(cases), fault.name


def test_a_row_is_made_exact_in_its_file(tmp_path: Path) -> None:
    for file in FOLDER.glob("*.toml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    fault = all_faults()["statement-slow"]

    write(Swept(fault, frozenset(["transactions_end"]), frozenset(fault.blinds)), tmp_path)

    changed, before = load_faults(tmp_path), load_faults()
    assert changed.pop("statement-slow").violates == ["transactions_end"]
    assert before.pop("statement-slow").violates == fault.violates
    assert changed == before


def test_differences_are_said_in_words() -> None:
    fault = all_faults()["statement-slow"]

    assert Swept(fault, frozenset(fault.violates), frozenset()).differences == []
    assert Swept(fault, frozenset(["queries_fast[mean]", "transactions_end"]), frozenset(["c"])).differences == [
        "violates also transactions_end", "violates not queries_fast[share]", "blinds also c"
    ]  # fmt: skip


def test_a_row_that_there_is_not_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["statement-slowly"]) == 2
    assert "there is no row statement-slowly" in capsys.readouterr().err


def test_no_file_has_an_unknown_row() -> None:
    with pytest.raises(NoSuchRow, match="nothing-at-all"):
        file_of("nothing-at-all", FOLDER)


def test_a_row_is_run_and_found_exact_and_noted(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sweep, "note", partial(note, file=tmp_path / "ran.json", commit="abc"))

    assert main(["--jobs", "1", "--note", "status-vercel-major"]) == 0
    assert capsys.readouterr().out == "1 of 1 rows are exact\n"
    fault = all_faults()["status-vercel-major"]
    (name, ran), *others = ran_rows(tmp_path / "ran.json").items()
    assert (name, ran.commit, ran.digest, ran.cases) == (fault.name, "abc", digest(fault), len(reach_of(fault).cases))
    assert not others
