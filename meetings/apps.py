from django.apps import AppConfig
from django.utils.translation import pgettext_lazy

from summit.lib import registries
from summit.lib.registries import PeriodicStep, Stage


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = pgettext_lazy("application", "One-to-one meetings")

    def ready(self) -> None:
        from mail.kinds import register_kinds
        from meetings import schedule_emails, schedule_kinds
        from meetings.domain import moving, settings

        register_kinds(schedule_kinds.Kind, schedule_emails.write, shower=schedule_emails.show)
        registries.copied_parts.add("rules and tables of meetings", settings.copy_settings)
        registries.moved_parts.add("slots of meetings", moving.move_meetings)
        self._register_requests()

    def _register_requests(self) -> None:
        from audit.actions import register_actions
        from mail.kinds import register_kinds
        from meetings import emails
        from meetings.audited import Action
        from meetings.domain import participation, privacy, rather_not, waiting
        from meetings.mail_kinds import Kind

        register_actions(Action)
        register_kinds(Kind, emails.write)
        participation.on_end(rather_not.end_requests_of)
        for name, stage, run in [
            ("requests for meetings expired", Stage.CHANGE, waiting.expire),
            ("reminders of requests queued", Stage.CHANGE, waiting.remind),
            ("names of meetings erased", Stage.FORGET, privacy.erase_expired),
        ]:
            registries.periodic_steps.add(name, PeriodicStep(stage, run))
        registries.places_given_up.add("meetings", privacy.end_places)
        registries.people_erased.add("meetings", privacy.erase_people)
        registries.erasures.add("interpreters", privacy.erase_interpreters_by_email)
        registries.erasures_by_phone.add("interpreters", privacy.erase_interpreters_by_phone)
