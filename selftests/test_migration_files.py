"""The files of supabase/migrations are sorted as the Supabase CLI sorts them."""

import time
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from fixtures import Unobservable
from fixtures.migrations.files import FOLDER, MigrationFile, moment, read_files, read_sources, recognised


def checkout(root: Path, files: dict[str, str]) -> Path:
    (root / FOLDER).mkdir(parents=True)
    for name, text in files.items():
        path = root / FOLDER / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    return root


def only(root: Path, files: dict[str, str]) -> MigrationFile:
    (file,) = read_files(checkout(root, files))
    return file


@pytest.mark.parametrize(
    ("name", "version", "title"),
    [
        ("20240131120000_plans.sql", "20240131120000", "plans"),
        ("001_init.sql", "001", "init"),
        ("20240131120000_.sql", "20240131120000", ""),
        ("20240131120000__two.sql.sql", "20240131120000", "_two.sql"),
        ("20240131120000_naïve name.sql", "20240131120000", "naïve name"),
    ],
)
def test_these_run(tmp_path: Path, name: str, version: str, title: str) -> None:
    file = only(tmp_path, {name: "select 1;"})

    assert (file.version, file.name, file.skipped) == (version, title, None)
    assert file.subject == f"supabase/migrations/{name}"


@pytest.mark.parametrize(
    "name",
    [
        "20240131120000-plans.sql",
        "plans.sql",
        "099b_plans.sql",
        "20240131120000_plans.SQL",
        "20240131120000_plans.sql ",
        "20240131120000_plans.sql\n",
        " 20240131120000_plans.sql",
        "V1_plans.sql",
        "٢٠٢٤_plans.sql",
        "20240131120000_plans.sql.bak",
    ],
)
def test_these_are_skipped(tmp_path: Path, name: str) -> None:
    files = read_files(checkout(tmp_path, {name: "select 1;", "20990101000000_x.sql": "select 1;"}))
    (skipped,) = (file for file in files if file.skipped)

    assert skipped.path == f"{FOLDER}/{name}"
    assert skipped.version is None
    assert skipped.skipped == "its name is not <digits>_<name>.sql"


def test_a_folder_is_skipped_and_says_whether_sql_is_in_it(tmp_path: Path) -> None:
    root = checkout(tmp_path, {"20240101000000_a.sql": "select 1;", "20230101000000_old.sql/x.txt": ""})
    (root / FOLDER / "archive" / "deep").mkdir(parents=True)
    (root / FOLDER / "archive" / "deep" / "1_b.SQL").write_text("select 1;")
    old, run, archive = read_files(root)

    assert (run.skipped, run.sql) == (None, True)
    assert archive.skipped is not None
    assert "folder" in archive.skipped
    assert (archive.digest, archive.sql) == (None, True)
    assert old.skipped is not None
    assert (old.version, old.sql) == (None, False)


@pytest.mark.parametrize(
    ("files", "skipped"),
    [
        (["20211208235959_init.sql", "20220101000000_a.sql"], ["20211208235959_init.sql"]),
        (["20211209000000_init.sql", "20220101000000_a.sql"], []),
        (["20200101000000_a.sql", "20211208235959_init.sql"], []),
        ([".gitkeep", "20211208235959_init.sql"], [".gitkeep"]),
        (["20211208235959_init.sql.sql", "20220101000000_a.sql"], ["20211208235959_init.sql.sql"]),
        (["20211208235959_initial.sql", "20220101000000_a.sql"], []),
    ],
)
def test_only_a_first_init_from_before_december_2021_is_left_out(
    tmp_path: Path, files: list[str], skipped: list[str]
) -> None:
    found = read_files(checkout(tmp_path, dict.fromkeys(files, "select 1;")))

    assert [Path(file.path).name for file in found if file.skipped] == skipped


def test_the_order_is_that_of_bytes(tmp_path: Path) -> None:
    names = ["10_b.sql", "9_a.sql", "100_c.sql", "10_B.sql", "10_é.sql"]
    root = checkout(tmp_path, dict.fromkeys(names, "select 1;"))

    assert [Path(file.path).name for file in read_files(root)] == sorted(names, key=str.encode)


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("20240229235959", datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC)),
        ("20230229000000", None),
        ("20241301000000", None),
        ("20240101240000", None),
        ("20240101000060", None),
        ("00000101000000", None),
        ("2024010100000", None),
        ("202401010000000", None),
        ("001", None),
    ],
)
def test_a_version_is_a_moment_or_none(version: str, expected: datetime | None) -> None:
    assert moment(version) == expected


@pytest.mark.parametrize(
    ("text", "empty"),
    [
        ("", True),
        ("\ufeff \r\n;\n", True),
        ("-- nothing yet", True),
        ("/* a ; b */ -- c\n", True),
        ("-- one\nselect 1", False),
        ("/* a */ x", False),
        ("- - not a comment", False),
    ],
)
def test_an_empty_file_is_noted(tmp_path: Path, text: str, empty: bool) -> None:
    assert only(tmp_path, {"1_a.sql": text}).empty is empty


def test_the_digest_follows_the_bytes(tmp_path: Path) -> None:
    first = only(tmp_path / "one", {"1_a.sql": "select 1;\n"})
    same = only(tmp_path / "two", {"1_a.sql": "select 1;\n"})
    other = only(tmp_path / "three", {"1_a.sql": "select 1;\r\n"})

    assert first.digest == same.digest != other.digest


def test_sources_are_what_runs_without_byte_order_mark(tmp_path: Path) -> None:
    root = checkout(tmp_path, {"2_b.sql": "select 2;", "1_a.sql": "\ufeffselect 1;", "notes.md": "x"})
    (root / FOLDER / "3_c.sql").write_bytes(b"select '\xff';")
    sources = read_sources(root)

    assert [source.text for source in sources] == ["select 1;", "select 2;", "select '\udcff';"]
    assert tuple(source.file for source in sources) == recognised(read_files(root))


def test_facts_are_json(tmp_path: Path) -> None:
    files = read_files(checkout(tmp_path, {"20240131120000_a.sql": "select 1;", "notes.md": "x"}))

    assert msgspec.json.decode(msgspec.json.encode(files), type=tuple[MigrationFile, ...]) == files


def test_a_missing_folder_is_not_a_clean_one(tmp_path: Path) -> None:
    with pytest.raises(Unobservable, match=r"supabase/migrations does not exist; .* --app"):
        read_files(tmp_path)


@pytest.mark.parametrize("files", [{}, {".gitkeep": ""}, {"README.md": "x", "archive/notes.md": "x"}])
def test_a_folder_without_sql_is_not_a_clean_one(tmp_path: Path, files: dict[str, str]) -> None:
    with pytest.raises(Unobservable, match=r"holds no \.sql file; .* --app"):
        read_files(checkout(tmp_path, files))


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "supabase").mkdir()
    (tmp_path / FOLDER).write_text("")
    with pytest.raises(Unobservable, match=r"supabase/migrations cannot be read \(Not a directory\); "):
        read_files(tmp_path)


def test_a_dangling_link_is_told(tmp_path: Path) -> None:
    root = checkout(tmp_path, {"1_a.sql": "select 1;"})
    (root / FOLDER / "2_b.sql").symlink_to("nowhere.sql")
    with pytest.raises(Unobservable, match=r"2_b\.sql"):
        read_files(root)


def test_a_thousand_files_take_less_than_a_tenth_of_a_second(tmp_path: Path) -> None:
    root = checkout(tmp_path, {f"{20240101000000 + place}_x.sql": "select 1;\n" * 50 for place in range(1000)})
    assert min(_seconds(root) for _ in range(3)) < 0.1


def _seconds(root: Path) -> float:
    started = time.perf_counter()
    assert len(read_files(root)) == 1000
    return time.perf_counter() - started
