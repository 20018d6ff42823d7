"""The interpreter of GitHub's expressions that the tests of workflows rest on."""

from typing import Any

import pytest

from selftests.github_shell_expressions import Functions, Known, Unknown, evaluate, fill, holds

CONTEXTS: dict[str, Any] = {
    "github": {"event_name": "push", "event": {"pull_request": {"number": 7}}},
    "inputs": {"name": "", "shards": 2, "comment": True, "git-ref": "main"},
}
WELL: Functions = {"success": lambda: True, "always": lambda: True, "failure": lambda: False}
ILL: Functions = {"success": lambda: False, "always": lambda: True, "failure": lambda: True}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("github.event_name == 'PUSH'", True),  # texts are compared without regard to case
        ("github.event_name != 'push'", False),
        ("inputs.name || github.event_name", "push"),
        ("(github.event_name == 'push' || inputs.comment) && 'yes' || ''", "yes"),
        ("github.event_name == 'tag' && 'yes' || ''", ""),
        ("github.event.pull_request['number']", 7),
        ("github.event.deployment.id", None),
        ("inputs.git-ref", "main"),
        ("!inputs.name", True),
        ("!inputs.name && !inputs.comment", False),
        ("inputs.nothing == ''", True),
        ("format('{0}-{1}', inputs.git-ref, inputs.shards)", "main-2"),
        ("fromJSON('[1, 2]')", [1, 2]),
        ("'it''s'", "it's"),
        ("startsWith(inputs.git-ref, 'MA')", True),
        ("contains('a,b', 'B')", True),
    ],
)
def test_an_expression_has_the_value_that_github_gives_it(text: str, value: object) -> None:
    assert evaluate(text, CONTEXTS, WELL) == value


@pytest.mark.parametrize("text", ["secrets.X", "hashFiles('a')", "github.event_name ==", "a b", "1 +", "(inputs.name"])
def test_what_is_not_known_is_refused(text: str) -> None:
    with pytest.raises((Unknown, IndexError)):
        evaluate(text, CONTEXTS, WELL)


def test_a_misspelt_name_is_refused_where_all_are_known() -> None:
    contexts = {"inputs": Known({"name": ""})}

    assert evaluate("inputs.name", contexts, WELL) == ""
    with pytest.raises(Unknown, match="nmae is none of name"):
        evaluate("inputs.nmae", contexts, WELL)


def test_a_text_around_expressions_is_filled_and_a_lone_one_keeps_its_type() -> None:
    assert fill("a ${{ inputs.shards }} b ${{ inputs.comment }}", CONTEXTS, WELL) == "a 2 b true"
    assert fill("${{ inputs.comment }}", CONTEXTS, WELL) is True
    assert fill(7, CONTEXTS, WELL) == 7


@pytest.mark.parametrize(
    ("condition", "well", "ill"),
    [
        ("inputs.comment", True, False),
        ("always() && inputs.comment", True, True),
        ("${{ always() }}", True, True),
        ("failure()", False, True),
        ("inputs.name", False, False),
    ],
)
def test_a_condition_without_a_status_holds_only_after_success(condition: str, well: bool, ill: bool) -> None:
    assert (holds(condition, CONTEXTS, WELL), holds(condition, CONTEXTS, ILL)) == (well, ill)
