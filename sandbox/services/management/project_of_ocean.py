"""Ocean's project: its services, backups, database configuration and who may connect."""

from typing import Any, Final

from sandbox.services.management.names import REF
from sandbox.services.state import iso

DAY: Final = 86_400.0
GIB: Final = 1 << 30
DAILY_BACKUPS: Final = 7
"""As the plan Pro keeps them."""

Answer = dict[str, Any]


def project(now: float) -> Answer:
    """Answer of GET /v1/projects/{ref}."""
    return {
        "id": REF, "ref": REF, "organization_id": "oceanorganization", "organization_slug": "ocean", "name": "ocean",
        "region": "eu-central-1", "created_at": iso(now - 600 * DAY), "status": "ACTIVE_HEALTHY",
        "database": {
            "host": f"db.{REF}.supabase.co", "version": "17.6.1.063", "postgres_engine": "17", "release_channel": "ga",
        },
    }  # fmt: skip


def services() -> dict[str, Answer]:
    """name -> item of /health."""
    well = {"healthy": True, "status": "ACTIVE_HEALTHY"}
    info: dict[str, Answer] = {
        "auth": {"name": "GoTrue", "version": "v2.197.0", "description": "GoTrue is a user registration API"},
        "rest": {"db_schema": "public,graphql_public"},
        "realtime": {
            "healthy": True, "db_connected": True, "replication_connected": True, "connected_cluster": 1,
        },
    }  # fmt: skip
    names = ("auth", "db", "db_postgres_user", "pooler", "realtime", "rest", "storage", "pg_bouncer")
    return {name: {"name": name, **well, **({"info": info[name]} if name in info else {})} for name in names}


def backups() -> Answer:
    """/database/backups without its items."""
    return {"region": "eu-central-1", "walg_enabled": True, "pitr_enabled": False, "physical_backup_data": {}}


def backup(now: float) -> dict[str, Answer]:
    """id -> item of `backups`, newest first: one each night."""
    return {
        str(4200 - nights): {
            "id": 4200 - nights, "is_physical_backup": True, "status": "COMPLETED",
            "inserted_at": iso(now - 6 * 3600 - nights * DAY),
        }
        for nights in range(DAILY_BACKUPS)
    }  # fmt: skip


def network(now: float) -> Answer:
    """/network-restrictions: the office and the servers, nobody else."""
    allowed = {"dbAllowedCidrs": ["203.0.113.0/24", "198.51.100.7/32"], "dbAllowedCidrsV6": ["2001:db8:7::/48"]}
    changed = {"updated_at": iso(now - 90 * DAY), "applied_at": iso(now - 90 * DAY)}
    return {"entitlement": "allowed", "config": allowed, "status": "applied", **changed}


def pooler() -> list[Answer]:
    """/config/database/pooler; the connection strings have no password."""
    host, user = "aws-0-eu-central-1.pooler.supabase.com", f"postgres.{REF}"
    shown = f"postgresql://{user}:[YOUR-PASSWORD]@{host}:6543/postgres"
    return [
        {
            "identifier": REF, "database_type": "PRIMARY", "is_using_scram_auth": True, "db_user": user,
            "db_host": host, "db_port": 6543, "db_name": "postgres", "connection_string": shown,
            "connectionString": shown, "default_pool_size": 15, "max_client_conn": 200, "pool_mode": "transaction",
        }
    ]  # fmt: skip


def postgres() -> Answer:
    """/config/database/postgres: what was set by hand."""
    return {"max_connections": 60, "statement_timeout": "120s"}


def postgrest() -> Answer:
    """/postgrest; `jwt_secret` is a field of the answer, so whoever reads it has to leave it out."""
    return {
        "db_schema": "public,graphql_public", "max_rows": 1000, "db_extra_search_path": "public,extensions",
        "db_pool": None, "jwt_secret": "planted-jwt-secret-which-nobody-may-keep",
    }  # fmt: skip


def disk(now: float) -> Answer:
    """/config/disk/util."""
    sizes = {"fs_size_bytes": 8 * GIB, "fs_avail_bytes": 6 * GIB, "fs_used_bytes": 2 * GIB}
    return {"timestamp": iso(now - 60), "metrics": sizes}
