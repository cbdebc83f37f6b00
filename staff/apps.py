from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import pgettext_lazy

from summit.lib.registries import PeriodicStep, Stage, periodic_steps

# The apps whose rows the groups of staff may read and edit.
GRANTED = (
    *("audit", "mail", "events", "registrations", "projects", "contacts"),
    *("interests", "meetings", "submissions", "subscriptions"),
)


class StaffConfig(AppConfig):
    name = "staff"
    verbose_name = pgettext_lazy("application", "Staff")

    def ready(self) -> None:
        from django.contrib.auth.models import Group

        from audit.actions import register_actions
        from mail.kinds import register_kinds
        from staff import emails, receivers
        from staff.audited import Action
        from staff.domain import known_browsers, lockout, logins
        from staff.mail_kinds import Kind
        from staff.permissions import grant
        from summit.lib.i18n.groups import group_in_words

        register_actions(Action)
        register_kinds(Kind, emails.write)
        steps = {
            "ended logins forgotten": logins.forget_ended,
            "known browsers forgotten": known_browsers.forget,
            "failed log-ins forgotten": lockout.forget,
        }
        for name, run in steps.items():
            periodic_steps.add(name, PeriodicStep(Stage.FORGET, run))
        receivers.connect()
        for label in GRANTED:
            # After the receiver of django.contrib.auth, which makes the permissions.
            post_migrate.connect(
                grant, sender=apps.get_app_config(label), dispatch_uid=f"staff.grant.{label}"
            )
        # Django's admin names a group in a dozen places, all of them by this.
        Group.add_to_class("__str__", lambda group: group_in_words(group.name))
