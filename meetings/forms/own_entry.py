"""What participants say of themselves, and when they are away."""

import zoneinfo
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from meetings.domain.plan import Span
from meetings.domain.who_may_meet import projects_of
from meetings.models import MeetingSlot, Participant
from meetings.models.participant import LONGEST_TOPICS
from projects.models import Project
from registrations.models import Registration
from summit.lib.i18n import clock
from summit.lib.i18n.languages import SPOKEN
from summit.lib.i18n.times import zones
from summit.lib.web.fields import field_of
from summit.lib.web.moment_fields import ZonedDateTimeField, set_zone
from summit.lib.web.typed_text import BoundedField

_UNKNOWN_VERSION = -1
# Free times that a page offers beside those that are entered.
_MORE_TIMES = 2
_MOST_TIMES = 12


class VersionedForm(forms.Form):
    """A form that carries the version of the row that the page showed."""

    data: QueryDict

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_version(self) -> int:
        version = self.cleaned_data["version"]
        return _UNKNOWN_VERSION if version is None else int(version)

    def renew_version(self, version: int) -> None:
        """Let the page that follows a refusal be about what is stored now."""
        self.data = self.data.copy()
        self.data["version"] = str(version)


class EntryForm(VersionedForm):
    """How somebody takes part: what others see, and whether they see it."""

    languages = forms.MultipleChoiceField(
        label=_("Languages in which you can talk"),
        choices=SPOKEN,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Where the two sides have none in common, an interpreter is arranged."),
    )
    topics = BoundedField(
        label=_("Topics"),
        max_length=LONGEST_TOPICS,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("What you would like to talk about, in a sentence or two."),
    )
    projects = forms.ModelMultipleChoiceField(
        label=_("Projects that you present"),
        queryset=Project.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone from which you take part online"),
        required=False,
        help_text=_("Your meetings are between 07:00 and 21:00 there."),
    )
    listed = forms.BooleanField(
        required=False,
        label=_(
            "I agree that other participants of the meetings see my name, organization, position, "
            "languages, topics and projects. Nobody sees my contact. I can withdraw this here at "
            "any time. Without it nobody can ask me for a meeting; I can still ask others."
        ),
    )

    def __init__(
        self, *args: Any, registration: Registration, participant: Participant | None, **kw: Any
    ) -> None:
        super().__init__(*args, **{"initial": _initial(participant), **kw})
        event = registration.event
        projects = projects_of(event)
        field_of(self, "projects", forms.ModelMultipleChoiceField).queryset = projects
        if not projects.exists():
            del self.fields["projects"]
        if registration.is_online:
            zone = clock.city_name(event.zone)
            field_of(self, "time_zone", forms.ChoiceField).choices = [
                ("", _("That of the event (%(zone)s)") % {"zone": zone}),
                *((name, name) for name in sorted(zones()) if "/" in name),
            ]
        else:
            del self.fields["time_zone"]

    @property
    def entry(self) -> dict[str, Any]:
        """What was said, as ``participation.apply`` takes it."""
        given = self.cleaned_data
        return {
            "languages": given["languages"],
            "topics": given["topics"],
            "listed": given["listed"],
            "time_zone": given.get("time_zone", ""),
            "projects": given.get("projects", ()),
        }


def _initial(participant: Participant | None) -> dict[str, Any]:
    if participant is None:
        return {}
    return {
        "languages": participant.languages,
        "topics": participant.topics,
        "listed": participant.listed_at is not None,
        "time_zone": participant.time_zone,
        "projects": [project.pk for project in participant.projects.all()],
        "version": participant.version,
    }


def _slot(span: Span, zone: zoneinfo.ZoneInfo) -> SafeString:
    """Return the day and the times of a slot, as one thing that a label can hold."""
    here = clock.Span.of(span.start, span.end, zone)
    return format_html("<span>{} {}</span>", clock.day(here.start.date()), clock.times(here))


class AwayForm(VersionedForm):
    """When somebody is away: slots to tick, and times from and until."""

    slots = forms.MultipleChoiceField(
        label=_("Tick the slots in which you cannot meet anybody"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, participant: Participant, **kw: Any) -> None:
        event = participant.event
        self.spans = {
            str(slot.pk): Span(slot.starts_at, slot.ends_at)
            for slot in MeetingSlot.objects.filter(event=event)
        }
        away = {Span(each.starts_at, each.ends_at) for each in participant.absences.all()}
        ticked = [key for key, span in self.spans.items() if span in away]
        free = sorted(away - set(self.spans.values()), key=lambda span: span.start)
        initial = {"slots": ticked, "version": participant.version}
        super().__init__(*args, **{"initial": initial, **kw})
        slots = field_of(self, "slots", forms.MultipleChoiceField)
        slots.choices = [(key, _slot(span, event.zone)) for key, span in self.spans.items()]
        slots.help_text = _("In the event's time zone, %(zone)s.") % {
            "zone": clock.zone_name(event.zone, event.starts_at)
        }
        if not self.spans:
            del self.fields["slots"]
        self.times = min(len(free) + _MORE_TIMES, max(_MOST_TIMES, len(free)))
        for number in range(self.times):
            span = free[number] if number < len(free) else None
            self.fields[f"from_{number}"] = ZonedDateTimeField(
                label=_("Away from"), required=False, initial=span and span.start
            )
            self.fields[f"until_{number}"] = ZonedDateTimeField(
                label=_("Away until"), required=False, initial=span and span.end
            )
        set_zone(self, event.zone)

    def pairs(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        for number in range(self.times):
            yield self[f"from_{number}"], self[f"until_{number}"]

    def clean(self) -> None:
        for number in range(self.times):
            start = self.cleaned_data.get(f"from_{number}")
            end = self.cleaned_data.get(f"until_{number}")
            names = {f"from_{number}", f"until_{number}"}
            if names & self.errors.keys():
                continue
            if (start is None) != (end is None):
                missing = "from" if start is None else "until"
                self.add_error(f"{missing}_{number}", _("Enter both ends, or neither."))
            elif start and end and end <= start:
                self.add_error(
                    f"until_{number}", ValidationError(_("The end must be after the start."))
                )

    @property
    def away(self) -> list[Span]:
        given = self.cleaned_data
        ticked = [self.spans[key] for key in given.get("slots", ())]
        free = [
            Span(given[f"from_{number}"], given[f"until_{number}"])
            for number in range(self.times)
            if given.get(f"from_{number}")
        ]
        return ticked + free
