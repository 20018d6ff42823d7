"""The signs of the outcomes: on the page none is told by its colour alone."""

from reports.page.markup import Html, tag

SIGNS = {
    "violated": "✕",
    "blind": "?",
    "crashed": "!",
    "missing": "∅",
    "waived": "~",
    "verified": "✓",
    "inapplicable": "⊘",
    "not-run": "·",
}
"""Outcome -> sign, most urgent first; "missing" and "not-run" are cases without a verdict."""
WORDS = {"GO": "verified", "HOLD": "violated", "CANNOT SEE": "blind"}
"""The word of a run -> the outcome whose sign and colour it has."""


def badge(state: str, count: int | None = None) -> Html:
    """An outcome as sign and word, with how many there are."""
    word = state.replace("-", " ")
    sign = tag("span", SIGNS[state], class_="sign", aria_hidden="true")
    return tag("span", sign, word if count is None else f"{count:,} {word}", class_="badge", data_state=state)
