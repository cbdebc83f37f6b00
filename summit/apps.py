from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin.apps import AdminConfig


class SummitAdminConfig(AdminConfig):
    default_site = "summit.admin_site.SummitAdminSite"


class SummitConfig(AppConfig):
    name = "summit"
    label = "summit"

    def ready(self) -> None:
        # They register themselves.
        from summit import checks  # noqa: F401

        if settings.SENTRY_DSN:
            from summit.errors import start_sentry

            start_sentry()
