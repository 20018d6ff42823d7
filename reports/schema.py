"""The JSON Schema of ``verdicts.json``: ``python -m reports.schema`` writes it, ``--check`` compares.

Made from the structs of `reports.verdicts`, so that the published shape is the written one.
"""

import json
import sys
from pathlib import Path
from typing import Any

import msgspec

from reports.atomic_file import replace_file
from reports.verdicts import Report

FILE = Path(__file__).with_name("verdicts.schema.json")
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """The schema, as JSON values. Every field is required: the writer leaves none out."""
    generated = msgspec.json.schema(Report)
    for definition in generated["$defs"].values():
        definition["required"] = list(definition["properties"])
        for field in definition["properties"].values():
            field.pop("default", None)
    return {"$schema": DIALECT, "title": "Seatrial verdicts.json", **generated}


def text() -> str:
    """The schema as it is committed."""
    return json.dumps(schema(), indent=2) + "\n"


def main(arguments: list[str]) -> int:
    """Write the schema, or with ``--check`` only compare it. Returns the exit code."""
    if "--check" not in arguments:
        replace_file(FILE, text().encode())
    elif not FILE.is_file() or FILE.read_text(encoding="utf-8") != text():
        print(f"{FILE.name} is not what reports/verdicts.py says. Run: python -m reports.schema", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
