"""What each call can be asked, as the installed SDK lists it (its text is read, it is not imported)."""

import ast
import importlib.util
from collections.abc import Collection
from functools import cache
from pathlib import Path

from sandbox.services.stripe.asked import Asked
from sandbox.services.stripe.errors import invalid, unknown_parameter


def accept(given: Asked, call: str, answered: Collection[str]) -> None:
    """Refuse what `call` ("customer_create") does not have, and, aloud, what it has and the sandbox does not answer."""
    for name in given:
        if name not in answered and name != "expand":
            if name not in parameters(call):
                raise unknown_parameter(name)
            raise invalid(f"the sandbox's Stripe does not answer {name} here", name)


@cache
def parameters(call: str) -> frozenset[str]:
    """The names of all parameters of a call; none without the SDK."""
    package = importlib.util.find_spec("stripe")
    file = Path(package.origin).parent / "params" / f"_{call}_params.py" if package and package.origin else None
    if file is None or not file.exists():
        return frozenset()
    wanted = f"{call.replace('_', ' ').title().replace(' ', '')}Params"
    classes = [node for node in ast.parse(file.read_text(encoding="utf-8")).body if isinstance(node, ast.ClassDef)]
    fields = [node for one in classes if one.name == wanted for node in one.body if isinstance(node, ast.AnnAssign)]
    return frozenset(field.target.id for field in fields if isinstance(field.target, ast.Name))
