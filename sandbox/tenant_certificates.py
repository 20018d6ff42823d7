"""The certificates that the tenants' proxy shows: a good one for all of them, and three that nobody should believe."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sandbox.cache import kept, trim
from sandbox.certificates import AUTHORITY, DAYS, Certificates

DOMAIN: Final = "eu-central-1.aws.neon.example"
NAME: Final = f"*.{DOMAIN}"
KINDS: Final[Mapping[str, tuple[str, int, bool]]] = {
    "": (NAME, DAYS, True),
    "misnamed": ("elsewhere.invalid", DAYS, True),
    "expired": (NAME, -1, True),
    "stranger": (NAME, DAYS, False),
}
"""Kind -> for which name, for how many days, and whether the authority signed that a client trusts."""


def tenant_certificates(cache: Path) -> dict[str, Certificates]:
    """By kind; all name the same authority. Made daily, and kept."""
    shelf = cache / "tenant-certificates"
    place = kept(shelf, f"{datetime.now(UTC):%Y-%m-%d}", _write)
    trim(shelf)
    return {
        kind: Certificates(place / AUTHORITY, place / f"{kind}chain.pem", place / f"{kind}key.pem") for kind in KINDS
    }


def _write(folder: Path) -> None:
    import trustme

    folder.mkdir(parents=True, exist_ok=True)
    ours, foreign = (trustme.CA(organization_name=name, key_type=trustme.KeyType.ECDSA) for name in ("Ours", "Another"))
    ours.cert_pem.write_to_path(str(folder / AUTHORITY))
    now = datetime.now(UTC)
    for kind, (name, days, trusted) in KINDS.items():
        begins, ends = min(now, now + timedelta(days=days)) - timedelta(days=1), now + timedelta(days=days)
        issuer = ours if trusted else foreign
        issued = issuer.issue_cert(name, not_before=begins, not_after=ends, key_type=trustme.KeyType.ECDSA)
        (folder / f"{kind}key.pem").touch(mode=0o600)
        issued.private_key_pem.write_to_path(str(folder / f"{kind}key.pem"))
        (folder / f"{kind}chain.pem").write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
