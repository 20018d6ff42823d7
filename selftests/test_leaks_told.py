"""What was found by its shape is in no artefact of the run that found it, though nobody had told the redactor of it."""

import json
import re
import subprocess
import sys
from pathlib import Path

from selftests.running_sandbox import sandbox
from selftests.voyage import HOUSE, variables

FAULTS = ("secret-in-bundle", "secret-environment-tracked", "secret-private-key-tracked", "secret-in-function")
PLANTED = (
    "dist/assets/status-BR4_tb-H.js",
    "config/deploy.env",
    "deploy/id.pem",
    "supabase/functions/_shared/secrets.ts",
)
DRAWN = re.compile(
    r"eyJ[\w.-]{60,}|ghp_\w{36}|(?<=VERCEL_TOKEN=)\w{24}|sbp_\w{40}|whsec_\w{32}|^M[\w+/=]{60,}$", re.MULTILINE
)
PIECE = 16


def test_no_planted_secret_is_in_an_artefact(tmp_path: Path) -> None:
    with sandbox(*(word for fault in FAULTS for word in ("--fault", fault))) as ocean:
        texts = [(Path(ocean.variables["OCEAN_CHECKOUT"]) / name).read_text(encoding="utf-8") for name in PLANTED]
        secrets = [secret for text in texts for secret in DRAWN.findall(text)]
        command = [sys.executable, "-m", "pytest", "checks/security/no_secrets.py", "--showlocals", "--tb=long", "-rA"]
        command += ["--report", str(tmp_path), "-o", f"cache_dir={tmp_path / 'cache'}"]
        run = subprocess.run(
            command, cwd=HOUSE, env={**variables(), **ocean.variables}, capture_output=True, text=True, check=False
        )

    assert len(secrets) == 6
    left = {str(path): path.read_text("utf-8", "replace") for path in tmp_path.rglob("*") if path.is_file()}
    for where, text in {**left, "terminal": run.stdout + run.stderr}.items():
        for secret in secrets:
            body = secret.rpartition(".")[2]  # of a token its signature: who it speaks for is told
            assert not any(body[at : at + PIECE] in text for at in range(len(body) - PIECE + 1)), where
    verdicts = json.loads((tmp_path / "verdicts.json").read_text(encoding="utf-8"))["verdicts"]
    violated = {verdict["case"] for verdict in verdicts if verdict["outcome"] == "violated"}
    assert violated == {"served", "built", "tracked", "functions"}, run.stdout
    assert "sha256:" in run.stdout
