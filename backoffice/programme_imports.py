"""The columns of the file from which the programme of an event is imported."""

from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from import_export.fields import Field
from import_export.results import Result
from tablib.core import Dataset

from backoffice.kit.importing import SheetResource
from backoffice.kit.importing.columns import Choice, YesNo
from backoffice.kit.importing.resource import SheetRow
from backoffice.kit.labels import pair
from backoffice.programme_people import PEOPLE, PeopleOf, Programmed, people_of, put_people
from backoffice.programme_reading import Timetable, kind_keys, match_rows
from backoffice.programme_words import KINDS, OTHER_HEADINGS
from events.domain import programme
from events.domain.untold import said_to
from events.models import Event, Session
from summit.lib.i18n.languages import CONTENT_LANGUAGES, SPOKEN
from summit.lib.i18n.likeness import key

Kind = Session.Kind
# The column beside which a refusal of the programme stands.
REFUSED = {"outside_event": "time", "room_taken": "room", "expert_elsewhere": "speakers"}


# What the model says about the times, which stand in columns of another name.
NOT_COLUMNS = ("starts_at", "ends_at", "__all__")


class ProgrammeResource(SheetResource):
    """The sessions of one event: those of a file are added or changed, others stay.

    A row is a session that exists by its slug, by title and start, or by a title that is of one
    session and of one row alone. The whole programme is checked once all rows are written.
    """

    day = Field(column_name="day")
    time = Field(column_name="time")
    start = Field(column_name="start")
    end = Field(column_name="end")
    kind = Field("kind", "kind", Choice(Kind.choices, KINDS))
    speakers = Field(column_name="speakers", widget=PeopleOf("speakers"))
    panellists = Field(column_name="panellists", widget=PeopleOf("panellists"))
    hosts = Field(column_name="hosts", widget=PeopleOf("hosts"))
    leaders = Field(column_name="leaders", widget=PeopleOf("leaders"))
    guests = Field(column_name="guests", widget=PeopleOf("guests"))
    interpreters = Field(column_name="interpreters", widget=PeopleOf("interpreters"))
    language = Field("language", "language", Choice(list(SPOKEN)))
    has_interpretation = Field("has_interpretation", "has_interpretation", YesNo())

    of_time = ("day", "time", "start", "end")
    only_read = frozenset({"start", "end"})
    spread = frozenset({"day", "room", "room_en", "room_zh_hans"})
    related = ("event", "appearances__expert", "programme_people")
    own_labels = {
        "day": pgettext_lazy("of a session", "day"),
        "time": pgettext_lazy("of a session", "time"),
        "start": gettext_lazy("start"),
        "end": gettext_lazy("end"),
        **{name: part.label for name, part in PEOPLE.items()},
    }
    own_hints = {
        "day": gettext_lazy("2027-05-20 or 5月20日. Empty: the same day as in the row above."),
        "time": gettext_lazy(
            "09:00-09:30, 上午9:00—9:30 or 2:00-3:30 pm, in the event’s time zone."
        ),
        "start": gettext_lazy("Instead of “time”: 09:00 or 2027-05-20 09:00."),
        "end": gettext_lazy("Instead of “time”: 09:30 or 2027-05-20 09:30."),
        **{name: part.hint for name, part in PEOPLE.items()},
    }
    other_headings = OTHER_HEADINGS
    example = {
        "day": "2027-05-20",
        "time": "09:00-09:30",
        "kind": Kind.KEYNOTE.label,
        "title_en": "Rapid blood tests",
        "title_zh_hans": "快速血液检测",
        "room_en": "Hall 1",
        "room_zh_hans": "一号厅",
        "speakers": "李明",
        "hosts": "王芳（市科学技术局局长）",
    }

    class Meta(SheetResource.Meta):
        model = Session
        fields = (
            *("day", "time", "start", "end", "kind", *pair("title")),
            *PEOPLE,
            *(*pair("room"), *pair("place"), "language", "has_interpretation"),
            *(*pair("abstract"), "slug"),
        )

    def __init__(self, *args: Any, event: Event, reader: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.event, self.reader = event, reader
        self.timetable = Timetable(event)
        self.matched: dict[int, Session] = {}
        self.written_rows: dict[int, int] = {}
        self.last_day = ""
        self.number = 0

    @classmethod
    def needed(cls) -> set[str]:
        # A break is known by its kind.
        return {*super().needed(), "kind"}

    @classmethod
    def identified_by(cls) -> str:
        return _(
            "A row with the title or slug of a session of this event updates that session, "
            "and an empty cell leaves what is stored. Other rows are added as new sessions. "
            "Sessions that are not in the file stay as they are. The programme is checked as "
            "a whole, and saved as a whole or not at all."
        )

    # The event and its sessions as they are

    def before_import(self, dataset: Dataset, **kwargs: Any) -> None:
        programme.lock()
        self.event = Event.objects.select_for_update(no_key=True).get(pk=self.event.pk)
        self.timetable = Timetable(self.event)
        self.people = Programmed(self.event, self.fields["speakers"].widget)
        stored = list(self.event.sessions.prefetch_related(*self.related))
        rows = dataset.dict
        self.matched = match_rows(rows, stored, self.timetable)
        left = len(stored) - len(self.matched)
        if left and self.matched:
            self.remarks.append(
                ngettext(
                    "%(count)d session of the event is not in this file and stays as it is.",
                    "%(count)d sessions of the event are not in this file and stay as they are.",
                    left,
                )
                % {"count": left}
            )

    def get_queryset(self) -> models.QuerySet[Session]:
        return Session.objects.filter(event=self.event)

    def before_import_row(self, row: dict[str, str], **kwargs: Any) -> None:
        super().before_import_row(row, **kwargs)
        self.number = kwargs["row_number"]
        self.last_day = row["day"] = row.get("day") or self.last_day
        if not row.get("kind"):
            # 茶歇 and 圆桌讨论：… say by their title what they are.
            names = self._kinds
            found = {names[each] for each in kind_keys(row) if each in names}
            row["kind"] = found.pop() if len(found) == 1 else ""

    @cached_property
    def _kinds(self) -> dict[str, str]:
        """The kinds by what they are called, in either language."""
        names = dict(self.fields["kind"].widget.other_names)
        for language in CONTENT_LANGUAGES:
            with translation.override(language):
                names |= {key(str(label)): value for value, label in Kind.choices}
        return names

    def get_instance(self, instance_loader: Any, row: dict[str, str]) -> Session | None:
        return self.matched.get(self.number)

    def init_instance(self, row: dict[str, str] | None = None) -> Session:
        return Session(event=self.event)

    def refused(self, instance: Session, row: dict) -> dict[str, list[ValidationError]]:
        slug = row.get("slug", "")
        if slug and slug in self.slugs_seen:
            return {"slug": [ValidationError(_("An earlier row of this file has the same slug."))]}
        self.slugs_seen.add(slug)
        return {}

    # The columns that are no fields

    def import_instance(self, instance: Any, row: dict[str, str], **kwargs: Any) -> None:
        errors: dict[str, list[ValidationError]] = {}
        needs_times = instance.pk is None or any(row.get(name) for name in self.of_time[1:])
        if needs_times:
            try:
                instance.starts_at, instance.ends_at = self.timetable.times(row)
            except ValidationError as error:
                errors = error.update_error_dict(errors)
        try:
            self.chosen = self.people.read(row, instance)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        try:
            super().import_instance(instance, row, **kwargs)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def validate_instance(
        self,
        instance: Session,
        import_validation_errors: dict[str, Any] | None = None,
        validate_unique: bool = True,
    ) -> None:
        """Say of times that were not understood only that."""
        errors = import_validation_errors or {}
        try:
            super().validate_instance(instance, errors, validate_unique)
        except ValidationError as error:
            found = error.error_dict
            late = {name: found.pop(name) for name in NOT_COLUMNS if name in found}
            if late and not any(name in found for name in self.of_time):
                found["time"] = next(iter(late.values()))
            raise ValidationError(found) from None

    def changed(self, instance: Session, original: Session, row: dict[str, str]) -> list[str]:
        found = super().changed(instance, original, row)
        if (instance.starts_at, instance.ends_at) != (original.starts_at, original.ends_at):
            found.append("time")
        return [*found, *self.people.changed(original, self.chosen)]

    def new_text(self, name: str, instance: Session, row: dict[str, str]) -> str:
        if name == "time":
            return f"{self.value('day', instance)} {self.value('time', instance)}"
        return super().new_text(name, instance, row)

    def value_before(self, name: str, original: Session, row: dict[str, str]) -> Any:
        if name == "time":
            return f"{self.value('day', original)} {self.value('time', original)}"
        return super().value_before(name, original, row)

    def after_save_instance(self, instance: Session, row: dict[str, str], **kwargs: Any) -> None:
        put_people(instance, self.chosen)

    def after_import_row(self, row: dict[str, str], row_result: SheetRow, **kwargs: Any) -> None:
        super().after_import_row(row, row_result, **kwargs)
        if row_result.instance:
            self.written_rows[row_result.instance.pk] = kwargs["row_number"]

    def after_import(self, dataset: Dataset, result: Result, **kwargs: Any) -> None:
        """Check the whole programme, and say beside each row of the file what is wrong with it."""
        if result.has_errors() or result.has_validation_errors():
            return
        sessions = list(self.event.sessions.all())
        slots = programme.slots(self.event, sessions)
        for slot, errors in zip(slots, programme.refusals(self.event, slots), strict=True):
            number = self.written_rows.get(slot.session.pk)
            if errors and number:
                told: dict[str, list[ValidationError]] = {}
                for error in said_to(self.reader, ValidationError(errors)).error_list:
                    told.setdefault(REFUSED.get(str(error.code), "time"), []).append(error)
                result.append_invalid_row(number, {}, ValidationError(told))

    # What an export writes

    def value(self, name: str, row: Session) -> Any:
        zone = row.event.zone
        starts, ends = (
            timezone.localtime(row.starts_at, zone),
            timezone.localtime(row.ends_at, zone),
        )
        if name == "day":
            return starts.date().isoformat()
        if name == "time":
            day = "" if ends.date() == starts.date() else f"{ends:%Y-%m-%d} "
            return f"{starts:%H:%M}-{day}{ends:%H:%M}"
        return people_of(row, name) if name in PEOPLE else super().value(name, row)

    def understood(self, column: str, text: str, instance: Any) -> str:
        if column in self.of_time and instance and instance.starts_at:
            told = self.value("day" if column == "day" else "time", instance)
            return text if text.strip() in ("", told) else f"{text} → {told}"
        return super().understood(column, text, instance)
