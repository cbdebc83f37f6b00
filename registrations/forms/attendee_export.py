"""What is asked before attendees are exported: whom, which columns, and what kind of file."""

import datetime as dt
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
    Column,
    Manner,
    columns_of,
    matching,
)
from registrations.models import ColumnSet, Registration
from registrations.models.export import REASON_LENGTH
from registrations.models.registration import RegistrationQuerySet
from summit.lib.i18n import clock
from summit.lib.i18n.languages import OWN_NAMES, Words, current, listed
from summit.lib.i18n.names import staff_name
from summit.lib.web.fields import field_of
from summit.lib.web.typed_text import LineField

# What a person who asks for "the list" most often means: who has a place.
_DEFAULT_STATUSES = [Registration.Status.CONFIRMED]


# What a list leaves for, and to whom: columns of its record.
REASONS = ("purpose", "recipient")


class FileForm(forms.Form):
    """For whom, what kind of file, and in which words."""

    audience = forms.ChoiceField(
        label=_("For whom"),
        help_text=_(
            "People who were added by an organizer and have not agreed are left out of lists "
            "for others."
        ),
        choices=[
            ("organizer", _("for the organizer’s own work: everybody")),
            ("others", _("for others, such as partners: people who have agreed to it")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    purpose = LineField(
        label=_("Purpose"),
        max_length=REASON_LENGTH,
        required=False,
        help_text=_("What the list is needed for, such as: invitations to the forum."),
    )
    recipient = LineField(
        label=_("Recipient"),
        max_length=REASON_LENGTH,
        required=False,
        help_text=_("Who gets the list: an office, or a partner outside."),
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

    @staticmethod
    def usual() -> dict[str, str]:
        """Return what stands in a form that nobody has touched."""
        return {
            "audience": "organizer",
            "file_format": "xlsx",
            "headers": "labels",
            "language": current(),
            "order": "name",
        }

    @property
    def is_for_others(self) -> bool:
        return self.cleaned_data.get("audience") == "others"

    def has_reasons(self) -> bool:
        """Whether a list for others names purpose and recipient; it is refused where it does not.

        For a form that is valid.
        """
        lacking = [name for name in REASONS if not self.cleaned_data[name]]
        if not self.is_for_others or not lacking:
            return True
        for name in lacking:
            self.add_error(
                name, _("Required: a list for others is recorded with its purpose and recipient.")
            )
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
        self._columns = _choices(columns_of(event), self.data.getlist("columns"))
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
        audience = {"audience": "others", "left_out": self.left_out()} if self.is_for_others else {}
        return {name: self.cleaned_data[name] for name in self.filter_names} | audience

    def registrations(self) -> RegistrationQuerySet:
        found = self._matching()
        return found.consenting() if self.is_for_others else found

    def left_out(self) -> int:
        """Return how many match and are left out since they have not agreed. At most one query."""
        return self._matching().filter(consented_at=None).count() if self.is_for_others else 0

    def _matching(self) -> RegistrationQuerySet:
        return matching(self.event, **{name: self.cleaned_data[name] for name in self.filter_names})

    def count(self) -> int | None:
        """Return how many rows the choice gives, nothing where it is not understood. One query."""
        understood = self.is_valid() or not self.errors.keys() & set(self.filter_names)
        return self.registrations().count() if understood else None


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
        field_of(self, "column_set", ColumnSetField).offer_to(user)

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
    choices[QUESTIONS] = _("Answers to all questions, also to those added later")
    choices |= {column.name: column.label for column in columns if column.question}
    first = [name for name in dict.fromkeys(ticked) if name in choices]
    return [(name, choices[name]) for name in dict.fromkeys([*first, *choices])]


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
        "%(count)d person has not agreed and is left out.",
        "%(count)d people have not agreed and are left out.",
        number,
    ) % {"count": number}
