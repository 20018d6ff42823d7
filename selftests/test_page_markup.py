"""What the page is made of: elements in which every text is escaped, instants, signs; and that its guide names them."""

import re
from pathlib import Path

import pytest

from reports.page.instants import spelt, when
from reports.page.markup import Html, joined, tag
from reports.page.states import SIGNS, WORDS, badge


def test_texts_and_attributes_are_escaped() -> None:
    assert tag(
        "a", "<b>&", None, tag("br"), href='"><x', hidden=True, title=None, class_="c", data_x=1, open=False
    ) == ('<a href="&quot;&gt;&lt;x" hidden class="c" data-x="1">&lt;b&gt;&amp;<br></a>')
    assert joined(["<", Html("<br>"), None], ", ") == "&lt;, <br>"


@pytest.mark.parametrize("text", ["\x1b[31mred\x1b[0m", "r\x00ed", "\u202ered", "\u2028red", "red\x9b", "r\ud800ed"])
def test_what_steers_is_left_out(text: str) -> None:
    assert tag("p", text, title=text).replace("\ufffd", "") == '<p title="red">red</p>'


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        ("2026-11-22T10:00:01+00:00", "2026-11-22 10:00 UTC"),
        ("2026-11-22T10:00:01+05:30", "2026-11-22 04:30 UTC"),
        ("yesterday <b>", "yesterday <b>"),
    ],
)
def test_instants_are_told_in_utc(instant: str, words: str) -> None:
    assert spelt(instant) == words
    assert "<b>" not in when(instant)


def test_every_outcome_has_a_sign_of_its_own() -> None:
    assert len(set(SIGNS.values())) == len(SIGNS)
    assert set(WORDS.values()) <= SIGNS.keys()
    assert "1,200 not run" in badge("not-run", 1200)


def test_the_guide_names_signs_and_keys(repository: Path) -> None:
    guide = (repository / "docs/report.md").read_text("utf-8")
    keys = (repository / "reports/page/assets/keys.js").read_text("utf-8")

    rows = dict(re.findall(r"^\| (\S) \| ([\w ]+) \|", guide, re.MULTILINE))

    assert rows == {sign: state.replace("-", " ") for state, sign in SIGNS.items()}
    told = re.findall(r'\["(\S+)", "[^"]+"\]', keys)
    assert len(told) == 8
    assert [key for key in told if f"`{key}`" not in guide] == []
