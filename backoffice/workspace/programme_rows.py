"""The rows of a programme's table as a whole: their days, their experts, their clashes."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from backoffice.kit import deleted_rows
from backoffice.kit.choosers import KeySelectMultiple, chooser_label, chooser_rows
from backoffice.kit.guard import SPARE_ROWS, count_rows
from backoffice.kit.readers import ForReader
from backoffice.programme import add_refusals
from backoffice.session_people import PersonFormSet
from backoffice.workspace.programme_row import SessionRowForm
from events.domain import programme
from events.models import Expert, ProgrammePerson, Session
from summit.lib.database.numbers import rows_by_keys
from summit.lib.i18n import clock
from summit.lib.i18n.languages import Words

# Of an event of more days those are headings that have sessions.
_MOST_DAYS = 14
# Ready for those whose browser adds none.
_SPARE = 2


class RowPersonFormSet(PersonFormSet):
    """The people of a session that came with the sessions of its programme, without a query."""

    def get_queryset(self) -> Any:
        if not hasattr(self, "_people"):
            there = self.instance.pk is not None
            self._people = list(self.instance.programme_people.all()) if there else []
        return self._people

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        # The row that it stands below says it, be this a stored session or one typed anew.
        del form.fields["session"]


class ExpertsInput(KeySelectMultiple):
    """A chooser of experts whose names were looked up for the whole table."""

    names: "ExpertNames"

    def build_attrs(
        self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        # Each has a cross of its own, which one for all would cover.
        return super().build_attrs(base_attrs, extra_attrs) | {
            "data-allow-clear": "false",
            "aria-label": str(_("Experts")),
        }

    def optgroups(
        self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None
    ) -> list[tuple[str | None, list[dict[str, Any]], int | None]]:
        chosen = [key for key in value if str(key) in self.names.by_key]
        options = [
            self.create_option(name, key, self.names.by_key[str(key)], True, number)
            for number, key in enumerate(chosen)
        ]
        return [(None, options, 0)]


class ExpertNames:
    """What choosers call the experts of a table. Two queries, when the first is shown."""

    def __init__(self, keys: Iterable[object], page: Any) -> None:
        self.keys, self.page = {str(key) for key in keys}, page

    @cached_property
    def by_key(self) -> dict[str, str]:
        rows = rows_by_keys(chooser_rows(self.page, Expert.objects.all()), list(self.keys))
        return {str(row.pk): chooser_label(self.page, row) for row in rows}


@dataclass
class Day:
    """A day of a programme, with its rows in their order."""

    date: dt.date
    starts: str
    forms: list[SessionRowForm] = field(default_factory=list)

    @property
    def heading(self) -> str:
        return clock.day(self.date)


class ProgrammeFormSet(ForReader, forms.BaseInlineFormSet):
    """All sessions of an event, compared with each other as they are about to be."""

    person_formset: type[RowPersonFormSet]
    experts_page: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            days = [day for day in self._event_days() for _number in range(_SPARE)]
            self.extra = len(days)
            self.initial_extra = [{"day": day} for day in days]

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        if not isinstance(form, SessionRowForm):
            return
        form.show_times(self.instance.zone)
        form.persons = self._persons_of(form)
        widget = getattr(form.fields["people"].widget, "widget", None)
        if isinstance(widget, ExpertsInput):
            widget.names = self._expert_names

    def _persons_of(self, form: SessionRowForm) -> RowPersonFormSet | None:
        prefix = f"{form.prefix}-people"
        if not self.is_bound:
            return self.person_formset(instance=form.instance, prefix=prefix)
        if f"{prefix}-TOTAL_FORMS" not in self.data:
            return None
        params = {
            "data": self.data,
            "files": MultiValueDict(),
            "prefix": prefix,
            "queryset": form.instance.programme_people.all()
            if form.instance.pk
            else ProgrammePerson.objects.none(),
        }
        params = deleted_rows.as_new(params)
        persons = self.person_formset(params["data"], instance=form.instance, prefix=prefix)
        persons.absolute_max = count_rows(params["data"], prefix) + SPARE_ROWS
        return persons

    @cached_property
    def _expert_names(self) -> ExpertNames:
        stored = [
            appearance.expert_id
            for session in self.get_queryset()
            for appearance in session.appearances.all()
        ]
        typed = [
            key
            for name in (self.data if self.is_bound else ())
            if name.startswith(f"{self.prefix}-") and name.endswith("-people")
            for key in cast(QueryDict, self.data).getlist(name)
        ]
        return ExpertNames([*stored, *typed], self.experts_page)

    # The days

    def _event_days(self) -> list[dt.date]:
        event = self.instance
        days = clock.Span.of(event.starts_at, event.ends_at, event.zone).days
        return days if len(days) <= _MOST_DAYS else days[:1]

    @property
    def days(self) -> list[Day]:
        """The rows under their days, stored ones by their time, new ones below."""
        event = self.instance
        start = timezone.localtime(event.starts_at, event.zone)
        days = {day: Day(day, "09:00") for day in self._event_days()}
        days[start.date()].starts = f"{start:%H:%M}"
        for row in cast(list[SessionRowForm], self.forms):
            day = row.shown_day or start.date()
            days.setdefault(day, Day(day, "09:00")).forms.append(row)
        return [days[day] for day in sorted(days)]

    def name_row(self, form: forms.BaseForm) -> Words:
        """Return the day under which a row stands and which of its rows it is."""
        for day in self.days:
            shown = [row for row in day.forms if not row.is_spare]
            if form in shown:
                number = shown.index(form) + 1
                return _("%(day)s, row %(number)d") % {"day": day.heading, "number": number}
        return ""

    @property
    def empty_persons(self) -> PersonFormSet:
        """A formset whose empty form stands for a new row of any other."""
        return self.person_formset(prefix="__people__", instance=Session())

    # The programme as a whole

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        kept = [
            form
            for form in self.forms
            if form not in self.deleted_forms and (form.instance.pk or form.has_changed())
        ]
        self._number_slugs(kept)
        programme.lock()
        slots = [
            programme.Slot(
                form.instance,
                frozenset(expert.pk for expert in form.cleaned_data.get("people", ())),
            )
            for form in kept
        ]
        refused = programme.refusals(self.instance, slots)
        for form, errors in zip(kept, refused, strict=True):
            add_refusals(form, errors, self.reader)

    def _number_slugs(self, kept: list[forms.ModelForm]) -> None:
        """Tell two new sessions of one title apart, neither of which is stored yet."""
        taken = {form.instance.slug for form in kept if form.instance.pk}
        for form in kept:
            session = form.instance
            if session.pk:
                continue
            base, number = session.slug, 2
            while session.slug in taken:
                session.slug = f"{base[:95]}-{number}"
                number += 1
            taken.add(session.slug)
