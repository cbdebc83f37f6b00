from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class WebsiteConfig(AppConfig):
    name = "website"

    def ready(self) -> None:
        from website.page_cache import triggers

        pre_migrate.connect(
            triggers.before_migrate, sender=self, dispatch_uid="website.page_cache.before_migrate"
        )
        post_migrate.connect(
            triggers.after_migrate, sender=self, dispatch_uid="website.page_cache.after_migrate"
        )
