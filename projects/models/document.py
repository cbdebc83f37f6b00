from typing import Self

from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models.scope import OfEvent, scoped
from projects.models.intention import CooperationIntention
from summit.lib.database.accounts import account_field
from summit.lib.database.made_columns import MadeText
from summit.lib.files.file_types import ENDINGS, SCANS
from summit.lib.files.private_files import private_storage, unguessable
from summit.lib.i18n.names import searchable
from summit.lib.web.signed_links import new_code


def unguessable_name(document: "Document | None" = None, filename: str = "") -> str:
    """A random name; what the file was called when it came is kept in a column."""
    return unguessable("documents")


class DocumentQuerySet(models.QuerySet["Document"]):
    def kept(self) -> Self:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at=None)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of intentions that this person may see, and of events that the person runs.

        None for whoever may not see documents at all.
        """
        if not (user.is_staff and user.has_perm("projects.view_document")):
            return self.none()
        seen = CooperationIntention.objects.visible_to(user).run_by(user)
        return self.filter(intention__in=seen)


@scoped(OfEvent("intention__event"))
class Document(models.Model):
    """A scan or PDF of what was signed. Only staff who may see documents ever get it.

    Written once by ``projects.domain.document``, which checks the content. A wrong one
    is withdrawn: its file is deleted, this row says who did it, when and why.
    """

    shown_on_public_pages = False

    intention = models.ForeignKey(
        CooperationIntention,
        on_delete=models.PROTECT,
        related_name="documents",
        verbose_name=_("cooperation intention"),
    )
    # What its address carries in place of a number that could be counted up.
    code = models.CharField(max_length=40, unique=True, default=new_code, editable=False)
    title = models.CharField(_("title"), max_length=200)
    # Empty once it was withdrawn.
    file = models.FileField(
        _("file"), storage=private_storage, upload_to=unguessable_name, max_length=200
    )
    original_name = models.CharField(_("original name"), max_length=200, blank=True, editable=False)
    content_type = models.CharField(
        _("type"),
        max_length=30,
        choices=[(each.value, each.label) for each in SCANS],
        editable=False,
    )
    size = models.PositiveIntegerField(_("size in bytes"), editable=False)
    sha256 = models.CharField("SHA-256", max_length=64, editable=False)
    uploaded_at = models.DateTimeField(_("uploaded at"), default=timezone.now, editable=False)
    uploaded_by = account_field(_("uploaded by"), blank=False, editable=False)
    withdrawn_at = models.DateTimeField(
        pgettext_lazy("document", "withdrawn at"), null=True, blank=True, editable=False
    )
    withdrawn_by = account_field(pgettext_lazy("document", "withdrawn by"), editable=False)
    withdrawal_reason = models.CharField(
        _("reason for withdrawal"), max_length=300, blank=True, editable=False
    )

    search_text = MadeText(
        made=lambda row: searchable(names=[row.title, row.original_name], others=[row.sha256])
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["uploaded_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["intention", "sha256"],
                condition=Q(withdrawn_at=None),
                name="document_is_attached_once",
                violation_error_message=_("This file is attached already."),
                violation_error_code="attached_already",
            ),
            models.CheckConstraint(
                condition=(Q(withdrawn_at=None, withdrawal_reason="") & ~Q(file=""))
                | (Q(withdrawn_at__isnull=False, file="") & ~Q(withdrawal_reason="")),
                name="withdrawn_document_has_a_reason_and_no_file",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("document", args=[self.code])

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def ending(self) -> str:
        return ENDINGS[self.content_type]


@scoped(OfEvent("document__intention__event"))
class DocumentDownload(models.Model):
    """Who was given a document, or was not, and when. Written by the product alone."""

    shown_on_public_pages = False

    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="downloads", verbose_name=_("document")
    )
    user = account_field(_("user"))
    # Stays when the account goes.
    user_name = models.CharField(_("downloaded by"), max_length=150)
    downloaded_at = models.DateTimeField(_("downloaded at"), default=timezone.now)
    # Asked by somebody who may not see it.
    was_refused = models.BooleanField(_("refused"), default=False)
    # Asked by somebody who may, but the file could not be read.
    file_was_missing = models.BooleanField(_("file was missing"), default=False)

    class Meta:
        verbose_name = _("download of a document")
        verbose_name_plural = _("downloads of documents")
        ordering = ["-downloaded_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.document} · {self.downloaded_at:%Y-%m-%d %H:%M} UTC"
