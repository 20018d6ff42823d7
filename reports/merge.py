"""One report of many: ``python -m reports.merge DIR... [--lanes EXPR] [--report OUT]``.

Each DIR is the report folder of one run (a shard, say). What the manifest expects of the lanes and no run judged is
missing. A folder that cannot be read, or is of another application, is refused by name, and the report holds what could
be read: the exit code is 1 where something in it is violated, and else 4.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

import pytest

from fixtures.engine import door_names
from fixtures.engine import lanes as asked_lanes
from fixtures.engine.environment import BadEnvironment, Environment, read_environment
from fixtures.engine.inherited import inherited
from fixtures.engine.options import ENVIRONMENTS, HOUSE
from fixtures.engine.plan import LANES
from fixtures.engine.redactor import Redactor
from fixtures.engine.registry import REGISTRY
from reports import expectation
from reports.chat.address import Chat, chat_of, hide
from reports.check_files import readable_checks
from reports.cleaning import cleaned, cleaned_checks
from reports.delivering import closing, deliver
from reports.link import linked
from reports.made import forget_last_run
from reports.merging.parts import Part, observations_of, read_parts
from reports.merging.union import REFUSED, merged
from reports.past.applications import identity, own
from reports.past.keeping import counts, known
from reports.plain_text import one_line
from reports.telling import Telling
from reports.verdicts import Report


class _Parser(argparse.ArgumentParser):
    """Mistakes end with the exit code of pytest's usage errors."""

    def error(self, message: str) -> NoReturn:
        self.exit(REFUSED, f"ERROR: {message}: python -m reports.merge DIR... [--lanes EXPR] [--report OUT]\n")


def main(arguments: list[str]) -> int:
    """Merge the reports; returns the exit code that follows from all of them."""
    option = _options(arguments)
    redactor = Redactor()
    redactor.hide_variables(os.environ)
    try:
        lanes = asked_lanes.lanes_of(option.lanes, LANES) if option.lanes else ()
        manifest = expectation.read_manifest()
        environment = _environment(option)
    except (pytest.UsageError, BadEnvironment) as problem:
        return _refuse(option, [str(problem).replace("-m ", "--lanes ", 1)], redactor)
    chat = chat_of(environment, inherited()) if environment else None
    hide(chat, redactor)
    parts, refused = read_parts(option.folders)
    if not parts:
        return _refuse(option, refused, redactor)
    lanes = lanes or tuple(lane for part in parts for lane in part.report.run.lanes)
    if parts[0].report.run.kind == "production":
        lanes = tuple(lane for lane in lanes if lane != "drill")
    report = merged(parts, expectation.expected(manifest, option.lanes or "", lanes), tuple(refused))
    complaints: list[str] = []
    if environment and environment.name != report.run.environment:
        merged_of = one_line(report.run.environment, 100)
        complaints.append(f"chat: not told, --env names {environment.name}, and what was merged is {merged_of}")
        chat = None
    return _tell(option, parts, cleaned(report, redactor), redactor, chat, complaints)


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = _Parser(prog="python -m reports.merge", description=__doc__.partition("\n")[0], allow_abbrev=False)
    parser.add_argument("folders", metavar="DIR", nargs="+", type=Path, help="the report folder of one run")
    parser.add_argument("--lanes", metavar="EXPR", help="what was to be judged, as for pytest's -m")
    parser.add_argument("--report", metavar="OUT", default=str(HOUSE / "reports" / "out"))
    parser.add_argument("--history", metavar="FILE", help="kept from run to run (SEATRIAL_HISTORY)")
    parser.add_argument("--app", metavar="DIR", help="the application's checkout (SEATRIAL_APP)")
    parser.add_argument("--env", metavar="NAME", help="the environment, whose file may name a chat to be told")
    parser.add_argument("--env-file", metavar="FILE", help="its file, kept elsewhere")
    option = parser.parse_args(arguments)
    for name, value in vars(option).items():
        if isinstance(value, str) and not value.strip():
            parser.error(f"--{name.replace('_', '-')} is empty: is the variable that should hold it set?")
    option.report = Path(option.report)
    option.history = Path(option.history or os.environ.get("SEATRIAL_HISTORY") or option.report / "history.json")
    if option.history.is_dir():
        parser.error(f"--history {option.history} (SEATRIAL_HISTORY) is a folder: name a file")
    return option


def _refuse(option: argparse.Namespace, sentences: Iterable[str], redactor: Redactor) -> int:
    """Nothing is merged; what an earlier merge left would be taken for the answer, unless it is itself to be merged."""
    if option.report.resolve() not in {folder.resolve() for folder in option.folders}:
        forget_last_run(option.report)
    for sentence in sentences:
        print(redactor.clean(f"ERROR: {sentence}"), file=sys.stderr)
    return REFUSED


def _environment(option: argparse.Namespace) -> Environment | None:
    """The environment file that is named, if one is: it says which chat is told, as shards tell nobody.

    Raises:
        BadEnvironment: the file is wrong.
    """
    if not (option.env or option.env_file):
        return None
    for door in door_names():
        importlib.import_module(door)
    own = _checkout(option.app)
    named = [folder / f"{option.env}.toml" for folder in (*([own / "seatrial"] if own else []), ENVIRONMENTS)]
    path = Path(option.env_file) if option.env_file else next(filter(Path.exists, named), named[-1])
    return read_environment(path, REGISTRY)


def _tell(
    option: argparse.Namespace,
    parts: tuple[Part, ...],
    report: Report,
    redactor: Redactor,
    chat: Chat | None,
    complaints: list[str],
) -> int:
    checkout = _checkout(option.app)
    application = identity(checkout)
    past = known(option.history, counts(report.run), complaints)
    telling = Telling(
        report=report,
        observations=tuple(observations_of(parts, redactor, complaints)),
        past=own(past, application, report.run.commit),
        directory=option.report,
        runbook=cleaned_checks(readable_checks(HOUSE), redactor),
        checkout=checkout,
        application=application,
        url=linked(os.environ, redactor, complaints),
    )
    forget_last_run(option.report)
    looked = not report.run.replayed
    history = option.history if looked and counts(report.run) else None
    telling = deliver(telling, complaints, history, chat=chat if looked else None)
    for line in [*complaints, *closing(telling, sys.stdout.isatty())]:
        print(redactor.clean(line))
    return report.run.exit


def _checkout(given: str | None) -> Path | None:
    named = given or os.environ.get("SEATRIAL_APP")
    return Path(named).resolve() if named and Path(named).is_dir() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
