"""Who exported what, which nobody can change, and the column sets that are kept."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import flatten
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from backoffice.kit.model_admin import SummitAdmin
from backoffice.kit.read_only import ReadOnly
from backoffice.kit.searched_filters import by_event
from backoffice.kit.zones import short_moment
from backoffice.workspace.print_forms import ORDERS, PHONES
from registrations.exports.attendees import columns_of, labels_of
from registrations.forms.attendee_export import ExportForm
from registrations.models import ColumnSet, ExportRecord, SeparateConsent
from summit.lib.i18n.languages import Words, listed
from summit.lib.i18n.names import staff_name

# What a form of the desk does not ask, but is recorded all the same.
OTHER_NAMES = {
    "audience": _("Recipient of the list"),
    "column_set": _("Column set"),
    "phone": _("Phone"),
    "purpose": pgettext_lazy("export", "Purpose"),
    "registered_before": _("Registered before"),
    "selected": _("Ticked rows only"),
    "search": _("Searched"),
    "left_out": _("Left out: not agreed or not verified"),
}

OTHER_WORDS: dict[str, dict[str, Words]] = {
    "audience": {
        "others": _("people who agreed to the privacy notice"),
        **dict(SeparateConsent.Kind.choices),
    },
    "phone": dict(PHONES),
    "purpose": {
        "sign_in": _("sign-in sheet on paper"),
        "meetings": _("schedules of meetings on paper"),
    },
}


def filters_in_words(filters: dict[str, Any]) -> list[tuple[Words, str]]:
    """Return what was chosen as pairs of a label and a value, in the current language."""
    return [_in_words(name, value) for name, value in filters.items()]


def _in_words(name: str, value: Any) -> tuple[Words, str]:
    field = ExportForm.base_fields.get(name)
    if field is None or name in OTHER_NAMES:
        label = OTHER_NAMES.get(name, name)
        words = OTHER_WORDS.get(name, {})
        return label, gettext("yes") if value is True else str(words.get(value, value))
    label = field.label or name
    if isinstance(value, bool):
        return label, gettext("yes") if value else gettext("no")
    words = {**ORDERS, **dict(getattr(field, "choices", []))}
    values = value if isinstance(value, list) else [value]
    return label, listed(words.get(each, each) for each in values)


@admin.register(ExportRecord)
class ExportRecordAdmin(ReadOnly, SummitAdmin):
    list_display = ["when", "user_name", "outcome", "rows", "file_format", "source", "event"]
    list_filter = ["outcome", "source", by_event("event")]
    list_select_related = ["event"]
    list_per_page = 50
    show_full_result_count = False
    date_hierarchy = "exported_at"
    fields = [
        ("event", "when", "user_name"),
        ("outcome", "rows", "source"),
        ("purpose", "recipient", "is_abroad"),
        ("file_name", "file_format"),
        "columns_in_words",
        "filters_in_words",
    ]
    readonly_fields = flatten(fields)

    @admin.display(description=_("exported at"), ordering="exported_at")
    def when(self, record: ExportRecord) -> SafeString:
        return short_moment(record.exported_at, record.event.zone)

    @admin.display(description=_("columns"))
    def columns_in_words(self, record: ExportRecord) -> str:
        labels = {column.name: column.label for column in columns_of(record.event)}
        return listed(labels.get(name, name) for name in record.columns) or "—"

    @admin.display(description=_("filter"))
    def filters_in_words(self, record: ExportRecord) -> str:
        colon = pgettext("after the kind of a row", ": ")
        pairs = [(label, colon, value) for label, value in filters_in_words(record.filters)]
        return format_html_join("", "<div>{}{}{}</div>", pairs) or "—"


class NameForm(forms.ModelForm):
    def validate_constraints(self) -> None:
        # The owner is not on the form, and the name is unique to its owner.
        try:
            self.instance.validate_constraints()
        except ValidationError as error:
            self._update_errors(error)  # type: ignore[attr-defined]  # Django's own


@admin.register(ColumnSet)
class ColumnSetAdmin(SummitAdmin):
    """Made on the page that exports; here one is renamed or deleted.

    Everybody sees their own and those that are shared, a superuser all of them: an account
    is deleted with its sets.
    """

    form = NameForm
    list_display = ["name", "owner_name", "is_shared", "is_for_others", "columns_in_words"]
    list_filter = ["is_shared", "is_for_others"]
    list_select_related = ["owner"]
    search_fields = ["name", "owner__username"]
    fields = ["name", "owner_name", "is_shared", "is_for_others", "columns_in_words"]
    readonly_fields = ["owner_name", "is_shared", "columns_in_words"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=pgettext_lazy("column set", "owner"), ordering="owner__username")
    def owner_name(self, column_set: ColumnSet) -> str:
        return staff_name(column_set.owner)

    @admin.display(description=_("columns"))
    def columns_in_words(self, column_set: ColumnSet) -> str:
        return listed(labels_of(column_set.columns)) or "—"
