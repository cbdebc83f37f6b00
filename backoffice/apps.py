from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class BackofficeConfig(AppConfig):
    name = "backoffice"

    def ready(self) -> None:
        from audit.actions import register_actions
        from backoffice.audited import Action

        register_actions(Action)


class SummitAdminConfig(AdminConfig):
    """Django's admin, with our site in the place of its own."""

    default_site = "backoffice.site.SummitAdminSite"
