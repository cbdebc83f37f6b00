"""A row of a programme's table: what is typed of a session, its experts and its other people."""

import datetime as dt
import zoneinfo
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.forms.utils import from_current_timezone
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.kit.labels import language_first, pair, show_languages
from backoffice.kit.way_back import change_url
from backoffice.session_people import PersonFormSet
from events.models import Appearance, Expert, Session
from summit.lib.given import given
from summit.lib.i18n import clock
from summit.lib.i18n.bilingual import Text
from summit.lib.i18n.languages import CONTENT_LANGUAGES, column, listed, with_more
from summit.lib.i18n.times import DAY_MINUTES, read_clock, validate_year
from summit.lib.web.fields import was_sent

Kind = Session.Kind
# Called as what they are where nobody gives them a title.
_PLAIN = (*Session.PAUSES, Kind.OPENING, Kind.CLOSING, Kind.SIGNING, Kind.SITE_VISIT, Kind.TALKS)
_LONGEST_TIME = 12
# Below the row.
_RARER = ("day", "ends_on", "language", "has_interpretation")
# An end that is earlier than the start is one of the night that follows, until then.
_NIGHT_ENDS = 6 * 60


class ClockField(forms.CharField):
    """A time of day, as minutes since midnight, however it is typed."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"size": 5, "class": "clock", "autocomplete": "off", "data-clock": ""}
        widget = forms.TextInput(attrs | {"aria-label": kwargs["label"]})
        super().__init__(widget=widget, max_length=_LONGEST_TIME, **kwargs)

    def to_python(self, value: Any) -> int | None:  # type: ignore[override]  # a number, no text
        if isinstance(value, int):
            return value
        text = super().to_python(value)
        if not text:
            return None
        minutes = read_clock(text) if len(text) <= _LONGEST_TIME else None
        if minutes is None:
            raise ValidationError(
                _("Enter a time such as 9:00, 0900 or 14:30."), code="no_time_of_day"
            )
        return minutes

    def run_validators(self, value: Any) -> None:
        """Ask for no length: it is a number by now."""

    def prepare_value(self, value: Any) -> Any:
        return f"{value // 60:02}:{value % 60:02}" if isinstance(value, int) else value


class DayField(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, validators=[validate_year], **kwargs)


class SessionRowForm(forms.ModelForm):
    """A session as a row: day and times of day in the event's zone, experts, other people."""

    day = DayField(label=_("Day"))
    starts = ClockField(label=pgettext_lazy("time of day", "From"))
    ends = ClockField(label=pgettext_lazy("time of day", "To"))
    ends_on = DayField(
        label=_("Ends on"),
        required=False,
        help_text=_("Only if it ends on another day."),
    )
    # Not "experts", which the model knows as a relation through appearances.
    people = forms.ModelMultipleChoiceField(
        Expert.objects.all(), label=_("Experts"), required=False
    )

    persons: PersonFormSet | None = None
    zone: zoneinfo.ZoneInfo

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        session = self.instance
        self.appearances = list(session.appearances.all()) if session.pk else []
        self.initial["people"] = [appearance.expert_id for appearance in self.appearances]
        show_languages(self, "title", "room", "place")

    def show_times(self, zone: zoneinfo.ZoneInfo) -> None:
        """Fill in day and times of a stored session as a clock in ``zone`` shows them."""
        self.zone = zone
        session = self.instance
        if not session.pk:
            return
        span = clock.Span.of(session.starts_at, session.ends_at, zone)
        first = dt.datetime.combine(span.start.date(), dt.time.min)
        ends = span.end.replace(tzinfo=None) - first
        # Midnight at its end, or in the night that follows: of the day on which it began.
        of_day = ends <= dt.timedelta(minutes=DAY_MINUTES)
        at_night = ends <= dt.timedelta(minutes=DAY_MINUTES + _NIGHT_ENDS) and (
            span.end.time() < span.start.time()
        )
        self.initial = {
            **self.initial,
            "day": span.start.date(),
            "starts": span.start.hour * 60 + span.start.minute,
            "ends": DAY_MINUTES
            if ends == dt.timedelta(minutes=DAY_MINUTES)
            else span.end.hour * 60 + span.end.minute,
            "ends_on": None if of_day or at_night else span.end.date(),
        }

    # What is shown

    @property
    def is_new(self) -> bool:
        return not self.instance.pk

    @property
    def shown_day(self) -> dt.date | None:
        """The day under which the row stands: the one typed, else the one that is stored."""
        value = self["day"].value()
        try:
            day: dt.date | None = self.fields["day"].clean(value)
        except ValidationError:
            return self.initial.get("day")
        return day

    @property
    def times(self) -> SafeString:
        """When it is, for those who may only read."""
        session = self.instance
        return clock.times(clock.Span.of(session.starts_at, session.ends_at, self.zone))

    @property
    def titles(self) -> list[forms.BoundField]:
        return language_first(self, "title")

    @property
    def rooms(self) -> list[forms.BoundField]:
        return language_first(self, "room")

    @property
    def places(self) -> list[forms.BoundField]:
        return language_first(self, "place")

    @property
    def rarer(self) -> list[forms.BoundField]:
        return [self[name] for name in _RARER]

    @property
    def speakers(self) -> list[Text]:
        return [appearance.expert.display_name for appearance in self.appearances]

    @property
    def person_line(self) -> str:
        """The other people who are stored, with their roles, in one line."""
        session = self.instance
        people = session.programme_people.all() if session.pk else ()
        return listed(with_more(each.name, each.get_role_display()) for each in people)

    @property
    def page(self) -> str:
        """The address of the session's own page, from which saving leads back."""
        event = self.instance.event_id
        return change_url(self.instance, reverse("admin:events_event_programme", args=[event]))

    @property
    def is_spare(self) -> bool:
        return self.is_new and not (self.is_bound and self.has_changed())

    @property
    def has_place(self) -> bool:
        return any(self[name].value() or self[name].errors for name in pair("place"))

    @property
    def is_open(self) -> bool:
        """Whether what stands below the row has to be seen."""
        return self.has_bad_person or any(self[name].errors for name in _RARER)

    # What was typed

    def has_changed(self) -> bool:
        if self.is_new and not was_sent(self):
            return False
        typed = set(self.changed_data) - ({"day"} if self.is_new else set())
        return bool(typed) or bool(self.persons and self.persons.has_changed())

    @property
    def has_bad_person(self) -> bool:
        persons = self.persons
        return persons is not None and persons.is_bound and not persons.is_valid()

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and self.has_bad_person:
            self.add_error(None, _("Check the other people of this session."))

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not any(self.cleaned_data.get(name) for name in pair("title")):
            self._call_it_what_it_is()
        span = self._span()
        if span:
            self.instance.starts_at, self.instance.ends_at = span
        return cleaned

    def _call_it_what_it_is(self) -> None:
        kind = self.cleaned_data.get("kind")
        if kind not in _PLAIN or not self.is_new:
            return
        for language in CONTENT_LANGUAGES:
            with translation.override(language):
                self.cleaned_data[column("title", language)] = str(capfirst(Kind(kind).label))

    def _span(self) -> tuple[dt.datetime, dt.datetime] | None:
        """Return start and end; nothing, and say so beside the field, if they make none."""
        day: dt.date | None = self.cleaned_data.get("day")
        starts: int | None = self.cleaned_data.get("starts")
        ends: int | None = self.cleaned_data.get("ends")
        if day is None or starts is None or ends is None:
            return None
        last = self.cleaned_data.get("ends_on") or day
        if last == day and ends <= starts and ends <= _NIGHT_ENDS < starts:
            last = day + dt.timedelta(days=1)
        moments = []
        for name, on, minutes in (("starts", day, starts), ("ends", last, ends)):
            try:
                moments.append(self._moment(on, minutes))
            except ValidationError as error:
                self.add_error(name, error)
        if len(moments) < 2:
            return None
        if moments[1] <= moments[0]:
            self.add_error("ends", _("The session must end after it starts."))
            return None
        return moments[0], moments[1]

    def _moment(self, day: dt.date, minutes: int) -> dt.datetime:
        naive = dt.datetime.combine(day, dt.time.min) + dt.timedelta(minutes=minutes)
        with timezone.override(self.zone):
            return given(from_current_timezone(naive))

    # What is saved

    def _save_m2m(self) -> None:
        super()._save_m2m()  # type: ignore[misc]  # not in the stubs
        if "people" in self.changed_data:
            self._save_experts()
        if self.persons is not None and self.persons.is_bound:
            for person in self.persons.forms:
                person.instance.event_id = self.instance.event_id
            self.persons.instance = self.instance
            self.persons.save()

    def _save_experts(self) -> None:
        chosen = self.cleaned_data["people"].in_bulk()
        self.instance.appearances.exclude(expert__in=chosen).delete()
        present = set(self.instance.appearances.values_list("expert", flat=True))
        last = self.instance.appearances.aggregate(last=Max("order"))["last"]
        order = -1 if last is None else last
        # In the order in which they were chosen.
        for key in self["people"].data:
            if int(key) not in present:
                order += 1
                appearance = Appearance(session=self.instance, expert=chosen[int(key)], order=order)
                appearance.full_clean()
                appearance.save()
                present.add(int(key))
