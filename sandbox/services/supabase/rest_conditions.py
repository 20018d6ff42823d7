"""PostgREST's filters as SQL: `column=eq.value`, and `or=(a.eq.1,and(b.gt.2,c.is.null))`.

Names are quoted, values are literals.
Source: PostgREST docs, references/api/tables_views (operators, logical operators).
"""

import re
from collections.abc import Iterator
from typing import Final

from psycopg import sql

from sandbox.services.supabase.rest_errors import refusal

COMPARISONS: Final = {"eq": "=", "neq": "<>", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
CONSTANTS: Final = {"null", "true", "false"}
LOGIC: Final = {"or": " or ", "and": " and "}
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def condition(key: str, expression: str) -> sql.Composable:
    """One parameter of the query. Raises Refusal: 400 PGRST100 for what is not understood."""
    return _group(key, expression) if key in LOGIC else _comparison(key, expression)


def name(text: str) -> str:
    """A column's name. Raises Refusal: 400 PGRST100."""
    if _NAME.fullmatch(text) is None:
        raise not_understood(text)
    return text


def not_understood(text: str) -> Exception:
    """The refusal of a text that is no query, or that only PostgREST itself understands."""
    return refusal(400, "PGRST100", f'"failed to parse ({text})"', "The sandbox reads columns and eq-like filters")


def _comparison(column: str, expression: str) -> sql.Composable:
    operator, _, value = expression.partition(".")
    identifier = sql.Identifier(name(column))
    if operator == "is" and value in CONSTANTS:
        return sql.SQL("{} is {}").format(identifier, sql.SQL(value))
    if operator not in COMPARISONS:
        raise not_understood(f"{column}={expression}")
    return sql.SQL("{} {} {}").format(identifier, sql.SQL(COMPARISONS[operator]), sql.Literal(value))


def _group(key: str, expression: str) -> sql.Composable:
    if not (expression.startswith("(") and expression.endswith(")")):
        raise not_understood(f"{key}={expression}")
    terms = [_term(one) for one in _split(expression[1:-1])]
    return sql.SQL("({})").format(sql.SQL(LOGIC[key]).join(terms))


def _term(text: str) -> sql.Composable:
    for key in LOGIC:
        if text.startswith(f"{key}("):
            return _group(key, text[len(key) :])
    column, _, expression = text.partition(".")
    operator, _, value = expression.partition(".")
    return _comparison(column, f"{operator}.{_unquoted(value)}")


def _split(text: str) -> Iterator[str]:
    """At the commas that are in no inner pair of parentheses, and in no quotes."""
    depth, begin, quoted = 0, 0, False
    for index, letter in enumerate(text):
        quoted ^= letter == '"'
        depth += (letter == "(") - (letter == ")") if not quoted else 0
        if letter == "," and depth == 0 and not quoted:
            yield text[begin:index]
            begin = index + 1
    yield text[begin:]


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value
