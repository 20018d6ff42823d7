"""Migrations beside those on the tip of the base branch."""

import dataclasses
import os
import subprocess
from pathlib import Path

import pytest

from fixtures import Unobservable
from fixtures.migrations.base_branch import edited_since, read_base, renamed_since
from fixtures.migrations.comparison import EditedFile, RenamedFile
from fixtures.migrations.files import FOLDER, read_files, read_sources


def git(root: Path, *arguments: str) -> None:
    who = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", root, *who, *arguments], check=True, capture_output=True)


def write(root: Path, files: dict[str, str]) -> Path:
    (root / FOLDER).mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (root / FOLDER / name).write_text(text)
    return root


def commit(root: Path, files: dict[str, str]) -> None:
    write(root, files)
    git(root, "add", "--all")
    git(root, "commit", "--message", "x", "--allow-empty")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository whose branch main has three files, and whose branch `work`, checked out, has the same."""
    root = tmp_path / "project"
    write(root, {})
    git(root, "init", "--initial-branch=main")
    commit(root, {"1_a.sql": "select 1;\n", "2_b.sql": "select 2;\n", "3-c.sql": "select 3;\n"})
    git(root, "checkout", "-b", "work")
    return root


def test_the_base_branch_is_read(project: Path) -> None:
    base = read_base(project)

    assert base.ref == "main"
    assert len(base.commit) == 40
    assert [(each.path, each.skipped is None) for each in base.files] == [
        (f"{FOLDER}/1_a.sql", True),
        (f"{FOLDER}/2_b.sql", True),
        (f"{FOLDER}/3-c.sql", False),
    ]
    assert [each.text for each in base.sources] == ["select 1;\n", "select 2;\n"]
    assert base.files == read_files(project)
    assert edited_since(base, read_sources(project)) == ()
    assert renamed_since(base, read_files(project)) == ()


def test_edits_count_against_the_tip_of_the_base_branch(project: Path) -> None:
    git(project, "checkout", "main")
    commit(project, {"1_a.sql": "select 10;\n"})
    git(project, "checkout", "work")
    write(project, {"2_b.sql": "select 2; -- as before\n"})

    base = read_base(project)
    assert edited_since(base, read_sources(project)) == (EditedFile(path=f"{FOLDER}/1_a.sql", version="1", line=1),)


def test_new_files_are_no_edits(project: Path) -> None:
    write(project, {"4_d.sql": "select 4;"})
    base = read_base(project)

    assert edited_since(base, read_sources(project)) == ()
    assert renamed_since(base, read_files(project)) == ()


@pytest.mark.parametrize(("now", "path"), [("1_z.sql", f"{FOLDER}/1_z.sql"), ("1-a.sql", None), (None, None)])
def test_renamed_and_removed_files_are_found(project: Path, now: str | None, path: str | None) -> None:
    before = project / FOLDER / "1_a.sql"
    before.rename(before.with_name(now)) if now else before.unlink()

    found = renamed_since(read_base(project), read_files(project))
    assert found == (RenamedFile(version="1", was="1_a.sql", path=path),)


def test_a_checkout_may_be_a_folder_of_the_repository(tmp_path: Path) -> None:
    application = write(tmp_path / "apps" / "web", {})
    git(tmp_path, "init", "--initial-branch=main")
    commit(application, {"1_a.sql": "select 1;"})

    assert [each.path for each in read_base(application).files] == [f"{FOLDER}/1_a.sql"]


def test_the_remote_branch_comes_before_a_stale_local_one(project: Path, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--branch=main", str(project), str(clone))
    git(project, "checkout", "main")
    commit(project, {"4_d.sql": "select 4;"})
    git(clone, "fetch")

    assert read_base(clone, "main").ref == "origin/main"
    assert len(read_base(clone, "main").files) == 4
    git(clone, "remote", "set-head", "origin", "work")
    assert (read_base(clone).ref, len(read_base(clone).files)) == ("origin/HEAD", 3)


def test_a_base_branch_without_migrations_is_empty(project: Path) -> None:
    git(project, "checkout", "--orphan", "fresh")
    git(project, "rm", "-r", "--quiet", "--force", ".")
    git(project, "commit", "--allow-empty", "--message", "x")

    assert read_base(project, "fresh").files == ()


def test_hooks_do_not_mislead(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    assert read_base(project).ref == "main"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_repository_of_another_user_is_read(project: Path) -> None:
    for path in (project, *project.rglob("*")):
        os.chown(path, 65534, 65534)
    assert read_base(project).ref == "main"


@pytest.mark.parametrize(
    ("branch", "message"),
    [
        ("release", r"has no branch release; run `git -C .* fetch origin release`"),
        ("--help", r"has no branch --help"),
        ("main:supabase", r"has no branch"),
    ],
)
def test_a_missing_branch_is_told(project: Path, branch: str, message: str) -> None:
    with pytest.raises(Unobservable, match=message):
        read_base(project, branch)


def test_a_repository_without_any_usual_branch_is_told(project: Path) -> None:
    git(project, "branch", "--delete", "main")
    with pytest.raises(Unobservable, match=r"no branch origin/HEAD or origin/main .* fetch origin main"):
        read_base(project)


def test_no_repository_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unobservable, match=r"is in no git repository: .*with git, or declare applied_unchanged"):
        read_base(write(tmp_path / "plain", {"1_a.sql": "select 1;"}))


def test_no_git_is_told(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unobservable, match=r"no `git` on the PATH .* install git"):
        read_base(project)


def test_a_shallow_copy_without_its_files_is_told(project: Path) -> None:
    for path in (project / ".git" / "objects").glob("??/*"):
        if subprocess.run(
            ["git", "-C", project, "cat-file", "-t", path.parent.name + path.name], capture_output=True, check=True
        ).stdout.startswith(b"blob"):
            path.unlink()
    with pytest.raises(Unobservable, match=r"lacks files of its base branch; run .* --refetch"):
        read_base(project)


def test_a_crlf_checkout_is_no_edit(project: Path) -> None:
    sources = tuple(dataclasses.replace(each, text=each.text.replace("\n", "\r\n")) for each in read_sources(project))
    assert edited_since(read_base(project), sources) == ()
