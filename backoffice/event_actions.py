"""What an organizer does with an event: publish, take back, postpone, cancel, copy."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.event_status import STATUS_ACTIONS
from backoffice.kit.actions import Action
from backoffice.kit.labels import pair
from events.domain import event as domain
from events.models import Event
from summit.lib.i18n.times import validate_year
from summit.lib.web.typed_text import LineField


class CopyForm(forms.Form):
    title_en = LineField(
        label=_("Title in English"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "vTextField", "lang": "en"}),
    )
    title_zh_hans = LineField(
        label=_("Title in Chinese"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "vTextField", "lang": "zh-Hans"}),
    )
    starts_on = forms.DateField(
        label=_("The new event starts on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[validate_year],
        help_text=_("Times of day stay as they are; days move along."),
    )
    with_experts = forms.BooleanField(
        label=_("Copy the experts and the other people of the programme too"),
        required=False,
        help_text=_("Otherwise the sessions are copied without anybody who appears in them."),
    )

    @staticmethod
    def initial_for(event: Event) -> dict[str, object]:
        """Propose the title of before, and the same weekday a year later."""
        titles = {name: getattr(event, name) for name in pair("title")}
        return {**titles, "starts_on": event.starts_on + dt.timedelta(weeks=52)}

    def clean(self) -> dict[str, Any]:
        titles = {name: self.cleaned_data.pop(name, "") for name in pair("title")}
        return {**self.cleaned_data, "titles": titles}


EVENT_ACTIONS: list[Action[Event]] = [
    Action(
        name="publish",
        label=_("Publish"),
        explanation=_("Everybody will see the event with its programme, its roles and its photos."),
        run=lambda admin, request, event, given: domain.publish(event, by=request.user),
        done=_("“%(object)s” is published."),
        offered=lambda admin, event: event.is_draft,
        is_main=True,
    ),
    Action(
        name="return-to-draft",
        label=_("Back to draft"),
        explanation=_(
            "The event is taken off the public pages and can be edited. This is possible "
            "only while nothing refers to it, such as a recommendation or an intention."
        ),
        run=lambda admin, request, event, given: domain.return_to_draft(event, by=request.user),
        done=_("“%(object)s” is a draft again."),
        offered=lambda admin, event: not event.is_draft,
    ),
    *STATUS_ACTIONS,
    Action(
        name="copy",
        label=_("Copy to new dates"),
        explanation=_(
            "Makes a draft with the texts, the roles, the whole programme and the registration "
            "form of this event on other days. Photos, the outcome, the online link, attendees "
            "and desk staff stay behind."
        ),
        run=lambda admin, request, event, given: domain.copy(event, by=request.user, **given),
        done=_(
            "This is the new draft. Its texts are copied from the earlier event: check each "
            "of them."
        ),
        form=CopyForm,
        permission="add",
    ),
]
