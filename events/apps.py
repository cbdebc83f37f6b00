from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import pgettext_lazy


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = pgettext_lazy("application", "events")
    # Writes to its tables change what the page cache keeps: events/page_cache/content.py.
    shown_on_public_pages = True

    def ready(self) -> None:
        from events import audit_triggers, tasks
        from events.domain import registration
        from events.page_cache import triggers
        from events.permissions import grant

        tasks.on_refused_address(registration.give_back_undeliverable)
        # After the receiver of django.contrib.auth, which makes the permissions.
        post_migrate.connect(grant, sender=self, dispatch_uid="events.permissions.grant")
        pre_migrate.connect(
            triggers.before_migrate, sender=self, dispatch_uid="events.page_cache.before_migrate"
        )
        post_migrate.connect(
            triggers.after_migrate, sender=self, dispatch_uid="events.page_cache.after_migrate"
        )
        post_migrate.connect(
            audit_triggers.after_migrate, sender=self, dispatch_uid="events.audit_triggers"
        )
