from django.apps import AppConfig
from django.utils.translation import pgettext_lazy

from summit.lib.registries import PeriodicStep, Stage, copied_parts, periodic_steps


class RegistrationsConfig(AppConfig):
    name = "registrations"
    verbose_name = pgettext_lazy("application", "Registrations")
    # Writes to its tables change what the page cache keeps: website/page_cache/content.py.
    shown_on_public_pages = True

    def ready(self) -> None:
        from audit.actions import register_actions
        from mail import delivery, outbox
        from mail.kinds import register_kinds
        from registrations import emails, group_emails, text_messages
        from registrations.audited import Action
        from registrations.domain import (
            contact_change,
            event_days,
            place,
            privacy,
            registration,
            reminder,
            sensitive,
            settings,
            text_message,
            waiting_list,
        )
        from registrations.mail_kinds import GroupKind, Kind, StaffKind, TextKind

        register_actions(Action)
        register_kinds(Kind, emails.write, shower=emails.show)
        register_kinds(GroupKind, group_emails.write, shower=group_emails.show)
        register_kinds(TextKind, text_messages.write, shower=text_messages.show)
        register_kinds(StaffKind, text_messages.write_to_staff)
        outbox.on_no_address(text_message.tell)
        steps = {
            "offers put off": (Stage.CHANGE, waiting_list.put_offers_off),
            "offers expired": (Stage.CHANGE, waiting_list.expire_offers),
            "holds ended": (Stage.CHANGE, waiting_list.end_holds),
            "seats passed on": (Stage.CHANGE, waiting_list.refill_all),
            "check-ins given their day": (Stage.CHANGE, event_days.fill_days),
            "reminders queued": (Stage.CHANGE, reminder.remind),
            "people erased": (Stage.FORGET, privacy.erase_expired),
            "sensitive answers erased": (Stage.FORGET, sensitive.erase_expired),
            "changes of contacts forgotten": (Stage.FORGET, contact_change.forget),
            "networks forgotten": (Stage.FORGET, registration.forget_networks),
        }
        for name, (stage, run) in steps.items():
            periodic_steps.add(name, PeriodicStep(stage, run))
        delivery.on_refused_address(place.give_back_undeliverable)
        copied_parts.add("registration settings", settings.copy_settings)
