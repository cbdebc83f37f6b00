from django.apps import AppConfig
from django.utils.translation import pgettext_lazy

from summit.lib.registries import PeriodicStep, Stage, erasures, erasures_by_phone, periodic_steps


class SubmissionsConfig(AppConfig):
    name = "submissions"
    verbose_name = pgettext_lazy("application", "Calls and submissions")
    # Writes to its tables change what the page cache keeps: website/page_cache/content.py.
    shown_on_public_pages = True

    def ready(self) -> None:
        from audit.actions import register_actions
        from mail.kinds import register_kinds
        from submissions import emails, expert_emails
        from submissions.audited import Action
        from submissions.domain import expert_privacy, expert_proposal, privacy, reminder, visit
        from submissions.mail_kinds import ExpertKind, Kind

        register_actions(Action)
        register_kinds(Kind, emails.write, shower=emails.show)
        register_kinds(ExpertKind, expert_emails.write, shower=expert_emails.show)
        expert_proposal.register()
        visit.register()
        steps = {
            "submission reminders queued": (Stage.CHANGE, reminder.remind),
            "submissions erased": (Stage.FORGET, privacy.erase_expired),
            "visits of experts erased": (Stage.FORGET, visit.erase_expired),
            "proposals of experts erased": (Stage.FORGET, expert_privacy.erase_expired),
        }
        for name, (stage, run) in steps.items():
            periodic_steps.add(name, PeriodicStep(stage, run))
        erasures.add("submissions", privacy.erase_by_email)
        erasures.add("proposals of experts", expert_privacy.erase_by_email)
        erasures_by_phone.add("submissions", privacy.erase_by_phone)
