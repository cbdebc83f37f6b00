"""Which badges are printed, and on what."""

import datetime as dt
from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from events.models import Event
from registrations.exports.badges import DEFAULT, SIZES
from registrations.models import Registration
from registrations.models.registration_queryset import RegistrationQuerySet
from summit.lib.web.typed_text import BoundedField

Status = Registration.Status
EVERYBODY = "everybody"
# Who is in the programme, and no expert and no attendee.
PROGRAMME = "programme"


class Which(TextChoices):
    NOT_PRINTED = "not_printed", _("not printed yet, or changed since")
    PRINTED = "printed", _("printed already")
    ALL = "all", _("all again")


_OF_WHICH = {
    Which.NOT_PRINTED: RegistrationQuerySet.without_badge_printed,
    Which.PRINTED: RegistrationQuerySet.with_badge_printed,
    Which.ALL: RegistrationQuerySet.all,
}


def with_badge(event: Event) -> RegistrationQuerySet:
    """Return those who have a confirmed place and are not erased, in the order of their names.

    At a hybrid event those who come in person.
    """
    of_event = Registration.objects.in_person().filter(event=event)
    people = of_event.filter(status=Status.CONFIRMED, erased_at=None)
    return people.by_name()


class SizeForm(forms.Form):
    """On what; where nothing is said, as last time."""

    size = forms.ChoiceField(
        label=_("Paper"),
        choices=[(size.name, size.label) for size in SIZES.values()],
        initial=DEFAULT,
        widget=forms.RadioSelect,
    )


class PrintedForm(forms.Form):
    """A printing that was recorded, named by its moment."""

    printed = forms.DateTimeField()


class BadgeForm(SizeForm):
    """Whose badges. ``after`` is the ticket of the last person of the batch before."""

    which = forms.ChoiceField(
        label=_("Badges"),
        choices=Which.choices,
        initial=Which.NOT_PRINTED,
        widget=forms.RadioSelect,
    )
    category = forms.ChoiceField(
        label=_("Who"),
        initial=EVERYBODY,
        choices=[
            (EVERYBODY, _("everybody with a confirmed place")),
            (PROGRAMME, _("hosts, opening speakers, guests of honour and interpreters")),
            *Registration.Category.choices,
        ],
    )
    since = forms.DateField(
        label=_("Registered since"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        # Earlier days have no moment in every zone.
        validators=[MinValueValidator(dt.date(1970, 1, 1))],
    )
    after = BoundedField(required=False, max_length=200, widget=forms.HiddenInput)
    field_order = ["which", "category", "since", "size"]

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.event = event
        self.last: Registration | None = None

    def clean_after(self) -> str:
        if after := self.cleaned_data["after"]:
            of_event = Registration.objects.filter(event=self.event, erased_at=None)
            self.last = of_event.filter(ticket=after).first()
            if self.last is None:
                raise forms.ValidationError(
                    _("The batch before has changed. Begin again with the first one.")
                )
        return after

    def people(self) -> RegistrationQuerySet:
        """Return everybody who was asked for, of every batch."""
        people = _OF_WHICH[Which(self.cleaned_data["which"])](with_badge(self.event))
        category = self.cleaned_data["category"]
        if category != EVERYBODY:
            people = people.filter(category=category)
        if since := self.cleaned_data["since"]:
            start = dt.datetime.combine(since, dt.time.min, self.event.zone)
            people = people.filter(registered_at__gte=start)
        return people

    def rest(self) -> RegistrationQuerySet:
        """Return those whom the batches before have left."""
        return after(self.last, self.people()) if self.last else self.people()


def after(last: Registration, people: RegistrationQuerySet) -> RegistrationQuerySet:
    """Return the people after this one.

    A batch begins after a person, not after a number: who registers or cancels
    between two batches moves nobody out of both or into both.
    """
    return people.filter(
        Q(by_pinyin__gt=last.sort_name)
        | Q(sort_name=last.sort_name, by_characters__gt=last.name)
        | Q(sort_name=last.sort_name, name=last.name, pk__gt=last.pk)
    )
