"""Whom staff turn to: the contact persons of organizations, experts and projects.

None of this is public, and nothing outside of the admin shows it, but to the person
themselves, and on the page of a project whose contacts organizers made public. No history keeps
what a contact was, and what names a row (``__str__``) names nobody. The contact of an event that
everybody sees is ``events/models/public_contact.py``.
"""

import contextlib
import datetime as dt
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models import Expert, Organization
from events.models.limits import Person, limits_of
from events.models.scope import Scope, Shared, scope_of, scoped
from mail.models import OutboundMail
from projects.models import Project
from summit.lib.database.made_columns import MadeLine, MadeText
from summit.lib.i18n.languages import SPOKEN
from summit.lib.i18n.names import searchable, sort_key
from summit.lib.web import mail_addresses
from summit.lib.web.mail_addresses import EmailColumn
from summit.lib.web.phones import phone_key, validate_phone

MAY_SEE_CONTACTS = "contacts.view_contact"
# What a contact can be of, by the name of the field.
OWNERS: dict[str, type[models.Model]] = {
    "organization": Organization,
    "expert": Expert,
    "project": Project,
}


class ContactQuerySet(models.QuerySet["Contact"]):
    def with_last_use(self) -> Self:
        """Let each row bring along ``last_use``: confirmed or edited, or mailed as an attendee."""
        mailed = (
            OutboundMail.objects.filter(
                registration__email_key=OuterRef("email_key"),
                # Whoever was erased, and whoever came without an address, has none.
                registration__email_key__gt="",
                sent_at__isnull=False,
            )
            .order_by("-sent_at")
            .values("sent_at")[:1]
        )
        return self.annotate(mailed_at=Subquery(mailed)).annotate(
            last_use=Case(
                When(mailed_at__gt=F("used_at"), then=F("mailed_at")),
                default=F("used_at"),
                output_field=models.DateTimeField(),
            )
        )

    def unused_since(self, moment: dt.datetime) -> Self:
        return self.with_last_use().filter(last_use__lt=moment)


class OfTheirRows(Scope[ContactQuerySet]):
    """Contacts of organizations, experts and projects.

    Who is limited sees and changes those of rows that have a part in an event of theirs, and
    of rows that they may change.
    """

    def readable(self, rows: ContactQuerySet, user: Person) -> ContactQuerySet:
        if limits_of(user) is None:
            return rows
        theirs = Q()
        for name in OWNERS:
            theirs |= Q(**{f"{name}__in": owners_of(name, user).order_by().values("pk")})
        return rows.filter(theirs)


def owners_of(name: str, user: Person) -> models.QuerySet[models.Model]:
    """Return the organizations, experts or projects whose contacts somebody sees."""
    scope = scope_of(OWNERS[name])
    if not isinstance(scope, Shared):
        raise TypeError(f"{name} is not shared among events.")
    return scope.taking_part(OWNERS[name]._default_manager.all(), user)


def _found_by(row: "Contact") -> str:
    return searchable(people=[row.name], others=[row.email, row.phone, row.wechat])


def _email_key(row: "Contact") -> str:
    # What is wrong with an address has been said by its own field.
    with contextlib.suppress(ValidationError):
        return mail_addresses.key(row.email)
    return ""


@scoped(OfTheirRows())
class Contact(models.Model):
    shown_on_public_pages = False

    organization = models.ForeignKey(
        Organization,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="contacts",
        verbose_name=_("organization"),
    )
    expert = models.ForeignKey(
        Expert,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="contacts",
        verbose_name=_("expert"),
    )
    project = models.ForeignKey(
        Project,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="contacts",
        verbose_name=_("project"),
    )
    name = models.CharField(pgettext_lazy("person", "name"), max_length=100)
    phone = models.CharField(_("phone"), max_length=40, blank=True, validators=[validate_phone])
    email = EmailColumn(_("e-mail"), blank=True)
    wechat = models.CharField(_("WeChat"), max_length=60, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=SPOKEN, blank=True)
    note = models.TextField(_("note"), max_length=1000, blank=True)
    source = models.CharField(
        _("source"),
        max_length=200,
        help_text=_("Where the data came from, such as: business card, 3 May; application form."),
    )
    # When an organizer last wrote or confirmed it.
    used_at = models.DateTimeField(
        _("last confirmed"), default=timezone.now, editable=False, db_index=True
    )

    # What it is erased and found by.
    email_key = MadeLine(max_length=254, made=_email_key)
    phone_key = MadeLine(max_length=40, made=lambda row: phone_key(row.phone))
    sort_name = MadeLine(max_length=300, made=lambda row: sort_key(row.name))
    search_text = MadeText(made=_found_by)

    objects = ContactQuerySet.as_manager()
    # Of ``with_last_use()`` alone.
    last_use: dt.datetime

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        permissions = [("export_contact", "Can export contacts")]
        ordering = ["sort_name", "pk"]
        indexes = [
            models.Index(fields=["email_key"], name="contact_email"),
            models.Index(fields=["phone_key"], name="contact_phone"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(organization__isnull=False, expert=None, project=None)
                | Q(organization=None, expert__isnull=False, project=None)
                | Q(organization=None, expert=None, project__isnull=False),
                name="contact_belongs_to_one",
                violation_error_message=_(
                    "Choose whose contact this is: one organization, one expert or one project."
                ),
                violation_error_code="belongs_to_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk or ''}".strip()

    @property
    def owner(self) -> Organization | Expert | Project | None:
        """Whose contact it is; nothing before it is saved."""
        return self.organization or self.expert or self.project

    @property
    def is_on_project_page(self) -> bool:
        """Whether visitors read it on the page of its project."""
        return bool(self.project and self.project.shows_contacts and self.project.is_listed)
