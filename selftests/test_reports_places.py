"""Where in the application's files a finding is: as facts say it, at the right line, and nowhere else."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from fixtures.contract.faring import Broken
from fixtures.functions import EdgeFunction
from fixtures.hazards.hazard import Endangered, Hazard
from fixtures.lint.flaw import Flaw
from fixtures.lint.functions import Broken as BrokenBody
from fixtures.migrations.comparison import EditedFile
from fixtures.secrets.scanning import Leak
from reports.places import Place, places
from reports.verdicts import Waived
from selftests.report_samples import HOSTILE, verdict, violated

MIGRATION = "supabase/migrations/20261105090000_plans.sql"
BODY = """-- a function
create or replace function private.plans_on_sale()
returns bigint language plpgsql as $$
declare total bigint;
begin
  select count(*) into total from public.plans p where p.is_on_sale;
  return total;
end $$;
"""
CONFIG = 'project_id = "ocean"\n\n[functions.graphql-v2]\nverify_jwt = true\n'


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository whose application lies in a folder of it."""
    folder = tmp_path / "apps" / "ocean"
    (tmp_path / ".git").mkdir()
    for name, text in {
        MIGRATION: BODY,
        "supabase/config.toml": CONFIG,
        ".env.example": "A=\n",
        "my file.ts": "",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def found(subjects: dict[str, Any], checkout: Path | None = None, **fields: Any) -> tuple[Place, ...]:
    facts = {name: fact for name, fact in subjects.items() if fact is not None}
    sample = {"subjects": tuple(subjects), "evidence": {"subjects": facts}, "message": "it is wrong"} | fields
    return places(violated(**sample), checkout)


def fact_of(value: Any) -> Any:
    """As `Finding.facts` has it."""
    return msgspec.to_builtins(value)


FLAW = Flaw(case="x", path=MIGRATION, line=3, statement="create", says="it is refused", instead="leave it out")
HAZARD = Hazard(
    kind="lost", path=MIGRATION, line=2, statement="x", relation="public.a", says="drops a", safe="-- later"
)
LEAK = Leak(kind="Stripe key", where=MIGRATION, fingerprint="sha256:58408234", says="live mode", at=("1:28", "4:2"))
CONTRACT = Broken(name="seatrial/contract/plans.sql", place="src/plans.ts:9", statement="select", role="anon",
                  says="gone", sqlstate="42703", path=MIGRATION, line=2, pending="", mend="expand first")  # fmt: skip
UNTOLD = Broken(name="public.plans", place="my file.ts:9", statement="select", role="anon", says="gone",
                sqlstate="42703", path="", line=0, pending="", mend="keep it")  # fmt: skip
IN_BODY = BrokenBody(function="private.plans_on_sale()", line=4, statement="select", says="no column", path=MIGRATION)
GUARDED = {
    "slug": "graphql-v2",
    "declared": {"slug": "graphql-v2", "verify_jwt": True},
    "before": None,
    "deployed": None,
}


@pytest.mark.parametrize(
    ("fact", "where", "says", "instead"),
    [
        pytest.param(FLAW, [(3, 0)], "it is refused", "leave it out", id="path-and-line"),
        pytest.param(Endangered(relation="public.a", hazards=(HAZARD,)), [(2, 0)], "drops a", "-- later", id="hazards"),
        pytest.param(LEAK, [(1, 28), (4, 2)], "Stripe key sha256:58408234 (live mode)", "", id="leak"),
        pytest.param(CONTRACT, [(2, 0)], "gone", "expand first", id="the-pending-file-before-the-asking-one"),
        pytest.param(EditedFile(path=MIGRATION, version="1", line=5), [(5, 0)], "it is wrong", "", id="edited"),
        pytest.param(IN_BODY, [(6, 0)], "no column", "", id="line-of-a-body"),
    ],
)
def test_facts_of_a_migration(fact: Any, where: list[tuple[int, int]], says: str, instead: str, checkout: Path) -> None:
    got = found({"it": fact_of(fact)}, checkout)

    assert [(place.line, place.column) for place in got] == where
    assert {(place.path, place.says, place.instead) for place in got} == {(f"apps/ocean/{MIGRATION}", says, instead)}


@pytest.mark.parametrize(
    ("subject", "fact", "path", "line"),
    [
        pytest.param("public.plans", fact_of(UNTOLD), "my file.ts", 9, id="where-the-release-asks"),
        pytest.param("VITE_KEY", {"name": "VITE_KEY", "place": ".env.example:1"}, ".env.example", 1, id="place"),
        pytest.param("graphql-v2", GUARDED, "supabase/config.toml", 3, id="declared-function"),
        pytest.param(f"{MIGRATION}:7", None, MIGRATION, 7, id="a-name-that-is-a-place"),
        pytest.param(f"{MIGRATION}:7 supabase db reset", None, MIGRATION, 7, id="a-name-that-begins-with-one"),
        pytest.param(MIGRATION, {"path": MIGRATION, "version": "1"}, MIGRATION, 1, id="no-line"),
        pytest.param("x", {"path": MIGRATION, "line": 0}, MIGRATION, 1, id="line-nought"),
        pytest.param("x", {"path": MIGRATION, "line": True}, MIGRATION, 1, id="line-true"),
        pytest.param("x", {"path": MIGRATION, "line": 2**40}, MIGRATION, 1, id="line-beyond-all-files"),
        pytest.param("x", {"where": MIGRATION, "at": []}, MIGRATION, 1, id="leak-without-lines"),
        pytest.param("x", {"where": MIGRATION, "at": ["9" * 9_999]}, MIGRATION, 1, id="line-of-many-digits"),
    ],
)
def test_other_ways_to_say_it(subject: str, fact: Any, path: str, line: int, checkout: Path) -> None:
    [place] = found({subject: fact}, checkout)

    assert (place.path, place.line, place.subject) == (f"apps/ocean/{path}", line, subject)


@pytest.mark.parametrize(
    "fact",
    [
        {"path": "../../outside.sql", "line": 1},
        {"path": "/etc/passwd", "line": 1},
        {"path": "supabase/../../../x.sql"},
        {"path": "nowhere.sql", "line": 3},
        {"path": "supabase", "line": 3},
        {"path": "x" * 5_000},
        {"path": "a\0b.sql"},
        {"path": ["supabase"]},
        {"where": "https://ocean.example/assets/index.js", "at": ["1:1"]},
        {"where": "function public.total", "at": ["3:1"]},
        {"hazards": [None, "x", {"path": 3}]},
        {"place": "the dashboard"},
        {"slug": "forgotten", "declared": None},
        {"relation": "public.invoices"},
        [],
        HOSTILE,
    ],
)
@pytest.mark.parametrize("known", [True, False])
def test_what_is_in_no_file_of_the_application(fact: Any, known: bool, checkout: Path) -> None:
    (checkout.parents[1] / "outside.sql").write_text("")

    sound = [place for place in found({"public.invoices": fact}, checkout if known else None) if known]

    assert sound == []


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../x.sql", "a\\b.sql", "C:/x.sql", "https://x/y.js", "a/\nb.sql", "~/x/y"]
)
def test_without_a_checkout_only_what_reads_like_a_path(path: str) -> None:
    assert found({"x": {"path": path}, "y": {"where": path, "at": ["1:1"]}}) == ()
    assert [place.path for place in found({"x": fact_of(FLAW)})] == [MIGRATION]


def test_only_findings_have_places(checkout: Path) -> None:
    fields: dict[str, Any] = {"subjects": ("x",), "evidence": {"subjects": {"x": fact_of(FLAW)}}}

    assert places(verdict("verified", **fields), checkout) == places(verdict("blind", **fields), checkout) == ()
    assert places(violated(**fields | {"evidence": {"subjects": None}}), checkout) == ()


def test_what_is_waived_says_so(checkout: Path) -> None:
    waiver = Waived(subjects=("old",), reason="known", until="2027-01-01")
    got = found({"new": fact_of(FLAW), "old": {"path": MIGRATION, "line": 1}}, checkout, waiver=waiver)

    assert {place.subject: place.waived for place in got} == {"new": False, "old": True}


def test_lines_that_cannot_be_found(checkout: Path) -> None:
    body = fact_of(IN_BODY)

    assert [place.line for place in found({"x": body | {"function": "private.other()"}}, checkout)] == [1]
    assert [place.line for place in found({"x": body})] == [1]
    (checkout / MIGRATION).write_text("\n\ncreate function private.plans_on_sale() returns int return 1;")
    assert [place.line for place in found({"x": body}, checkout)] == [3]
    (checkout / "supabase/config.toml").write_text("")
    assert [place.line for place in found({"x": GUARDED}, checkout)] == [1]


def test_a_declared_function_is_what_the_room_hands_on() -> None:
    """The facts above that are written out have the fields that their rooms give them."""
    assert {*EdgeFunction.__struct_fields__} >= GUARDED.keys()


@pytest.mark.parametrize("workspace", ["", "apps", "elsewhere"])
def test_without_git_paths_are_the_workspaces(
    workspace: str, checkout: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".git").rmdir()
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path / workspace) if workspace else "")

    [place] = found({"x": fact_of(FLAW)}, checkout)

    assert place.path == ("ocean/" if workspace == "apps" else "") + MIGRATION


@pytest.mark.parametrize(
    ("subject", "told"),
    [
        (f"{MIGRATION}:3", "it is refused"),
        (MIGRATION, "it is refused"),
        (f"{MIGRATION}:3 supabase db reset", "supabase db reset: it is refused"),
        (f"{MIGRATION}: it is refused", "it is refused"),
        ("public.plans", "public.plans: it is refused"),
        ("refused", "it is refused"),
    ],
)
def test_what_is_told_names_the_subject_once(subject: str, told: str) -> None:
    [place] = found({subject: fact_of(FLAW)})

    assert (place.told, place.says) == (told, "it is refused")
