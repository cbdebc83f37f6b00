from collections.abc import Callable

from django.apps import AppConfig
from django.core import checks
from django.utils.translation import pgettext_lazy

from summit.lib.registries import PeriodicStep, Stage, health_checks, periodic_steps


class MailConfig(AppConfig):
    name = "mail"
    verbose_name = pgettext_lazy("application", "Outbound e-mails and text messages")

    def ready(self) -> None:
        from mail import delivery, health, heartbeat
        from mail.checks import check_text_messages

        steps: dict[str, tuple[Stage, Callable[[], int | None]]] = {
            "heartbeat": (Stage.ALIVE, heartbeat.beat_periodic),
            "mails sent": (Stage.SEND, delivery.deliver_due),
            "task records forgotten": (Stage.FORGET, heartbeat.forget_tasks),
        }
        for name, (stage, run) in steps.items():
            periodic_steps.add(name, PeriodicStep(stage, run))
        health_checks.add("periodic", health.check_periodic)
        health_checks.add("worker", health.check_worker)
        health_checks.add("mail", health.check_outbox)
        checks.register(check_text_messages)
