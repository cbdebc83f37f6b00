from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import pgettext_lazy

from summit.lib.registries import PeriodicStep, Stage, periodic_steps


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = pgettext_lazy("application", "Audit trail")

    def ready(self) -> None:
        from audit import append_only, trail

        post_migrate.connect(
            append_only.after_migrate, sender=self, dispatch_uid="audit.append_only"
        )
        step = PeriodicStep(Stage.FORGET, trail.forget)
        periodic_steps.add("audit entries forgotten", step)
