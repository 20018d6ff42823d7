"""By what GitHub knows a line again: the same hashes as those of its own uploader."""

from pathlib import Path

import pytest

from reports.sarif.line_hashes import LONGEST, hashes_of, line_hashes


@pytest.mark.parametrize(
    ("text", "hashes"),
    [  # from github/codeql-action, src/fingerprints.test.ts
        ("", "c129715d7a2bc9a3:1"),
        (" a\nb\n  \t\tc\n d", "271789c17abda88f:1 54703d4cd895b18:1 180aee12dab6264:1 a23a3dc5e078b07b:1"),
        (
            " hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n",
            "e9496ae3ebfced30:1 fb7c023a8b9ccb3f:1 ce8ba1a563dcdaca:1 e20e36e16fcb0cc8:1 b3edc88f2938467e:1"
            " c8e28b0b4002a3a0:1 c129715d7a2bc9a3:1",
        ),
        (
            "Lorem ipsum dolor sit amet.\n" * 10,
            "a7f2ff13bc495cf2:1 a7f2ff13bc495cf2:2 a7f2ff13bc495cf2:3 a7f2ff13bc495cf2:4 a7f2ff13bc495cf2:5"
            " a7f2ff13bc495cf2:6 a7f2ff1481e87703:1 a9cf91f7bbf1862b:1 55ec222b86bcae53:1 cc97dc7b1d7d8f7b:1"
            " c129715d7a2bc9a3:1",
        ),
    ],
)
def test_the_hashes_are_githubs(text: str, hashes: str) -> None:
    assert line_hashes(text) == hashes.split()


def test_large_and_unreadable_files_have_no_hashes(tmp_path: Path) -> None:
    (tmp_path / "large").write_text("x" * (LONGEST + 1))
    (tmp_path / "bytes").write_bytes(b"\xff\n\xf0\x9f\x90\x98\n")

    assert hashes_of(tmp_path / "large") == hashes_of(tmp_path / "none") == hashes_of(tmp_path) == []
    assert len(hashes_of(tmp_path / "bytes")) == 3
