"""The form by which a reviewer decides about each value that is proposed."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.submission_boxes import box_for
from events.models import Organization
from events.models.limits import Person
from events.models.scope import choosable
from submissions.domain.acceptance import new_owner, owners_alike
from submissions.domain.comparison import Compared, shown
from submissions.domain.decisions import Choice
from submissions.fields import Widget
from submissions.models import Attachment, Decision, Submission
from submissions.models.reviewed import Reviewed
from submissions.models.upload import Upload
from summit.lib.i18n.languages import TAGS, Words

Outcome = Decision.Outcome
ACCEPT, REFUSE, LATER = "accept", "refuse", ""
MARKS: list[tuple[str, Words]] = [
    (ACCEPT, gettext_lazy("Accept")),
    (REFUSE, gettext_lazy("Leave out")),
    (LATER, gettext_lazy("Decide later")),
]
NEW = "new"


@dataclass(frozen=True)
class Seen:
    """What a page showed: the version, and of each field what was proposed and what is now."""

    version: int
    proposed: Mapping[str, Any] = field(default_factory=dict)
    current: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, reviewed: Reviewed, rows: list[Compared]) -> "Seen":
        return cls(
            reviewed.version,
            {row.field.key: row.proposed for row in rows},
            {row.field.key: row.current for row in rows} if reviewed.record else {},
        )

    @classmethod
    def read(cls, text: str) -> "Seen | None":
        """Read what a form brings back; nothing where no page of ours has written it."""
        try:
            version, proposed, current = json.loads(text)
        except (ValueError, TypeError, RecursionError):
            return None
        is_ours = type(version) is int and type(proposed) is dict and type(current) is dict
        return cls(version, proposed, current) if is_ours else None

    def __str__(self) -> str:
        told = [self.version, self.proposed, self.current]
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
class ProposedFile:
    """A file that is proposed, and the boxes of what becomes of it; none where it is gone."""

    file: Upload | None
    boxes: list[forms.BoundField]


@dataclass(frozen=True)
class ReviewRow:
    """A field as the page shows it, with its boxes; ``was`` is what an older page showed."""

    compared: Compared
    mark: forms.BoundField
    box: forms.BoundField
    was: str = ""
    is_changed: bool = False
    # Whether its box is shown at once: somebody has written in it.
    is_open: bool = False
    # Of the value.
    lang: str = ""
    file: ProposedFile | None = None

    @property
    def is_picture(self) -> bool:
        return self.compared.field.widget == Widget.PICTURE

    @property
    def shows_current(self) -> bool:
        return self.compared.current not in (None, self.compared.proposed)

    @property
    def shows_base(self) -> bool:
        return self.shows_current and self.compared.is_conflict and self.compared.base is not None


class ReviewForm(forms.Form):
    """A mark and a box for each proposed value, and a choice of the owner of a new project.

    A value is accepted with changes where its box holds another one than was proposed.
    """

    def __init__(
        self,
        submission: Reviewed,
        rows: list[Compared],
        *,
        reader: Person,
        data: QueryDict | None = None,
        seen: Seen | None = None,
        files: Iterable[Attachment] = (),
    ) -> None:
        super().__init__(data)
        self.reviewed, self.compared, self.seen = submission, rows, seen
        for row in rows:
            key = row.field.key
            self.fields[f"mark_{key}"] = forms.ChoiceField(
                choices=MARKS, required=False, widget=forms.RadioSelect, label=row.field.label
            )
            box = box_for(row.field, row.proposed, row.field.language or submission.language)
            box.initial = row.field.as_sent_back(row.proposed)
            self.fields[f"value_{key}"] = box
        self.attachments = list(files)
        for file in self.attachments:
            self.fields[f"file_{file.code}"] = _use_field(file)
        # The submission of which a project is made, where it has none yet.
        self.new: Submission | None = None
        if isinstance(submission, Submission) and submission.project_id is None:
            self.new = submission
        if self.new and submission.is_reviewable:
            self.owners = choosable(
                Organization.objects.filter(pk__in=[each.pk for each in owners_alike(self.new)]),
                reader,
            )
            may_add = reader.has_perm("events.add_organization")
            self._offer_owners(self.new.organization_name, may_add=may_add)

    def _offer_owners(self, name: str, *, may_add: bool) -> None:
        alike = list(self.owners)
        choices: list[tuple[str, Words]] = [
            (
                str(each.pk),
                format_html("<span{}>{}</span>", each.name.lang_attr, each.name),
            )
            for each in alike
        ]
        if may_add and name:
            choices.append((NEW, _("A new organization: %(name)s") % {"name": name}))
        choices.append(("", _("No organization for now")))
        self.fields["owner"] = forms.ChoiceField(
            choices=choices,
            required=False,
            label=_("Organization of the project"),
            widget=forms.RadioSelect,
            initial=choices[0][0],
            help_text=_("A new organization is on no public page before you say so on its page."),
        )

    @property
    def owner_box(self) -> forms.BoundField | None:
        return self["owner"] if "owner" in self.fields else None

    @property
    def is_for_all(self) -> bool:
        return self.data.get("do") == "all"

    def rows(self) -> Iterator[ReviewRow]:
        """Yield the rows of the page, each with what an older page showed of it."""
        for row in self.compared:
            key, seen = row.field.key, self.seen
            was, is_changed = "", False
            if seen is not None:
                before = seen.proposed.get(key)
                is_changed = before != row.proposed
                was = _shown(row, before) if is_changed else ""
                if self.reviewed.record and seen.current.get(key) != row.current:
                    is_changed = True
            mark, box = self[f"mark_{key}"], self[f"value_{key}"]
            is_open = self.is_bound and (bool(box.errors) or self._is_edited(row))
            lang = TAGS[row.field.language or self.reviewed.language]
            yield ReviewRow(row, mark, box, was, is_changed, is_open, lang, self.file_of(row))

    def file_of(self, row: Compared) -> ProposedFile | None:
        """Return the file that a value is, where a form knows such values."""
        return None

    def _is_edited(self, row: Compared) -> bool:
        """Whether the box of a value was sent with another one than it began with."""
        return f"value_{row.field.key}" in self.changed_data

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for row in self.compared:
            name = f"value_{row.field.key}"
            if not self._is_edited(row) or name in self.errors:
                continue
            if self._mark_of(row) != ACCEPT:
                self.add_error(
                    name,
                    _("You changed this value. Choose “Accept”, or put the old value back."),
                )
            elif self.cleaned_data.get(name) in (None, "", [], {}):
                self.add_error(name, _("This is empty. Choose “Leave out” instead."))
        return cleaned

    def _mark_of(self, row: Compared) -> str:
        mark = self.cleaned_data.get(f"mark_{row.field.key}", LATER)
        if mark == LATER and self.is_for_all and (row.decision is None or self._is_edited(row)):
            return ACCEPT
        return mark

    def choices(self) -> dict[str, Choice]:
        """Return what was decided, by the keys of the fields. Of a form that is valid."""
        decided: dict[str, Choice] = {}
        for row in self.compared:
            key, mark = row.field.key, self._mark_of(row)
            if mark == ACCEPT and self._is_edited(row):
                decided[key] = Choice(Outcome.EDITED, self.cleaned_data[f"value_{key}"])
            elif mark == ACCEPT:
                decided[key] = Choice(Outcome.ACCEPTED)
            elif mark == REFUSE:
                decided[key] = Choice(Outcome.REFUSED)
        return decided

    def file_rows(self) -> Iterator[tuple[Attachment, forms.BoundField]]:
        """Yield each file with the choice of what becomes of it."""
        for file in self.attachments:
            yield file, self[f"file_{file.code}"]

    def uses(self) -> dict[str, str]:
        """Return what becomes of the files, by their codes. Of a form that is valid."""
        return {file.code: self.cleaned_data[f"file_{file.code}"] for file in self.attachments}

    def owner(self) -> Organization | None:
        """Return the owner that was chosen for a new project, saved or not."""
        chosen = self.cleaned_data.get("owner", "")
        if chosen == NEW and self.new:
            return new_owner(self.new)
        return self.owners.filter(pk=chosen).first() if chosen else None

    def add_refusal(self, error: ValidationError) -> None:
        """Say what the domain refuses beside the field that it is about, else above the form."""
        for column, errors in getattr(error, "error_dict", {"": [error]}).items():
            name = next(
                (
                    f"value_{row.field.key}"
                    for row in self.compared
                    for base in row.field.target.columns
                    if column == base or column.startswith(f"{base}_")
                ),
                None,
            )
            self.add_error(name, [message for each in errors for message in each.messages])


def _use_field(file: Attachment) -> forms.ChoiceField:
    uses = [use for use in Attachment.Use if file.is_picture or use != Attachment.Use.PICTURE]
    return forms.ChoiceField(
        choices=[("", _("stays private")), *((use.value, use.label) for use in uses)],
        required=False,
        initial=file.used_as,
        label=_("Use of “%(name)s”") % {"name": file.name},
    )


def renewed(sent: QueryDict, submission: Reviewed, rows: list[Compared], seen: Seen) -> QueryDict:
    """Return what was sent, with what is proposed by now in the boxes that nobody has changed."""
    data = sent.copy()
    for row in rows:
        key = row.field.key
        name = f"value_{key}"
        box = box_for(row.field, seen.proposed.get(key), submission.language)
        typed = box.widget.value_from_datadict(data, {}, name)
        before = row.field.as_sent_back(seen.proposed.get(key))
        if key not in seen.proposed or not box.has_changed(before, typed):
            _put(data, name, box.widget, row.field.as_sent_back(row.proposed))
    return data


def _put(data: QueryDict, name: str, widget: forms.Widget, value: Any) -> None:
    if isinstance(widget, forms.MultiWidget):
        for number, part in enumerate(widget.decompress(value) or ()):
            _put(data, f"{name}_{number}", widget.widgets[number], part)
    elif isinstance(widget, forms.CheckboxInput):
        data.pop(name, None)
        if value:
            data[name] = "on"
    elif isinstance(value, list):
        data.setlist(name, value)
    else:
        data[name] = "" if value is None else str(value)


def _shown(row: Compared, value: Any) -> str:
    """Return an older value in words; nothing for what no page of ours has shown."""
    try:
        return shown(row.field, value)
    except (AttributeError, TypeError, ValueError):
        return ""
