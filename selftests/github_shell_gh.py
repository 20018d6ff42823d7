"""A stand-in for GitHub's command line, `gh api`, which only writes down what it is asked.

Comments that are there are read from COMMENTS, through jq as `--jq` says (gh has jq built in).
"""

import json
import os
import stat
import sys
from pathlib import Path
from typing import Any

PROGRAM = """\
#!{python}
import json, os, subprocess, sys
words = sys.argv[2:] if sys.argv[1] == "api" else sys.exit("only api is known")
asked = {{"method": "GET", "fields": {{}}, "token": os.environ.get("GH_TOKEN", "")}}
while words:
    word = words.pop(0)
    if word in ("--field", "--raw-field"):
        name, _, value = words.pop(0).partition("=")
        asked["fields"][name] = open(value[1:]).read() if value[:1] == "@" and word == "--field" else value
    elif word == "--method":
        asked["method"] = words.pop(0)
    elif word == "--jq":
        asked["jq"] = words.pop(0)
    elif word not in ("--paginate", "--silent"):
        asked["path"] = word
with open({log!r}, "a") as log:
    log.write(json.dumps(asked) + "\\n")
if "jq" in asked:
    sys.exit(subprocess.run(["jq", "--raw-output", asked["jq"], {comments!r}]).returncode)
"""


class Gh:
    """The stand-in in a folder of its own; `comments` is what GET answers."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._log = folder, folder / "asked"
        folder.mkdir()
        self._log.touch()
        self.comments: list[dict[str, Any]] = []
        program = folder / "gh"
        program.write_text(
            PROGRAM.format(python=sys.executable, log=str(self._log), comments=str(folder / "comments.json"))
        )
        program.chmod(program.stat().st_mode | stat.S_IXUSR)

    @property
    def path(self) -> str:
        """PATH with the stand-in before everything else."""
        return f"{self.folder}{os.pathsep}{os.environ['PATH']}"

    def say(self, *comments: dict[str, Any]) -> None:
        """The comments that the pull request has; forgets what was asked before."""
        (self.folder / "comments.json").write_text(json.dumps(comments))
        self._log.write_text("")

    def asked(self, method: str) -> list[dict[str, Any]]:
        """What was asked with a method, in order."""
        lines = [json.loads(line) for line in self._log.read_text().splitlines()]
        return [line for line in lines if line["method"] == method]
