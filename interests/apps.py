from django.apps import AppConfig
from django.utils.translation import pgettext_lazy

from summit.lib.registries import PeriodicStep, Stage, erasures, erasures_by_phone, periodic_steps


class InterestsConfig(AppConfig):
    name = "interests"
    verbose_name = pgettext_lazy("application", "Expressions of interest")

    def ready(self) -> None:
        from audit.actions import register_actions
        from interests import emails
        from interests.audited import Action
        from interests.domain import privacy
        from interests.mail_kinds import Kind
        from mail.kinds import register_kinds

        register_actions(Action)
        register_kinds(Kind, emails.write)
        periodic_steps.add("interests erased", PeriodicStep(Stage.FORGET, privacy.erase_expired))
        erasures.add("interests", privacy.erase_by_email)
        erasures_by_phone.add("interests", privacy.erase_by_phone)
