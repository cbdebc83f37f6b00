import logging

from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin.apps import AdminConfig


class SummitAdminConfig(AdminConfig):
    default_site = "backoffice.site.SummitAdminSite"


class SummitConfig(AppConfig):
    name = "summit"
    label = "summit"

    def ready(self) -> None:
        # They register themselves.
        from ops import checks  # noqa: F401
        from ops.errors import MailedErrors, start_sentry

        # Not in LOGGING, which is read before there are models to count mails by.
        if settings.ERROR_MAIL_TO:
            logging.getLogger().addHandler(MailedErrors(logging.ERROR))
        if settings.SENTRY_DSN:
            start_sentry()
