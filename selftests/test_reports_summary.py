"""summary.md: what is not green, harmless, and small enough for a step summary."""

import re
from pathlib import Path

import pytest

from reports.past.changes import changes
from reports.summary import LARGEST, STEP, summary, write_summary
from reports.verdicts import Waived
from reports.writing import step_summary
from selftests.report_readers import needs_readers, rendered, telling
from selftests.report_samples import HOSTILE, UNSET, one_of_each, report, verdict, violated, waived
from selftests.test_reports_comment import known

TABLE = {"table", "thead", "tbody", "tr", "th", "td"}


def test_green_is_short() -> None:
    text = summary(report(verdict(), verdict("inapplicable", case="replayed")))

    assert text.startswith("## ✅ GO: keep this release\n\nprod-smoke on production: 1 verified, 0 violated")
    assert "| 1 | 0 | 0 | 0 | 0 | 1 | 0 |\n" in text
    assert "rls" not in text


def test_only_what_is_not_green() -> None:
    sample = report(*one_of_each(), verdict(check="slow", unsteady=True, attempts=3), missing=("gone",), notes=("n1",))
    text = summary(sample)

    assert "### VIOLATED · critical · `rls_enabled[environment]` · RLS-1\n" in text
    assert "**row-level security is off**\n" in text
    assert "<pre>public.invoices\npublic.plans</pre>\n" in text
    assert "**Contain**\n\n<pre>revoke all on &lt;table&gt; from anon;</pre>\n" in text
    assert "**Fix**\n\n<pre>alter table &lt;table&gt; enable row level security;</pre>\n" in text
    assert "### BLIND · high · `migration_status[unknown]` · RLS-1\n\n**DATABASE\\_URL is not set: export it**" in text
    assert "### CRASHED · low · `signup_trigger`" in text
    assert "### Waived\n\n- `rls_enabled[replayed]` until 2026-12-31: public.plans (prices are public)\n" in text
    assert "- `slow[environment]`: verified after 3 attempts" in text
    assert "- `gone`" in text
    assert text.endswith("### Notes\n\n- n1")
    assert "endpoint_healthy" not in text


def test_equal_reasons_are_told_once() -> None:
    text = summary(report(*(verdict("blind", case=f"c{number}", message=UNSET) for number in range(15))))

    assert text.count("### BLIND") == 1
    assert "15 cases" in text
    assert all(f"rls_enabled[c{number}]" in text for number in range(15))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a|b", r"a\|b"),
        ("<img src=x>", r"\<img src=x\>"),
        ("`code` *b* _i_ ~s~ $m$", r"\`code\` \*b\* \_i\_ \~s\~ \$m\$"),
        ("[l](http://x)", r"\[l\](http\://x)"),
        ("www.evil.example", r"www\.evil.example"),
        ("# x", "\\#\u2060 x"),
        ("- x", r"\- x"),
        ("1. x", r"1\. x"),
        ("@octocat", "\\@\u2060octocat"),
        ("a &lt; \\ b", r"a \&lt; \\ b"),
        ("two\nlines\n\n# head", "two lines \\#\u2060 head"),
        ("4.2 s: plain, text (really)", "4.2 s: plain, text (really)"),
    ],
)
def test_prose_means_nothing(text: str, expected: str) -> None:
    assert f"\n**{expected}**\n" in summary(report(violated(message=text)))


def test_nothing_leaves_its_place() -> None:
    inside = "x</pre><script>\n\n## head\n@octocat"
    text = summary(report(violated(subjects=(inside,), contain=inside, case="``a` b")))

    assert "<pre>x&lt;/pre&gt;&lt;script&gt; ## head @octocat</pre>" in text
    assert "<pre>x&lt;/pre&gt;&lt;script&gt;\n\n## head\n@octocat</pre>" in text
    assert "```rls_enabled[``a` b]```" in text
    hostile = summary(report(violated(**dict.fromkeys(("message", "fix", "promise"), HOSTILE))))
    assert hostile.count("\\<script") == hostile.count("<script") == 2


def test_small_enough_and_says_what_was_cut() -> None:
    many = [violated(case=f"c{number}", message="é" * 3_000) for number in range(1_000)]
    text = summary(report(*many))

    assert LARGEST * 0.9 < len(text.encode()) <= LARGEST
    assert "rls_enabled[c0]" in text
    shown = text.count("### VIOLATED")
    assert text.endswith(f"\n*{1_000 - shown} more entries did not fit here; verdicts.json has them all.*\n")


def test_the_most_urgent_is_not_cut() -> None:
    low = [violated(case=f"c{number}", severity="low", message="x" * 3_000) for number in range(1_000)]
    text = summary(report(*low, violated(case="urgent")))

    assert "rls_enabled[urgent]" in text
    assert len(text.encode()) <= LARGEST


def test_subjects_are_capped() -> None:
    text = summary(report(violated(subjects=tuple(f"public.t{number}" for number in range(5_000)))))

    assert "public.t49\nand 4950 more, see verdicts.json</pre>" in text
    assert len(text) < 5_000


def test_file(tmp_path: Path) -> None:
    sample = report(*one_of_each())

    assert write_summary(telling(sample, tmp_path), tmp_path).read_text("utf-8") == summary(sample)


def test_what_changed() -> None:
    past = known(a="verified", b="violated", c="violated", d="verified")
    sample = report(violated(check="a"), violated(check="b"), verdict(check="c"), verdict("blind", check="d"))
    text = summary(sample, changes(past, sample))

    assert (
        "\n\nSince the previous run (1 h ago, a1b2c3d): 1 new, 1 mended, 1 still violated, 1 no longer seen\n" in text
    )
    assert "### VIOLATED · critical · `a[environment]` · RLS-1 · new\n" in text
    assert "### VIOLATED · critical · `b[environment]` · RLS-1 · since 2026-11-20 14:00 UTC\n" in text
    assert "### Mended\n\n- `c[environment]`" in text
    assert "Since" not in summary(sample), "nothing to compare with"


@needs_readers
def test_markdown_makes_nothing_of_texts_from_outside() -> None:
    texts = dict.fromkeys(("message", "promise", "contain", "fix", "case"), HOSTILE)
    waiver = Waived(subjects=(HOSTILE,), reason=HOSTILE, until="2027-01-01")
    broken = violated(subjects=(HOSTILE,), runbook=(HOSTILE,), **texts)
    sample = report(broken, verdict("blind", message=HOSTILE), waived(waiver=waiver), missing=(HOSTILE,),
                    notes=(HOSTILE,), environment=HOSTILE)  # fmt: skip
    shown = rendered(summary(sample))

    elements = {name.lower() for name in re.findall(r"<([a-zA-Z][a-zA-Z0-9]*)", shown)}
    assert elements == {"h2", "h3", "p", "code", "strong", "ul", "li", "pre"} | TABLE


def test_what_stands_on_the_page_of_the_step_already_leaves_less_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "summary.md").write_text(summary(report(*(violated(case=f"é{number}") for number in range(2_000)))))
    page = tmp_path / "page"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(page))
    for _ in range(3):
        step_summary(tmp_path)

    text = page.read_text("utf-8")
    assert STEP - 1_000 < len(text.encode()) <= STEP
    assert text.count("## 🛑 HOLD") == 2, "whole, then as much as fits, then nothing"
    assert text.endswith("\n\n*The rest did not fit here; verdicts.json has it all.*\n")
    assert text.count("<pre>") == text.count("</pre>")
    step_summary(tmp_path)
    assert page.read_text("utf-8") == text
