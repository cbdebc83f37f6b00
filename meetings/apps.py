from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = pgettext_lazy("application", "One-to-one meetings")

    def ready(self) -> None:
        from mail.kinds import register_kinds
        from meetings import schedule_emails, schedule_kinds

        register_kinds(schedule_kinds.Kind, schedule_emails.write, shower=schedule_emails.show)
