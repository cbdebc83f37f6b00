import contextlib
import datetime as dt
import secrets
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import connections, models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Cast, Collate
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models.event import Event
from events.models.organization import Organization
from events.models.scope import OfEvent, scoped
from events.models.session import Session
from mail.models import OutboundMail
from registrations.models.privacy_notice import PrivacyNotice
from registrations.models.registration_settings import Question
from summit.lib.database.accounts import account_field
from summit.lib.database.made_columns import MadeLine, MadeText
from summit.lib.database.states import Stateful
from summit.lib.i18n.languages import OWN_NAMES, listed
from summit.lib.i18n.likeness import key, search_words
from summit.lib.i18n.names import searchable, sort_key
from summit.lib.web import mail_addresses
from summit.lib.web.mail_addresses import EmailColumn
from summit.lib.web.phones import (
    LONGEST_STORED,
    PhoneColumn,
    mobile_key,
    searched_phone,
    shown_phone,
)
from summit.lib.web.signed_links import new_code

if TYPE_CHECKING:
    from registrations.models.check_in import CheckInQuerySet
    from registrations.models.separate_consent import SeparateConsent

# Without I, L, O and U: a code is read aloud at a door.
TICKET_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TICKET_LENGTH = 10


def new_ticket() -> str:
    """What the QR code holds: 50 random bits, which check a person in but change nothing."""
    return "".join(secrets.choice(TICKET_ALPHABET) for _n in range(TICKET_LENGTH))


# As ``Registration.ACTIVE``, for its constraints.
_ACTIVE = ["invited", "pending", "confirmed", "waitlisted", "offered", "held"]


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def active(self) -> Self:
        return self.filter(status__in=Registration.ACTIVE)

    def seated(self) -> Self:
        """Those who have a seat: confirmed, held until they are proven, and offered one."""
        return self.filter(status__in=Registration.SEATED)

    def waiting(self) -> Self:
        """The queue, in the order in which they came."""
        return self.filter(status=Registration.Status.WAITLISTED).order_by("queued_at", "pk")

    def arrived(self, session: Session | None = None, day: dt.date | None = None) -> Self:
        """Those who are checked in at the door, on any day or the one given, or in the session."""
        check_ins = _standing_check_ins(session)
        return self.filter(Exists(check_ins.filter(day=day) if day else check_ins))

    def not_arrived(self, session: Session | None = None) -> Self:
        return self.exclude(Exists(_standing_check_ins(session)))

    def only_invited(self) -> Self:
        """Those who were invited and never accepted: an invitation is no registration."""
        return self.filter(ONLY_INVITED)

    def registered(self) -> Self:
        """All who registered or were given a place, whatever became of it."""
        return self.exclude(ONLY_INVITED).filter(double_of=None)

    def with_contact_of(self, registration: "Registration") -> Self:
        """Those of the same event whose mails go to the same address, doubles among them."""
        same = self.filter(event=registration.event_id, email_key=registration.email_key)
        return same.filter(erased_at=None) if registration.email_key else self.none()

    def consenting(self) -> Self:
        """Those who agreed to the privacy notice, and not those whom only an organizer added."""
        return self.exclude(consented_at=None)

    def agreeing_to(self, separate_consent: "SeparateConsent") -> Self:
        """Those who agreed to a separate consent on its terms of now, and have not withdrawn it.

        What may be a person once more agrees for nobody, and neither does who has not verified
        the contact: anybody may have typed that and ticked the boxes.
        """
        standing = apps.get_model("registrations", "Consent").objects.standing()
        given = standing.filter(
            registration=OuterRef("pk"),
            to=separate_consent.pk,
            wording__terms=separate_consent.terms,
        )
        return self.filter(Exists(given), double_of=None, proven_at__isnull=False)

    def search(self, text: str) -> Self:
        """Those in whose name, pinyin, address, organization, phone or ticket every word stands.

        Everybody where nothing was typed, nobody where it holds no word, such as a comma.
        """
        words = search_words(text)
        if text.strip() and not words:
            return self.none()
        found = self
        for word in words:
            found = found.filter(search_text__contains=word)
        return found

    def by_name(self) -> Self:
        """In the order of their names, Chinese ones by pinyin, as ``by_pinyin``, ``by_characters``.

        Byte by byte, whatever the language of the database: the space between syllables
        comes before every letter, so that no Wang stands among the Wan.
        """
        collation = "C" if connections[self.db].vendor == "postgresql" else "BINARY"
        # Of varchar PostgreSQL would take the longest for granted, and hold the sort for dear.
        pinyin, characters = (
            Collate(Cast(name, models.TextField()), collation) for name in ("sort_name", "name")
        )
        return self.annotate(by_pinyin=pinyin, by_characters=characters).order_by(
            "by_pinyin", "by_characters", "pk"
        )


def _standing_check_ins(session: Session | None) -> "CheckInQuerySet":
    check_ins: CheckInQuerySet = apps.get_model("registrations", "CheckIn").objects.standing()
    return check_ins.filter(registration=OuterRef("pk"), session=session)


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


def _phone_key(row: "Registration") -> str:
    return mobile_key(row.phone)


@scoped(OfEvent("event"))
class Registration(Stateful):
    """A person's place at an event.

    Personal data: no history is kept of it, and ``__str__`` names nobody, so
    that admin log, messages and errors never hold a name.
    """

    shown_on_public_pages = False

    class Status(models.TextChoices):
        INVITED = "invited", pgettext_lazy("attendee", "invited")
        PENDING = "pending", _("awaiting approval")
        HELD = "held", pgettext_lazy("attendee", "seat held")
        CONFIRMED = "confirmed", _("confirmed")
        WAITLISTED = "waitlisted", _("on the waiting list")
        OFFERED = "offered", _("seat offered")
        CANCELLED = "cancelled", _("cancelled")
        DECLINED = "declined", _("not approved")
        EXPIRED = "expired", _("offer expired")
        DOUBLE = "double", _("possible duplicate")

    class Category(models.TextChoices):
        COMPANY = "company", _("company")
        HEALTH = "health", _("medical and health worker")
        RESEARCHER = "researcher", _("researcher")
        PUBLIC_BODY = "public_body", _("public body")
        INVESTOR = "investor", _("investor")
        MEDIA = "media", _("media")
        GUEST = "guest", pgettext_lazy("attendee", "guest")
        SPEAKER = "speaker", pgettext_lazy("attendee", "guest speaker")
        OTHER = "other", _("other")

    # What nobody says of themselves: an organizer invites them as such.
    CATEGORIES_OF_STAFF = (Category.GUEST, Category.SPEAKER)

    class CancelReason(models.TextChoices):
        ADDRESS_REFUSED = "address_refused", _("the mail server refused the address")
        INVITATION_DECLINED = "declined_invite", _("the invitation was declined")
        INVITATION_WITHDRAWN = "withdrawn_invite", _("the invitation was withdrawn")

    class Proof(models.TextChoices):
        LINK = "link", _("link in the e-mail opened")
        SMS = "sms", _("code of a text message entered")
        STAFF = "staff", _("confirmed by staff")
        DOUBLE = "double", _("a second registration of the person was verified")

    ACTIVE = (
        *(Status.INVITED, Status.PENDING, Status.HELD, Status.CONFIRMED, Status.WAITLISTED),
        Status.OFFERED,
    )
    SEATED = (Status.CONFIRMED, Status.HELD, Status.OFFERED)
    MOVES = {
        Status.INVITED: (Status.CONFIRMED, Status.CANCELLED),
        Status.PENDING: (
            Status.CONFIRMED,
            Status.WAITLISTED,
            Status.DECLINED,
            Status.CANCELLED,
        ),
        Status.HELD: (Status.CONFIRMED, Status.PENDING, Status.WAITLISTED, Status.CANCELLED),
        Status.WAITLISTED: (Status.CONFIRMED, Status.HELD, Status.OFFERED, Status.CANCELLED),
        Status.OFFERED: (Status.CONFIRMED, Status.EXPIRED, Status.CANCELLED),
        Status.CONFIRMED: (Status.CANCELLED,),
        Status.DOUBLE: (Status.CANCELLED,),
    }

    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, related_name="registrations", verbose_name=_("event")
    )
    status = models.CharField(_("status"), max_length=12, choices=Status.choices)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=100)
    # Empty only for somebody whom the desk registered at the door.
    email = EmailColumn(_("e-mail"), blank=True)
    # Made from the address by clean(), to compare by; empty once the person is erased.
    email_key = models.CharField(max_length=254, editable=False)
    phone = PhoneColumn(_("phone"), max_length=LONGEST_STORED, blank=True)
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
    category = models.CharField(_("category"), max_length=12, choices=Category.choices)
    language = models.CharField(_("language"), max_length=10, choices=OWN_NAMES.items())
    # What two rows of one person have in common: the name, folded, and an address or a mobile
    # number.
    name_key = MadeLine(max_length=100, made=_name_key)
    phone_key = MadeLine(max_length=20, made=_phone_key)
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
    # one than the screen on which it was typed.
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
    # Since when it is known that the contact reaches the person, and how: its link was opened,
    # or its code entered, or staff know it. Until then anybody may have typed it.
    proven_at = models.DateTimeField(
        _("contact verified at"), null=True, blank=True, editable=False
    )
    # Empty of what was proven before this was noted.
    proof = models.CharField(
        _("how the contact was verified"),
        max_length=10,
        choices=Proof,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
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
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True, editable=False)

    mails = GenericRelation(
        OutboundMail,
        object_id_field="subject_id",
        content_type_field="subject_type",
        related_query_name="registration",
    )

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
                condition=Q(status__in=_ACTIVE) & ~Q(email_key=""),
                name="one_place_per_person_with_an_address",
                violation_error_message=_("This person is registered already with this contact."),
            ),
            models.UniqueConstraint(
                fields=["event", "phone_key", "name_key"],
                condition=Q(status__in=_ACTIVE) & Q(email_key="") & ~Q(phone_key=""),
                name="one_place_per_person_with_a_mobile_number",
                violation_error_message=_("This person is registered already with this contact."),
            ),
            models.CheckConstraint(
                condition=~Q(status="double") | (Q(double_of__isnull=False) & ~Q(seen_as="")),
                name="possible_double_is_of_another",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[*_ACTIVE, "cancelled", "declined", "expired", "double"]),
                name="registration_status_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="held") | Q(held_until__isnull=False),
                name="held_seat_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(proof__in=["", "link", "sms", "staff", "double"]),
                name="registration_proof_is_known",
            ),
            models.CheckConstraint(
                condition=Q(consented_at__isnull=False, privacy_notice__isnull=False)
                | (Q(consented_at=None, privacy_notice=None) & ~Q(source=""))
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
        if self.pk and self.is_active and self._same_person().exists():
            raise ValidationError(
                _("This person is registered already with this contact."), code="known"
            )

    def make_keys(self) -> None:
        """Make that by which people are compared, from what was typed."""
        # What is wrong with an address has been said by its own field.
        with contextlib.suppress(ValidationError):
            self.email_key = mail_addresses.key(self.email)
        self.name_key, self.phone_key = _name_key(self), _phone_key(self)

    def _same_person(self) -> RegistrationQuerySet:
        by_contact = Q(email_key=self.email_key) if self.email_key else Q(phone_key=self.phone_key)
        others = Registration.objects.active().exclude(pk=self.pk).filter(by_contact)
        found = others.filter(event=self.event_id, name_key=self.name_key)
        return found if self.email_key or self.phone_key else found.none()

    @property
    def is_as_typed(self) -> bool:
        """Whether nobody has changed what was typed on the screen where the person registered."""
        return constant_time_compare(self.typed_key, self.key_of_typed())

    def key_of_typed(self) -> str:
        parts = (self.name, self.email, self.phone, self.organization_name, self.position)
        text = "\n".join((*parts, self.category))
        return salted_hmac("typed when registering", text, algorithm="sha256").hexdigest()

    @property
    def can_be_ended(self) -> bool:
        """Whether the person or an organizer can end it: a place, or what might be a double."""
        return self.is_active or self.status == self.Status.DOUBLE

    @property
    def shown_words(self) -> str:
        """The status in words, as the person's own pages show it."""
        return str(self.Status(self.shown_status).label)

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
    def lacks_consent(self) -> bool:
        """Whether an organizer added the person, who has not agreed to the privacy notice yet."""
        return self.consented_at is None and self.erased_at is None

    @property
    def has_proven_address(self) -> bool:
        """Whether the person reads the mails of the address: a link in one was opened."""
        return self.proven_at is not None and self.proof in ("", self.Proof.LINK)

    @property
    def mailed_name(self) -> str:
        """The name as mails may say it: nothing of what anybody may have typed for an address."""
        of_others = (self.Proof.SMS, self.Proof.DOUBLE)
        return self.name if self.proven_at and self.proof not in of_others else ""

    @property
    def hold_ends_at(self) -> dt.datetime | None:
        """Until when the seat of somebody without proof is kept: until the start at the most."""
        if self.shown_status != self.Status.HELD or self.held_until is None:
            return None
        start = self.event.starts_at
        return min(self.held_until, start) if self.registered_at < start else self.held_until

    @property
    def offer_ends_at(self) -> dt.datetime | None:
        """Until when the offered seat can be accepted: until the event starts at the most."""
        expires = self.offer_expires_at
        return expires and min(expires, self.event.starts_at)

    @property
    def has_open_offer(self) -> bool:
        """Whether a seat is offered that can be accepted now."""
        ends = self.offer_ends_at or self.event.starts_at
        return self.status == self.Status.OFFERED and timezone.now() < ends and self.event.is_on

    @property
    def readable_email(self) -> str:
        """The address with its domain as people write it, in Chinese where it is one."""
        return mail_addresses.readable(self.email)

    @property
    def readable_phone(self) -> str:
        """The number as it is dialled in China, a foreign one with its plus."""
        return shown_phone(self.phone)


# Whoever was invited and never accepted, whatever became of the invitation.
ONLY_INVITED = Q(status=Registration.Status.INVITED) | Q(
    cancel_reason__in=(
        Registration.CancelReason.INVITATION_DECLINED,
        Registration.CancelReason.INVITATION_WITHDRAWN,
    )
)


class Answer(models.Model):
    shown_on_public_pages = False

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(
        Question, on_delete=models.CASCADE, related_name="answers", verbose_name=_("question")
    )
    # Text, the key of an option, a list of such keys, or true/false.
    value = models.JSONField(_("answer"))
    # Of a sensitive question: what the person agreed to in answering it, and when.
    consent_text = models.TextField(blank=True, default="", db_default="", editable=False)
    consented_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["question__order", "question_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "question"], name="question_is_answered_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.question)

    @property
    def keys(self) -> list[str]:
        """The keys of the options chosen."""
        chosen = self.value if isinstance(self.value, list) else [self.value]
        return [str(key) for key in chosen]

    @property
    def shown(self) -> str:
        """The answer in words of the current language, of a sensitive question its end alone."""
        return masked(self.words) if self.question.is_sensitive else self.words

    @property
    def words(self) -> str:
        """The whole answer in words of the current language."""
        if isinstance(self.value, bool):
            return str(_("yes") if self.value else _("no"))
        if self.question.has_options:
            words = self.question.words
            return listed(words.get(key, key) for key in self.keys)
        return str(self.value)


def masked(text: str) -> str:
    """Return as many dots as a text has characters, and its last two where it is a long one."""
    shown = text[-2:] if len(text) >= 8 else ""
    return "•" * (len(text) - len(shown)) + shown


# Here, since mail knows neither registrations nor events.
scoped(OfEvent("registration__event"))(OutboundMail)
