from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class StaffConfig(AppConfig):
    name = "staff"
    verbose_name = pgettext_lazy("application", "staff")

    def ready(self) -> None:
        from django.contrib.auth.models import Group

        from registrations.emails import add_writer
        from staff import emails, receivers
        from summit.lib.i18n.groups import group_in_words

        for kind in emails.TEXTS:
            add_writer(kind, emails.write)
        receivers.connect()
        # Django's admin names a group in a dozen places, all of them by this.
        Group.add_to_class("__str__", lambda group: group_in_words(group.name))
