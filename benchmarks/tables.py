"""The figures as Markdown tables: figures.md of what was measured here, RESULTS.md of what is committed."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from benchmarks.figures import Figure
from benchmarks.sentences import spoken
from benchmarks.telling import of_calm

INTRODUCTION = """# What came out

Made by `make benchmark`, never by hand; [README.md](README.md) says what is measured, how, and how to read it.
A figure is the median (the least to the most) of all rounds; a ratio is ours divided by the peer's in the same round.
"""
KEPT = {True: "kept", False: "**missed**"}
OF = ": "
"""Between a kind and what of it: `at once: whole run`. Such figures are a table of their own."""


def page(results: Mapping[str, Any]) -> str:
    """All parts, by name. The machine is told once, where it is the same for all of them."""
    machines = list(dict.fromkeys(_machine(content) for content in results.values()))
    told = machines[0] if len(machines) == 1 else ""
    parts = [part(name, content, machine=not told) for name, content in results.items()]
    return "\n".join([INTRODUCTION, *([f"{told}\n"] if told else []), *(parts or ["Nothing was measured yet.\n"])])


def part(name: str, content: Mapping[str, Any], *, machine: bool = True) -> str:
    """One part: where and when, figures, beside whom, aims."""
    about = f"{_about(name, content)}\n{_machine(content)}" if machine else _about(name, content)
    if "failed" in content:
        return f"## {name}\n\n{about}\n\nFailed: {_cell(content['failed'])}\n"
    pieces = [
        f"## {name}: {content['title']}",
        about,
        *_figures(content["figures"]),
        _table(("ours", "peer", "ours / peer"), _ratios(content)),
        _table(("files or tables", "what one of them costs"), _lines(content)),
        _table(("aim", "", "measured", "allowed", "in how many runs"), _aims(content)),
        "\n".join(f"- {_cell(text)}" for text in content["remarks"]),
    ]
    return "\n\n".join(piece for piece in pieces if piece) + "\n"


def _about(name: str, content: Mapping[str, Any]) -> str:
    here, runs = content["machine"], (content["calm_runs"], content["busy_runs"])
    quick = "**Quick: one round of something small, no figure to rely on.** " if content["quick"] else ""
    peers = "".join(f"; {peer} {text}" for peer, text in content.get("versions", {}).items())
    return (
        f'{quick}`make benchmark ARGS="--only {name}"`, {here["date"]}, commit {here["commit"] or "unknown"}{peers}; '
        f"on {of_calm(*runs)}; load {content['load_before']} before, {content['load_after']} after."
    )


def _machine(content: Mapping[str, Any]) -> str:
    here = content["machine"]
    named = f"{here['processor']}, {here['cores']} cores, {here['memory']}, {here['system']}, {here['kernel']}"
    return f"{named}, {here['python']}, pytest {here['pytest']}, Postgres {here['postgres']}."


def _figures(figures: Mapping[str, Any]) -> Iterator[str]:
    """Figures of several kinds as a table with a column for each kind; the others one below the other."""
    grid = {name: row for name, row in figures.items() if OF in name}
    kinds = list(dict.fromkeys(name.partition(OF)[0] for name in grid))
    if len(kinds) > 1:
        rows = dict.fromkeys(name.partition(OF)[2] for name in grid)
        yield _table(("", *kinds), ((row, *(_of(grid.get(f"{kind}{OF}{row}")) for kind in kinds)) for row in rows))
    alone = {name: row for name, row in figures.items() if name not in grid or len(kinds) < 2}
    yield _table(("figure", "median (least to most)", "rounds"), ((n, _of(r), r["rounds"]) for n, r in alone.items()))


def _ratios(content: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    figures, ratios = content["figures"], content["ratios"]
    for pair in content["beside"]:
        ours, peer = pair["ours"], pair["peer"]
        yield (
            f"{ours}: {_median(figures[ours])}",
            f"{peer}: {_median(figures[peer])}",
            _of(ratios[f"{ours} / {peer}"]).replace(" times", ""),
        )
    for peer in content["missing"]:
        yield ("", f"{peer['peer']}: peer missing", peer["how"])


def _lines(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for kind, line in content["milliseconds_for_one"].items():
        yield kind, ", ".join(f"{each:.3f} ms of {int(size):,}" for size, each in line.items())


def _aims(content: Mapping[str, Any]) -> Iterator[tuple[object, ...]]:
    for aim in content["aims"]:
        took, runs = aim["took"], f"{aim['times_kept']} of {aim['took']['rounds']}"
        yield aim["aim"], KEPT[aim["kept"]], _median(took), _median(aim["allowed"]), runs


def _of(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return ""
    figure = Figure(**row)
    if figure.least == figure.most:
        return spoken(figure)
    least, most = (spoken(Figure(value, value, value, 1, figure.unit)) for value in (figure.least, figure.most))
    return f"{spoken(figure)} ({least} to {most})"


def _median(row: Mapping[str, Any]) -> str:
    return spoken(Figure(**row))


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Empty without rows."""
    said = [_row(cells) for cells in rows]
    heads = [*head]
    return "\n".join([_row(heads), "|" + "---|" * len(heads), *said]) if said else ""


def _row(cells: Iterable[object]) -> str:
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(text: object) -> str:
    return " ".join(str(text).replace("|", "\\|").split())
