"""Password hashes of the sandbox's accounts: scrypt, because bcrypt (GoTrue's) is not in Python's library."""

import hashlib
import hmac
import secrets
from typing import Final

PREFIX: Final = "$sandbox-scrypt$"


def hashed(password: str) -> str:
    """`$sandbox-scrypt$<salt>$<hash>`, both in hex."""
    salt = secrets.token_bytes(16)
    return f"{PREFIX}{salt.hex()}${_scrypt(password, salt).hex()}"


def matches(password: str, stored: str) -> bool:
    """Whether `stored` is a hash made here of this password; a hash of another kind matches nothing."""
    salt, _, digest = stored.removeprefix(PREFIX).partition("$")
    if not stored.startswith(PREFIX) or not digest:
        return False
    return hmac.compare_digest(_scrypt(password, bytes.fromhex(salt)), bytes.fromhex(digest))


def _scrypt(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=2**12, r=8, p=1)
