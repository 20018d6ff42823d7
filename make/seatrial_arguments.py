"""Lets `pytest --app ../ocean` be typed with a space. Run with `.venv/bin/python`, it installs itself there.

pytest decides which folder it is at home in before it knows any option of ours, and takes a word that follows an
unknown option for a path to tests: with ``--app ../ocean`` it would settle in ../ocean and never find this suite
(pytest, `determine_setup`). Joined to ``--app=../ocean`` the words stay together.
"""

import os.path
import sys

OPTIONS = {"--env", "--env-file", "--app", "--postgres", "--applied", "--report", "--subject", "--replay"}


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
    shutil.copy(__file__, folder)
    with open(os.path.join(folder, "seatrial_arguments.pth"), "w", encoding="utf-8") as file:
        file.write("import seatrial_arguments\n")


if __name__ == "__main__":
    import shutil
    import sysconfig

    install()
elif is_pytest(sys.argv, sys.orig_argv):
    sys.argv[1:] = joined(sys.argv[1:])
