import contextlib
import datetime as dt
import secrets

from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from events.models.event import Event
from events.models.mails import is_mailed_to
from events.models.organization import Organization
from events.models.scope import OfEvent, scoped
from mail.models import OutboundMail
from registrations.models.group import RegistrationGroup
from registrations.models.personal_contact import PersonalContact
from registrations.models.privacy_notice import PrivacyNotice
from registrations.models.registration_choices import (
    ACTIVE,
    CATEGORIES_OF_STAFF,
    MOVES,
    SEATED,
    CancelReason,
    Category,
    Status,
)
from registrations.models.registration_queryset import RegistrationQuerySet
from summit.lib.database.accounts import account_field
from summit.lib.database.made_columns import MadeLine, MadeText
from summit.lib.database.states import Stateful
from summit.lib.i18n.languages import OWN_NAMES
from summit.lib.i18n.likeness import key
from summit.lib.i18n.names import searchable, sort_key
from summit.lib.web import mail_addresses
from summit.lib.web.phones import mobile_key, searched_phone
from summit.lib.web.signed_links import new_code

# Without I, L, O and U: a code is read aloud at a door.
TICKET_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TICKET_LENGTH = 10


def new_ticket() -> str:
    """What the QR code holds: 50 random bits, which check a person in but change nothing."""
    return "".join(secrets.choice(TICKET_ALPHABET) for _n in range(TICKET_LENGTH))


def _found_by(row: "Registration") -> str:
    if row.erased_at:
        return ""
    return searchable(
        people=[row.name],
        names=[row.organization_name],
        others=[
            *(row.email, mail_addresses.readable(row.email)),
            *(row.phone, searched_phone(row.phone), row.ticket),
        ],
    )


def _name_key(row: "Registration") -> str:
    return key(row.name)


@is_mailed_to
@scoped(OfEvent("event"))
class Registration(PersonalContact, Stateful):
    """A person's place at an event.

    Personal data: no history is kept of it, and ``__str__`` names nobody, so
    that admin log, messages and errors never hold a name.
    """

    shown_on_public_pages = False

    Status, Category, CancelReason = Status, Category, CancelReason
    CATEGORIES_OF_STAFF = CATEGORIES_OF_STAFF
    ACTIVE, SEATED, MOVES = ACTIVE, SEATED, MOVES

    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, related_name="registrations", verbose_name=_("event")
    )
    status = models.CharField(_("status"), max_length=12, choices=Status.choices)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=100)
    organization_name = models.CharField(
        pgettext_lazy("attendee", "organization"), max_length=200, blank=True
    )
    organization = models.ForeignKey(
        Organization,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="registrations",
        verbose_name=_("known organization"),
    )
    position = models.CharField(_("position"), max_length=100, blank=True)
    # At a hybrid event; of any other it says nothing, and stays for the day it is hybrid again.
    chose_online = models.BooleanField(
        _("takes part online"), default=False, db_default=False, editable=False
    )
    category = models.CharField(_("category"), max_length=12, choices=Category.choices)
    language = models.CharField(_("language"), max_length=10, choices=OWN_NAMES.items())
    # What two rows of one person have in common beside an address or a mobile number: the name,
    # folded.
    name_key = MadeLine(max_length=100, made=_name_key)
    # The registration whose place a possible duplicate shares, and the status that it would have
    # had as the first one, which its own pages show: they tell nobody that there was another.
    double_of = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="doubles",
        verbose_name=_("possible duplicate of"),
        editable=False,
    )
    seen_as = models.CharField(
        max_length=12, choices=Status.choices, blank=True, default="", db_default="", editable=False
    )
    # A keyed hash of what was typed when the person registered: who changed it since is another
    # one than the screen on which it was typed. Of a number that was changed, with the new code.
    typed_key = models.CharField(
        max_length=64, blank=True, default="", db_default="", editable=False
    )
    sort_name = MadeLine(max_length=300, made=lambda row: sort_key(row.name))
    search_text = MadeText(made=_found_by)
    staff_note = models.TextField(_("note by staff"), blank=True)
    code = models.CharField(max_length=40, unique=True, default=new_code, editable=False)
    ticket = models.CharField(
        _("ticket"), max_length=TICKET_LENGTH, unique=True, default=new_ticket, editable=False
    )
    # With whom the person was registered, and by whom: then the person was informed, and there is
    # no consent until the person gives it.
    group = models.ForeignKey(
        RegistrationGroup,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("group"),
        editable=False,
    )
    # Where an organizer has the data from, who added the person: then there is no consent until
    # the person gives it.
    source = models.CharField(
        _("source of the data"),
        max_length=200,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    privacy_notice = models.ForeignKey(
        PrivacyNotice,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="consents",
        verbose_name=_("privacy notice"),
        editable=False,
    )
    consented_at = models.DateTimeField(_("consented at"), null=True, blank=True, editable=False)
    registered_at = models.DateTimeField(_("registered at"), default=timezone.now, editable=False)
    registered_by = account_field(_("registered by"), editable=False)
    queued_at = models.DateTimeField(null=True, blank=True, editable=False)
    offer_expires_at = models.DateTimeField(
        _("offer expires"), null=True, blank=True, editable=False
    )
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True, editable=False)
    # Where the person did not simply cancel.
    cancel_reason = models.CharField(
        _("why cancelled"),
        max_length=20,
        choices=CancelReason,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    # Until when a seat is kept for somebody who has proven no contact; it stays when that is over.
    held_until = models.DateTimeField(_("seat held until"), null=True, blank=True, editable=False)
    # A keyed hash of the network that an unproven registration came from, for a day at most.
    network_key = models.CharField(
        max_length=64, blank=True, default="", db_default="", editable=False
    )
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The start of the event of which the last reminder spoke: a postponed event has another one.
    reminded_for = models.DateTimeField(null=True, blank=True, editable=False)
    # What the SEQUENCE of the person's calendar entry is ahead of the event's: who cancels and
    # registers again has the same entry once more.
    calendar_offset = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    # The UID of an entry that was mailed before all of an event had one.
    calendar_uid = models.CharField(
        max_length=40, blank=True, default="", db_default="", editable=False
    )
    # When the badge was made to be printed, by whom, and what stood on it.
    badge_printed_at = models.DateTimeField(
        _("badge printed at"), null=True, blank=True, editable=False
    )
    badge_printed_by = account_field(_("badge printed by"), editable=False, db_index=False)
    badge_name = models.CharField(
        max_length=100, blank=True, default="", db_default="", editable=False
    )
    badge_organization_name = models.CharField(
        max_length=200, blank=True, default="", db_default="", editable=False
    )
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True, editable=False)

    mails = GenericRelation(
        OutboundMail,
        object_id_field="subject_id",
        content_type_field="subject_type",
        related_query_name="registration",
    )

    # Set by the screen of a browser that has this code, and where a code to the only contact, a
    # number, was entered: no columns.
    knows_code = False
    is_owner_here = False

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["-registered_at", "-pk"]
        permissions = [
            ("check_in_registration", "Can check attendees in"),
            ("export_registration", "Can export attendees"),
        ]
        indexes = [
            models.Index(fields=["event", "sort_name", "id"], name="registration_by_name"),
            models.Index(fields=["-registered_at", "-id"], name="registration_latest"),
            models.Index(fields=["event", "status", "queued_at", "id"], name="registration_queue"),
            models.Index(fields=["email_key"], name="registration_email"),
            models.Index(
                fields=["phone_key"], condition=~Q(phone_key=""), name="registration_phone"
            ),
            models.Index(
                fields=["event", "network_key"],
                condition=~Q(network_key=""),
                name="registration_network",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "email_key", "name_key"],
                condition=Q(status__in=[*ACTIVE]) & ~Q(email_key=""),
                name="one_place_per_person_with_an_address",
                violation_error_message=_("This person is registered already with this contact."),
            ),
            models.UniqueConstraint(
                fields=["event", "phone_key", "name_key"],
                condition=Q(status__in=[*ACTIVE]) & Q(email_key="") & ~Q(phone_key=""),
                name="one_place_per_person_with_a_mobile_number",
                violation_error_message=_("This person is registered already with this contact."),
            ),
            models.CheckConstraint(
                condition=~Q(status="double") | (Q(double_of__isnull=False) & ~Q(seen_as="")),
                name="possible_double_is_of_another",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[*ACTIVE, "cancelled", "declined", "expired", "double"]),
                name="registration_status_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="held") | Q(held_until__isnull=False),
                name="held_seat_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(proof__in=["", "link", "sms", "staff", "double", "group"]),
                name="registration_proof_is_known",
            ),
            models.CheckConstraint(
                condition=Q(consented_at__isnull=False, privacy_notice__isnull=False)
                | (Q(consented_at=None, privacy_notice=None) & ~Q(source="", group=None))
                | Q(erased_at__isnull=False),
                name="registration_has_consent_or_a_source",
                violation_error_message=_("Enter where the data of this person comes from."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.ticket}"

    def clean(self) -> None:
        super().clean()
        self.make_keys()
        # Here as well, for forms that hold some of the constraint's columns only.
        if self.pk and self.is_active and self.same_person().exists():
            raise ValidationError(
                _("This person is registered already with this contact."), code="known"
            )

    def make_keys(self) -> None:
        """Make that by which people are compared, from what was typed."""
        # What is wrong with an address has been said by its own field.
        with contextlib.suppress(ValidationError):
            self.email_key = mail_addresses.key(self.email)
        self.name_key, self.phone_key = _name_key(self), mobile_key(self.phone)

    def same_person(self) -> RegistrationQuerySet:
        """Return the other place of the person at the event: the same name and the same contact."""
        by_contact = Q(email_key=self.email_key) if self.email_key else Q(phone_key=self.phone_key)
        others = Registration.objects.active().exclude(pk=self.pk).filter(by_contact)
        found = others.filter(event=self.event_id, name_key=self.name_key)
        return found if self.email_key or self.phone_key else found.none()

    @property
    def is_as_typed(self) -> bool:
        """Whether nobody has changed what was typed on the screen where the person registered.

        Once the number was changed, only who knows the code of since then has that screen. The
        owner has it, who has proven the number there.
        """
        is_known = self.knows_code and self._is_typed(self.code)
        return self.is_owner_here or self._is_typed() or is_known

    @property
    def has_typed_key(self) -> bool:
        """Whether all is as the person typed it, whoever asks."""
        return self._is_typed() or self._is_typed(self.code)

    def _is_typed(self, code: str = "") -> bool:
        return constant_time_compare(self.typed_key, self.key_of_typed(code))

    def key_of_typed(self, code: str = "") -> str:
        parts = (self.name, self.email, self.phone, self.organization_name, self.position)
        text = "\n".join((*parts, self.category, *filter(None, [code])))
        return salted_hmac("typed when registering", text, algorithm="sha256").hexdigest()

    @property
    def can_be_ended(self) -> bool:
        """Whether the person or an organizer can end it: a place, or what might be a double."""
        return self.is_active or self.status == self.Status.DOUBLE

    @property
    def shown_words(self) -> str:
        """The status in words, as the person's own pages show it.

        Nobody waits any more for a seat of an event that is over or gives none.
        """
        status, event = self.Status(self.shown_status), self.event
        until_start = status in (self.Status.WAITLISTED, self.Status.OFFERED)
        until_end = status in (self.Status.PENDING, self.Status.HELD)
        if (until_start and event.has_begun) or (until_end and event.is_over):
            return gettext("no seat")
        return str(status.label)

    @property
    def is_active(self) -> bool:
        return self.status in self.ACTIVE

    @property
    def shown_status(self) -> str:
        """The status that the person's own pages show."""
        if self.status != self.Status.DOUBLE:
            return self.status
        # Whoever reads the mails of that address knows of both.
        first = self.double_of if self.has_proven_address else None
        is_own = first is not None and first.email_key == self.email_key != ""
        return first.status if first is not None and is_own else self.seen_as

    @property
    def is_online(self) -> bool:
        """Whether the person takes part online, so that no door knows of them."""
        return self.event.is_online or (self.event.is_hybrid and self.chose_online)

    @property
    def may_join(self) -> bool:
        """Whether the person may take part online, and so have the link of confirmed attendees.

        At a hybrid event who comes in person may not: the seats online are others.
        """
        is_elsewhere = self.event.is_hybrid and not self.chose_online
        return self.shown_status == self.Status.CONFIRMED and not is_elsewhere

    @property
    def has_ticket(self) -> bool:
        """Whether the person has a seat to which there is a door, where the ticket is shown."""
        is_ahead = self.event.is_on and not self.event.is_over
        return self.shown_status == self.Status.CONFIRMED and is_ahead and not self.is_online

    @property
    def lacks_consent(self) -> bool:
        """Whether somebody else registered the person, who has not agreed to the notice yet."""
        return self.consented_at is None and self.erased_at is None

    @property
    def has_own_contact(self) -> bool:
        """Whether the person is reached by another contact than that of the group. May query."""
        group = self.group
        if group is None:
            return True
        if self.email_key:
            return self.email_key != group.email_key
        return self.phone_key != group.phone_key

    @property
    def mailed_name(self) -> str:
        """The name as mails may say it: nothing of what anybody may have typed for an address."""
        of_others = (self.Proof.SMS, self.Proof.DOUBLE, self.Proof.GROUP)
        return self.name if self.proven_at and self.proof not in of_others else ""

    @property
    def hold_ends_at(self) -> dt.datetime | None:
        """Until when the seat of somebody without proof is kept: until the start at the most."""
        if self.shown_status != self.Status.HELD or self.held_until is None:
            return None
        start = self.event.starts_at
        return min(self.held_until, start) if self.registered_at < start else self.held_until

    @property
    def hold_ended_at(self) -> dt.datetime | None:
        """Since when the seat of somebody without proof, who waits now, is held no longer."""
        waits = self.shown_status == self.Status.WAITLISTED and self.proven_at is None
        is_over = self.held_until is not None and self.held_until <= timezone.now()
        return self.held_until if waits and is_over else None

    @property
    def offer_ends_at(self) -> dt.datetime | None:
        """Until when the offered seat can be accepted: until the event starts at the most."""
        expires = self.offer_expires_at
        return expires and min(expires, self.event.starts_at)

    @property
    def has_open_offer(self) -> bool:
        """Whether a seat is offered that can be accepted now, or shown to a possible duplicate."""
        ends = self.offer_ends_at or self.event.starts_at
        status = self.seen_as if self.status == self.Status.DOUBLE else self.status
        is_offered = self.Status.OFFERED == status == self.shown_status
        return is_offered and timezone.now() < ends and self.event.is_on

    @property
    def badge_is_outdated(self) -> bool:
        """Whether name or organization changed after the badge was printed."""
        printed = self.badge_name, self.badge_organization_name
        return bool(self.badge_printed_at) and printed != (self.name, self.organization_name)
