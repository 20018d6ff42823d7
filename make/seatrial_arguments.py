"""Lets `pytest --app ../ocean` be typed with a space. Run with `.venv/bin/python`, it installs itself there.

pytest decides which folder it is at home in before it knows any option of ours, and takes a word that follows an
unknown option for a path to tests: with ``--app ../ocean`` it would settle in ../ocean and never find this suite
(pytest, `determine_setup`). Joined to ``--app=../ocean`` the words stay together.
"""

import os.path
import sys

HOUSE = ""
"""The checkout that this environment belongs to; filled in when installed."""
OPTIONS = {
    "--env", "--env-file", "--app", "--postgres", "--applied", "--report", "--subject", "--replay",
    "--history", "--shard",
}  # fmt: skip


def is_pytest(argv: list[str], original: list[str]) -> bool:
    """Whether this interpreter was started to run pytest: by its script, or by ``python -m pytest``."""
    if argv[:1] == ["-m"]:
        return "pytest" in original[original.index("-m") + 1 :][:1] if "-m" in original else False
    return bool(argv) and os.path.basename(argv[0]) in ("pytest", "py.test")


def joined(words: list[str]) -> list[str]:
    """The same words, with each of our options and its value in one."""
    result: list[str] = []
    rest = iter(words)
    for word in rest:
        value = next(rest, None) if word in OPTIONS else None
        result.append(word if value is None else f"{word}={value}")
    return result


def install() -> None:
    """Put this file into the virtual environment that runs it, and have it imported at every start."""
    folder = sysconfig.get_path("purelib")
    house = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    with open(__file__, encoding="utf-8") as source:
        text = source.read().replace('HOUSE = ""', f"HOUSE = {house!r}", 1)
    with open(os.path.join(folder, "seatrial_arguments.py"), "w", encoding="utf-8") as file:
        file.write(text)
    with open(os.path.join(folder, "seatrial_arguments.pth"), "w", encoding="utf-8") as file:
        file.write("import seatrial_arguments\n")


def at_home(words: list[str]) -> list[str]:
    """Names this suite's checks when pytest is run from another folder with options of ours and no path of its own."""
    ours = any(word.partition("=")[0] in OPTIONS for word in words)
    paths = [word for word in words if not word.startswith("-") and os.path.exists(word.partition("::")[0])]
    if not ours or paths or os.path.exists(os.path.join("fixtures", "engine")):  # here, or in another such house
        return words
    return [*words, os.path.join(HOUSE, "checks")]


if __name__ == "__main__":
    import sysconfig

    install()
elif is_pytest(sys.argv, sys.orig_argv):
    sys.argv[1:] = at_home(joined(sys.argv[1:]))
