"""Checks of ``manage.py check --deploy``: what would start, and still not be as it should."""

from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register
from django.core.mail.backends.smtp import EmailBackend
from django.db import connection
from django.utils.module_loading import import_string

from summit.env import IMMEDIATE_TASKS


@register(Tags.security, deploy=True)
def deployment(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Return a warning, with what to do, for each thing that a public server should not be."""
    return list(_list_problems())


def _list_problems() -> Iterator[CheckMessage]:
    if not settings.STAFF_OTP:
        yield Warning(
            "Staff log in with a password alone.",
            hint="Unset STAFF_OTP, or set it to true.",
            id="summit.W001",
        )
    if not settings.HTTPS:
        yield Warning(
            "SITE_URL begins with http:, so that log-ins and personal links travel in the clear.",
            hint="Put a proxy with TLS before the server and set SITE_URL=https://…",
            id="summit.W002",
        )
    elif settings.TRUSTED_PROXIES == ((), False):
        yield Warning(
            "No proxy is trusted, while the site is on HTTPS: every request would be taken for "
            "plain HTTP and redirected for ever, and every visitor for the proxy.",
            hint="Set TRUSTED_PROXIES to the networks of the proxies, such as 127.0.0.1.",
            id="summit.W003",
        )
    if settings.MAILERS["default"]["BACKEND"] == "django.core.mail.backends.console.EmailBackend":
        yield Warning(
            "Mails are printed and reach nobody.",
            hint="Set EMAIL_URL, such as smtp+tls://user:password@host:587.",
            id="summit.W004",
        )
    if _mails_in_the_clear(settings.MAILERS["default"]):
        yield Warning(
            "Mails go to another machine without TLS: names, addresses and personal links can "
            "be read on the way.",
            hint="Set EMAIL_URL to smtp+tls://user:password@host:587 or smtp+ssl://…:465.",
            id="summit.W007",
        )
    if settings.TASKS_BACKEND == IMMEDIATE_TASKS:
        yield Warning(
            "Mail is sent before a page is answered, whose pace then tells who is registered.",
            hint="Unset TASKS_BACKEND, or set it to django_tasks_db.DatabaseBackend and run "
            "scripts/start-worker.",
            id="summit.W005",
        )
    if connection.vendor == "sqlite":
        yield Warning(
            "The database is SQLite: one machine, one writer at a time.",
            hint="Set DATABASE_URL to a PostgreSQL. For a small site on one machine SQLite holds; "
            "SILENCED_CHECKS=summit.W006 says that this is meant.",
            id="summit.W006",
        )


def _mails_in_the_clear(mailer: dict[str, Any]) -> bool:
    options = mailer.get("OPTIONS", {})
    is_smtp = issubclass(import_string(mailer["BACKEND"]), EmailBackend)
    return (
        is_smtp
        and not (options.get("use_tls") or options.get("use_ssl"))
        and not is_loopback(options.get("host") or "localhost")
    )


def is_loopback(host: str) -> bool:
    """Whether a host name or an address is this very machine."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"
