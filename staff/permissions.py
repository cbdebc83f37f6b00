"""The groups that staff are put into, made and filled whenever ``migrate`` has run."""

from typing import Any

from django.apps import AppConfig

from summit.lib.i18n.groups import AUDITOR, DESK, ORGANIZER

# Models that say who may what and who did what: superusers edit them, auditors read them.
OF_ACCOUNTS = ("auditentry", "organizerscope")
# What people have given to whoever organizes, and to nobody else.
FOR_ORGANIZERS = (
    *("contact", "interest", "submission", "decision", "subscription"),
    *("expertlink", "expertproposal", "expertvisit", "passportdata"),
    *("meetingfeedback", "rathernot", "profileview"),
)


def grant(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Give the groups their permissions on the models of one app.

    Organizers edit everything of it but what concerns accounts, auditors read it all but
    contacts and expressions of interest, the desk checks in and exports. History is written by
    the product alone, so that all may only read it. Can be run again at will: it adds what is
    missing and takes nothing away.
    """
    from django.contrib.auth.models import Group, Permission

    of_app = Permission.objects.using(using).filter(content_type__app_label=sender.label)
    reading = of_app.filter(codename__startswith="view_")
    history = of_app.filter(content_type__model__startswith="historical")
    of_accounts = of_app.filter(content_type__model__in=OF_ACCOUNTS)
    editing = (of_app.exclude(pk__in=history) | reading).exclude(pk__in=of_accounts)
    auditing = reading.exclude(content_type__model__in=FOR_ORGANIZERS)
    at_desk = ["check_in_registration", "export_registration", "run_meeting"]
    door = of_app.filter(codename__in=at_desk)
    for name, permissions in ((ORGANIZER, editing), (AUDITOR, auditing), (DESK, door)):
        group, _made = Group.objects.using(using).get_or_create(name=name)
        group.permissions.add(*permissions)
