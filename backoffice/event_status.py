"""Postponing, cancelling and taking up an event, and telling its attendees at once."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from backoffice.announcement import (
    offer_to_tell,
    pass_added_seats_on,
    point_to_kept_times,
    point_to_unreachable,
    untold,
)
from backoffice.kit.actions import Action, Facts
from backoffice.kit.model_admin import SummitAdmin
from events.domain import event as domain
from events.domain import postponement
from events.domain.postponement import Reason
from events.models import Event
from registrations.domain import announcement
from summit.lib.i18n.languages import Words
from summit.lib.i18n.times import validate_year
from summit.lib.web.requests import StaffRequest


def _words(label: Words, lang: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3, "lang": lang}),
    )


class ReasonForm(forms.Form):
    """Why, in both languages, and whether the page says so."""

    english = _words(_("Reason in English"), "en")
    chinese = _words(_("Reason in Chinese"), "zh-Hans")
    is_shown = forms.BooleanField(label=_("Show the reason on the event’s page"), required=False)

    @staticmethod
    def initial_for(event: Event) -> dict[str, Any]:
        return {
            "english": event.status_reason_en,
            "chinese": event.status_reason_zh_hans,
            "is_shown": event.shows_status_reason,
        }


class TellForm(forms.Form):
    tell = forms.BooleanField(
        label=_("Tell the attendees by e-mail now"),
        required=False,
        initial=True,
        help_text=_(
            "The e-mail gives the reason, whether or not the page shows it, and updates the "
            "attendees’ calendars. Untick this to write to them later."
        ),
    )


class CancelForm(ReasonForm, TellForm):
    field_order = ["english", "chinese", "is_shown", "tell"]


class NewDateForm(forms.Form):
    to = forms.DateField(
        label=_("New first day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[validate_year],
    )
    at = forms.TimeField(
        label=_("Begins at"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("Empty: at the same time of day as before, in the event’s time zone."),
    )
    with_programme = forms.BooleanField(
        label=_("Move the whole programme along"),
        required=False,
        initial=True,
        help_text=_("All sessions move by as much as the event, and keep their order and rooms."),
    )


class PostponeForm(NewDateForm, CancelForm):
    field_order = ["to", "at", "with_programme", *CancelForm.field_order]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].help_text = _("Leave it empty while the new date is not known yet.")


class TakeUpForm(NewDateForm, TellForm):
    field_order = ["to", "at", "with_programme", "tell"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].help_text = _("Empty: on the date that was announced.")
        self.fields["tell"].help_text = _("The e-mail puts the event into their calendars again.")


def _reason(given: dict[str, Any]) -> Reason:
    return Reason(given["english"], given["chinese"], given["is_shown"])


def _new_start(event: Event, given: dict[str, Any]) -> dt.datetime | None:
    if given["to"] is None:
        return None
    time = given["at"] or event.starts_at.astimezone(event.zone).time()
    return dt.datetime.combine(given["to"], time, event.zone)


def _cancel(admin: SummitAdmin, request: StaffRequest, event: Event, given: dict[str, Any]) -> None:
    domain.cancel(event, reason=_reason(given), by=request.user)
    _tell(admin, request, event, given)


def _postpone(
    admin: SummitAdmin, request: StaffRequest, event: Event, given: dict[str, Any]
) -> None:
    postponement.postpone(
        event,
        to=_new_start(event, given),
        with_programme=given["with_programme"],
        reason=_reason(given),
        by=request.user,
    )
    _after(admin, request, event, given)


def _take_up(
    admin: SummitAdmin, request: StaffRequest, event: Event, given: dict[str, Any]
) -> None:
    postponement.take_up(
        event,
        to=_new_start(event, given),
        with_programme=given["with_programme"],
        by=request.user,
    )
    _after(admin, request, event, given)


def _after(admin: SummitAdmin, request: StaffRequest, event: Event, given: dict[str, Any]) -> None:
    pass_added_seats_on(admin, request, event)
    if given["to"] is not None:
        point_to_kept_times(admin, request, event)
    _tell(admin, request, event, given)


def _tell(admin: SummitAdmin, request: StaffRequest, event: Event, given: dict[str, Any]) -> None:
    """Tell the attendees with the reason as the organizer's words, or offer to do so."""
    if not given["tell"] or not untold(event):
        offer_to_tell(admin, request, event)
        return
    told = announcement.announce(
        event,
        message={"en": event.status_reason_en, "zh-hans": event.status_reason_zh_hans},
        by=request.user,
    )
    words = ngettext(
        "%(count)d e-mail to attendees is on its way.",
        "%(count)d e-mails to attendees are on their way.",
        told.recipients,
    )
    admin.message_user(request, words % {"count": told.recipients})
    point_to_unreachable(admin, request, event)


def _is_yet_to_come(_admin: SummitAdmin, event: Event) -> bool:
    return event.is_postponed or (event.status == Event.Status.PUBLISHED and not event.is_over)


def _has_reason(_admin: SummitAdmin, event: Event) -> bool:
    return not event.is_draft and (not event.is_on or event.is_rescheduled)


def facts(event: Event) -> Facts:
    """Return the date so far, and how many people would have to be told of another."""
    day = event.previously_on if event.is_postponed else event.starts_on
    return [
        (_("Current date"), date_format(day) if day else "—"),
        (_("Attendees to notify"), str(announcement.recipients(event).count())),
    ]


def version(event: Event) -> object:
    """Return what decides of the facts: how many there are to tell changes all the time."""
    return event.status, event.starts_at, event.ends_at, event.previously_on


def _postpone_label(event: Event) -> Words:
    return _("Set the new date") if event.is_postponed else _("Postpone")


POSTPONE = Action[Event](
    name="postpone",
    label=_("Postpone"),
    label_of=_postpone_label,
    explanation=_(
        "All pages will say in both languages that the event is postponed, and give the new "
        "date or say that it will be announced. Until there is a new date, nobody can "
        "register and calendars drop the entry. Registrations stay as they are."
    ),
    run=_postpone,
    done=_("“%(object)s” has been postponed, and its page says so."),
    offered=_is_yet_to_come,
    form=PostponeForm,
    facts=facts,
    facts_title=_("The event"),
    version=version,
)
CANCEL = Action[Event](
    name="cancel",
    label=_("Cancel the event"),
    explanation=_(
        "The page of the event stays and says in both languages that it has been cancelled."
    ),
    run=_cancel,
    done=_("“%(object)s” is cancelled, and its page says so."),
    offered=lambda admin, event: event.status in (Event.Status.PUBLISHED, Event.Status.POSTPONED),
    form=CancelForm,
    facts=facts,
    facts_title=_("The event"),
    version=version,
    is_grave=True,
)
TAKE_UP = Action[Event](
    name="take-up",
    label=_("Reinstate"),
    explanation=_(
        "The event takes place after all: its pages are as before, people can register, and "
        "attendees keep the places they had."
    ),
    run=_take_up,
    done=_("“%(object)s” takes place after all."),
    offered=lambda admin, event: event.is_cancelled,
    form=TakeUpForm,
    facts=facts,
    facts_title=_("The event"),
    version=version,
    is_main=True,
)
CHANGE_REASON = Action[Event](
    name="reason",
    label=_("Change the reason"),
    explanation=_("Why the event was postponed or cancelled, and whether its page says so."),
    run=lambda admin, request, event, given: postponement.change_reason(
        event, reason=_reason(given), by=request.user
    ),
    done=_("The reason has been changed."),
    offered=_has_reason,
    form=ReasonForm,
)
STATUS_ACTIONS = [POSTPONE, CANCEL, TAKE_UP, CHANGE_REASON]
