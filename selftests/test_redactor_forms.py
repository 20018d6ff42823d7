"""Secrets are taken out as one pattern of all their forms, the longest first, would take them out.

That pattern is what is meant; the redactor asks first which forms a text holds, as making the pattern is slow.
"""

import random
import re

import pytest

from fixtures.engine.redactor import MASK, Redactor

INNER, OUTER = "hunter2-inner", "before-hunter2-inner-behind"
BEGINS, LONGER = "correct-horse", "correct-horse-battery"
PARTS = (
    *(
        INNER,
        OUTER,
        BEGINS,
        LONGER,
        "first line of a key\nsecond line of a key",
        "p@ss/w\u00f6rd+&<>\"'\\",
        "a.b*c+d?(e)[f]^$|",
    ),
    *("postgres://user:in-a-url-%2F@host/db", "z" * 40, "zzzzzzzz-other"),
)
BETWEEN = ("", " ", "-", "=", "x", "\n", ":", "correct-", "zz", '"', "%", "hunter2")
SEEDS = range(40)


class AsMeant(Redactor):
    """The same with one pattern of all forms."""

    def _cut_whole(self, text: str) -> str:
        longest_first = sorted(self._whole, key=len, reverse=True)
        return re.sub("|".join(map(re.escape, longest_first)), MASK, text)


def both(*secrets: str) -> tuple[Redactor, Redactor]:
    redactors = Redactor(), AsMeant()
    for redactor in redactors:
        for secret in secrets:
            redactor.hide(secret)
    return redactors


@pytest.mark.parametrize("seed", SEEDS)
def test_texts_of_secrets_and_their_forms_come_out_as_meant(seed: int) -> None:
    drawn = random.Random(seed)  # noqa: S311  # texts to try, not secrets
    ours, meant = both(*drawn.sample(PARTS, drawn.randint(1, len(PARTS))))
    forms = [*PARTS, *sorted(ours._whole), *sorted(ours._pieces)[:50]]

    for _ in range(50):
        words = [drawn.choice(forms) + drawn.choice(BETWEEN) for _ in range(drawn.randint(0, 12))]
        text = "".join(word[drawn.choice((0, 0, 1, 5)) :] for word in words)
        assert ours.clean(text) == meant.clean(text)


@pytest.mark.parametrize(
    ("secrets", "text", "cleaned"),
    [
        ((INNER, OUTER), f"<{OUTER}>", f"<{MASK}>"),
        ((INNER, OUTER), f"<{INNER}>", f"<{MASK}>"),
        ((BEGINS, LONGER), f"{BEGINS} {LONGER}", f"{MASK} {MASK}"),
        ((BEGINS, LONGER), f"{LONGER}{BEGINS}", f"{MASK}{MASK}"),
        (("abcdefgh", "efghijkl"), "abcdefghijkl", f"{MASK}ijkl"),
    ],
)
def test_of_secrets_that_overlap_the_first_and_of_those_the_longest_is_cut(
    secrets: tuple[str, ...], text: str, cleaned: str
) -> None:
    ours, meant = both(*secrets)

    assert ours.clean(text) == meant.clean(text) == cleaned


def test_a_secret_that_becomes_known_later_is_cut_from_then_on() -> None:
    redactor = Redactor()
    redactor.hide(BEGINS)
    before = redactor.clean(f"{BEGINS} {INNER}")
    redactor.hide(INNER)

    assert before == f"{MASK} {INNER}"
    assert redactor.clean(f"{BEGINS} {INNER}") == f"{MASK} {MASK}"
