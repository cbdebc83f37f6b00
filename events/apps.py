from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = _("events")

    def ready(self) -> None:
        from events.permissions import grant

        # After the receiver of django.contrib.auth, which makes the permissions.
        post_migrate.connect(grant, sender=self, dispatch_uid="events.permissions.grant")
