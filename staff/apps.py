from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class StaffConfig(AppConfig):
    name = "staff"
    verbose_name = pgettext_lazy("application", "staff")

    def ready(self) -> None:
        from events.emails import add_writer
        from staff import emails, receivers

        for kind in emails.TEXTS:
            add_writer(kind, emails.write)
        receivers.connect()
