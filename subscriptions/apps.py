from django.apps import AppConfig
from django.utils.translation import pgettext_lazy

from summit.lib.registries import PeriodicStep, Stage, erasures, periodic_steps


class SubscriptionsConfig(AppConfig):
    name = "subscriptions"
    verbose_name = pgettext_lazy("application", "Subscriptions")

    def ready(self) -> None:
        from mail import delivery
        from mail.kinds import register_kinds
        from subscriptions import emails
        from subscriptions.domain import digest, subscription
        from subscriptions.mail_kinds import Kind

        register_kinds(Kind, emails.write, shower=emails.show)
        delivery.on_refused_address(subscription.end_refused)
        steps = {
            "new projects told": (Stage.CHANGE, digest.queue_due),
            "unconfirmed subscriptions erased": (Stage.FORGET, subscription.erase_unconfirmed),
        }
        for name, (stage, run) in steps.items():
            periodic_steps.add(name, PeriodicStep(stage, run))
        erasures.add("subscriptions", subscription.erase_by_email)
