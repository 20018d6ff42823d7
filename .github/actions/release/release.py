"""Which release is to be judged: what an event claims, believed only where Vercel says the same.

Run by the workflows with the runner's own Python, before anything is installed. Whoever may write to a repository
can send it a `repository_dispatch`, or make a deployment with any address in it. So the sender must be Vercel's app,
and the deployment is read again from Vercel: the address, the commit and whether it is live come from there.

Writes `judge`, `commit` and `url` to GITHUB_OUTPUT. Other events name no release: `judge=true`, and the rest is
empty. Ends with 4 and one sentence when an event is not believed.
"""

import json
import os
import re
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

SENDER = ("vercel[bot]", 35613825, "Bot")
"""Vercel's GitHub app, by login, id and type: logins can be given up and taken by others, ids cannot."""
RELEASED = ("vercel.deployment.success", "vercel.deployment.ready", "vercel.deployment.promoted")
"""Types of dispatches after which there is something to judge (vercel/repository-dispatch)."""
ASKED = re.compile(r"dpl_[A-Za-z0-9]{1,64}|[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?")
"""A deployment's id or host: what may stand in the path of the question to Vercel."""
COMMIT = re.compile(r"[0-9a-f]{40}")
SECONDS = 20.0
NOTHING = {"judge": "false", "commit": "", "url": ""}


class Unbelieved(Exception):
    """The event is not Vercel's, or Vercel says otherwise. The message is one sentence with the next step."""


def main() -> int:
    """Read the event, ask Vercel, write the outputs; the exit code."""
    try:
        found = release(os.environ.get("GITHUB_EVENT_NAME", ""), _event(), os.environ)
    except Unbelieved as problem:
        print(f"::error title=This release is not judged::{_escaped(str(problem))}")
        return 4
    with open(os.environ["GITHUB_OUTPUT"], "a", encoding="utf-8") as file:
        file.writelines(f"{name}={value}\n" for name, value in found.items())
    return 0


def release(name: str, event: dict[str, Any], variables: Any) -> dict[str, str]:
    """What to judge, by the name of an output.

    Raises:
        Unbelieved: see there.
    """
    if name not in ("repository_dispatch", "deployment_status"):
        return {"judge": "true", "commit": "", "url": ""}
    _sent_by_vercel(event)
    asked = _dispatched(event) if name == "repository_dispatch" else _status(event)
    if not asked:
        return NOTHING
    host, claimed = asked
    deployment = _read(host, variables)
    commit = _agreed(deployment, claimed, event, variables)
    if variables.get("TARGET") and variables["TARGET"] != (deployment.get("target") or "preview"):
        return NOTHING
    return {"judge": "true", "commit": commit, "url": f"https://{_host(deployment)}"}


def _sent_by_vercel(event: dict[str, Any]) -> None:
    sender = _inside(event, "sender")
    if (sender.get("login"), sender.get("id"), sender.get("type")) != SENDER:
        raise Unbelieved(
            f"the event was sent by {sender.get('login')!r} and not by {SENDER[0]}: judge a release by hand with"
            " workflow_dispatch"
        )


def _dispatched(event: dict[str, Any]) -> tuple[str, str] | None:
    """The deployment's id and the claimed commit; None where nothing was released."""
    payload = _inside(event, "client_payload")
    if event.get("action") not in RELEASED:
        return None
    return str(payload.get("id")), str(_inside(payload, "git").get("sha"))


def _status(event: dict[str, Any]) -> tuple[str, str] | None:
    """The same from a deployment's status, which knows the deployment by its address only."""
    status = _inside(event, "deployment_status")
    if status.get("state") != "success":
        return None
    address = str(status.get("environment_url") or status.get("target_url"))
    try:
        host = urllib.parse.urlsplit(address).hostname
    except ValueError:
        raise Unbelieved(f"the status names {address!r}, which is no address") from None
    return str(host), str(_inside(event, "deployment").get("sha"))


def _read(asked: str, variables: Any) -> dict[str, Any]:
    if not ASKED.fullmatch(asked):
        raise Unbelieved(f"{asked!r} is neither the id nor the host of a deployment")
    if not variables.get("VERCEL_TOKEN"):
        raise Unbelieved("VERCEL_TOKEN is not set, so nobody can ask Vercel: add it to the environment's secrets")
    place = variables.get("VERCEL_API_URL") or "https://api.vercel.com"
    team = variables.get("VERCEL_TEAM_ID")
    query = f"?{urllib.parse.urlencode({'teamId': team})}" if team else ""
    request = urllib.request.Request(  # noqa: S310 - the address is ours, or the self-test's
        f"{place}/v13/deployments/{asked}{query}", headers={"Authorization": f"Bearer {variables['VERCEL_TOKEN']}"}
    )
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - as above
            content = json.load(answer)
    except (OSError, ValueError) as problem:
        code = f"{problem.code}: " if isinstance(problem, urllib.error.HTTPError) else ""
        raise Unbelieved(f"Vercel does not tell what {asked} is ({code}{type(problem).__name__})") from None
    return content if isinstance(content, dict) else {}


def _agreed(deployment: dict[str, Any], claimed: str, event: dict[str, Any], variables: Any) -> str:
    """The deployment's commit, when all that the event claims is so."""
    project = variables.get("VERCEL_PROJECT_ID")
    if not project:
        raise Unbelieved("VERCEL_PROJECT_ID is not set: add it to the environment's variables (prj_…)")
    if deployment.get("projectId") != project:
        raise Unbelieved(f"the deployment belongs to another project than VERCEL_PROJECT_ID, {project}")
    if deployment.get("readyState") != "READY":
        raise Unbelieved(f"the deployment is {deployment.get('readyState')} at Vercel, not READY")
    if event.get("action") == "vercel.deployment.promoted" and deployment.get("target") != "production":
        raise Unbelieved("the deployment was said to be promoted, and is none of production's at Vercel")
    _from_here(_inside(deployment, "meta"), str(variables.get("GITHUB_REPOSITORY")))
    known = _inside(deployment, "meta").get("githubCommitSha") or _inside(deployment, "gitSource").get("sha")
    commit = str(known).lower()
    if not COMMIT.fullmatch(commit):
        raise Unbelieved("Vercel does not know the deployment's commit: deploy from git")
    if claimed.lower() != commit:
        raise Unbelieved(f"the event names commit {claimed!r}, and Vercel says {commit}")
    return commit


def _from_here(meta: dict[str, Any], repository: str) -> None:
    """Vercel also deploys what forks propose, once a member allows it: what is in that is its author's, not ours."""
    source = f"{meta.get('githubCommitOrg')}/{meta.get('githubCommitRepo')}"
    if source.lower() != repository.lower():
        raise Unbelieved(f"the commit is of {source!r} and not of {repository}: what a fork proposes gets no secrets")


def _host(deployment: dict[str, Any]) -> str:
    host = str(deployment.get("url"))
    if not ASKED.fullmatch(host) or "." not in host:
        raise Unbelieved("Vercel tells no address of the deployment")
    return host


def _inside(content: dict[str, Any], key: str) -> dict[str, Any]:
    value = content.get(key)
    return value if isinstance(value, dict) else {}


def _event() -> dict[str, Any]:
    content = json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8"))
    return content if isinstance(content, dict) else {}


def _escaped(text: str) -> str:
    """As the value of a workflow command (actions/toolkit, command.ts)."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


if __name__ == "__main__":
    sys.exit(main())
