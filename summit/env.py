"""Reads the environment, and refuses to start when something vital is missing.

Every refusal names the variable and what to write; none shows what was written, since
that may be a secret in the wrong place.
"""

import json
import os
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise, lazy
from django.utils.translation import get_language

from summit.lib.web.mail_addresses import canonical
from summit.lib.web.proxies import TrustedProxies

_SEE = "See docs/operations.md."


class Variables(Mapping[str, str]):
    """The environment, in which ``NAME_FILE`` may name the file that holds ``NAME``.

    That is how container engines hand over secrets. Line breaks at the file's end are
    not part of the value.
    """

    def __getitem__(self, name: str) -> str:
        path = os.environ.get(f"{name}_FILE", "")
        if not path:
            return os.environ[name]
        if os.environ.get(name):
            raise ImproperlyConfigured(f"Set {name} or {name}_FILE, not both. {_SEE}")
        try:
            return Path(path).read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeError) as error:
            raise ImproperlyConfigured(
                f"{name}_FILE names {path}, which cannot be read ({type(error).__name__})."
            ) from None

    def __iter__(self) -> Iterator[str]:
        return iter(os.environ)

    def __len__(self) -> int:
        return len(os.environ)


def _boolean(text: str) -> bool:
    words = {"true": True, "yes": True, "on": True, "1": True}
    words |= {"false": False, "no": False, "off": False, "0": False}
    return words[text.strip().lower()]


def _items(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


class Env(environ.Env):
    """django-environ, which by itself repeats what it cannot read.

    Nor does it take a secret that begins with ``$`` for the name of another variable,
    or a misspelt ``true`` for false.
    """

    ENVIRON = Variables()  # type: ignore[assignment]  # it is only read
    READERS: dict[object, tuple[Callable[[str], Any], str]] = {
        bool: (_boolean, "true or false"),
        int: (int, "a whole number"),
        float: (float, "a number"),
        list: (_items, "a list with commas"),
        json.loads: (json.loads, "JSON"),
    }

    def get_value(
        self, var: str, cast: Any = None, default: Any = None, parse_default: bool = False
    ) -> Any:
        text = self.ENVIRON.get(var)
        # docker compose hands over an empty text for what is not set.
        if not (text or "").strip():
            return default
        if cast in (None, str):
            return text
        read, wanted = self.READERS[cast]
        return parsed(var, read, text, wanted=wanted)


env = Env()


def parsed[T](name: str, read: Callable[[Any], T], given: Any, *, wanted: str) -> T:
    """Return what ``read`` makes of the value; raise ``ImproperlyConfigured`` where it fails."""
    try:
        return read(given)
    except Exception:
        # Not the error itself: it repeats the value.
        raise ImproperlyConfigured(f"{name} cannot be read: write {wanted}. {_SEE}") from None


def choice(name: str, options: tuple[str, ...], *, default: str) -> str:
    """Return one of the options, in their case; raise ``ImproperlyConfigured`` for another."""
    by_lower = {option.lower(): option for option in options}
    text = env.str(name, default=default).strip() or default
    return parsed(name, by_lower.__getitem__, text.lower(), wanted=", ".join(options))


IMMEDIATE_TASKS = "django.tasks.backends.immediate.ImmediateBackend"


def required(name: str, *, why: str) -> str:
    """Return the variable's value; raise ``ImproperlyConfigured`` naming it where it is empty."""
    value = env.str(name, default="").strip()
    if not value:
        raise ImproperlyConfigured(f"Set the environment variable {name}: {why}. {_SEE}")
    return value


def at_least(name: str, *, default: int, least: int) -> int:
    """Return a whole number; raise ``ImproperlyConfigured`` where it is below ``least``."""
    value = env.int(name, default=default)
    if value < least:
        raise ImproperlyConfigured(f"{name} is {value}, and has to be {least} at least. {_SEE}")
    return value


def secret(name: str, value: str) -> str:
    """Return the value; raise ``ImproperlyConfigured`` where it can be guessed.

    The measure is that of Django's own deployment check.
    """
    if len(value) < 50 or len(set(value)) < 5 or value.startswith("django-insecure-"):
        raise ImproperlyConfigured(
            f"{name} is too short or too simple for a secret: write 50 random characters or "
            'more, such as those of: python -c "import secrets; print(secrets.token_urlsafe(50))"'
        )
    return value


def site_url(url: str) -> str:
    """Return the address of the site without a slash at its end."""

    def read(text: str) -> str:
        parts = urlsplit(text)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise ValueError
        return text.rstrip("/")

    return parsed("SITE_URL", read, url, wanted="an address such as https://summit.example.org")


def time_zone(name: str) -> str:
    return parsed("TIME_ZONE", ZoneInfo, name, wanted="a name such as Asia/Shanghai").key


def trusted_proxies(texts: list[str]) -> TrustedProxies:
    """Return the proxies that are believed; raise ``ImproperlyConfigured``."""
    if os.environ.get("BEHIND_PROXY"):
        raise ImproperlyConfigured(
            "BEHIND_PROXY is no longer read: write the networks of your proxies instead, "
            f"such as TRUSTED_PROXIES=127.0.0.1 for one on the same machine. {_SEE}"
        )
    wanted = "networks with commas, such as 127.0.0.1, 10.0.0.0/8, or unix for a socket"
    return parsed("TRUSTED_PROXIES", TrustedProxies.parse, texts, wanted=wanted)


def mail_addresses(name: str) -> list[str]:
    """Return the addresses of a list in their canonical form; one of this machine is taken too."""

    def read(texts: list[str]) -> list[str]:
        return [canonical(text, may_be_local=True) for text in texts]

    given = env.list(name, default=[])
    return parsed(name, read, given, wanted="addresses with commas, such as ops@example.org")


def sentry_dsn(dsn: str) -> str:
    """Return the address of a Sentry; raise ``ImproperlyConfigured`` without its package."""
    if not dsn:
        return ""
    try:
        from sentry_sdk.utils import Dsn
    except ImportError as error:
        raise ImproperlyConfigured(
            "SENTRY_DSN needs a package more: "
            "pip install --require-hashes -r requirements/base.txt -r requirements/sentry.txt"
        ) from error
    parsed("SENTRY_DSN", Dsn, dsn, wanted="the address that Sentry shows for the project")
    return dsn


def database(url: str) -> dict[str, Any]:
    """Return Django's settings for a ``DATABASE_URL`` (sqlite or postgres).

    SQLite takes the write lock when a transaction begins, so that a
    check-then-write inside one transaction is as safe there as a row lock is on
    PostgreSQL, and waits up to 20 seconds for another writer.
    """
    wanted = "postgres://user:password@host:5432/name or sqlite:////path/to/file"
    config = parsed("DATABASE_URL", _database, url, wanted=wanted)
    # Opening SQLite's file anew would cost more than a kept page's whole answer.
    config.setdefault("CONN_MAX_AGE", 60)
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
        # The directory of a socket stands in an address with its slashes encoded.
        config["HOST"] = unquote(config["HOST"])
        config["CONN_HEALTH_CHECKS"] = True
    return config


def _database(url: str) -> dict[str, Any]:
    with warnings.catch_warnings(action="error"):  # one repeats the whole address
        config = env.db_url_config(url)
    if not config["ENGINE"].endswith((".sqlite3", ".postgresql")):
        raise ValueError
    return config


def mailer(url: str) -> dict[str, Any]:
    """Return Django's settings for an ``EMAIL_URL`` such as ``smtp+tls://user:secret@host:587``.

    ``consolemail://`` prints mails to be read. Without a URL Django's own console
    prints them, which ``check --deploy`` refuses. How long a server gets to answer is
    said in ``summit/lib/process/smtp_mail.py``.
    """
    if not url:
        return {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
    wanted = "smtp+tls://user:password@host:587"
    config = parsed("EMAIL_URL", env.email_url_config, url, wanted=wanted)
    if config["EMAIL_BACKEND"].endswith("console.EmailBackend"):
        return {"BACKEND": "summit.lib.process.console_mail.EmailBackend"}
    if not config["EMAIL_BACKEND"].endswith("smtp.EmailBackend"):
        return {"BACKEND": config["EMAIL_BACKEND"]}
    return {
        "BACKEND": "summit.lib.process.smtp_mail.EmailBackend",
        "OPTIONS": {
            "host": config["EMAIL_HOST"],
            "port": config["EMAIL_PORT"] or 25,
            "username": config["EMAIL_HOST_USER"] or "",
            "password": config["EMAIL_HOST_PASSWORD"] or "",
            "use_tls": config.get("EMAIL_USE_TLS", False),
            "use_ssl": config.get("EMAIL_USE_SSL", False),
        },
    }


def country_names(names: dict[str, dict[str, str]]) -> dict[str, str | Promise]:
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
