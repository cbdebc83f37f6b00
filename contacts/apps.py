from django.apps import AppConfig
from django.utils.translation import pgettext_lazy

from summit.lib.registries import PeriodicStep, Stage, erasures, erasures_by_phone, periodic_steps


class ContactsConfig(AppConfig):
    name = "contacts"
    verbose_name = pgettext_lazy("application", "Contacts")

    def ready(self) -> None:
        from audit.actions import register_actions
        from contacts.audited import Action
        from contacts.domain import contact

        register_actions(Action)
        periodic_steps.add("contacts erased", PeriodicStep(Stage.FORGET, contact.erase_unused))
        erasures.add("contacts", contact.erase_by_email)
        erasures_by_phone.add("contacts", contact.erase_by_phone)
