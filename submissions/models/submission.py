import datetime as dt

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models import Department, District, Event
from events.models.mails import is_mailed_to
from events.models.scope import scoped
from mail.models import OutboundMail
from projects.models import Project
from submissions import fields
from submissions.checklist import thin_fields
from submissions.models.call import Call
from submissions.models.reviewed import Reviewed, ReviewedQuerySet
from submissions.models.scope import OfEventOrSeries
from summit.lib.database.accounts import account_field
from summit.lib.database.made_columns import MadeLine, MadeText
from summit.lib.i18n.names import searchable
from summit.lib.web import mail_addresses
from summit.lib.web.mail_addresses import EmailColumn
from summit.lib.web.phones import LONGEST_STORED, PhoneColumn, mobile_key, shown_phone
from summit.lib.web.signed_links import new_code


class SubmissionQuerySet(ReviewedQuerySet["Submission"]):
    pass


def _found_by(row: "Submission") -> str:
    return searchable(
        names=[row.organization_name, row.title],
        people=[row.contact_name],
        others=[row.email, row.phone, row.credit_code],
    )


def _thin(row: "Submission") -> str:
    return "" if row.erased_at else thin_fields({**row.base, **row.values})


@is_mailed_to
@scoped(OfEventOrSeries("call"))
class Submission(Reviewed):
    """What somebody proposes in answer to a call: values beside a project, never the project.

    Its values go by the keys of ``submissions/fields.py``.
    """

    shown_on_public_pages = False
    decided_as = "submission"
    reviewed_with = "call"

    class Source(models.TextChoices):
        FORM = "form", pgettext_lazy("submission", "form of the site")
        IMPORTED = "imported", pgettext_lazy("submission", "imported from a file")

    call = models.ForeignKey(
        Call, on_delete=models.PROTECT, related_name="submissions", verbose_name=_("call")
    )
    district = models.ForeignKey(
        District,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="submissions",
        verbose_name=_("district or park"),
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="submissions",
        verbose_name=_("recommending department"),
    )
    organization_name = models.CharField(_("organization"), max_length=200, blank=True)
    credit_code = models.CharField(_("unified social credit code"), max_length=30, blank=True)
    contact_name = models.CharField(_("contact person"), max_length=100, blank=True)
    phone = PhoneColumn(_("phone"), max_length=LONGEST_STORED, blank=True)
    email = EmailColumn(_("e-mail"), blank=True)
    source = models.CharField(
        pgettext_lazy("submission", "handed in by"),
        max_length=10,
        choices=Source.choices,
        default=Source.FORM,
        db_default=Source.FORM,
    )
    entered_by = account_field(_("entered by"))
    # The secret of the personal link, which only a signature of the site makes a link:
    # what a copy of the database holds opens nothing.
    code = models.CharField(max_length=50, unique=True, default=new_code, editable=False)
    proven_at = models.DateTimeField(_("contact confirmed at"), null=True, blank=True)
    late_until = models.DateTimeField(_("may be sent late until"), null=True, blank=True)
    reminded_for = models.DateTimeField(null=True, blank=True, editable=False)
    reviewer = account_field(_("reviewer"), related_name="submissions_reviewed")
    project = models.ForeignKey(
        Project,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="submissions",
        verbose_name=_("project"),
        help_text=_("The draft that it became, or the project that it proposes to change."),
    )
    # Keys, with spaces between them, of what an organizer asks the owner of a project to check.
    to_check = models.CharField(
        max_length=500, blank=True, default="", db_default="", editable=False
    )

    email_key = MadeLine(
        max_length=254, made=lambda row: mail_addresses.key(row.email) if row.email else ""
    )
    phone_key = MadeLine(max_length=40, made=lambda row: mobile_key(row.phone))
    search_text = MadeText(made=_found_by)
    # What a reader's checklist finds thin, whether the call asks for it or not.
    thin = MadeLine(max_length=200, made=_thin)

    mails = GenericRelation(
        OutboundMail,
        content_type_field="subject_type",
        object_id_field="subject_id",
        related_query_name="submission",
    )
    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        permissions = [("export_submission", "Can export submissions")]
        # The latest that was sent at the top, and drafts below.
        ordering = [F("sent_at").desc(nulls_last=True), "-pk"]
        indexes = [
            models.Index(fields=["call", "status"], name="submission_of_call"),
            models.Index(fields=["email_key"], name="submission_email"),
            models.Index(fields=["phone_key"], name="submission_phone"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        *("draft", "sent", "returned", "accepted"),
                        *("partly_accepted", "refused", "withdrawn"),
                    ]
                ),
                name="submission_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(source__in=["form", "imported"]), name="submission_source_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "withdrawn"]) | Q(sent_at__isnull=False),
                name="submission_was_sent_before_it_is_reviewed",
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=False) | ~Q(email="", phone=""),
                name="submission_has_a_contact",
                violation_error_message=_("Enter a mobile number or an e-mail address."),
                violation_error_code="no_contact",
            ),
        ]

    def __str__(self) -> str:
        """Name nobody: logs and messages keep it."""
        return f"{self._meta.verbose_name} {self.reference}"

    @property
    def reference(self) -> str:
        """The number by which it is spoken of, such as N00012."""
        letters = {Call.Kind.NEED: "N", Call.Kind.TALENT: "T", Call.Kind.OFFER: "P"}
        return f"{letters[Call.Kind(self.call.kind)]}{self.pk or 0:05d}"

    @property
    def kind(self) -> str:
        return self.call.kind

    @property
    def event(self) -> Event | None:
        """The event of its call; nothing for one of a series."""
        return self.call.event

    @property
    def name(self) -> str:
        return self.contact_name

    @property
    def readable_email(self) -> str:
        return mail_addresses.readable(self.email)

    @property
    def title(self) -> str:
        """What it is about, "" before that was written."""
        # Of what proposes changes the title may stay as it is.
        titles = ((self.values.get(k) or self.base.get(k)) for k in fields.TITLES.values())
        return next((str(title) for title in titles if title), "")

    @property
    def readable_phone(self) -> str:
        return shown_phone(self.phone)

    @property
    def proposes_changes(self) -> bool:
        """Whether its person was asked about a project that is there already."""
        return self.project_id is not None and self.status not in self.ACCEPTED_STATES

    @property
    def required(self) -> list[str]:
        """Keys of what has to be filled in: whoever corrects a project need add nothing to it."""
        return [] if self.proposes_changes else list(self.call.required)

    @property
    def may_be_sent(self) -> bool:
        """Whether the call takes it now: it is open, or this one may come late."""
        return self.is_editable and (self.call.is_open or self.is_permitted_late)

    @property
    def takes_files(self) -> bool:
        """Whether the person may add and remove files: also of what was sent, until it closes.

        Who sends at once from the open form has proven nothing yet, and adds them afterwards.
        """
        waits = self.status == self.Status.SENT and self.erased_at is None
        return self.is_editable or (waits and (self.call.is_open or self.is_permitted_late))

    @property
    def is_permitted_late(self) -> bool:
        is_ahead = self.late_until is not None and self.late_until > timezone.now()
        return is_ahead and not self.call.is_draft

    @property
    def link_ends_at(self) -> dt.datetime:
        """Until when the personal link works."""
        last = max(self.call.closes_at, self.saved_at, self.late_until or self.saved_at)
        return last + relativedelta(months=settings.SUBMISSION_LINK_MONTHS)

    @property
    def late_in_words(self) -> str:
        return self.call.moment_in_words(self.late_until) if self.late_until else ""

    @property
    def mailed_name(self) -> str:
        """What mails begin with: the name, once somebody opened a mail at this address."""
        return self.contact_name if self.proven_at else ""

    @property
    def record(self) -> Project | None:
        return self.project

    def known_fields(self) -> list[fields.Field]:
        # Whatever the call asks for by now.
        return fields.fields_of_kind(self.kind)
