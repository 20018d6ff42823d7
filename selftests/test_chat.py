"""The message that a chat gets: within Slack's limits, and no outsider can ping anybody with it."""

import pytest

from fixtures import Secret
from fixtures.engine.redactor import Redactor
from reports.chat.address import Chat, hide
from reports.chat.message import BLOCKS, message, worth_telling
from reports.chat.posting import send
from reports.past.history import Past
from reports.telling import Telling
from reports.verdicts import Outcome
from selftests.past_samples import after, found, telling
from selftests.report_samples import HOSTILE, one_of_each, report, verdict, violated
from selftests.slack import PATH, flaws, slack

PINGS = (
    "<!channel> <!here> <@U0123> <#C0123> @channel @here @all &lt;!everyone&gt; <https://evil.example|your bank> ```"
)
URL = "https://github.example/o/r/actions/runs/1?a=1&b=2"
LOUD = telling(found({"a": "violated"}), url=URL)


def texts(sample: Telling) -> list[str]:
    """The text of each block."""
    return [row["text"]["text"] for row in message(sample)["blocks"]]


def test_what_a_person_reads() -> None:
    body = message(
        telling(report(*one_of_each(), missing=("gone[a]",), environment="staging", kind="staging"), url=URL)
    )
    head, opening, first, second, third, rest, link = (row["text"]["text"] for row in body["blocks"])

    assert flaws(body) == []
    assert body["text"] == "HOLD on staging: contain it now; start with rls_enabled[environment]"
    assert head == "HOLD on staging"
    assert opening.splitlines() == [
        ":octagonal_sign: *contain it now; start with rls_enabled[environment]*",
        "prod-smoke on staging: 1 verified, 1 violated, 1 blind, 1 crashed, 1 waived, 1 inapplicable, 1 missing "
        "in 4.2 s",
        "commit 0123abc",
    ]
    assert first.splitlines() == [
        "*VIOLATED*  critical · rls_enabled[environment] · RLS-1",
        "row-level security is off",
        "• public.invoices",
        "• public.plans",
        "*Contain*",
        "```revoke all on &lt;table&gt; from anon;```",
    ]
    assert second.startswith("*BLIND*  high · migration_status[unknown]")
    assert third.startswith("*CRASHED*  low · signup_trigger")
    assert rest == "*MISSING*  gone[a]"
    assert link == f"<{URL.replace('&', '&amp;')}|Open the report>"


def test_since_when_and_what_changed() -> None:
    past = after(found({"a": "violated", "b": "violated"}, 1))
    said = texts(telling(found({"a": "violated", "b": "verified"}, 2), past))

    assert "since the previous run (1 day ago, 0123abc): 1 mended, 1 still violated" in said[1]
    assert "since 2026-11-01 10:00 UTC" in said[2]


@pytest.mark.parametrize("text", [HOSTILE, PINGS, "&" * 100_000, "<" * 3_000, "`" * 3_000, "a\n" * 3_000, "", " "])
def test_whatever_comes_from_outside(text: str) -> None:
    broken = violated(check=f"c{text}", message=text, subjects=(text, *["s"] * 9), contain=text, runbook=(text,))
    unseen = [verdict("blind", case=f"{number}{text}", message=text) for number in range(3)]
    sample = telling(report(broken, *unseen, missing=(text,), environment=f"e{text}", commit=text), url=URL)

    assert flaws(message(sample)) == []


@pytest.mark.parametrize("number", [0, 1, BLOCKS, BLOCKS + 1, 3_000])
def test_however_much_there_is_to_tell(number: int) -> None:
    long = [violated(case=f"{row}", message="m" * 9_000, subjects=("s" * 900,) * 90) for row in range(number)]
    body = message(telling(report(*long, missing=tuple(f"gone[{row}]" for row in range(number)))))
    rest = number - BLOCKS

    assert flaws(body) == []
    assert (f"and {rest} more to look at" in str(body)) == (rest > 0)


def test_the_stand_in_finds_what_slack_would_refuse() -> None:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3_001}}

    assert flaws({"text": "t", "blocks": [section]}) == ["a section of 3001 characters"]
    assert flaws({"text": "", "blocks": []}) == ["0 blocks", "no text for notifications"]
    assert len(flaws({"text": PINGS, "blocks": [{"type": "header", "text": {"type": "mrkdwn", "text": "a"}}]})) == 9


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        (None, "verified", {"always"}),
        (None, "violated", {"always", "not-green", "changes"}),
        (None, "blind", {"always", "not-green", "changes"}),
        ("verified", "verified", {"always"}),
        ("violated", "violated", {"always", "not-green"}),
        ("blind", "blind", {"always", "not-green"}),
        ("violated", "verified", {"always", "changes"}),
        ("verified", "blind", {"always", "not-green", "changes"}),
        ("violated", "blind", {"always", "not-green", "changes"}),
    ],
)
def test_which_runs_are_told(before: Outcome | None, now: Outcome, told: set[str]) -> None:
    past = after(found({"a": before, "b": "verified"}, 1)) if before else Past()
    sample = telling(found({"a": now, "b": "verified"}, 2), past)

    assert {when for when in ("always", "not-green", "changes") if worth_telling(sample, when)} == told


def chat(address: str | None, when: str = "always") -> Chat:
    return Chat(Secret("SLACK_WEBHOOK_URL", address), when)


def test_it_is_told_once() -> None:
    with slack() as served:
        problem = send(chat(served.address), LOUD)

    assert (problem, len(served.bodies)) == (None, 1)
    assert served.bodies[0]["text"].startswith("HOLD on production")


def test_nothing_is_sent_of_a_run_that_is_not_to_be_told() -> None:
    with slack() as served:
        problem = send(chat(served.address, "not-green"), telling(found({"a": "verified"})))

    assert (problem, served.bodies) == (None, [])


Headers = dict[str, str]
BUSY: tuple[int, str, Headers] = (429, "rate_limited", {"Retry-After": "1"})
OK: tuple[int, str, Headers] = (200, "ok", {})


@pytest.mark.parametrize(
    ("answers", "requests", "said"),
    [
        pytest.param([BUSY, OK], 2, None, id="busy once"),
        pytest.param([BUSY, BUSY, OK], 2, "it answered 429: rate_limited", id="busy twice"),
        pytest.param([(429, "no", {"Retry-After": "6"}), OK], 1, "it answered 429: no", id="busy for long"),
        pytest.param([(429, "no", {"Retry-After": "soon"}), OK], 1, "it answered 429: no", id="busy in words"),
        pytest.param([(429, "no", {}), OK], 2, None, id="busy without a word"),
        pytest.param([(500, "oops", {"Retry-After": "1"}), OK], 1, "it answered 500: oops", id="broken"),
        pytest.param([(404, "no_team", {})], 1, "it answered 404: no_team", id="gone"),
        pytest.param([(302, "", {"Location": "http://127.0.0.1:1/"})], 1, "it answered 302: ", id="moved"),
        pytest.param([(500, HOSTILE * 1000, {})], 1, "it answered 500: abredevil", id="hostile"),
    ],
)
def test_what_the_chat_answers(
    answers: list[tuple[int, str, Headers]], requests: int, said: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    paused: list[float] = []
    monkeypatch.setattr("reports.chat.posting.time.sleep", paused.append)
    with slack(*[(status, text.replace("\ud800", ""), headers) for status, text, headers in answers]) as served:
        problem = send(chat(served.address), LOUD)

    assert len(served.bodies) == requests
    assert (problem or "").startswith(f"chat: not told, {said}" if said else "")
    assert (problem is None) == (said is None)
    assert len(problem or "") < 200
    assert PATH not in (problem or "")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (None, "SLACK_WEBHOOK_URL is not set: export it, or take [chat] out of the environment file"),
        ("hooks.slack.example/T0/B0/secret-part", "SLACK_WEBHOOK_URL holds no http(s) address"),
        ("file:///etc/passwd", "SLACK_WEBHOOK_URL holds no http(s) address"),
        ("http://[", "SLACK_WEBHOOK_URL holds no http(s) address"),
        ("http://127.0.0.1:1/secret-part", "it cannot be reached (ConnectError)"),
        ("http://127.0.0.1:99999/secret-part", "it cannot be reached ("),
    ],
)
def test_what_cannot_be_told(address: str | None, said: str) -> None:
    problem = send(chat(address), LOUD)

    assert (problem or "").startswith(f"chat: not told, {said}")
    assert "secret-part" not in (problem or "")


def test_a_chat_that_does_not_answer_is_left() -> None:
    with slack(slow=3.0) as served:
        problem = send(chat(served.address), LOUD, patience=0.2)

    assert problem is not None
    assert problem.startswith("chat: not told, no answer within 0.2 s") or "Timeout" in problem


def test_a_run_that_has_no_time_left_does_not_wait_to_be_asked_again() -> None:
    with slack(BUSY, OK) as served:
        problem = send(chat(served.address), LOUD, patience=1.0)

    assert (problem, len(served.bodies)) == ("chat: not told, it answered 429: rate_limited", 1)


@pytest.mark.parametrize("cut", ["", "https://hooks.slack.example", "https://hooks.slack.example/services/T0PLANTED"])
def test_the_address_is_hidden_also_in_part(cut: str) -> None:
    redactor = Redactor()
    hide(chat(f"https://hooks.slack.example{PATH}"), redactor)
    text = f"https://hooks.slack.example{PATH}".removeprefix(cut)

    assert "Xq7vW2nR8kLm4pTz6yHs1dGc" not in redactor.clean(f"said {text}")
    assert "Xq7vW2nR8kLm" not in redactor.clean(f"said {text[:-4]}")


def test_nothing_to_hide() -> None:
    redactor = Redactor()
    hide(None, redactor)
    hide(chat(None), redactor)
    hide(chat("http://["), redactor)

    assert redactor.clean("http://x") == "http://x"
