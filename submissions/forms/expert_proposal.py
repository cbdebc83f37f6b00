"""The form of an expert's personal page: what there is, as it may be proposed otherwise."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models import Event
from submissions.expert_fields import PORTRAIT, ExpertRecord, InPart, fields_of_expert
from submissions.fields import Field, Widget
from submissions.forms import proposed
from submissions.models import ExpertProposal
from summit.lib.files import pictures
from summit.lib.files.pictures import Renditions
from summit.lib.i18n.languages import TAGS, Words
from summit.lib.web.typed_text import BoundedField

_HEADINGS: dict[str, Words] = {
    "session": pgettext_lazy("of an expert", "Your talk: %(title)s"),
    "project": pgettext_lazy("of an expert", "Your project: %(title)s"),
    "affiliation": _("Your position: %(title)s"),
}
# How long what the page showed may be, as it brings it back.
_LONGEST_SHOWN = 20_000


@dataclass(frozen=True)
class Group:
    """The fields of one row under a heading; those of the expert's own page come first.

    Of a talk it has the event, whose title and days are shown.
    """

    name: str
    heading: str
    fields: list[forms.BoundField]
    is_open: bool
    event: Event | None = None


class ExpertForm(forms.Form):
    """A box for each value. Only what the person changed on the page is proposed.

    ``shown`` brings back what the page showed, so that a value that staff have changed since
    is not proposed anew by who has not touched it.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    shown = BoundedField(
        widget=forms.HiddenInput, max_length=_LONGEST_SHOWN, required=False, strip=False
    )
    without_portrait = forms.BooleanField(
        label=_("Do not propose this picture any more"), required=False
    )
    data: QueryDict

    def __init__(
        self,
        data: QueryDict | None = None,
        files: Any = None,
        *,
        record: ExpertRecord,
        proposal: ExpertProposal | None,
    ) -> None:
        self.record, self.proposal = record, proposal
        # Slides are added on a page of their own, one file at a time.
        self.asked = [each for each in fields_of_expert(record) if each.widget != Widget.FILE]
        values = proposal.values if proposal else {}
        now = {each.key: each.target.read(record, "") for each in self.asked}
        self.now = now | {key: value for key, value in values.items() if key in now}
        initial = {**self.now, "version": proposal.version if proposal else 0}
        super().__init__(data, files, initial=initial)
        if PORTRAIT not in values:
            del self.fields["without_portrait"]
        for each in self.asked:
            self.fields.update(proposed.form_fields(each))
            # All are as they are: to call each of them optional would say nothing.
            self.fields[each.key].is_needed_to_send = True  # type: ignore[attr-defined]  # for the page
            if each.language:
                self.fields[each.key].widget.attrs["lang"] = TAGS[each.language]
        self.fields["shown"].initial = json.dumps(
            {each.key: _digest(self._as_sent_back(each)) for each in self._typed()},
            separators=(",", ":"),
        )

    def changes(self) -> dict[str, Any]:
        """Return what the person changed on the page, by the keys of the fields."""
        shown = self.cleaned_data["shown"]
        changed = {}
        for each in self._typed():
            value = proposed.value_of(each, self.cleaned_data)
            if shown.get(each.key) != _digest(value):
                changed[each.key] = value
        if self.cleaned_data.get("without_portrait") and not self.portrait():
            changed[PORTRAIT] = ""
        return changed

    def portrait(self) -> Renditions | None:
        """Return the picture that was chosen, as a process apart has encoded it."""
        upload = self.cleaned_data.get(PORTRAIT)
        return pictures.check(upload) if isinstance(upload, File) else None

    def clean_shown(self) -> dict[str, str]:
        try:
            shown = json.loads(self.cleaned_data["shown"] or "{}")
        except (ValueError, RecursionError):
            shown = None
        if not isinstance(shown, dict):
            raise ValidationError(_("This page is broken. Open your link again."), code="shown")
        return shown

    def renew_version(self, version: int) -> None:
        """Let the same page be sent again, over what was saved meanwhile."""
        data = self.data.copy()
        data[self.add_prefix("version")] = str(version)
        self.data = data

    def groups(self) -> Iterator[Group]:
        """Yield the fields by the rows that they belong to."""
        by_row: dict[tuple[str, int], list[Field]] = {}
        for each in self.asked:
            target = each.target
            if isinstance(target, InPart) and each.key != PORTRAIT:
                by_row.setdefault((target.kind, target.pk), []).append(each)
        for (kind, pk), fields in by_row.items():
            boxes = [self[each.key] for each in fields]
            heading: Words = pgettext_lazy("of an expert", "About you")
            if kind in _HEADINGS:
                heading = _HEADINGS[kind] % {"title": fields[0].part}
            is_open = kind in ("expert", "affiliation") or any(box.errors for box in boxes)
            is_changed = self.proposal and any(e.key in self.proposal.values for e in fields)
            event = self.record.sessions[pk].event if kind == "session" else None
            is_open = bool(is_open or is_changed)
            yield Group(f"{kind}-{pk}", str(heading), boxes, is_open, event)

    def _typed(self) -> Iterator[Field]:
        return (each for each in self.asked if each.key != PORTRAIT)

    def _as_sent_back(self, field: Field) -> Any:
        """Return what the untouched box of a field comes back as."""
        value = self.now[field.key]
        try:
            return self.fields[field.key].clean([] if value is None else value)
        except ValidationError:
            return value


def _digest(value: Any) -> str:
    """Return what tells one value from another; of nothing always the same."""
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, list):
        value = sorted(value)
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:12]
