"""Where others find the report of this run."""

import re
from collections.abc import Mapping

from fixtures.engine.redactor import Redactor

VARIABLE = "SEATRIAL_REPORT_URL"
_ADDRESS = re.compile(r"https?://[a-z0-9.\[\]:@_~/?&=%#+,;!$()*-]+", re.ASCII | re.IGNORECASE)


def linked(variables: Mapping[str, str], redactor: Redactor, complaints: list[str]) -> str | None:
    """The same, where it can be shown to everybody who sees the report; adds to `complaints` why it cannot."""
    address = report_url(variables)
    if address is None and variables.get(VARIABLE, "").strip():
        complaints.append(f"{VARIABLE} is no http(s) address: the report is told without a link to itself")
    if address is not None and redactor.clean(address) != address:
        complaints.append("the report's own address holds a secret: the report is told without a link to itself")
        return None
    return address


def report_url(variables: Mapping[str, str]) -> str | None:
    """The address that SEATRIAL_REPORT_URL names, else the page of the workflow run on GitHub; None: neither.

    Only http and https: a page makes a link of it.
    """
    named = variables.get(VARIABLE, "").strip()
    if named:
        return named if _ADDRESS.fullmatch(named) else None
    server, repository, run = (variables.get(f"GITHUB_{name}", "") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID"))
    address = f"{server}/{repository}/actions/runs/{run}"
    return address if server and repository and run and _ADDRESS.fullmatch(address) else None
