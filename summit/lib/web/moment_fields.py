"""Form fields for a day, and for a time on the clock of a zone, in the browser's own boxes."""

import datetime as dt
import zoneinfo
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from summit.lib.i18n.clock import zone_name
from summit.lib.i18n.times import validate_year


class DayInput(forms.DateInput):
    """The browser's own box for a day, which no zone has a say in, as Django's warns of."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"type": "date", **(attrs or {})}, format="%Y-%m-%d")


class DayField(forms.DateField):
    widget = DayInput
    default_validators = [validate_year]


class LocalDateTimeInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class ZonedDateTimeField(forms.DateTimeField):
    """A wall-clock time in ``zone``.

    Django itself refuses hours that a change of summer time skips or repeats; it
    does so for the zone that is active, so that this makes ``zone`` the active one.
    """

    widget = LocalDateTimeInput
    default_validators = [validate_year]
    zone: zoneinfo.ZoneInfo | None = None

    def prepare_value(self, value: Any) -> Any:
        with timezone.override(self.zone):
            return super().prepare_value(value)

    def to_python(self, value: Any) -> dt.datetime | None:
        with timezone.override(self.zone):
            return super().to_python(value)

    def stand_in(self, zone: zoneinfo.ZoneInfo) -> None:
        self.zone = zone
        self.help_text = _("In the event's time zone, %(zone)s.") % {
            "zone": zone_name(zone, timezone.now())
        }


def set_zone(form: forms.BaseForm, zone: zoneinfo.ZoneInfo) -> None:
    """Let the times of a form be those of a clock in ``zone``, which their help names."""
    for field in form.fields.values():
        if isinstance(field, ZonedDateTimeField):
            field.stand_in(zone)
