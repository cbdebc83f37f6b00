"""How pages of the admin tell of meetings: their hours, their places, and whom they concern."""

from collections.abc import Iterable

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings.domain.concerned import Concerned
from meetings.domain.telling import Audience
from meetings.models import MeetingSlot, Participant
from summit.lib.i18n import clock
from summit.lib.i18n.languages import listed, with_more


def hours_of(slot: MeetingSlot) -> str:
    """Return ``2026-05-21 09:00–09:30`` in the zone of the event, which comes along."""
    start, end = (each.astimezone(slot.event.zone) for each in (slot.starts_at, slot.ends_at))
    return f"{start:%Y-%m-%d} {clock.hours(start)}–{clock.hours(end)}"


def name_of(participant: Participant) -> str:
    """Return name and organization of somebody whose registration came along."""
    person = participant.registration
    name = person.name or _("erased")
    return with_more(name, person.organization_name) if person.organization_name else name


def tell_concerned(places: Iterable[Concerned]) -> str:
    """Name who is placed there, a line for each meeting of each version; "" if nobody is."""
    return "\n".join(
        with_more(each.people, _("published") if each.is_published else _("draft"))
        for each in places
    )


def say_who_was_told(
    model_admin: ModelAdmin, request: HttpRequest, told: Iterable[Audience]
) -> None:
    """Say on the next page how many mails go out, and whom nobody tells but a telephone."""
    for audience in told:
        if audience.mails:
            words = ngettext(
                "%(count)d person gets an e-mail about the change.",
                "%(count)d people get an e-mail about the change.",
                audience.mails,
            )
            model_admin.message_user(request, words % {"count": audience.mails})
        names = [
            *(each.registration.name for each in audience.telephoned),
            *(each.name for each in audience.telephoned_interpreters),
        ]
        if names:
            words = _("No e-mail reaches these people, so telephone them: %(names)s.")
            model_admin.message_user(request, words % {"names": listed(names)}, messages.WARNING)
