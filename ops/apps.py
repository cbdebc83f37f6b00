import logging

from django.apps import AppConfig
from django.conf import settings

from summit.lib.database.sqlite import empty_write_ahead_log
from summit.lib.registries import PeriodicStep, Stage, health_checks, periodic_steps


class OpsConfig(AppConfig):
    name = "ops"

    def ready(self) -> None:
        from audit.actions import register_actions

        # The checks of manage.py check register themselves.
        from ops import (
            checks,  # noqa: F401
            errors,
            health,
        )
        from ops.audited import Action

        register_actions(Action)
        health_checks.add("database", health.database)
        health_checks.add("migrations", health.Migrations())
        health_checks.add("media", health.check_media)
        health_checks.add("private_files", health.check_private_files)
        health_checks.add("restore", health.restore)
        # The last: what the other steps have deleted is then gone from the disk.
        step = PeriodicStep(Stage.LAST, empty_write_ahead_log)
        periodic_steps.add("write-ahead log emptied", step)
        # Not in LOGGING, which is read before there are models to count mails by.
        if settings.ERROR_MAIL_TO:
            logging.getLogger().addHandler(errors.MailedErrors(logging.ERROR))
        if settings.SENTRY_DSN:
            errors.start_sentry()
