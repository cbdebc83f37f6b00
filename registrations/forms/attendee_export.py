"""What is asked before attendees are exported: whom, which columns, and what kind of file."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.validators import MinValueValidator
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from events.models import Event
from registrations.exports.attendees import (
    DAYS,
    DEFAULT_COLUMNS,
    QUESTIONS,
    AttendeeList,
    Column,
    Manner,
    columns_of,
    matching,
)
from registrations.models import ColumnSet, Registration, SeparateConsent
from registrations.models.export import REASON_LENGTH
from registrations.models.registration_queryset import RegistrationQuerySet
from summit.lib.i18n import clock
from summit.lib.i18n.languages import OWN_NAMES, Words, current, listed, with_more
from summit.lib.i18n.names import staff_name
from summit.lib.web.fields import field_of
from summit.lib.web.typed_text import LineField

# What a person who asks for "the list" most often means: who has a place.
_DEFAULT_STATUSES = [Registration.Status.CONFIRMED]


# A list that needs no consent but that of the notice.
ORGANIZER = "organizer"
# What a list leaves for, and to whom: columns of its record.
REASONS = ("purpose", "recipient")


class FileForm(forms.Form):
    """For whom, what kind of file, and in which words."""

    audience = forms.ChoiceField(
        label=_("Recipient of the list"),
        help_text=_(
            "A list for others holds only the people who agreed to exactly that and verified their "
            "contact. Organizers add recipients under “Questions and consents” of the event."
        ),
        choices=[(ORGANIZER, _("for the organizer’s own work: everybody"))],
        required=False,
        widget=forms.RadioSelect,
    )
    purpose = LineField(
        label=_("Purpose"),
        max_length=REASON_LENGTH,
        required=False,
        help_text=_(
            "What the list is needed for, such as: invitations to the forum. A list for others has "
            "the purpose that people agreed to."
        ),
    )
    recipient = LineField(
        label=_("Recipient"),
        max_length=REASON_LENGTH,
        required=False,
        help_text=_("Which office gets the list. For a partner outside, choose it above."),
    )
    file_format = forms.ChoiceField(
        label=_("Format"),
        help_text=_(
            "Excel spoils long numbers in a CSV file, such as identity card and phone numbers: it "
            "keeps fifteen digits and drops leading zeros. In an Excel file they stay whole."
        ),
        choices=[
            ("xlsx", _("Excel (.xlsx): dates and numbers are such, long numbers stay whole")),
            ("csv", _("CSV (.csv): text for any program")),
        ],
        widget=forms.RadioSelect,
    )
    headers = forms.ChoiceField(
        label=_("Column headings"),
        choices=[
            ("labels", _("words, for people")),
            ("names", _("machine names that never change, for programs")),
        ],
        widget=forms.RadioSelect,
    )
    language = forms.ChoiceField(
        label=_("Language of the words"), choices=OWN_NAMES.items(), widget=forms.RadioSelect
    )
    order = forms.ChoiceField(
        label=_("Order"),
        choices=[
            ("name", _("by name, Chinese ones by pinyin")),
            ("registered", _("by time of registration")),
        ],
        widget=forms.RadioSelect,
    )

    # What people of the event can agree to, by what is sent for it.
    offers: dict[str, SeparateConsent]

    @staticmethod
    def usual() -> dict[str, str]:
        """Return what stands in a form that nobody has touched."""
        return {
            "audience": ORGANIZER,
            "file_format": "xlsx",
            "headers": "labels",
            "language": current(),
            "order": "name",
        }

    def offer_recipients(self, event: Event) -> None:
        """Fill in for whom a list of the event can be. One query."""
        asked = SeparateConsent.objects.filter(settings__event=event)
        self.offers = {str(each.pk): each for each in asked}
        field = field_of(self, "audience", forms.ChoiceField)
        everybody = (ORGANIZER, _("for the organizer’s own work: everybody"))
        field.choices = [everybody, *((pk, _who(to)) for pk, to in self.offers.items())]

    @property
    def to(self) -> SeparateConsent | None:
        """The separate consent without which nobody is on the list."""
        return self.offers.get(self.cleaned_data.get("audience", ""))

    @property
    def is_for_others(self) -> bool:
        return self.to is not None

    def has_purpose(self, columns: Iterable[Column]) -> bool:
        """Whether a list with sensitive answers has a purpose; it is refused where not.

        One for others has it only where it is for a named recipient. For a form that is valid.
        """
        sensitive = [str(column.label) for column in columns if column.is_sensitive]
        if not sensitive:
            return True
        if self.to is not None and not self.to.may_hold_sensitive:
            said = _(
                "Answers to “%(names)s” are sensitive: only the organizer’s own lists and lists "
                "for a named recipient can hold them. Leave them out, or choose another list."
            )
            self.add_error("audience", said % {"names": listed(sensitive)})
            return False
        if self.is_for_others or self.cleaned_data["purpose"]:
            return True
        said = _("Enter what the answers to “%(names)s” are needed for.")
        self.add_error("purpose", said % {"names": listed(sensitive)})
        return False

    def fits_column_set(self) -> bool:
        """Whether it is said who gets a list with columns for others; it is refused where not.

        For a form that is valid.
        """
        column_set = self.cleaned_data["column_set"]
        if column_set is None or not column_set.is_for_others or self.is_for_others:
            return True
        said = _("“%(name)s” is a column set for lists for others. Choose who gets this list.")
        self.add_error("audience", said % {"name": column_set.name})
        return False

    def reasons(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in REASONS}

    def manner(self) -> Manner:
        given = self.cleaned_data
        return {
            "headers": given["headers"],
            "language": given["language"],
            "order": given["order"],
        }


def _who(to: SeparateConsent) -> str:
    who = _("for “%(name)s”: people who agreed to it") % {"name": to.name}
    return with_more(who, _("abroad")) if to.is_abroad else who


class ColumnSetField(forms.ChoiceField):
    """A set of one's own or a shared one. What is gone meanwhile counts as none."""

    def __init__(self, *, empty_label: Words, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.empty_label = empty_label
        self.sets: dict[str, ColumnSet] = {}

    def offer_to(self, user: User) -> None:
        """Fill in the sets that this person may use. One query."""
        found = ColumnSet.objects.usable_by(user).select_related("owner")
        self.sets = {str(each.pk): each for each in found}
        labels = ((pk, _label(each, user)) for pk, each in self.sets.items())
        self.choices = [("", self.empty_label), *labels]

    def clean(self, value: str | None) -> ColumnSet | None:
        return self.sets.get(value or "")


def _label(column_set: ColumnSet, user: User) -> str:
    if column_set.owner_id != user.pk:
        return _("%(name)s (shared by %(owner)s)") % {
            "name": column_set.name,
            "owner": staff_name(column_set.owner),
        }
    if column_set.is_shared:
        return _("%(name)s (shared)") % {"name": column_set.name}
    return column_set.name


class ColumnsField(forms.MultipleChoiceField):
    """Names of columns. One that no longer exists is no mistake of whoever sends it."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value: str) -> bool:
        return True


class ExportForm(FileForm):
    """Everything that an export at a desk is asked for with, and the column set to keep it in.

    ``missing`` are the columns asked for that no longer exist; they are left out.
    Two queries: the event's questions and the column sets.
    """

    data: QueryDict
    filter_names = ("statuses", "categories", "checked_in", "languages", "registered_since")
    statuses = forms.MultipleChoiceField(
        label=_("Status"),
        required=False,
        choices=Registration.Status.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    categories = forms.MultipleChoiceField(
        label=_("Category"),
        required=False,
        choices=Registration.Category.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    languages = forms.MultipleChoiceField(
        label=_("Language of the attendee"),
        required=False,
        choices=OWN_NAMES.items(),
        widget=forms.CheckboxSelectMultiple,
    )
    checked_in = forms.TypedChoiceField(
        label=_("Checked in"),
        required=False,
        choices=[
            ("", pgettext_lazy("checked in", "either")),
            ("yes", _("yes")),
            ("no", _("no")),
        ],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
    )
    registered_since = forms.DateField(
        label=_("Registered since"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        # Earlier days have no moment in every zone.
        validators=[MinValueValidator(dt.date(1970, 1, 1))],
    )
    columns = ColumnsField(label=_("Columns"), required=False)
    column_set = ColumnSetField(label=_("Begin with a column set"), empty_label="—")
    name = LineField(label=_("Name of the column set"), required=False, max_length=60)
    is_shared = forms.BooleanField(
        label=_("Shared: everybody who may export can use it"), required=False
    )

    def __init__(self, data: QueryDict | None = None, *, event: Event, user: User) -> None:
        self.event = event
        self.missing: list[str] = []
        super().__init__(_untouched() if data is None else data)
        self.offer_recipients(event)
        columns = columns_of(event)
        self._columns = _choices(columns, self.data.getlist("columns"))
        self._sensitive = {column.name for column in columns if column.is_sensitive}
        field_of(self, "columns", ColumnsField).choices = self._columns
        field_of(self, "column_set", ColumnSetField).offer_to(user)
        zone = clock.zone_name(event.zone, timezone.now())
        self.fields["registered_since"].help_text = _(
            "From the beginning of that day, %(zone)s."
        ) % {"zone": zone}

    @property
    def ticked(self) -> str:
        """The columns that are ticked, in words."""
        asked = set(self["columns"].value())
        return listed(label for name, label in self._columns if name in asked)

    @property
    def column_names(self) -> list[str]:
        return [name for name, _label in self._columns]

    @property
    def harmless_names(self) -> list[str]:
        """The columns but for sensitive answers, which are ticked one by one."""
        return [name for name in self.column_names if name not in self._sensitive]

    def clean_columns(self) -> list[str]:
        asked = self.cleaned_data["columns"]
        self.missing = [name for name in asked if name not in self.column_names]
        return [name for name in asked if name in self.column_names]

    def with_columns(self, names: list[str], **others: str) -> QueryDict:
        """Return what was sent, with other columns ticked and other values in fields."""
        data = self.data.copy()
        data.setlist("columns", names)
        for name, value in others.items():
            data[name] = value
        return data

    def filters(self) -> dict[str, Any]:
        """Return what was chosen, for the record of the export."""
        return {name: self.cleaned_data[name] for name in self.filter_names}

    def attendees(self, columns: list[Column]) -> AttendeeList:
        """Return the list that is asked for, by a form that is valid."""
        return AttendeeList(self.event, self._matching(), columns, **self.manner(), to=self.to)

    def left_out(self) -> int:
        """Return how many match and are left out: not agreed or not verified. At most one query."""
        return AttendeeList(self.event, self._matching(), [], to=self.to).left_out()

    def _matching(self) -> RegistrationQuerySet:
        return matching(self.event, **{name: self.cleaned_data[name] for name in self.filter_names})

    def count(self) -> int | None:
        """Return how many rows the choice gives, nothing where it is not understood. One query."""
        read = {"audience", *self.filter_names}
        if not self.is_valid() and self.errors.keys() & read:
            return None
        return AttendeeList(self.event, self._matching(), [], to=self.to).count()


class SelectedForm(FileForm):
    """What the admin asks before it exports the registrations that were selected there."""

    column_set = ColumnSetField(label=_("Columns"), empty_label=_("the usual ones"))
    field_order = (
        "audience",
        *REASONS,
        "file_format",
        "column_set",
        "headers",
        "language",
        "order",
    )

    def __init__(self, data: QueryDict | None = None, *, event: Event, user: User) -> None:
        super().__init__(data, initial=self.usual())
        self.event = event
        self.offer_recipients(event)
        field_of(self, "column_set", ColumnSetField).offer_to(user)

    def attendees(self, people: RegistrationQuerySet, columns: list[Column]) -> AttendeeList:
        """Return the list that is asked for, by a form that is valid."""
        return AttendeeList(self.event, people, columns, **self.manner(), to=self.to)

    def column_names(self) -> list[str]:
        column_set = self.cleaned_data["column_set"]
        return column_set.columns if column_set else list(DEFAULT_COLUMNS)


def _untouched() -> QueryDict:
    data = QueryDict(mutable=True)
    data.update(FileForm.usual())
    data.setlist("statuses", _DEFAULT_STATUSES)
    data.setlist("columns", list(DEFAULT_COLUMNS))
    return data


def _choices(columns: list[Column], ticked: list[str]) -> list[tuple[str, Words]]:
    """Return the columns to tick, in the order of the file: those that are ticked come first."""
    choices = {column.name: column.label for column in columns if not column.question}
    if any(column.day for column in columns):
        choices[DAYS] = _("Arrival on each day")
    choices[QUESTIONS] = _("Answers to all questions but sensitive ones, also to those added later")
    choices |= {column.name: _marked(column) for column in columns if column.question}
    first = [name for name in dict.fromkeys(ticked) if name in choices]
    return [(name, choices[name]) for name in dict.fromkeys([*first, *choices])]


def _marked(column: Column) -> Words:
    return with_more(column.label, _("sensitive")) if column.is_sensitive else column.label


def missing_in_words(names: list[str]) -> str:
    """Say which columns of a choice are left out because they no longer exist."""
    return ngettext(
        "%(count)d column does not exist here any more and is left out: %(names)s.",
        "%(count)d columns do not exist here any more and are left out: %(names)s.",
        len(names),
    ) % {"count": len(names), "names": listed(names)}


def left_out_in_words(number: int) -> str:
    """Say how many people a list for others does without."""
    return ngettext(
        "%(count)d person is left out: not agreed, or the contact is not verified.",
        "%(count)d people are left out: not agreed, or the contact is not verified.",
        number,
    ) % {"count": number}
