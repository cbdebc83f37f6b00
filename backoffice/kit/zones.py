"""Times that are typed and shown in the event's own zone, whatever the server's is."""

import datetime as dt
import zoneinfo
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.utils.html import format_html
from django.utils.safestring import SafeString

from backoffice.kit.labels import field_of
from events.models import Event
from summit.lib.i18n.clock import zone_name
from summit.lib.i18n.languages import Words
from summit.lib.web.moment_fields import LocalDateTimeInput, ZonedDateTimeField

FORMFIELDS: dict[type[models.Field], dict[str, Any]] = {
    models.DateTimeField: {"form_class": ZonedDateTimeField, "widget": LocalDateTimeInput},
}


def short_moment(moment: dt.datetime, zone: zoneinfo.ZoneInfo) -> SafeString:
    """Return ``2020-10-29 09:00`` with the name of the zone below it, for a column of a list.

    A line may end between the day and the time, and not within the day.
    """
    local = moment.astimezone(zone)
    return format_html(
        '<span class="when"><span class="whole">{}</span> {} <span class="zone">{}</span></span>',
        f"{local:%Y-%m-%d}",
        f"{local:%H:%M}",
        zone_name(zone, moment),
    )


def moment_column(
    model: type[models.Model], name: str, *, zone: Callable[[Any], zoneinfo.ZoneInfo]
) -> Callable[[Any, Any], str]:
    """Return a column, or a field to read, that names the zone of its time: of ``zone(row)``."""

    @admin.display(description=field_of(model, name).verbose_name, ordering=name)
    def column(self: Any, row: Any) -> str:
        moment = getattr(row, name)
        return short_moment(moment, zone(row)) if moment else "—"

    return column


def zone_of(data: Mapping[str, str], event: Event) -> zoneinfo.ZoneInfo:
    """Return the zone that is being posted for the event if there is one, else the stored one.

    Who changes the zone alone keeps the times as they read: nine o'clock stays
    nine o'clock.
    """
    posted = data.get("time_zone", "")
    if posted in zoneinfo.available_timezones():
        return zoneinfo.ZoneInfo(posted)
    return event.zone


class ZoneInput(forms.TextInput):
    """A text field that offers the zones there are; ``datalist`` is its list's id."""

    template_name = "backoffice/zone_input.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, brings_list: bool = True) -> None:
        super().__init__({"list": "time-zones", "class": "vTextField", **(attrs or {})})
        self.brings_list = brings_list

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        if self.brings_list:
            context["zones"] = sorted(
                zone
                for zone in zoneinfo.available_timezones()
                if "/" in zone and not zone.startswith(("Etc/", "SystemV/", "posix", "right"))
            )
        return context


class StartsBeforeEnd(forms.BaseForm):
    """Says beside the end that it comes too early. The constraint would say it above the form."""

    too_early: Words = ""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        start, end = (self.cleaned_data.get(name) for name in ("starts_at", "ends_at"))
        if start and end and end <= start:
            self.add_error("ends_at", self.too_early)
        return cleaned
