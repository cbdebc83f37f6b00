"""Telling attendees that their event has changed: a preview, a count, and the organizer's words."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from backoffice.kit.actions import Action, Facts
from backoffice.kit.labels import field_of
from events.models import Event
from registrations.domain import announcement, waiting_list
from registrations.models import RegistrationSettings
from summit.lib.i18n.clock import moment_in_words
from summit.lib.i18n.languages import Words, listed
from summit.lib.web.requests import StaffRequest

NAMES = {
    "starts_at": _("start"),
    "ends_at": _("end"),
    "time_zone": _("time zone"),
    "venue": _("venue"),
    "address": _("address"),
    "city": _("city"),
    "online_link": _("online link"),
}


def _name(event: Event, name: str) -> Words:
    """Return what has changed in words; of a state, which one it is now."""
    if name == "cancelled":
        return (
            _("the event is cancelled")
            if event.is_cancelled
            else _("the event takes place after all")
        )
    if name == "postponed":
        return _("the event is postponed") if event.is_postponed else _("the event has a new date")
    return NAMES[name]


def names_of_changes(changed: Sequence[str]) -> list[str]:
    """Return in words what attendees were told of, whatever has become of it since."""
    states = {"cancelled": _("cancellation"), "postponed": _("postponement")}
    return [str(states.get(name) or NAMES[name]) for name in changed]


class MessageForm(forms.Form):
    english = forms.CharField(
        label=_("Your words in English"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "lang": "en"}),
        help_text=_("Shown in the e-mail above the changes. Optional."),
    )
    chinese = forms.CharField(
        label=_("Your words in Chinese"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "lang": "zh-Hans"}),
    )

    @staticmethod
    def initial_for(event: Event) -> dict[str, str]:
        """Propose the reason why the event is postponed or cancelled."""
        return {"english": event.status_reason_en, "chinese": event.status_reason_zh_hans}


def settings_of(event: Event) -> RegistrationSettings | None:
    return RegistrationSettings.objects.select_related("event").filter(event=event).first()


def untold(event: Event) -> list[str]:
    """Name what attendees have not been told yet, where there is anybody to tell."""
    settings = settings_of(event)
    changed = announcement.changes(settings) if settings else []
    return changed if changed and announcement.recipients(event).exists() else []


def preview(event: Event) -> Facts:
    settings = settings_of(event)
    changed = announcement.changes(settings) if settings else []
    return [
        (_("What has changed"), "\n".join(str(_name(event, name)) for name in changed)),
        (_("E-mails"), str(announcement.recipients(event).exclude(email="").count())),
        (_("When"), event.when_in_words),
        (_("Where"), str(event.venue or "—")),
    ]


def _version(event: Event) -> object:
    """Return what the e-mail tells: how many get it changes while people register."""
    return untold(event), event.when_in_words, str(event.venue)


def point_to_unreachable(model_admin: ModelAdmin, request: HttpRequest, event: Event) -> None:
    """Say after attendees were told how many of them no e-mail reaches."""
    count = announcement.recipients(event).filter(email="").count()
    if count:
        words = ngettext(
            "%(count)d attendee has no e-mail address. Tell them by phone.",
            "%(count)d attendees have no e-mail address. Tell them by phone.",
            count,
        )
        model_admin.message_user(request, words % {"count": count}, messages.WARNING)


def _tell(admin: ModelAdmin, request: StaffRequest, event: Event, given: dict[str, Any]) -> None:
    announcement.announce(
        event,
        message={"en": given["english"], "zh-hans": given["chinese"]},
        by=request.user,
    )
    point_to_unreachable(admin, request, event)


TELL = Action[Event](
    name="tell-attendees",
    label=_("Tell the attendees"),
    explanation=_(
        "Everyone who has a place or is on the waiting list gets an e-mail in their "
        "language. For people with a confirmed place it contains a calendar entry that "
        "updates or removes the existing one. Once the event has begun, only they get it."
    ),
    run=_tell,
    done=_("The e-mails about “%(object)s” are on their way."),
    offered=lambda admin, event: bool(untold(event)),
    form=MessageForm,
    facts=preview,
    facts_title=_("Content of the e-mail"),
    version=_version,
    is_main=True,
)


def pass_added_seats_on(model_admin: ModelAdmin, request: HttpRequest, event: Event) -> None:
    """Let people who wait move up after an event was saved, and say how many did."""
    moved = waiting_list.refill(event)
    if moved:
        model_admin.message_user(
            request,
            ngettext(
                "%(count)d person moved up from the waiting list.",
                "%(count)d people moved up from the waiting list.",
                moved,
            )
            % {"count": moved},
        )


def point_to_kept_times(model_admin: ModelAdmin, request: HttpRequest, event: Event) -> None:
    """Say after an event was moved that registration opens and closes when it did before."""
    settings = settings_of(event)
    if settings is None:
        return
    kept = [
        f"{field_of(RegistrationSettings, name).verbose_name}: {moment_in_words(at, event.zone)}"
        for name, at in (("opens_at", settings.opens_at), ("closes_at", settings.closes_at))
        if at
    ]
    if kept:
        words = _("The event was moved, but these times were not: %(times)s. Check them.")
        model_admin.message_user(request, words % {"times": listed(kept)}, messages.WARNING)


def offer_to_tell(model_admin: ModelAdmin, request: HttpRequest, event: Event) -> None:
    """Say after an event was saved how many attendees do not know what has changed."""
    if untold(event):
        count = announcement.recipients(event).count()
        words = ngettext(
            "%(count)d attendee has not been told about this change yet.",
            "%(count)d attendees have not been told about this change yet.",
            count,
        ) % {"count": count}
        link = format_html('{} <a href="{}">{}</a>', words, TELL.url(event), _("Tell them"))
        model_admin.message_user(request, link, messages.WARNING)
