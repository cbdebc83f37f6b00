"""Documents of what was signed: attached and withdrawn by buttons, never edited."""

import datetime as dt
from typing import TYPE_CHECKING

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.db.models.fields.related import RelatedField
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from backoffice.kit.actions import Action, Facts
from backoffice.kit.filters import ChoiceFilter
from backoffice.kit.model_admin import SummitAdmin
from backoffice.kit.read_only import ReadOnly
from backoffice.kit.searched_filters import by_event
from backoffice.kit.zones import short_moment
from events.models import Event
from events.models.scope import readable
from projects.domain import document as domain
from projects.models import CooperationIntention, Document, DocumentDownload
from summit.lib.database.numbers import rows_by_keys
from summit.lib.files import file_types, uploads
from summit.lib.i18n.languages import Words
from summit.lib.i18n.names import staff_name
from summit.lib.web.typed_text import LineField

if TYPE_CHECKING:
    from django.contrib.admin.options import _FieldsetSpec as Fieldsets


class AttachForm(forms.Form):
    title = LineField(
        label=_("Title"),
        max_length=200,
        help_text=_("What it is, such as “Signed original, Chinese”."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, JPEG or PNG, at most 20 MB. It is kept exactly as it is."),
        widget=forms.FileInput(
            attrs={"accept": ".pdf,.jpg,.jpeg,.png", **uploads.limits(settings.DOCUMENT_MAX_BYTES)}
        ),
        error_messages={
            "required": _("Choose the file that is to be attached."),
            "empty": file_types.REFUSALS["empty"],
        },
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        self.cleaned_data["examined"] = domain.examine(file)
        return file


ATTACH = Action[CooperationIntention](
    name="attach",
    label=_("Attach a document"),
    explanation=_(
        "A scan or PDF of what was signed. Organizers and auditors can download it, nobody else, "
        "and every download is recorded."
    ),
    run=lambda admin, request, intention, given: (
        domain.attach(intention, given.pop("file"), by=request.user, **given).intention
    ),
    done=_("The document is attached: %(object)s."),
    offered=lambda admin, intention: intention.was_signed and not intention.is_voided,
    refused=lambda intention: domain.NOT_SIGNED,
    form=AttachForm,
    permission="projects.add_document",
    # The file is stored, maybe far away, before the database is asked to wait for anything.
    has_own_transaction=True,
)


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("Staff read it; no public page."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def what_is_withdrawn(document: Document) -> Facts:
    return [
        (_("Title"), document.title),
        (_("Cooperation intention"), document.intention),
        (_("Original name"), document.original_name or "—"),
        (_("Size"), filesizeformat(document.size)),
        ("SHA-256", document.sha256),
    ]


WITHDRAW = Action[Document](
    name="withdraw",
    label=pgettext_lazy("document", "Withdraw"),
    explanation=_(
        "For a file that was attached by mistake. It is deleted for good, with its original name; "
        "title, size and SHA-256 stay on record with the reason, and so do the downloads."
    ),
    run=lambda admin, request, document, given: domain.withdraw(document, by=request.user, **given),
    done=_("Withdrawn: %(object)s."),
    offered=lambda admin, document: not document.is_withdrawn,
    refused=lambda document: domain.WITHDRAWN,
    form=WithdrawForm,
    facts=what_is_withdrawn,
    facts_title=_("What is withdrawn"),
    permission="projects.change_document",
    is_grave=True,
)


class DocumentColumns:
    @admin.display(description=_("file"))
    def download(self, document: Document) -> str:
        if document.is_withdrawn:
            return format_html(
                '<span class="state state-withdrawn">{}</span> {}',
                pgettext_lazy("document", "withdrawn"),
                document.withdrawal_reason,
            )
        return format_html(
            '<a class="download" href="{}">{}</a> {} · {}',
            document.get_absolute_url(),
            _("Download"),
            document.get_content_type_display(),
            filesizeformat(document.size),
        )

    @admin.display(description="SHA-256")
    def digest(self, document: Document) -> str:
        return format_html('<code class="digest">{}</code>', document.sha256)

    @admin.display(description=_("uploaded"), ordering="uploaded_at")
    def uploaded(self, document: Document) -> str:
        return _when_and_who(document, document.uploaded_at, document.uploaded_by)

    @admin.display(description=pgettext_lazy("document", "withdrawn"), ordering="withdrawn_at")
    def withdrawn(self, document: Document) -> str:
        return _when_and_who(document, document.withdrawn_at, document.withdrawn_by)


def _when_and_who(document: Document, moment: dt.datetime | None, person: User | None) -> str:
    if moment is None:
        return "—"
    when = short_moment(moment, document.intention.event.zone)
    return format_html("{} · {}", staff_name(person), when)


class WithdrawnFilter(ChoiceFilter):
    title = pgettext_lazy("document", "withdrawn")
    parameter_name = "withdrawn"
    options = {
        "no": (_("no"), lambda rows, user: rows.filter(withdrawn_at=None)),
        "yes": (_("yes"), lambda rows, user: rows.exclude(withdrawn_at=None)),
    }


OUTCOMES: dict[str, Words] = {
    "given": pgettext_lazy("download", "given"),
    "refused": _("refused"),
    "missing": _("file was missing"),
}


class OutcomeFilter(ChoiceFilter):
    title = pgettext_lazy("download", "outcome")
    parameter_name = "outcome"
    options = {
        "given": (
            OUTCOMES["given"],
            lambda rows, user: rows.filter(was_refused=False, file_was_missing=False),
        ),
        "refused": (OUTCOMES["refused"], lambda rows, user: rows.filter(was_refused=True)),
        "missing": (OUTCOMES["missing"], lambda rows, user: rows.filter(file_was_missing=True)),
    }


class DocumentFilter(admin.RelatedFieldListFilter):
    """The downloads of one document, to which its page leads. Hidden otherwise."""

    def field_choices(  # type: ignore[override]  # a key is a number
        self, field: RelatedField, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[int, Words]]:
        seen = readable(Document.objects.visible_to(request.user), request.user)
        return [
            (document.pk, str(document)) for document in rows_by_keys(seen, self.lookup_val or ())
        ]

    def has_output(self) -> bool:
        return bool(self.used_parameters)


class DocumentInline(ReadOnly, DocumentColumns, admin.TabularInline):
    model = Document
    # The address of a document downloads it.
    view_on_site = False
    of_signed = True
    extra = 0
    fields = readonly_fields = ("titled", "download", "digest", "uploaded")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        return super().get_queryset(request).select_related("intention__event", "uploaded_by")

    @admin.display(description=_("title"))
    def titled(self, document: Document) -> str:
        page = reverse("admin:projects_document_change", args=[document.pk])
        return format_html('<a href="{}">{}</a>', page, document.title)


@admin.register(Document)
class DocumentAdmin(ReadOnly, DocumentColumns, SummitAdmin):
    actions = [WITHDRAW]
    # As above.
    view_on_site = False
    list_display = ["title", "reference", "download", "uploaded"]
    list_filter = [
        WithdrawnFilter,
        "content_type",
        by_event("intention__event"),
    ]
    list_select_related = ["intention__event", "uploaded_by"]
    list_per_page = 50
    show_full_result_count = False
    date_hierarchy = "uploaded_at"
    search_fields = ["search_text", "intention__reference"]
    fieldsets = [
        (None, {"fields": ["title", "belongs_to", "download", "downloads_of_it"]}),
        (_("Record"), {"fields": ["original_name", "digest", "uploaded"]}),
        (
            pgettext_lazy("document", "Withdrawn"),
            {"fields": ["withdrawn", "withdrawal_reason"]},
        ),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Document | None = None) -> "Fieldsets":
        withdrawn = obj is not None and obj.is_withdrawn
        return self.fieldsets if withdrawn else self.fieldsets[:-1]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        people = ["intention__company", "intention__expert", "withdrawn_by", "uploaded_by"]
        seen = super().get_queryset(request).visible_to(request.user)
        return seen.select_related("intention__event", *people)

    def event_in_sight(self, obj: Document) -> Event:
        return obj.intention.event

    @admin.display(description=_("reference"), ordering="intention__reference")
    def reference(self, document: Document) -> str | None:
        return document.intention.reference

    @admin.display(description=_("cooperation intention"))
    def belongs_to(self, document: Document) -> str:
        page = reverse("admin:projects_cooperationintention_change", args=[document.intention_id])
        return format_html('<a href="{}">{}</a>', page, document.intention)

    @admin.display(description=_("downloads"))
    def downloads_of_it(self, document: Document) -> str:
        given = document.downloads.filter(was_refused=False, file_was_missing=False).count()
        page = reverse("admin:projects_documentdownload_changelist")
        return format_html(
            '<a href="{}?document__id__exact={}">{}</a>',
            page,
            document.pk,
            ngettext("%(count)d download", "%(count)d downloads", given) % {"count": given},
        )


@admin.register(DocumentDownload)
class DocumentDownloadAdmin(ReadOnly, SummitAdmin):
    list_display = ["at", "document", "reference", "user_name", "outcome"]
    list_filter = [OutcomeFilter, ("document", DocumentFilter)]
    list_select_related = ["document__intention__event"]
    list_per_page = 100
    show_full_result_count = False
    date_hierarchy = "downloaded_at"
    search_fields = ["user_name", "document__search_text", "document__intention__reference"]
    fields = ["at", "document", "reference", "user_name", "outcome"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[DocumentDownload]:
        seen = Document.objects.visible_to(request.user)
        return super().get_queryset(request).filter(document__in=seen)

    @admin.display(description=_("downloaded at"), ordering="downloaded_at")
    def at(self, download: DocumentDownload) -> str:
        return short_moment(download.downloaded_at, download.document.intention.event.zone)

    @admin.display(description=_("reference"), ordering="document__intention__reference")
    def reference(self, download: DocumentDownload) -> str | None:
        return download.document.intention.reference

    @admin.display(description=pgettext_lazy("download", "outcome"))
    def outcome(self, download: DocumentDownload) -> Words:
        if download.was_refused:
            return OUTCOMES["refused"]
        return OUTCOMES["missing" if download.file_was_missing else "given"]
