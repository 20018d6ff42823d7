"""What each folder of this room offers, and what it is given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp

from sandbox.certificates import Certificates
from sandbox.faults import Faults
from sandbox.world import Databases, Secrets


@dataclass(frozen=True)
class Service:
    """One service: its application, and the variables that it announces when it listens at an origin.

    `secure` is served over TLS with the sandbox's own authority; `plain` is a second application, on a port without
    TLS, whose origin `variables` gets as its second argument.
    """

    application: ASGIApp
    variables: Callable[..., Mapping[str, str]]
    secure: bool = False
    plain: ASGIApp | None = None


@dataclass
class World:
    """What services may know.

    `application` gives another service by name, planted faults included; `origins` has the address of each that
    listens, by name: of all, once the sandbox is ready.
    """

    secrets: Secrets
    databases: Databases
    faults: Faults
    checkout: Path
    certificates: Certificates
    application: Callable[[str], ASGIApp] = field(repr=False)
    origins: Mapping[str, str] = field(default_factory=dict)

    @property
    def switches(self) -> Mapping[str, bool | int | str]:
        """The switches that faults set."""
        return self.faults.switches

    def patches(self, service: str) -> tuple[Mapping[str, Any], ...]:
        """Merge patches for the state of a service, in order."""
        return self.faults.patches(service)
