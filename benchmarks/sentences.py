"""What README.md says of figures: a text with their names in it, filled in from results.json.

In `how_fast.md`, `{part | figure}` is the median of a figure or of a ratio of that part, `{part | ours / peer |
inverse}` how many times the peer's is ours, `{machine | cores}` what is known of the machine. A point of its list that
names a part which was not measured yet says so instead.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure

TEMPLATE = Path(__file__).with_name("how_fast.md")
BEGIN, END = "<!-- figures: begin (benchmarks/how_fast.md) -->", "<!-- figures: end -->"
NAME = re.compile(r"\{([^{}]+)\}")
POINT = re.compile(r"(?m)^(?=- )")
TITLE = re.compile(r"- \*\*[^*]+\*\*")
MACHINE = "machine"
PLACES = 2
"""Significant digits: nobody reads more of a figure that a busy machine has moved by a tenth."""
SHORT_SECONDS = 0.1


class NoSuchFigure(Exception):
    """The text names what was not measured."""


def how_fast(results: Mapping[str, Any], template: str | None = None) -> str:
    """README's text with its figures.

    Raises:
        NoSuchFigure: one was not measured, or is called something else by now.
    """
    text = TEMPLATE.read_text(encoding="utf-8") if template is None else template
    return "".join(_point(point, results) for point in POINT.split(text)).strip()


def _point(text: str, results: Mapping[str, Any]) -> str:
    parts = dict.fromkeys(_words(name)[0] for name in NAME.findall(text))
    unmeasured = [part for part in parts if part not in (MACHINE, *results)]
    title = TITLE.match(text)
    if unmeasured and title:
        return f"{title[0]}: not measured yet ({', '.join(unmeasured)})\n"
    return NAME.sub(lambda found: _said(found[1], results), text)


def _words(name: str) -> list[str]:
    return [word.strip() for word in " ".join(name.split()).split(" | ")]


def put_into(text: str, said: str) -> str:
    """`text` with what stands between the two marks replaced; unchanged without them."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    return f"{before}{begin}\n{said}\n{end}{after}" if end else text


def between(text: str) -> str | None:
    """What stands between the two marks; None without them."""
    found = re.search(f"{re.escape(BEGIN)}\n(.*?)\n{re.escape(END)}", text, re.DOTALL)
    return found[1] if found else None


def _said(name: str, results: Mapping[str, Any]) -> str:
    part, figure, *rest = _words(name)
    if part == MACHINE:
        first: Mapping[str, Any] = next(iter(results.values()), {})
        return str(_found(first.get(MACHINE, {}), figure, name))
    content = results.get(part, {})
    row = _found({**content.get("figures", {}), **content.get("ratios", {})}, figure, name)
    return spoken(Figure(**row), inverse=rest == ["inverse"])


def _found(names: Mapping[str, Any], wanted: str, name: str) -> Any:
    if wanted not in names:
        known = ", ".join(names) or "none: it was not measured"
        raise NoSuchFigure(f"{TEMPLATE.name} names {{{name}}}; the names of that part are: {known}")
    return names[wanted]


def spoken(figure: Figure, *, inverse: bool = False) -> str:
    """The median as people read it: `4.0 s`, `0.19 ms`, `55 MB`, `6.2 times`."""
    value, unit = 1 / figure.median if inverse else figure.median, figure.unit
    if unit == "s" and abs(value) < SHORT_SECONDS:
        value, unit = 1000 * value, "ms"
    unit = {"x": "times"}.get(unit, unit)
    return f"{rounded(value)} {unit}".strip()


def rounded(value: float) -> str:
    """Two significant digits, without an exponent; whole numbers as they are."""
    if value == int(value) or abs(value) >= 10**PLACES:
        return f"{value:,.0f}"
    digits = f"{value:.{PLACES - 1}e}"
    return f"{float(digits):,.{max(PLACES - 1 - int(digits.partition('e')[2]), 0)}f}"
