"""comment.md: one comment of a pull request, harmless, short enough, and found again by its first line."""

import re
from pathlib import Path
from typing import Any

import pytest

from reports.comment import comment, marker, write_comment
from reports.past.history import Past, PastCase, PastRun
from reports.verdicts import Report, Verdict, Waived
from selftests.report_readers import needs_readers, rendered, telling
from selftests.report_samples import HOSTILE, UNSET, one_of_each, report, verdict, violated, waived

MIGRATION = "supabase/migrations/20261105090000_plans.sql"
FLAW = {"path": MIGRATION, "line": 3, "says": "it is refused", "instead": "leave it <out>"}
LIMIT = 65_536  # characters of a comment at GitHub


def told(sample: Report, **fields: Any) -> str:
    return comment(telling(sample, Path(), **fields))


def finding(*facts: dict[str, Any], **fields: Any) -> Verdict:
    subjects = {f"s{number}": fact for number, fact in enumerate(facts)}
    return violated(**{"subjects": tuple(subjects), "evidence": {"subjects": subjects}} | fields)


def known(**cases: str) -> Past:
    """A run an hour before, and how cases stood then."""
    run = PastRun(environment="production", kind="production", lanes=("prod-smoke",), commit="a1b2c3d4e5f6", exit=0,
                  started="2026-11-22T09:00:00+00:00", seconds=1, word="GO", totals={}, families={}, violated=(),
                  blind=())  # fmt: skip
    rows = {
        f"{case}[environment]": PastCase(outcome=outcome, since="2026-11-20T14:00:00Z", verified=None, commit=None)
        for case, outcome in cases.items()
    }
    return Past(runs=(run,), cases={"production": rows})


@pytest.mark.parametrize(
    ("environment", "line"),
    [
        ("production", "<!-- seatrial:production -->"),
        ("preview/feature x", "<!-- seatrial:preview-feature-x -->"),
        ("a-->b<script>", "<!-- seatrial:a-b-script -->"),
        ("--", "<!-- seatrial:unnamed -->"),
        ("", "<!-- seatrial:unnamed -->"),
        (HOSTILE, None),
    ],
)
def test_the_first_line_is_the_marker_alone(environment: str, line: str | None) -> None:
    first = told(report(verdict(), environment=environment)).split("\n")[0]

    assert first == marker(environment)
    assert re.fullmatch(r"<!-- seatrial:[A-Za-z0-9._]+(?:-[A-Za-z0-9._]+)* -->", first)
    assert line in (None, first)


def test_green_is_short() -> None:
    text = told(report(verdict(), lanes=("pre-deploy",)), url="https://ci.example/runs/1")

    assert text == (
        "<!-- seatrial:production -->\n## ✅ GO: ship it\n\n"
        "pre-deploy on production: 1 verified, 0 violated, 0 blind in 4.2 s\n\n"
        "[The whole report](<https://ci.example/runs/1>) · commit `0123abc`\n"
    )


def test_what_broke_and_what_to_do() -> None:
    text = told(report(finding(FLAW, case="syntax"), violated()))

    assert "## 🛑 HOLD: contain it now; start with rls\\_enabled\\[syntax\\]\n" in text
    assert (
        "### **critical** · `rls_enabled[environment]` · RLS-1\n\nrow-level security is off\n\n- `public.invoices`\n"
        in text
    )
    assert f"- `{MIGRATION}:3`: s0: it is refused\n" in text
    assert "**Instead, in line 3**\n\n<pre>leave it &lt;out&gt;</pre>\n" in text
    assert "<pre>revoke all on &lt;table&gt; from anon;</pre>" in text


def test_a_place_that_says_it_all_is_not_told_twice() -> None:
    text = told(report(finding(FLAW, message=f"{MIGRATION}:3: it is refused; leave it out")))

    assert text.count("it is refused") == 1


def test_what_was_not_seen_is_neither_red_nor_green_and_folded() -> None:
    sample = report(verdict(), verdict("blind", case="b", message=UNSET), verdict("crashed", case="c", message="boom"),
                    missing=("gone",))  # fmt: skip
    text = told(sample)

    assert "## 🌫️ CANNOT SEE: " in text
    assert (
        "<details><summary>3 not seen</summary>\n\n- blind: `rls_enabled[b]`: DATABASE\\_URL is not set: export it\n"
        in text
    )
    assert "- missing: `gone`: expected in this lane" in text
    assert "###" not in text


def test_changes_since_the_base() -> None:
    past = known(a="verified", b="violated", c="violated", d="verified")
    sample = report(violated(check="a"), violated(check="b"), verdict(check="c"), verdict("blind", check="d"))
    text = told(sample, past=past)

    assert "\nSince the previous run (1 h ago, a1b2c3d): 1 new, 1 mended, 1 still violated, 1 no longer seen\n" in text
    assert "### **critical** · `a[environment]` · RLS-1 · **new**\n" in text
    assert "### **critical** · `b[environment]` · RLS-1 · **since 2026-11-20 14:00 UTC**\n" in text
    assert "\nMended: `c[environment]`\n" in text
    assert "\nNo longer seen: `d[environment]`\n" in text
    assert "Since the previous" not in told(sample), "nothing to compare with"


def test_waived_and_notes_are_folded() -> None:
    text = told(report(verdict(), waived(), notes=("n1 @octocat",)))

    assert (
        "<details><summary>1 waived</summary>\n\n- `rls_enabled[replayed]` until 2026-12-31: prices are public\n"
        in text
    )
    assert "<details><summary>1 to know about this run</summary>\n\n- n1 \\@\u2060octocat\n" in text


def test_what_is_waived_among_others_says_so() -> None:
    waiver = Waived(subjects=("s1",), reason="known", until="2027-01-01")
    text = told(report(finding(FLAW, FLAW | {"line": 9}, waiver=waiver, subjects=("s0",))))

    assert f"- `{MIGRATION}:9` (waived): s1: it is refused\n" in text


@pytest.mark.parametrize(
    "url", ["https://ci.example/a>b<script>", "https://ci.example/\n## x", "https://ci.example/(a) b"]
)
def test_an_address_stays_one(url: str) -> None:
    text = told(report(verdict()), url=url)

    [target] = re.findall(r"\[The whole report\]\(<([^<>\s]*)>\)", text)
    assert target.startswith("https://ci.example/")
    assert "## x" not in text


def hostile(number: int = 0) -> Verdict:
    texts: dict[str, Any] = dict.fromkeys(("message", "promise", "means", "contain", "fix"), HOSTILE)
    fact = {"path": MIGRATION, "line": 3, "says": HOSTILE, "instead": HOSTILE}
    return finding(fact, case=f"{HOSTILE}{number}", runbook=(HOSTILE,), **texts)


def test_nothing_steers_a_terminal_or_calls_somebody() -> None:
    run: dict[str, Any] = {"missing": (HOSTILE,), "notes": (HOSTILE,), "commit": HOSTILE, "reason": HOSTILE}
    text = told(report(hostile(), verdict("blind", message=HOSTILE), **run))

    assert not {*"\x00\x1b\x9b\x07\u202e\ud800"} & {*text}
    prose = re.sub(r"(?s)<pre>.*?</pre>|(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", text)
    assert "octocat" in prose
    assert "@octocat" not in prose


@needs_readers
def test_markdown_makes_nothing_of_texts_from_outside() -> None:
    other = violated(**dict.fromkeys(("message", "fix", "case"), HOSTILE))
    run: dict[str, Any] = {"missing": (HOSTILE,), "notes": (HOSTILE,), "commit": HOSTILE, "environment": HOSTILE}
    sample = report(hostile(), other, verdict("blind", message=HOSTILE), **run)
    shown = rendered(told(sample, url="https://ci.example/1"))

    elements = {name.lower() for name in re.findall(r"<([a-zA-Z][a-zA-Z0-9]*)", shown)}
    assert elements == {"h2", "h3", "p", "a", "code", "strong", "ul", "li", "details", "summary", "pre"}
    assert re.findall(r'href="([^"]*)"', shown) == ["https://ci.example/1"]
    assert shown.count("<details>") == shown.count("</details>") == 4
    assert shown.count("<h3>") == 2


@pytest.mark.parametrize("count", [30, 2_000])
def test_short_enough_and_whole(count: int) -> None:
    many = [hostile(number) for number in range(count)]
    blind = [verdict("blind", case=f"b{number}", message=f"{number} {'x' * 3_000}") for number in range(count)]
    text = told(
        report(*many, *blind, missing=tuple(f"m{number}" for number in range(count)), notes=("é" * 9_000,) * 30)
    )

    assert 10_000 < len(text.encode()) <= LIMIT
    assert text.count("<details>") == text.count("</details>") > 3
    assert f"and {count - 20} more broken promises, see verdicts.json" in text
    assert text.startswith("<!-- seatrial:production -->\n## 🛑 HOLD")


def test_one_text_of_a_million_characters() -> None:
    long = "🐘" * 1_000_000
    text = told(
        report(finding(FLAW | {"says": long, "instead": long}, message=long, contain=long, fix=long, case=long))
    )

    assert len(text.encode()) <= LIMIT
    assert "HOLD" in text


def test_file(tmp_path: Path) -> None:
    sample = report(*one_of_each())

    path = write_comment(telling(sample, tmp_path), tmp_path)

    assert path == tmp_path / "comment.md"
    assert path.read_text("utf-8") == told(sample)
