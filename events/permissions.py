"""The groups that staff are put into, made and filled whenever ``migrate`` has run."""

from typing import Any

from django.apps import AppConfig

ORGANIZER = "Organizer"
AUDITOR = "Auditor"


def grant(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Give both groups their permissions on the models of one app.

    Organizers edit everything of it, auditors read it. History is written by the
    product alone, so that both may only read it. Can be run again at will: it
    adds what is missing and takes nothing away.
    """
    from django.contrib.auth.models import Group, Permission

    of_app = Permission.objects.using(using).filter(content_type__app_label=sender.label)
    reading = of_app.filter(codename__startswith="view_")
    history = of_app.filter(content_type__model__startswith="historical")
    editing = of_app.exclude(pk__in=history) | reading
    for name, permissions in ((ORGANIZER, editing), (AUDITOR, reading)):
        group, _made = Group.objects.using(using).get_or_create(name=name)
        group.permissions.add(*permissions)
