"""No figure is written by hand: what README and RESULTS.md say is made of what was measured."""

import re

import pytest

from benchmarks import catalogue, results, sentences, tables
from benchmarks.figures import Figure, figure
from benchmarks.part import Beside, Part

NUMBER_WITH_UNIT = re.compile(r"\d[\d.,]*\s?(?:ms|s|MB|min|minutes?|seconds?|times|%)\b")
OURS, PEER = "ours, 10 files", "theirs, 10 files"


def small(name: str = "small", **fields: object) -> Part:
    """Two rounds of ours and of a peer."""
    given: dict[str, object] = {"seconds": {OURS: [2.0, 4.0], PEER: [8.0, 8.0]}, "beside": [Beside(OURS, PEER)]}
    return Part(name, "A small part", **{**given, **fields})  # type: ignore[arg-type]  # the fields are its own


@pytest.mark.parametrize(
    ("measured", "said"),
    [
        (Figure(4.0123, 4.0, 4.1, 2), "4.0 s"),
        (Figure(0.00019, 0, 0, 2), "0.19 ms"),
        (Figure(0.0999, 0, 0, 2), "100 ms"),
        (Figure(36.04, 0, 0, 2), "36 s"),
        (Figure(118.6, 0, 0, 2), "119 s"),
        (Figure(104, 0, 0, 2, ""), "104"),
        (Figure(1.0, 0, 0, 2, "x"), "1 times"),
        (Figure(0.286, 0, 0, 2, "x"), "0.29 times"),
        (Figure(12345.6, 0, 0, 2, "MB"), "12,346 MB"),
        (Figure(0.0, 0, 0, 2), "0 ms"),
    ],
)
def test_a_figure_is_told_with_two_digits(measured: Figure, said: str) -> None:
    assert sentences.spoken(measured) == said


def test_how_many_times_the_peers_is_ours() -> None:
    assert sentences.spoken(figure([0.16], "x"), inverse=True) == "6.2 times"


def test_a_text_is_filled_in_by_the_names_of_figures() -> None:
    content = {"one": {**small("one").plain(), "machine": {"cores": "2"}}}
    both = f"{OURS} / {PEER}"
    text = f"{{one | {OURS}}} on {{machine | cores}}, {{one | {both}}}, {{one |\n {both} | inverse}}"

    assert sentences.how_fast(content, text) == "3 s on 2, 0.38 times, 2.7 times"


@pytest.mark.parametrize("name", ["{two | x}", "{one | x}", "{machine | colour}"])
def test_a_text_that_names_what_nobody_measured_is_refused(name: str) -> None:
    with pytest.raises(sentences.NoSuchFigure, match=re.escape(name)):
        sentences.how_fast({"one": {**small("one").plain(), "machine": {"cores": "2"}}}, name)


def test_a_point_about_a_part_that_was_not_measured_yet_says_so() -> None:
    content = {"one": small("one").plain()}
    text = f"Before\n- **One** {{one | {OURS}}}\n- **Two** and {{two | x}}\n  more\n- **Again** {{one | {OURS}}}"

    said = "Before\n- **One** 3 s\n- **Two**: not measured yet (two)\n- **Again** 3 s"
    assert sentences.how_fast(content, text) == said


def test_every_figure_that_is_told_has_a_part_that_measures_it() -> None:
    told = {sentences._words(name)[0] for name in sentences.NAME.findall(sentences.TEMPLATE.read_text("utf-8"))}

    assert told - {sentences.MACHINE} <= set(catalogue.PARTS)
    assert len(told) > 5


def test_every_part_of_the_committed_results_is_one_that_can_be_measured_again() -> None:
    committed = results.committed()

    assert committed
    assert set(committed) <= set(catalogue.PARTS)
    assert not any(content["quick"] or "failed" in content for content in committed.values())


def test_the_committed_page_is_made_of_the_committed_results() -> None:
    assert results.PAGE.read_text("utf-8") == tables.page(results.committed()), "python -m benchmarks.results"


def test_what_readme_says_is_what_was_measured() -> None:
    told = sentences.between(results.README.read_text("utf-8"))

    assert told == sentences.how_fast(results.committed()), "python -m benchmarks.results"


def test_no_figure_is_written_by_hand() -> None:
    template = sentences.NAME.sub("", sentences.TEMPLATE.read_text("utf-8"))
    readme = results.README.read_text("utf-8")
    section = readme[readme.index("## How fast") : readme.index("\n## ", readme.index("## How fast") + 1)]
    by_hand = section.replace(sentences.between(section) or "", "")

    assert NUMBER_WITH_UNIT.findall(template) == []
    assert NUMBER_WITH_UNIT.findall(by_hand) == []
    assert NUMBER_WITH_UNIT.findall("takes 4.0 s") == ["4.0 s"]
