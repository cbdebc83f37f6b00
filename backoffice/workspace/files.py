"""Photos and files of an event: several photos added in one go, files with who sees them."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from backoffice.kit.fields import SummitFields
from backoffice.kit.labels import pair
from backoffice.kit.readers import ForReader
from backoffice.workspace.page import EventPage, PartForm
from events.domain import event_file, photo, poster
from events.models import Event, EventFile, Photo
from summit.lib.files import file_types, pictures, uploads
from summit.lib.files.file_types import ENDINGS
from summit.lib.given import given
from summit.lib.i18n.languages import TAGS, Words
from summit.lib.web.fields import field_of
from summit.lib.web.requests import user_of
from summit.lib.web.typed_text import LineField

# What the form calls the file of one of its rows.
FILE_OF_A_ROW = re.compile(r"files-\d+-file")
# The texts of the photos that are added: fields of the form, and columns of ``Photo``.
TEXTS = {f"new_{name}": name for text in ("caption", "credit") for name in pair(text)}


@dataclass
class Chosen:
    """What was chosen in one go: pictures that can be taken, and why others cannot, by name."""

    taken: list[File[Any]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


class PicturesInput(forms.FileInput):
    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Several pictures. One that cannot be taken keeps none of the others out."""

    widget = PicturesInput

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        limits = uploads.limits(settings.PICTURE_MAX_BYTES)
        return super().widget_attrs(widget) | limits | {"accept": pictures.ACCEPTED}

    def clean(self, data: Any, initial: Any = None) -> Chosen:
        chosen = Chosen()
        for upload in data or ():
            try:
                pictures.check(upload)
            except ValidationError as refusal:
                name = file_types.plain_name(upload.name or "", 80)
                chosen.refused.append((name, " ".join(refusal.messages)))
            else:
                chosen.taken.append(upload)
        return chosen


def _line(label: Words, max_length: int, language: str) -> LineField:
    box = forms.TextInput(attrs={"class": "vTextField", "lang": TAGS[language]})
    return LineField(label=label, required=False, max_length=max_length, widget=box)


class FilesForm(PartForm):
    new_photos = PicturesField(
        label=_("Pictures"),
        required=False,
        help_text=_(
            "You can choose several at once: up to 20 JPEG, PNG, WebP or AVIF pictures, at "
            "most 24 MB together. You can change their order and captions below afterwards."
        ),
    )
    new_caption_en = _line(_("Caption for all (English)"), 300, "en")
    new_caption_zh_hans = _line(_("Caption for all (Chinese)"), 300, "zh-hans")
    new_credit_en = _line(_("Credit for all (English)"), 200, "en")
    new_credit_zh_hans = _line(_("Credit for all (Chinese)"), 200, "zh-hans")

    def _post_clean(self) -> None:
        """Check nothing of the event, of which the page edits no field."""


class PhotoInline(SummitFields, admin.StackedInline):
    model = Photo
    template = "backoffice/workspace/photos.html"
    fields = [pair("caption"), pair("credit"), "order"]
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        # Added are several at once, above.
        return False


class EventFileForm(forms.ModelForm):
    class Meta:
        help_texts = {
            "file": _(
                "PDF, JPEG, PNG, PowerPoint (.pptx), Word (.docx) or Excel (.xlsx), at most 20 MB, "
                "without macros. Whoever gets an office file reads its speaker notes, comments, "
                "tracked changes and authors as well: remove what is not meant for them, or save "
                "it as PDF."
            )
        }
        widgets = {
            "file": forms.FileInput(
                attrs={
                    "accept": ",".join(["image/jpeg", *ENDINGS.values()]),
                    **uploads.limits(settings.DOCUMENT_MAX_BYTES),
                }
            )
        }

    @property
    def headline(self) -> str:
        """What it is, for whom and how large."""
        row = self.instance
        facts = (
            *(row.get_kind_display(), row, row.get_audience_display()),
            *(row.get_content_type_display(), filesizeformat(row.size)),
        )
        return " · ".join(str(fact) for fact in facts)

    @property
    def download_url(self) -> str:
        return self.instance.get_absolute_url()

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if isinstance(file, UploadedFile):
            event_file.examine(file)
        return file

    @property
    def sent_file(self) -> UploadedFile | None:
        file = self.cleaned_data.get("file")
        return file if isinstance(file, UploadedFile) else None


class EventFileFormSet(ForReader, forms.BaseInlineFormSet):
    """Saves rows and bytes by ``events/domain/event_file.py``.

    Offers the sessions of the event whose page this is, read once for all rows.
    """

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        if "session" not in form.fields:
            return
        if not hasattr(self, "sessions"):
            of_event = self.instance.sessions.all()
            self.sessions = [(session.pk, session.title_and_start) for session in of_event]
        field = field_of(form, "session", forms.ModelChoiceField)
        field.queryset = given(field.queryset).filter(event=self.instance.pk)
        field.widget.choices = [("", "---------"), *self.sessions]

    def save_new(self, form: Any, commit: bool = True) -> EventFile:
        form.instance.event = self.instance
        return event_file.save(form.instance, form.sent_file, by=cast(User, self.reader))

    def save_existing(self, form: Any, obj: EventFile, commit: bool = True) -> EventFile:
        return event_file.save(form.instance, form.sent_file, by=cast(User, self.reader))

    def delete_existing(self, obj: EventFile, commit: bool = True) -> None:
        event_file.delete(obj)


class EventFileInline(SummitFields, admin.StackedInline):
    model = EventFile
    form = EventFileForm
    formset = EventFileFormSet
    template = "backoffice/workspace/files.html"
    fields = [pair("title"), ("kind", "audience", "session", "order"), "file"]
    extra = 0

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj):
            return fieldsets
        # Who only reads has the link to it.
        (name, options), *_none = fieldsets
        return [(name, {**options, "fields": [row for row in options["fields"] if row != "file"]})]

    def get_queryset(self, request: HttpRequest) -> QuerySet[EventFile]:
        return super().get_queryset(request).select_related("session", "event")


def show_posters(page: Any, request: HttpRequest, event: Event) -> dict[str, Any]:
    """Show the posters of the event, and which are still to be drawn or cannot be. A panel."""
    return {"posters": poster.states_of(event)}


class FilesPage(EventPage):
    """Reads all that was sent before the transaction begins, as every page with pictures does.

    Overrides ``changeform_view``, ``sent_pictures``, ``get_fieldsets`` and ``save_model``.
    """

    name = "files"
    form = FilesForm
    change_form_template = "backoffice/workspace/photos_and_files.html"
    panels = [show_posters]
    inlines = [PhotoInline, EventFileInline]
    fieldsets = [
        (
            _("Add photos"),
            {"fields": ["new_photos", pair("new_caption"), pair("new_credit")]},
        ),
    ]
    history_parts = {Photo: "event_id", EventFile: "event_id"}

    def edits_row(self) -> bool:
        return False

    def sent_pictures(self, request: HttpRequest) -> Iterator[File[Any]]:
        for name, sent in request.FILES.lists():
            if not FILE_OF_A_ROW.fullmatch(name):
                yield from sent

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if self.has_change_permission(request):
            for name, sent in request.FILES.lists():
                if FILE_OF_A_ROW.fullmatch(name):
                    # What came of it stays with the file, and its field says it.
                    with suppress(ValidationError):
                        event_file.examine(sent[-1])
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        may_add = request.user.has_perm("events.add_photo")
        return super().get_fieldsets(request, obj) if may_add else []

    def save_model(
        self, request: HttpRequest, obj: Event, form: forms.ModelForm, change: bool
    ) -> None:
        """Add the photos that were chosen; the event itself is as it was."""
        chosen = form.cleaned_data.get("new_photos") or Chosen()
        if chosen.taken:
            texts = {name: form.cleaned_data[new] for new, name in TEXTS.items()}
            added = photo.add(obj, chosen.taken, by=user_of(request), **texts)
            done = ngettext(
                "%(count)d photo was added.", "%(count)d photos were added.", len(added)
            )
            messages.success(request, done % {"count": len(added)})
        for name, reason in chosen.refused:
            words = _("“%(name)s” was not added. %(reason)s") % {"name": name, "reason": reason}
            messages.warning(request, words)
