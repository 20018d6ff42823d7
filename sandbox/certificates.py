"""The sandbox's own certificate authority, and the certificate for localhost that it signed: made daily, and kept."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sandbox.cache import kept, trim

AUTHORITY = "authority.pem"
CHAIN = "chain.pem"
KEY = "key.pem"
NAMES = ("localhost", "127.0.0.1", "::1")
DAYS = 90
"""As long as the certificates of Let's Encrypt, which Vercel serves, are valid."""


@dataclass(frozen=True)
class Certificates:
    """PEM files: the authority that a client has to trust, and the server's certificate chain and private key."""

    authority: Path
    chain: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        """For a server that presents this certificate."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.chain, self.key)
        return context


def certificates(cache: Path) -> Certificates:
    """A valid certificate for localhost; making one takes longer than starting the sandbox, hence it is kept."""
    return _made(cache, f"valid-{datetime.now(UTC):%Y-%m-%d}", lambda folder: _write(folder, NAMES, DAYS))


def expiring(cache: Path, days: int) -> Certificates:
    """One that is valid for `days` more; negative: it has expired."""
    key = f"expiring-{days}-{datetime.now(UTC):%Y-%m-%d}"
    return _made(cache, key, lambda folder: _write(folder, NAMES, days))


def misnamed(cache: Path) -> Certificates:
    """One that was made out to another name."""
    key = f"misnamed-{datetime.now(UTC):%Y-%m-%d}"
    return _made(cache, key, lambda folder: _write(folder, ("elsewhere.invalid",), DAYS))


def _made(cache: Path, key: str, write: Callable[[Path], None]) -> Certificates:
    shelf = cache / "certificates"
    place = kept(shelf, key, write)
    trim(shelf, keep=12)
    return Certificates(place / AUTHORITY, place / CHAIN, place / KEY)


def _write(folder: Path, names: tuple[str, ...], days: int) -> None:
    import trustme

    folder.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    authority = trustme.CA(organization_name="Seatrial's sandbox", key_type=trustme.KeyType.ECDSA)
    begins, ends = min(now, now + timedelta(days=days)) - timedelta(days=1), now + timedelta(days=days)
    issued = authority.issue_cert(*names, not_before=begins, not_after=ends, key_type=trustme.KeyType.ECDSA)
    authority.cert_pem.write_to_path(str(folder / AUTHORITY))
    (folder / KEY).touch(mode=0o600)
    issued.private_key_pem.write_to_path(str(folder / KEY))
    (folder / CHAIN).write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
