"""DOC-1: what runbooks type is read as a shell reads it, and judged as the real programs would."""

from pathlib import Path

import pytest

from fixtures import Unobservable
from fixtures.commands import Command, Program
from fixtures.commands.asking import Pages
from fixtures.commands.documents import Block, blocks, read_runbook
from fixtures.commands.resolving import unknown_in
from fixtures.commands.shell import commands_in
from fixtures.commands.showing import shown
from fixtures.commands.usual import JUDGED, unjudged
from selftests.recorded_clis import RECORDED
from selftests.typed_in_checks import PROGRAMS


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def typed(text: str) -> list[Command]:
    return list(commands_in(Block(file="r.md", line=1, kind="shell", text=text)))


@pytest.mark.parametrize(
    ("text", "program", "words"),
    [
        ("supabase db push --dry-run", "supabase", ["db", "push", "--dry-run"]),
        ("A=1 B='x y' vercel ls", "vercel", ["ls"]),
        ("vercel \\\n  logs \\\n  --follow", "vercel", ["logs", "--follow"]),
        ("true && (vercel ls)", "vercel", ["ls"]),
        ("x=$(vercel ls --json)", "vercel", ["ls", "--json"]),
        ("for i in 1 2; do vercel ls; done", "vercel", ["ls"]),
        ("vercel ls # --prod", "vercel", ["ls"]),
        ("vercel rollback <the deployment before>", "vercel", ["rollback", "placeholder"]),
        ("vercel promote [deployment-id]", "vercel", ["promote", "placeholder"]),
        ("$ vercel ls", "vercel", ["ls"]),
        ("npx --yes vercel@60.1.3 ls", "vercel", ["ls"]),
        ("neonctl projects list", "neon", ["projects", "list"]),
        ("sudo ./node_modules/.bin/vercel ls", "vercel", ["ls"]),
        ("vercel ls > out.json 2>&1", "vercel", ["ls"]),
        ('psql "$URL" -c "select 1; -- vercel x"', "psql", ["$URL", "-c", "select 1; -- vercel x"]),
        ("stripe x --items[0][price]=p", "stripe", ["x", "--items[0][price]=p"]),
    ],
)
def test_a_shell_s_words(text: str, program: str, words: list[str]) -> None:
    (command,) = [command for command in typed(text) if command.program == program]

    assert list(command.words) == words


def test_a_comment_and_a_quoted_text_are_no_commands() -> None:
    assert [command.program for command in typed("# vercel ls\necho 'vercel ls'\ncat <<E\nvercel ls\nE\n")] == [
        "echo",
        "cat",
    ]


def test_a_pipeline_is_remembered() -> None:
    first, second, _ = typed("docker logs a 2>&1 | grep x | head")

    assert (first.piped, first.merged) == (("grep", "head"), True)
    assert (second.piped, second.merged) == (("head",), False)


def test_blocks_of_markdown() -> None:
    text = (
        "Say `vercel ls` now.\n\n```bash\nvercel logs\n```\n\n```python\nvercel.x()\n```\n  ~~~\n  git status\n  ~~~\n"
    )
    seen = [(block.kind, block.line, block.text) for block in blocks("r.md", text)]

    assert seen == [
        ("inline", 1, "vercel ls"),
        ("shell", 4, "vercel logs"),
        ("other", 8, "vercel.x()"),
        ("shell", 11, "git status"),
    ]


@pytest.mark.parametrize("name", ["absent.md", "folder", "bytes.md"])
def test_a_runbook_that_cannot_be_read_is_unobservable(name: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "bytes.md").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(Unobservable, match=f"{name}.*runbook"):
        read_runbook(tmp_path, [name])


SECRETS = [
    'psql "postgresql://me:hunter2hunter2@h/db"',
    "curl -H 'Authorization: Bearer sbp_0123456789abcdef0123'",
    "stripe x --api-key sk_live_0123456789abcdef",
    "curl -u admin:hunter2secret https://x/",
    "curl --header 'Authorization: Bearer hunter2hunter2'",
    "vercel ls --token hunter2hunter2",
    "stripe --api-key=hunter2hunter2 x",
    "PGPASSWORD=hunter2hunter2 psql -h db",
    "supabase x eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoic2VydmljZSJ9.c2lnbmF0dXJl",
]


@pytest.mark.parametrize("text", SECRETS)
def test_a_typed_secret_is_not_shown(text: str) -> None:
    (command,) = typed(text)
    secrets = ("hunter2", "sbp_0123", "sk_live_", "c2lnbmF0dXJl")

    assert not [secret for secret in secrets if secret in repr(command)]
    assert "sha256:" in shown(text)


def recorded(name: str) -> Pages:
    return Pages(Program(name), RECORDED / name)


def doubted(text: str) -> list[str]:
    """What the recorded program does not know of one command."""
    (command,) = typed(text)
    return [word.word for word in unknown_in(command, recorded(command.program))]


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("supabase migration up --project-ref prod", ["--project-ref"]),
        ("supabase functions logs handle-stripe-webhook", ["logs"]),
        ("supabase migration up --remote=prod", []),
        ("stripe subscriptions update s --items[0][price]=p", ["--items[0][price]"]),
        ("stripe subscriptions update s --proration_behavior=none", ["--proration_behavior"]),
        ("stripe subscriptions update s -d 'items[0][id]=i' --proration-behavior none", []),
        ("vercel logs --prod --follow", ["--prod"]),
        ("vercel logs --environment production --follow", []),
        ("vercel rollback dpl_1", []),
        ("vercel rollback status ocean", []),
        ("git log --follow --patch -- file --made-up", []),
        ("docker logs x --tial 5", ["--tial"]),
        ("curl -fsSo /dev/null --no-progress-meter x", []),
        ("curl -fsSY x --fial", ["--fial"]),
        ("psql $OPTIONS --command 'select 1'", []),
        ("npm ci --ignore-scripts", []),
    ],
)  # fmt: skip
def test_words_that_a_program_does_not_know(text: str, unknown: list[str]) -> None:
    assert doubted(text) == unknown


def test_programs_that_nobody_judges_are_named() -> None:
    commands = typed("terraform apply\npnpm run debug:user x\ngrep x y\nvercel ls\nterraform plan\n")

    assert unjudged(commands) == ["terraform", "pnpm"]
    assert set(PROGRAMS) == JUDGED
