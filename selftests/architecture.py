"""The rooms, who may import whom, and the shape of a check: rules that read the source and never import it.

A rule is a function from one source file to the sentences that say what is wrong with it.
"""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

# Imports run one way. conftest.py names the rooms; selftests/ and benchmarks/ stand outside and may see all.
ROOMS: dict[str, set[str]] = {
    "fixtures": {"fixtures"},
    "checks": {"checks", "fixtures"},
    "reports": {"reports", "checks", "fixtures"},
    "sandbox": {"sandbox"},
    "baseline": set(),
    "make": set(),
    ".github": set(),
    "conftest": {"reports", "checks", "fixtures"},
    "benchmarks": {"benchmarks", "selftests", "fixtures", "checks", "reports", "sandbox"},
    "selftests": {"selftests", "benchmarks", "fixtures", "checks", "reports", "sandbox", "conftest"},
}
# The files of fixtures/engine/, besides its door, that speak pytest, each with its reason.
ENGINE_SPEAKS_PYTEST = {
    "options.py": "declares the command line to pytest and reads -m",
    "doors.py": "makes pytest's fixtures of observations",
    "lanes.py": "reads -m as pytest does",
    "plan.py": "reads the selected items' fixtures",
    "redacting.py": "stands in pytest's terminal, log records and reports",
    "workers.py": "is the hook of pytest-xdist",
}
PYTEST = {"pytest", "_pytest", "pluggy", "xdist"}
# A check judges what it is handed: these modules compute, and none of them can look at anything.
JUDGING = {
    "pytest", "checks", "fixtures", "collections", "dataclasses", "datetime", "enum", "fractions", "functools",
    "itertools", "math", "operator", "re", "statistics", "string", "textwrap", "typing", "types",
}  # fmt: skip
LOOKING_CALLS = {"open", "exec", "eval", "__import__", "input", "print"}
CLOCKS = {"now", "today", "utcnow"}
SILENCING = {"skip", "skipif", "xfail", "exit", "importorskip", "usefixtures"}
SECTIONS = ["Means", "Confirm", "Contain", "Fix"]
VAGUE = {"util", "utils", "helper", "helpers", "manager", "managers", "common", "misc"}
CHECK_LINES, FILE_LINES = 40, 250
UNSEEN = {".git", ".venv", ".cache", ".ruff_cache", "__pycache__", "out", "node_modules"}
# Written in pieces, so that this file does not find itself.
TRACES = re.compile(
    r"(?<![\w.~/-])/(?:work|root|home|Users|tmp/spec|opt/(?:pypi|wheels))/\w|(?:pypi|pythonhosted|npmjs|debian)[.](?:org|com)\b"
)


@dataclass(frozen=True)
class Source:
    """One file of the tree; `path` is relative to the root."""

    path: PurePosixPath
    text: str

    @property
    def room(self) -> str:
        return self.path.parts[0].removesuffix(".py")

    @property
    def is_check(self) -> bool:
        return self.room == "checks" and len(self.path.parts) == 3 and self.path.name != "__init__.py"

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, str(self.path))

    @property
    def nodes(self) -> Iterator[ast.AST]:
        return ast.walk(self.tree)


def sources(root: Path, pattern: str) -> list[Source]:
    files = sorted(file for file in root.rglob(pattern) if file.is_file())
    paths = [(file, PurePosixPath(file.relative_to(root))) for file in files]
    return [
        Source(path, file.read_text("utf-8", errors="replace")) for file, path in paths if not UNSEEN & {*path.parts}
    ]


def imported(source: Source) -> Iterator[str]:
    """Dotted names that a file imports, at any depth: `from a import b` is `a.b`; relative ones are resolved."""
    for node in source.nodes:
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = source.path.parts[: len(source.path.parts) - node.level] if node.level else ()
            yield from (".".join([*package, *filter(None, [node.module]), name.name]) for name in node.names)
        elif isinstance(node, ast.Call) and called(node) in {"import_module", "__import__"} and node.args:
            yield str(getattr(node.args[0], "value", "?"))


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def top(name: str) -> str:
    return name.partition(".")[0]


def imports_run_one_way(source: Source) -> list[str]:
    if source.room not in ROOMS:
        return [f"no room is called {source.room}"]
    closed = ROOMS.keys() - ROOMS[source.room]
    return [f"imports {name}" for name in imported(source) if top(name) in closed]


def only_doors_speak_pytest(source: Source) -> list[str]:
    """fixtures/<provider>/: the door alone knows pytest and the engine's doors; the other files are plain Python."""
    if source.room != "fixtures" or len(source.path.parts) < 3 or source.path.name == "__init__.py":
        return []
    if source.path.parts[1] == "engine":
        names = [] if source.path.name in ENGINE_SPEAKS_PYTEST else PYTEST
        return [f"imports {name}" for name in imported(source) if top(name) in names]
    return [f"imports {name}" for name in imported(source) if top(name) in PYTEST or is_engine_door(name)]


def is_engine_door(name: str) -> bool:
    match name.split("."):
        case ["fixtures", "engine"]:
            return True
        case ["fixtures", "engine", module, *rest]:
            return not rest or f"{module}.py" in ENGINE_SPEAKS_PYTEST
    return False


def a_check_looks_at_nothing(source: Source) -> list[str]:
    if not source.is_check:
        return []
    modules = [f"imports {name}" for name in imported(source) if top(name) not in JUDGING]
    calls = [node for node in source.nodes if isinstance(node, ast.Call)]
    looking = [
        call for call in calls if called(call) in (CLOCKS if isinstance(call.func, ast.Attribute) else LOOKING_CALLS)
    ]
    return modules + [f"calls {called(call)}()" for call in looking]


def a_check_hides_nothing(source: Source) -> list[str]:
    """A skip is declared by the environment, never made by a check; what a check catches, nobody hears."""
    if not source.is_check:
        return []
    names = [node.attr for node in source.nodes if isinstance(node, ast.Attribute) and node.attr in SILENCING]
    tries = [node for node in source.nodes if isinstance(node, ast.Try | ast.TryStar)]
    return [f"uses {name}" for name in names] + ["catches exceptions" for _ in tries]


def a_check_has_one_shape(source: Source) -> list[str]:
    if not source.is_check:
        return []
    functions = [node for node in source.nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    tests = [function for function in functions if function.name.startswith("test")]
    if [test.name for test in tests] != [f"test_{source.path.stem}"] or isinstance(tests[0], ast.AsyncFunctionDef):
        return [f"holds {[test.name for test in tests]} where one plain test_{source.path.stem} belongs"]
    too_long = [f"has {lines} lines" for lines in [source.text.count("\n")] if lines > CHECK_LINES]
    return too_long + promise_flaws(ast.get_docstring(tests[0]) or "") + judgement_flaws(tests[0])


def promise_flaws(docstring: str) -> list[str]:
    first, *rest = docstring.splitlines() or [""]
    flaws = [] if re.fullmatch(r"[A-Z].*\.", first) else ["the docstring's first line is not a sentence"]
    if not rest or rest[0]:
        flaws.append("no empty line after the promise")
    # A section without text of its own is no section.
    found = re.findall(r"^(\w+):[ ]*(?:\S|\n[ ]+\S)", "\n".join(rest), re.MULTILINE)
    return flaws if found == SECTIONS else [*flaws, f"its sections are {found}, not {SECTIONS}"]


def judgement_flaws(test: ast.FunctionDef) -> list[str]:
    raised = [node.exc for node in ast.walk(test) if isinstance(node, ast.Raise)]
    names = [called(error) if isinstance(error, ast.Call) else "?" for error in raised]
    return [] if names and {*names} == {"Finding"} else [f"raises {names}, not Finding"]


def a_name_says_what_is_inside(source: Source) -> list[str]:
    words = {word for part in source.path.parts for word in re.split(r"[_.-]", part.lower())}
    return [f"is named {word}" for word in sorted(VAGUE & words)]


def a_file_is_short(source: Source) -> list[str]:
    lines = source.text.count("\n")
    return [f"has {lines} lines, {FILE_LINES} at most"] if lines > FILE_LINES else []


def no_trace_of_a_machine(source: Source) -> list[str]:
    lines = enumerate(source.text.splitlines(), 1)
    return [f"line {number} names {found[0]}" for number, line in lines for found in TRACES.finditer(line)]


Rule = Callable[[Source], list[str]]
RULES: dict[Rule, str] = {
    imports_run_one_way: "*.py",
    only_doors_speak_pytest: "*.py",
    a_check_looks_at_nothing: "*.py",
    a_check_hides_nothing: "*.py",
    a_check_has_one_shape: "*.py",
    a_name_says_what_is_inside: "*.py",
    a_file_is_short: "*.py",
    no_trace_of_a_machine: "*",
}


def flaws(rule: Rule, root: Path) -> list[str]:
    return [f"{source.path}: {flaw}" for source in sources(root, RULES[rule]) for flaw in rule(source)]
