"""Who changed what from what to what: of a row and of the parts edited on its page."""

import datetime as dt
import zoneinfo
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from django.contrib.admin.utils import unquote
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django_countries.fields import CountryField
from simple_history.utils import get_history_manager_for_model, get_m2m_reverse_field_name

from backoffice.kit.labels import capitalized, field_of, named_in_its_language
from backoffice.kit.scope import reads
from summit.lib.database.merged_rows import is_merger, keys_merged_into
from summit.lib.i18n.bilingual import other
from summit.lib.i18n.clock import moment, moment_in_words
from summit.lib.i18n.languages import column, current, listed, spoken_names
from summit.lib.i18n.money import money

if TYPE_CHECKING:
    from backoffice.kit.edit_conflicts import VersionedAdmin

# What follows from other columns, or is told by them, is no news.
UNTOLD = {
    *("outdated_since", "pinyin", "snapshot"),
    *("published_at", "postponed_at", "cancelled_at", "withdrawn_at"),
}
LONGEST = 240
PER_PAGE = 100


class Record(Protocol):
    """What is recorded of a row: its columns as well, of models that are made at run time."""

    history_id: int
    history_type: str
    history_date: dt.datetime
    history_user: User | None
    history_change_reason: str | None
    instance_type: type[models.Model]
    tracked_fields: list[models.Field[Any, Any]]
    _history_m2m_fields: list[models.ManyToManyField[Any, Any]]


@dataclass
class Change:
    name: str
    old: str
    new: str


@dataclass
class Entry:
    """One moment in the history of a row or of one of its parts."""

    record: Record
    kind: str
    title: str
    changes: list[Change] = field(default_factory=list)

    @property
    def verb(self) -> str:
        if is_merger(self.record.history_change_reason):
            return {"~": _("changed by a merge"), "-": _("merged into another")}[
                self.record.history_type
            ]
        return {"+": _("added"), "~": _("changed"), "-": _("deleted")}[self.record.history_type]

    @property
    def when(self) -> SafeString:
        return moment(self.record.history_date, timezone.get_current_timezone())

    @property
    def sort_key(self) -> tuple[dt.datetime, int]:
        return self.record.history_date, self.record.history_id


type Reads = Callable[[models.Model], bool]


def entries(
    obj: models.Model,
    parts: Mapping[type[models.Model], str],
    reads: Reads = lambda row: True,
) -> list[Entry]:
    """Return the whole history, the latest first.

    ``parts`` gives for each model edited on the row's page the lookup that finds
    the part's history by the row's key. ``reads`` says of a row that a record links
    whether it may be named. Costs one query for each model and for each of its
    many-to-many fields, and what ``reads`` costs.
    """
    lookups = {type(obj): type(obj)._meta.pk.attname, **parts}
    found = [
        entry
        for model, lookup in lookups.items()
        for entry in _of_model(model, {lookup: obj.pk}, obj, reads)
    ]
    return sorted(found, key=lambda entry: entry.sort_key, reverse=True)


def _of_model(
    model: type[models.Model], lookup: dict[str, Any], page: models.Model, reads: Reads
) -> list[Entry]:
    history: models.Manager[Any] = get_history_manager_for_model(model)
    made: type[Record] = history.model
    related = [each.name for each in made.tracked_fields if isinstance(each, models.ForeignKey)]
    records = (
        history.filter(**lookup)
        .select_related("history_user", *related)
        .prefetch_related(
            *(
                f"{_rows_of(many, made)}__{get_m2m_reverse_field_name(many)}"
                for many in made._history_m2m_fields
            )
        )
        .order_by("history_id")
    )
    found = []
    previous: dict[Any, Record] = {}
    for record in records:
        key = getattr(record, model._meta.pk.attname)
        before = previous.get(key)
        changes = _changes(model, before, record, reads) if before is not None else []
        previous[key] = record
        # A save that changed nothing worth telling is no entry, unless it brought the row here.
        is_told = record.history_type != "~" or is_merger(record.history_change_reason)
        if changes or is_told:
            found.append(
                Entry(record, str(model._meta.verbose_name), _title(record, page, reads), changes)
            )
    return found


def _changes(model: type[models.Model], old: Record, new: Record, reads: Reads) -> list[Change]:
    changes = []
    for each in new.tracked_fields:
        if each.name in UNTOLD or getattr(old, each.attname) == getattr(new, each.attname):
            continue
        name = capitalized(named_in_its_language(field_of(model, each.name)))
        before, after = shown_value(each, old, reads), shown_value(each, new, reads)
        changes.append(Change(name, *_apart(before, after)))
    for many in new._history_m2m_fields:
        before, after = _linked(many, old, reads), _linked(many, new, reads)
        if before != after:
            changes.append(Change(capitalized(str(many.verbose_name)), before, after))
    return changes


def _rows_of(many: models.ManyToManyField, history_model: type[Record]) -> str:
    """Name the accessor of a record's links; simple-history's own cannot be prefetched."""
    links = vars(history_model)[many.name].model
    return links._meta.get_field("history").remote_field.get_accessor_name()


def _name_linked_row(row: models.Model | None, reads: Reads) -> str:
    """Name a row that is linked, if it is there still and this person reads it."""
    if row is None:
        return _("deleted")
    return str(row) if reads(row) else _("outside your limits")


def _linked(many: models.ManyToManyField, record: Record, reads: Reads) -> str:
    rows = getattr(record, _rows_of(many, type(record))).all()
    return listed(
        sorted(
            _name_linked_row(getattr(row, get_m2m_reverse_field_name(many)), reads) for row in rows
        )
    )


def shown_value(each: models.Field, record: Any, reads: Reads) -> str:
    """Return a value of a record, or of a row, as people read it, empty where there is none."""
    value = getattr(record, each.attname)
    if value in (None, "", []):
        return ""
    if isinstance(each, models.ForeignKey):
        return _name_linked_row(getattr(record, each.name, None), reads)
    if isinstance(each, models.BooleanField):
        return _("yes") if value else _("no")
    if isinstance(each, models.DateTimeField):
        return moment_in_words(value, _zone(record))
    if isinstance(each, models.DateField):
        return date_format(value)
    if isinstance(each, models.DecimalField):
        return money(value, _currency(each, record)).strip()
    if isinstance(each, CountryField):
        return str(value.name)
    if isinstance(each, models.JSONField):
        return listed(spoken_names(value))
    return str(dict(each.flatchoices).get(value, value))


def _currency(amount: models.Field, record: Record) -> str:
    """The currency in the column beside an amount: ``intended_currency``."""
    return getattr(record, f"{amount.name.removesuffix('amount')}currency", "")


def _zone(record: Record) -> zoneinfo.ZoneInfo:
    """The zone in which the row's times are read: its own or its event's."""
    if name := getattr(record, "time_zone", None):
        return zoneinfo.ZoneInfo(name)
    event = getattr(record, "event", None)
    return event.zone if event is not None else timezone.get_current_timezone()


def _apart(old: str, new: str) -> tuple[str, str]:
    """Cut two long texts to the part in which they differ."""
    if max(len(old), len(new)) <= LONGEST:
        return old, new
    same = next(
        (i for i, (one, two) in enumerate(zip(old, new, strict=False)) if one != two),
        min(len(old), len(new)),
    )
    start = max(0, same - 40)
    lead = "…" if start else ""
    old, new = (lead + Truncator(text[start:]).chars(LONGEST) for text in (old, new))
    return old, new


def _title(record: Record, page: models.Model, reads: Reads) -> str:
    """Name the row from its record alone, since the row itself may be gone.

    By its own name; where it has none by what it links, except the row whose page
    this is; else by the first text there is, as the caption of a photo.
    """
    model = record.instance_type
    links = (
        getattr(record, each.name, None)
        for each in record.tracked_fields
        if isinstance(each, models.ForeignKey)
    )
    linked = " · ".join(
        _name_linked_row(row, reads) for row in links if row is not None and row != page
    )
    texts = _first_text(record, model)
    return (texts or linked) if getattr(model, "required_texts", ()) else (linked or texts)


def _first_text(record: Record, model: type[models.Model]) -> str:
    names = model.bilingual_names() if hasattr(model, "bilingual_names") else []
    for name in names[:1]:
        for language in (current(), other(current())):
            # The names of people are not recorded.
            if text := getattr(record, column(name, language), ""):
                return text
    return ""


def show_history(
    model_admin: "VersionedAdmin", request: HttpRequest, object_id: str
) -> HttpResponse:
    """Answer with the history of a row on one page, which takes nothing back by itself.

    That of the rows that were merged into it is told with its own.

    simple-history's own pages would write an old version over the row, status and
    signature included, past every rule of the domain; even for one who may only read.
    """
    obj = model_admin.get_object(request, unquote(object_id))
    if obj is None:
        return model_admin.lead_away(request, object_id)
    if not model_admin.has_view_or_change_permission(request, obj):
        raise PermissionDenied
    parts = model_admin.get_history_parts(request)
    told = entries(obj, parts, reads(request.user))
    for key in keys_merged_into(type(obj), obj.pk):
        told += entries(type(obj)(pk=key), parts, reads(request.user))
    told.sort(key=lambda entry: entry.sort_key, reverse=True)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("History"),
        "subtitle": str(obj),
        "object": obj,
        "opts": model_admin.opts,
        "event_in_sight": model_admin.event_of_page(request, obj),
        "page": Paginator(told, PER_PAGE).get_page(request.GET.get("p")),
    }
    return TemplateResponse(request, "backoffice/history.html", context)
