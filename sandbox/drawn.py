"""Secrets that faults plant: drawn when they are asked for, so that none stands in a file. ``{drawn.stripe_live}``."""

import base64
import hashlib
import hmac
import json
import re
import secrets
import string
import time
import zlib
from collections.abc import Callable
from typing import Any, Final

MARK: Final = re.compile(r"\{drawn\.(\w+)\}")
SMALL: Final = string.ascii_lowercase + string.digits
LETTERS: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
BASE32: Final = string.ascii_uppercase + "234567"
YEAR: Final = 365 * 86400
HEXADECIMAL: Final = "0123456789abcdef"
CONSONANTS: Final = "bcdfghjklmnpqrstvwz0"
EVERY_LOCAL_PROJECT_S: Final = "super-secret-jwt-token-with-at-least-32-characters-long"  # of every `supabase start`


def filled(value: Any) -> Any:
    """Plain values with every mark in their texts replaced by a new secret. Raises KeyError for an unknown kind."""
    if isinstance(value, str):
        return MARK.sub(lambda mark: DRAWN[mark[1]](), value)
    if isinstance(value, dict):
        return {name: filled(member) for name, member in value.items()}
    return [filled(member) for member in value] if isinstance(value, list) else value


def text(size: int, alphabet: str = LETTERS) -> str:
    """So many characters of an alphabet, digits and letters among them, as no vendor draws otherwise."""
    while True:
        drawn = "".join(secrets.choice(alphabet) for _ in range(size))
        if any(sign.isdigit() for sign in drawn) and any(sign.isalpha() for sign in drawn):
            return drawn


def reference() -> str:
    """A Supabase project's reference: twenty small letters."""
    return text(20, CONSONANTS).replace("0", "a")


def token(role: str, key: str = "", **claims: object) -> str:
    """A JSON Web Token as Supabase signs it with a project's (or the local) secret."""
    now = int(time.time())
    said = {"iss": "supabase", "ref": reference(), "role": role}
    parts = [{"alg": "HS256", "typ": "JWT"}, {**said, "iat": now, "exp": now + 9 * YEAR, **claims}]
    signed = ".".join(_base64(json.dumps(part, separators=(",", ":")).encode()) for part in parts)
    return f"{signed}.{_base64(hmac.new((key or text(40)).encode(), signed.encode(), hashlib.sha256).digest())}"


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def github(prefix: str) -> str:
    """A GitHub token with its checksum: CRC-32 in base 62."""
    body = text(30)
    rest, checksum = zlib.crc32(body.encode()), ""
    while rest:
        rest, digit = divmod(rest, 62)
        checksum = LETTERS[digit] + checksum
    return f"{prefix}_{body}{checksum.rjust(6, '0')}"


def private_key(kind: str = "ed25519") -> str:
    """A private key in PEM."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    makers: dict[str, Callable[[], Any]] = {
        "ed25519": ed25519.Ed25519PrivateKey.generate,
        "ec": lambda: ec.generate_private_key(ec.SECP256R1()),
        "rsa": lambda: rsa.generate_private_key(65537, 2048),
    }
    encoding, clear = serialization.Encoding.PEM, serialization.NoEncryption()
    shape = serialization.PrivateFormat.TraditionalOpenSSL if kind != "ed25519" else serialization.PrivateFormat.PKCS8
    pem: bytes = makers[kind]().private_bytes(encoding, shape, clear)
    return pem.decode()


def database_url(host: str, scheme: str = "postgresql", user: str = "postgres") -> str:
    """A URL that opens somebody's database."""
    return f"{scheme}://{user}:{text(16)}@{host}"


DRAWN: Final[dict[str, Callable[[], str]]] = {
    "stripe_live": lambda: "sk_live_" + "51" + text(97),
    "stripe_test": lambda: "sk_test_" + "51" + text(97),
    "stripe_old": lambda: "sk_live_" + text(24),
    "stripe_restricted": lambda: "rk_live_" + "51" + text(97),
    "stripe_publishable": lambda: "pk_live_" + "51" + text(97),
    "webhook": lambda: "whsec_" + text(32),
    "webhook_cli": lambda: "whsec_" + text(64, HEXADECIMAL),
    "supabase_secret": lambda: "sb_secret_" + text(22) + "_" + text(8),
    "supabase_publishable": lambda: "sb_publishable_" + text(22) + "_" + text(8),
    "supabase_access": lambda: "sbp_" + text(40, HEXADECIMAL),
    "supabase_oauth": lambda: "sbp_oauth_" + text(40, HEXADECIMAL),
    "service_role": lambda: token("service_role"),
    "service_role_expired": lambda: token("service_role", exp=int(time.time()) - 86400),
    "service_role_local": lambda: token("service_role", EVERY_LOCAL_PROJECT_S, iss="supabase-demo"),
    "anon": lambda: token("anon"),
    "anon_local": lambda: token("anon", EVERY_LOCAL_PROJECT_S, iss="supabase-demo"),
    "supabase_admin": lambda: token("supabase_admin"),
    "session": lambda: token("authenticated", sub=text(32, SMALL), aud="authenticated"),
    "session_expired": lambda: token("authenticated", sub=text(32, SMALL), exp=int(time.time()) - 60),
    "other_token": lambda: token("reader", iss="https://login.example"),
    "database_supabase": lambda: database_url(f"db.{reference()}.supabase.co:5432/postgres"),
    "database_pooler": lambda: database_url(
        "aws-0-eu-west-1.pooler.supabase.com:6543/postgres", user=f"postgres.{reference()}"
    ),
    "database_neon": lambda: database_url("ep-cool-dawn-a1b2c3.eu-central-1.aws.neon.tech/neondb?sslmode=require"),
    "database_mysql": lambda: database_url("db.ocean-charter.net:3306/ocean", "mysql", "ocean"),
    "database_mongo": lambda: database_url("cluster0.ab1cd.mongodb.net/ocean", "mongodb+srv", "ocean"),
    "database_redis": lambda: database_url("eu1-sharp-crab-30123.upstash.io:6379", "rediss", "default"),
    "database_driver": lambda: database_url(
        "ocean.c9akciq32.eu-west-1.rds.amazonaws.com/ocean", "postgresql+asyncpg", "ocean"
    ),
    "neon": lambda: "napi_" + text(64, SMALL),
    "neon_password": lambda: "npg_" + text(12),
    "vercel": lambda: "vcp_" + text(56),
    "vercel_old": lambda: text(24),
    "github": lambda: github("ghp"),
    "github_oauth": lambda: github("gho"),
    "github_app": lambda: github("ghs"),
    "github_fine": lambda: "github_pat_" + text(22) + "_" + text(59),
    "npm": lambda: "npm_" + text(36),
    "aws": lambda: "AKIA" + text(16, BASE32),
    "aws_secret": lambda: text(40, LETTERS + "/+"),
    "slack": lambda: f"https://hooks.slack.com/services/T{text(10, BASE32)}/B{text(10, BASE32)}/{text(24)}",
    "slack_bot": lambda: f"xoxb-{secrets.randbelow(10**11) + 10**11}-{text(24)}",
    "sentry": lambda: "sntryu_" + text(64, HEXADECIMAL),
    "openai": lambda: "sk-proj-" + text(120, LETTERS + "-_"),
    "anthropic": lambda: "sk-ant-api03-" + text(93, LETTERS + "-_") + "AA",
    "resend": lambda: "re_" + text(8) + "_" + text(24),
    "sendgrid": lambda: "SG." + text(22) + "." + text(43),
    "megabyte": lambda: secrets.token_bytes(500_000).hex().translate(str.maketrans(string.digits, "ghijklmnop")),
    "hex64": lambda: text(64, HEXADECIMAL),
    "hex40": lambda: text(40, HEXADECIMAL),
    "password": lambda: text(20),
    "base64": lambda: base64.b64encode(secrets.token_bytes(64)).decode(),
    "key": private_key,
    "key_ec": lambda: private_key("ec"),
    "key_rsa": lambda: private_key("rsa"),
    "key_escaped": lambda: private_key("rsa").replace("\n", "\\n"),
}  # fmt: skip
"""By kind, what draws one. `key_escaped` is written in one line, as an environment variable holds it."""
