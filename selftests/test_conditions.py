"""What is said of two conditions is certain: the same in other words, narrower, or asking nothing of a row."""

import pytest

from fixtures.fingerprint.conditions import asks_who, columns, condition, every_row, implies

IN_OTHER_WORDS = [
    ("(owner = auth.uid())", "(owner = ( SELECT auth.uid() AS uid))"),
    ("(owner = auth.uid())", "(( SELECT auth.uid() AS uid) = owner)"),
    ("private.is_member(id)", "( SELECT private.is_member(t.id) AS is_member)"),
    ("((a > 0) AND (b > 0))", "((b > 0) AND (a > 0))"),
    ("((auth.jwt() ->> 'x'::text) = 'y'::text)", "((( SELECT auth.jwt() AS jwt) ->> 'x'::text) = 'y'::text)"),
    ("(o = (current_setting('a.b'::text))::uuid)", "(o = ( SELECT (current_setting('a.b'::text))::uuid AS x))"),
    (
        "(EXISTS ( SELECT 1 FROM m WHERE ((m.o = t.o) AND (m.u = auth.uid()))))",
        "(EXISTS ( SELECT 1 FROM m WHERE ((m.u = ( SELECT auth.uid() AS uid)) AND (m.o = t.o))))",
    ),
]
NARROWER = [
    ("false", "a"),
    ("(a > 0)", "true"),
    ("((a > 0) AND (b > 0) AND (c > 0))", "((a > 0) AND (c > 0))"),
    ("(a > 0)", "((a > 0) OR (b > 0))"),
    ("(((a > 0) AND c) OR (b > 0))", "((b > 0) OR (a > 0))"),
    ("(r = 'x'::text)", "(r = ANY (ARRAY['x'::text, 'y'::text]))"),
    ("(r = ANY (ARRAY['y'::text, 'x'::text]))", "(r = ANY (ARRAY['x'::text, 'y'::text, 'z'::text]))"),
    (
        "(o IN ( SELECT m.o FROM m WHERE ((m.u = auth.uid()) AND (m.r = 'x'::text))))",
        "(o IN ( SELECT m.o FROM m WHERE (m.u = auth.uid())))",
    ),
    ("(EXISTS ( SELECT 1 FROM m WHERE (m.o = t.o)))", "(EXISTS ( SELECT 1 FROM m))"),
]
UNLIKE = [
    ("(owner = auth.uid())", "(owner = auth.role())"),
    ("(a > 0)", "(a > 1)"),
    ("(r = 'x'::text)", "(r = 'y'::text)"),
    ("(NOT (a AND b))", "(NOT a)"),
    ("(r <> ALL (ARRAY['x'::text]))", "(r <> ALL (ARRAY['x'::text, 'y'::text]))"),
    ("(a - b)", "(b - a)"),
    ("(o IN ( SELECT m.o FROM m WHERE x))", "(o IN ( SELECT n.o FROM n WHERE x))"),
    ("(NOT (EXISTS ( SELECT 1 FROM m WHERE (x AND y))))", "(NOT (EXISTS ( SELECT 1 FROM m WHERE x)))"),
    ("(c IN ( SELECT count(*) AS count FROM m WHERE (x AND y)))", "(c IN ( SELECT count(*) AS count FROM m WHERE x))"),
    ("(a = ( SELECT m.a FROM m WHERE (x AND y)))", "(a = ( SELECT m.a FROM m WHERE x))"),
    ("(a IN ( SELECT m.a FROM m WHERE (x AND y) LIMIT 1))", "(a IN ( SELECT m.a FROM m WHERE x LIMIT 1))"),
]
NOT_READ = "this is no expression"


@pytest.mark.parametrize(("one", "other"), IN_OTHER_WORDS)
def test_the_same_in_other_words(one: str, other: str) -> None:
    assert condition(one) == condition(other)


@pytest.mark.parametrize(("narrow", "wide"), NARROWER)
def test_narrower_is_not_wider(narrow: str, wide: str) -> None:
    assert implies(condition(narrow), condition(wide))
    assert not implies(condition(wide), condition(narrow))


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_what_is_not_certain_is_not_said(one: str, other: str) -> None:
    assert not implies(condition(one), condition(other))


@pytest.mark.parametrize(
    "text",
    [
        "true",
        "(1 = 1)",
        "(( SELECT auth.uid() AS uid) IS NOT NULL)",
        "(auth.role() = 'authenticated'::text)",
        "(( SELECT auth.role() AS role) = ANY (ARRAY['service_role'::text, 'authenticated'::text]))",
        "((auth.jwt() ->> 'role'::text) = 'authenticated'::text)",
        "(CURRENT_USER = 'authenticated'::name)",
        "((owner = auth.uid()) OR (auth.uid() IS NOT NULL))",
    ],
)
def test_who_signed_in_is_all_that_is_asked(text: str) -> None:
    assert every_row(condition(text))


@pytest.mark.parametrize(
    "text",
    [
        "false",
        "(1 = 2)",
        "(auth.uid() IS NULL)",
        "(owner IS NOT NULL)",
        "(auth.role() = 'service_role'::text)",
        "((auth.jwt() ->> 'role'::text) = 'admin'::text)",
        "((auth.uid() IS NOT NULL) AND (owner = auth.uid()))",
        "private.is_admin()",
        NOT_READ,
    ],
)
def test_something_more_is_asked(text: str) -> None:
    assert not every_row(condition(text))


def test_what_the_parser_cannot_read_is_itself_and_nothing_else() -> None:
    assert implies(condition(NOT_READ), condition(NOT_READ))
    assert not implies(condition(NOT_READ), condition(f"{NOT_READ} either"))
    assert columns(NOT_READ, "public.t") == set()


def test_columns_of_the_table_itself() -> None:
    text = "((a = 1) AND (EXISTS ( SELECT 1 FROM public.m WHERE ((m.b = t.c) AND (m.u = auth.uid())))))"
    assert columns(text, "public.t") == {"a", "c"}
    assert asks_who(text)
    assert not asks_who("((a = 1) AND (lower(b) = 'x'::text))")
