"""Reads the environment, and refuses to start when something vital is missing."""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()


def required(name: str, *, why: str) -> str:
    """Return the variable's value; raise ``ImproperlyConfigured`` naming it where it is empty."""
    value = env.str(name, default="").strip()
    if not value:
        raise ImproperlyConfigured(
            f"Set the environment variable {name}: {why}. See docs/operations.md."
        )
    return value


def database(url: str) -> dict:
    """Return Django's settings for a ``DATABASE_URL`` (sqlite or postgres).

    SQLite takes the write lock when a transaction begins, so that a
    check-then-write inside one transaction is as safe there as a row lock is on
    PostgreSQL, and waits up to 20 seconds for another writer.
    """
    config = env.db_url_config(url)
    # Opening SQLite's file anew would cost more than a kept page's whole answer.
    config["CONN_MAX_AGE"] = 60
    if config["ENGINE"].endswith("sqlite3"):
        if config["NAME"] != ":memory:":
            Path(config["NAME"]).parent.mkdir(parents=True, exist_ok=True)
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    else:
        config["CONN_HEALTH_CHECKS"] = True
    return config
