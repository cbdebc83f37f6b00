from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import pgettext_lazy


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = pgettext_lazy("application", "events")
    # Writes to its tables change what the page cache keeps: website/page_cache/content.py.
    shown_on_public_pages = True

    def ready(self) -> None:
        from audit import append_only
        from mail import delivery
        from registrations.domain import registration
        from staff.permissions import grant
        from website.page_cache import triggers

        delivery.on_refused_address(registration.give_back_undeliverable)
        # After the receiver of django.contrib.auth, which makes the permissions.
        post_migrate.connect(grant, sender=self, dispatch_uid="staff.permissions.grant")
        pre_migrate.connect(
            triggers.before_migrate, sender=self, dispatch_uid="website.page_cache.before_migrate"
        )
        post_migrate.connect(
            triggers.after_migrate, sender=self, dispatch_uid="website.page_cache.after_migrate"
        )
        post_migrate.connect(
            append_only.after_migrate, sender=self, dispatch_uid="audit.append_only"
        )
