"""Where figures are kept: in benchmarks/out/ what was measured here; results.json, RESULTS.md, README.md are committed.

`python -m benchmarks.results` writes the two pages again from results.json, after a change of their texts.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from benchmarks import sentences, tables

HERE = Path(__file__).parent
OUT = HERE / "out"
TABLES = "figures.md"
COMMITTED, PAGE, README = HERE / "results.json", HERE / "RESULTS.md", HERE.parent / "README.md"
SINGLE = "seconds"
"""Every single run: in benchmarks/out/ only, to keep what is committed small."""
Results = dict[str, dict[str, Any]]
"""By the part's name, what came of it."""


def write(out: Path, name: str, content: Mapping[str, object]) -> None:
    """What came of one part."""
    out.mkdir(parents=True, exist_ok=True)
    _write(out / f"{name}.json", content)


def read(out: Path) -> Results:
    """What was measured here, also in earlier runs; without other programs' files and older versions'."""
    found = {file.stem: json.loads(file.read_bytes()) for file in sorted(out.glob("*.json"))}
    return {name: content for name, content in found.items() if "busy_runs" in content}


def write_tables(out: Path) -> None:
    """figures.md beside the files."""
    out.mkdir(parents=True, exist_ok=True)
    (out / TABLES).write_text(tables.page(read(out)), encoding="utf-8")


def committed(file: Path = COMMITTED) -> Results:
    """What results.json holds."""
    found: Results = json.loads(file.read_bytes()) if file.exists() else {}
    return found


def keep(
    out: Path,
    names: Iterable[str],
    file: Path = COMMITTED,
    page: Path = PAGE,
    readme: Path = README,
    template: str | None = None,
) -> None:
    """Put these parts into results.json in place of what it had of them, and write the pages again.

    Raises:
        sentences.NoSuchFigure: README's text names a figure that nobody measured; results.json is written.
    """
    measured = read(out)
    new = {name: {key: value for key, value in measured[name].items() if key != SINGLE} for name in names}
    _write(file, dict(sorted({**committed(file), **new}.items())))
    rewrite(committed(file), page, readme, template)


def rewrite(results: Results, page: Path = PAGE, readme: Path = README, template: str | None = None) -> None:
    """RESULTS.md, and what README.md says between its two marks.

    Raises:
        sentences.NoSuchFigure: README's text names a figure that nobody measured.
    """
    page.write_text(tables.page(results), encoding="utf-8")
    text = readme.read_text(encoding="utf-8")
    readme.write_text(sentences.put_into(text, sentences.how_fast(results, template)), encoding="utf-8")


def _write(file: Path, content: Mapping[str, object]) -> None:
    file.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    try:
        rewrite(committed())
    except sentences.NoSuchFigure as problem:
        sys.exit(f"benchmarks: {problem}")
