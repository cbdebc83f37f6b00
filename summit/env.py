"""Reads the environment, and refuses to start when something vital is missing."""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise, lazy
from django.utils.translation import get_language

env = environ.Env()

IMMEDIATE_TASKS = "django.tasks.backends.immediate.ImmediateBackend"


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
            # Without secure_delete the file keeps what was erased until the space is needed.
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;"
            ),
        }
    else:
        config["CONN_HEALTH_CHECKS"] = True
    return config


def mailer(url: str) -> dict:
    """Return Django's settings for an ``EMAIL_URL`` such as ``smtp+tls://user:secret@host:587``.

    ``consolemail://`` prints mails to be read. Without a URL Django's own console
    prints them, which ``check --deploy`` refuses. A server gets ten seconds to answer.
    """
    if not url:
        return {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
    config = env.email_url_config(url)
    if config["EMAIL_BACKEND"].endswith("console.EmailBackend"):
        return {"BACKEND": "summit.lib.console_mail.EmailBackend"}
    if not config["EMAIL_BACKEND"].endswith("smtp.EmailBackend"):
        return {"BACKEND": config["EMAIL_BACKEND"]}
    return {
        "BACKEND": config["EMAIL_BACKEND"],
        "OPTIONS": {
            "host": config["EMAIL_HOST"],
            "port": config["EMAIL_PORT"] or 25,
            "username": config["EMAIL_HOST_USER"] or "",
            "password": config["EMAIL_HOST_PASSWORD"] or "",
            "use_tls": config.get("EMAIL_USE_TLS", False),
            "use_ssl": config.get("EMAIL_USE_SSL", False),
            "timeout": 10,
        },
    }


def country_names(names: dict[str, dict[str, str]]) -> dict[str, Promise]:
    """Return ``COUNTRIES_OVERRIDE`` from ``{"HK": {"en": "…", "zh-hans": "…"}}``.

    Raises ``ImproperlyConfigured`` where a code has not both names.
    """
    for code, texts in names.items():
        if not isinstance(texts, dict) or set(texts) != {"en", "zh-hans"}:
            raise ImproperlyConfigured(
                f'COUNTRY_NAMES: give {code} two names, as "en" and as "zh-hans".'
            )
    return {code: _in_current_language(tuple(texts.items())) for code, texts in names.items()}


def _name(texts: tuple[tuple[str, str], ...]) -> str:
    names = dict(texts)
    return names.get(get_language() or "en", names["en"])


_in_current_language = lazy(_name, str)
