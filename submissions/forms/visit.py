"""What an expert enters of a visit: arrival and departure, the code, the passport."""

import unicodedata
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from submissions.domain.passport import mark_of
from submissions.domain.visit import TRAVEL
from submissions.models import ExpertVisit, PassportData
from summit.lib.web.moment_fields import DayField, ZonedDateTimeField, set_zone
from summit.lib.web.typed_text import BoundedField, LineField

_UNKNOWN_VERSION = -1


def _words(model: type[ExpertVisit | PassportData], name: str) -> dict[str, Any]:
    field = model._meta.get_field(name)
    return {"label": capfirst(field.verbose_name), "help_text": field.help_text}  # type: ignore[union-attr]


class TravelForm(forms.Form):
    """Arrival and departure, on the clock of the event, with the version that the page showed."""

    data: QueryDict

    arrives_at = ZonedDateTimeField(label=_("Arrival"), required=False)
    arrival_by = LineField(max_length=200, required=False, **_words(ExpertVisit, "arrival_by"))
    departs_at = ZonedDateTimeField(label=_("Departure"), required=False)
    departure_by = LineField(max_length=200, required=False, **_words(ExpertVisit, "departure_by"))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, visit: ExpertVisit, **kwargs: Any) -> None:
        initial = {name: getattr(visit, name) for name in (*TRAVEL, "version")}
        super().__init__(*args, **{"initial": initial, **kwargs})
        set_zone(self, visit.event.zone)

    def clean_version(self) -> int:
        version = self.cleaned_data["version"]
        return _UNKNOWN_VERSION if version is None else int(version)

    def renew_version(self, version: int) -> None:
        """Let the page that follows a refusal be about what is stored now."""
        self.data = self.data.copy()
        self.data["version"] = str(version)

    @property
    def travel(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in TRAVEL}


class PassportForm(forms.Form):
    """The passport, typed anew each time, with a consent of its own whose box begins empty."""

    data: QueryDict

    name = LineField(max_length=100, **_words(PassportData, "name"))
    sex = forms.ChoiceField(label=_("Sex"), choices=PassportData.Sex, widget=forms.RadioSelect)
    born_on = DayField(**_words(PassportData, "born_on"))
    nationality = forms.ChoiceField(label=_("Nationality"), choices=lambda: [("", "—"), *countries])
    number = LineField(max_length=40, **_words(PassportData, "number"))
    issued_on = DayField(**_words(PassportData, "issued_on"))
    expires_on = DayField(**_words(PassportData, "expires_on"))
    contact = LineField(max_length=200, required=False, **_words(PassportData, "contact"))
    visa_city = LineField(max_length=100, required=False, **_words(PassportData, "visa_city"))
    agreed_to = BoundedField(max_length=64, widget=forms.HiddenInput, required=False)
    consent = forms.BooleanField(
        error_messages={"required": _("Tick the box, without which nothing is saved.")}
    )

    def __init__(self, *args: Any, consent: str, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"agreed_to": mark_of(consent)}, **kwargs})
        self.fields["consent"].label = consent
        for field in self.fields.values():
            # No browser offers it to the next person at this computer.
            field.widget.attrs |= {"autocomplete": "off"}

    def clean_number(self) -> str:
        """Read the number as it is printed: full-width signs, spaces and hyphens do not count."""
        typed = unicodedata.normalize("NFKC", self.cleaned_data["number"]).upper()
        return "".join(sign for sign in typed if sign not in " -")

    def renew_consent(self, words: str) -> None:
        """Show the words of now, whose box is to be ticked anew."""
        self.data = self.data.copy()
        self.data["agreed_to"] = mark_of(words)
        self.data.pop("consent", None)
        self.fields["consent"].label = words

    @property
    def entered(self) -> dict[str, Any]:
        out = ("agreed_to", "consent")
        return {name: value for name, value in self.cleaned_data.items() if name not in out}
