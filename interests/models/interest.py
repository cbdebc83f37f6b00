"""What a visitor wrote about a project, an expert or an event, and what became of it."""

import contextlib
import datetime as dt
from typing import Self

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models import Event, Expert
from events.models.limits import Person, limits_of
from events.models.mails import is_mailed_to
from events.models.scope import Scope, Shared, of_events_run_by, scope_of, scoped
from interests.models.wording import WORDINGS
from mail.models import OutboundMail
from projects.models import CooperationIntention, Project
from summit.lib.database.accounts import account_field
from summit.lib.database.made_columns import MadeLine, MadeText
from summit.lib.database.states import Stateful
from summit.lib.given import given
from summit.lib.i18n.bilingual import Text
from summit.lib.i18n.languages import CONTENT_LANGUAGES, OWN_NAMES, Words
from summit.lib.i18n.names import searchable, sort_key
from summit.lib.web import mail_addresses
from summit.lib.web.mail_addresses import EmailColumn
from summit.lib.web.phones import (
    LONGEST_STORED,
    PhoneColumn,
    phone_key,
    searched_phone,
    shown_phone,
)
from summit.lib.web.signed_links import new_code

LONGEST_MESSAGE = 2000
# What a limited organizer must have a part in, where an interest is of no event.
_SHARED: dict[str, type[models.Model]] = {"project": Project, "expert": Expert}


class InterestQuerySet(models.QuerySet["Interest"]):
    def open(self) -> Self:
        """Those with which something is left to do."""
        return self.filter(status__in=Interest.OPEN)

    def counted(self) -> Self:
        """All but spam: what reports count."""
        return self.exclude(status=Interest.Status.SPAM)

    def with_about(self) -> Self:
        """Bring along what each is about, and to whom it is assigned."""
        return self.select_related("project", "expert", "event", "assigned_to")


class OfTheirEvents(Scope[InterestQuerySet]):
    """Interests of events that somebody runs, and those of no event about rows of theirs."""

    def readable(self, rows: InterestQuerySet, user: Person) -> InterestQuerySet:
        if limits_of(user) is None:
            return rows
        theirs = of_events_run_by(user, "event")
        for name, model in _SHARED.items():
            scope = scope_of(model)
            if not isinstance(scope, Shared):
                raise TypeError(f"{name} is not shared among events.")
            own = scope.taking_part(model._default_manager.all(), user).order_by().values("pk")
            theirs |= Q(event=None, **{f"{name}__in": own})
        return rows.filter(theirs)


def _found_by(row: "Interest") -> str:
    return searchable(
        people=[row.name],
        names=[row.organization_name],
        others=[
            *(row.email, mail_addresses.readable(row.email)),
            *(row.phone, searched_phone(row.phone)),
        ],
        prose=[row.message],
    )


def _email_key(row: "Interest") -> str:
    # What is wrong with an address has been said by its own field.
    with contextlib.suppress(ValidationError):
        return mail_addresses.key(row.email)
    return ""


@is_mailed_to
@scoped(OfTheirEvents())
class Interest(Stateful):
    """What a visitor wrote about a project or an expert, or to the organizers of an event.

    ``event`` is the event that counts it: the one that was asked about, or the one at which the
    project or the expert was met. Personal data: no history is kept of it, and ``__str__`` names
    nobody.
    """

    shown_on_public_pages = False

    class Status(models.TextChoices):
        NEW = "new", pgettext_lazy("interest", "new")
        ASSIGNED = "assigned", pgettext_lazy("interest", "assigned")
        ANSWERED = "answered", pgettext_lazy("interest", "answered")
        PASSED_ON = "passed_on", pgettext_lazy("interest", "passed on")
        MEETING = "meeting", _("meeting requested")
        DRAFTED = "drafted", _("draft intention made")
        CLOSED = "closed", pgettext_lazy("interest", "closed")
        SPAM = "spam", _("spam")

    OPEN = (
        *(Status.NEW, Status.ASSIGNED, Status.ANSWERED, Status.PASSED_ON),
        *(Status.MEETING, Status.DRAFTED),
    )
    # Each step leads on, whatever was left out; what was closed or thrown away comes back.
    MOVES = {
        Status.NEW: (*OPEN[1:], Status.CLOSED, Status.SPAM),
        Status.ASSIGNED: (Status.NEW, *OPEN[2:], Status.CLOSED, Status.SPAM),
        Status.ANSWERED: (*OPEN[3:], Status.CLOSED),
        Status.PASSED_ON: (*OPEN[4:], Status.CLOSED),
        Status.MEETING: (Status.DRAFTED, Status.CLOSED),
        Status.DRAFTED: (Status.CLOSED,),
        Status.CLOSED: OPEN,
        Status.SPAM: OPEN[:2],
    }

    project = models.ForeignKey(
        Project,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="interests",
        verbose_name=_("project"),
    )
    expert = models.ForeignKey(
        Expert,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="interests",
        verbose_name=_("expert"),
    )
    event = models.ForeignKey(
        Event,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="interests",
        verbose_name=_("event"),
        help_text=_("The event whose report counts it."),
    )
    name = models.CharField(pgettext_lazy("person", "name"), max_length=100)
    organization_name = models.CharField(_("organization"), max_length=200, blank=True)
    phone = PhoneColumn(_("phone"), max_length=LONGEST_STORED, blank=True)
    email = EmailColumn(_("e-mail"), blank=True)
    message = models.TextField(pgettext_lazy("interest", "message"), max_length=LONGEST_MESSAGE)
    language = models.CharField(
        _("language"),
        max_length=10,
        choices=[(code, OWN_NAMES[code]) for code in CONTENT_LANGUAGES],
    )
    # That name and contact may be passed on, and in which words that was asked.
    consented_at = models.DateTimeField(_("agreed to be passed on at"), null=True, blank=True)
    consent_wording = models.CharField(_("wording of the consent"), max_length=10, blank=True)
    withdrawn_at = models.DateTimeField(_("consent withdrawn at"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.NEW
    )
    assigned_to = account_field(_("assigned to"))
    # The draft that was made from it.
    intention = models.ForeignKey(
        CooperationIntention,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="interests",
        verbose_name=_("cooperation intention"),
    )
    meeting_requested_at = models.DateTimeField(
        _("meeting requested at"), null=True, blank=True, editable=False
    )
    staff_note = models.TextField(
        _("note"), max_length=2000, blank=True, help_text=_("Only organizers see it.")
    )
    received_at = models.DateTimeField(_("received at"), default=timezone.now, editable=False)
    # The retention counts from here.
    last_step_at = models.DateTimeField(_("last step at"), default=timezone.now, editable=False)
    # What the personal link holds, which is signed: who reads this column cannot make it.
    code = models.CharField(max_length=40, default=new_code, unique=True, editable=False)

    # What it is erased and found by.
    email_key = MadeLine(max_length=254, made=_email_key)
    phone_key = MadeLine(max_length=40, made=lambda row: phone_key(row.phone))
    sort_name = MadeLine(max_length=300, made=lambda row: sort_key(row.name))
    search_text = MadeText(made=_found_by)

    mails = GenericRelation(
        OutboundMail,
        object_id_field="subject_id",
        content_type_field="subject_type",
        related_query_name="interest",
    )

    objects = InterestQuerySet.as_manager()

    class Meta:
        verbose_name = _("expression of interest")
        verbose_name_plural = _("expressions of interest")
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(fields=["status", "-received_at"], name="interest_status"),
            models.Index(fields=["event", "status"], name="interest_event"),
            models.Index(fields=["last_step_at"], name="interest_last_step"),
            models.Index(fields=["email_key"], name="interest_email"),
            models.Index(fields=["phone_key"], name="interest_phone"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(project__isnull=False, expert=None)
                | Q(project=None, expert__isnull=False)
                | Q(project=None, expert=None, event__isnull=False),
                name="interest_is_about_one",
                violation_error_message=_(
                    "Choose what this is about: one project, one expert or one event."
                ),
                violation_error_code="about_one",
            ),
            models.CheckConstraint(
                condition=~Q(phone="", email=""),
                name="interest_has_a_contact",
                violation_error_message=_("Enter a phone number or an e-mail address."),
                violation_error_code="no_contact",
            ),
            models.CheckConstraint(
                condition=Q(consented_at=None, consent_wording="")
                | (Q(consented_at__isnull=False, withdrawn_at=None) & ~Q(consent_wording="")),
                name="interest_consent_has_its_wording",
                violation_error_message=_("A consent has a time and its wording."),
                violation_error_code="consent",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        *("new", "assigned", "answered", "passed_on", "meeting"),
                        *("drafted", "closed", "spam"),
                    ]
                ),
                name="interest_status_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk or ''}".strip()

    @property
    def about(self) -> Project | Expert | Event:
        """What it is about. Costs a query unless it came by ``with_about()``."""
        if self.project is not None:
            return self.project
        return self.expert if self.expert is not None else given(self.event)

    @property
    def about_title(self) -> Text:
        """What pages call it that this is about."""
        about = self.about
        return about.display_name if isinstance(about, Expert) else about.title

    @property
    def consent_text(self) -> Words:
        """In which words the visitor agreed; nothing where there is no consent."""
        return WORDINGS.get(self.consent_wording, "")

    @property
    def is_agreed(self) -> bool:
        """Whether the visitor agreed that name and contact go to the owner."""
        return self.consented_at is not None

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN

    @property
    def readable_email(self) -> str:
        return mail_addresses.readable(self.email)

    @property
    def readable_phone(self) -> str:
        return shown_phone(self.phone)

    @property
    def kept_until(self) -> dt.datetime:
        """When it is erased, unless somebody takes a step with it before."""
        return self.last_step_at + kept_for(self.status)


def kept_for(status: str) -> relativedelta:
    """Return for how long after its last step an interest of a status is kept."""
    if status == Interest.Status.SPAM:
        return relativedelta(days=settings.SPAM_KEEP_DAYS)
    return relativedelta(months=settings.INTEREST_KEEP_MONTHS)
