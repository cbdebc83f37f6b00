import datetime as dt
import secrets
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models.event import Event
from events.models.organization import Organization
from events.models.privacy_notice import PrivacyNotice
from summit.lib.bilingual import Bilingual, BilingualQuerySet, bilingual, in_both
from summit.lib.languages import CONTENT_LANGUAGES, OWN_NAMES, column, listed

# Without I, L, O and U: a code is read aloud at a door.
TICKET_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_code() -> str:
    """The secret of a personal link: 192 random bits."""
    return secrets.token_urlsafe(24)


def new_ticket() -> str:
    """What the QR code holds: 50 random bits, which check a person in but change nothing."""
    return "".join(secrets.choice(TICKET_ALPHABET) for _n in range(10))


class RegistrationSettings(models.Model):
    """How one event takes registrations; an event without them takes none.

    The row is also the lock under which seats are given.
    """

    class Ask(models.TextChoices):
        NO = "no", _("not asked")
        OPTIONAL = "optional", _("asked")
        REQUIRED = "required", _("required")

    event = models.OneToOneField(
        Event,
        on_delete=models.CASCADE,
        related_name="registration_settings",
        verbose_name=_("event"),
    )
    opens_at = models.DateTimeField(
        _("registration opens"), null=True, blank=True, help_text=_("Empty: when published.")
    )
    closes_at = models.DateTimeField(
        _("registration closes"), null=True, blank=True, help_text=_("Empty: when it starts.")
    )
    capacity = models.PositiveIntegerField(
        _("seats"), null=True, blank=True, help_text=_("Empty: as many as come.")
    )
    needs_approval = models.BooleanField(
        _("an organizer approves each registration"), default=False
    )
    offer_hours = models.PositiveSmallIntegerField(
        _("hours to accept a freed seat"),
        null=True,
        blank=True,
        help_text=_("Empty: the first person waiting has the freed seat at once."),
    )
    ask_phone = models.CharField(
        _("phone"), max_length=10, choices=Ask.choices, default=Ask.OPTIONAL
    )
    ask_organization = models.CharField(
        pgettext_lazy("attendee", "organization"),
        max_length=10,
        choices=Ask.choices,
        default=Ask.REQUIRED,
    )
    ask_position = models.CharField(
        _("position"), max_length=10, choices=Ask.choices, default=Ask.OPTIONAL
    )
    reminder_hours = models.PositiveSmallIntegerField(
        _("reminder, hours before"), null=True, blank=True, default=48
    )
    retention_days = models.PositiveSmallIntegerField(
        _("days kept after the event"),
        default=180,
        help_text=_("Then names, addresses and answers are erased and the counts are kept."),
    )
    # What attendees were last told, and how often: the calendar entry's SEQUENCE.
    told = models.JSONField(null=True, blank=True, editable=False)
    calendar_sequence = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("registration settings")
        verbose_name_plural = _("registration settings")
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at=None)
                | Q(closes_at=None)
                | Q(closes_at__gt=models.F("opens_at")),
                name="registration_closes_after_it_opens",
                violation_error_message=_("Registration must close after it opens."),
            )
        ]

    def __str__(self) -> str:
        return str(self.event)

    @property
    def facts(self) -> dict[str, object]:
        """What attendees are told of the event: when, where, and whether it takes place."""
        event = self.event
        return {
            "starts_at": event.starts_at.isoformat(),
            "ends_at": event.ends_at.isoformat(),
            "time_zone": event.time_zone,
            "venue": in_both(event, "venue"),
            "address": in_both(event, "address"),
            "city": in_both(event, "city"),
            "online_link": event.online_link,
            "cancelled": event.is_cancelled,
        }

    @property
    def is_open(self) -> bool:
        now = timezone.now()
        return (
            self.event.status == Event.Status.PUBLISHED
            and (self.opens_at is None or self.opens_at <= now)
            and now < self.closes_from
        )

    @property
    def is_not_open_yet(self) -> bool:
        return self.opens_at is not None and timezone.now() < self.opens_at

    @property
    def closes_from(self) -> dt.datetime:
        """The moment from which nobody can register any more."""
        return min(self.closes_at or self.event.starts_at, self.event.ends_at)


class Question(Bilingual):
    """One of up to ten questions that an event asks beside the usual ones."""

    shown_on_public_pages = False

    class Kind(models.TextChoices):
        SHORT_TEXT = "short_text", _("short text")
        CHOICE = "choice", _("one of several")
        CHOICES = "choices", _("several of several")
        YES_NO = "yes_no", _("yes or no")

    MOST = 10
    required_texts = ("text",)

    settings = models.ForeignKey(
        RegistrationSettings, on_delete=models.CASCADE, related_name="questions"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    text = bilingual(models.CharField(_("question"), max_length=200, blank=True))
    options = bilingual(
        models.TextField(
            _("options"), blank=True, help_text=_("One a line, in the same order in each language.")
        )
    )
    is_required = models.BooleanField(_("required"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = BilingualQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return str(self.text)

    def clean(self) -> None:
        super().clean()
        if self.kind not in (self.Kind.CHOICE, self.Kind.CHOICES):
            return
        counts = {len(self.options_in(code)) for code in CONTENT_LANGUAGES} - {0}
        if not counts or max(counts) < 2:
            raise ValidationError({"options_en": _("Give at least two options, one a line.")})
        if len(counts) > 1:
            raise ValidationError(
                {"options_zh_hans": _("Give as many options as in the other language.")}
            )

    def options_in(self, language: str) -> list[str]:
        lines = getattr(self, column("options", language)).splitlines()
        return [line.strip() for line in lines if line.strip()]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Pairs of a stable number and the option in the current language or the other one."""
        lines = [line.strip() for line in self.options.splitlines() if line.strip()]
        return [(str(number), line) for number, line in enumerate(lines, 1)]


class RegistrationQuerySet(models.QuerySet):
    def active(self) -> Self:
        return self.filter(status__in=Registration.ACTIVE)

    def seated(self) -> Self:
        """Those who hold a seat: confirmed, and offered one that is kept for them."""
        return self.filter(status__in=Registration.SEATED)

    def waiting(self) -> Self:
        """The queue, in the order in which they came."""
        return self.filter(status=Registration.Status.WAITLISTED).order_by("queued_at", "pk")


class Registration(models.Model):
    """A person's place at an event.

    Personal data: no history is kept of it, and ``__str__`` names nobody, so
    that admin log, messages and errors never hold a name.
    """

    shown_on_public_pages = False

    class Status(models.TextChoices):
        PENDING = "pending", _("awaiting approval")
        CONFIRMED = "confirmed", _("confirmed")
        WAITLISTED = "waitlisted", _("on the waiting list")
        OFFERED = "offered", _("seat offered")
        CANCELLED = "cancelled", _("cancelled")
        DECLINED = "declined", _("not approved")
        EXPIRED = "expired", _("offer expired")

    class Category(models.TextChoices):
        COMPANY = "company", _("company")
        HEALTH = "health", _("medical and health worker")
        RESEARCHER = "researcher", _("researcher")
        PUBLIC_BODY = "public_body", _("public body")
        INVESTOR = "investor", _("investor")
        MEDIA = "media", _("media")
        OTHER = "other", _("other")

    ACTIVE = (Status.PENDING, Status.CONFIRMED, Status.WAITLISTED, Status.OFFERED)
    SEATED = (Status.CONFIRMED, Status.OFFERED)
    MOVES = {
        Status.PENDING: (
            Status.CONFIRMED,
            Status.WAITLISTED,
            Status.DECLINED,
            Status.CANCELLED,
        ),
        Status.WAITLISTED: (Status.CONFIRMED, Status.OFFERED, Status.CANCELLED),
        Status.OFFERED: (Status.CONFIRMED, Status.EXPIRED, Status.CANCELLED),
        Status.CONFIRMED: (Status.CANCELLED,),
    }

    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, related_name="registrations", verbose_name=_("event")
    )
    status = models.CharField(_("status"), max_length=12, choices=Status.choices)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=100)
    email = models.EmailField(_("e-mail"))
    # The address without regard to letter case; empty once the person is erased.
    email_key = models.CharField(max_length=254, editable=False)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
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
    staff_note = models.TextField(_("note by staff"), blank=True)
    code = models.CharField(max_length=40, unique=True, default=new_code, editable=False)
    ticket = models.CharField(
        _("ticket"), max_length=10, unique=True, default=new_ticket, editable=False
    )
    privacy_notice = models.ForeignKey(
        PrivacyNotice,
        on_delete=models.PROTECT,
        related_name="consents",
        verbose_name=_("privacy notice"),
        editable=False,
    )
    consented_at = models.DateTimeField(_("consented at"), editable=False)
    registered_at = models.DateTimeField(_("registered at"), default=timezone.now, editable=False)
    queued_at = models.DateTimeField(null=True, blank=True, editable=False)
    offer_expires_at = models.DateTimeField(
        _("offer expires"), null=True, blank=True, editable=False
    )
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True, editable=False)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True, editable=False)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["-registered_at", "-pk"]
        indexes = [
            models.Index(fields=["event", "status", "queued_at", "id"], name="registration_queue"),
            models.Index(fields=["email_key"], name="registration_email"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "email_key"],
                condition=Q(status__in=["pending", "confirmed", "waitlisted", "offered"])
                & ~Q(email_key=""),
                name="one_active_registration_per_address_and_event",
                violation_error_message=_("This address is registered already."),
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        *("pending", "confirmed", "waitlisted", "offered"),
                        *("cancelled", "declined", "expired"),
                    ]
                ),
                name="registration_status_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.ticket}"

    @property
    def is_active(self) -> bool:
        return self.status in self.ACTIVE


class Answer(models.Model):
    shown_on_public_pages = False

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(
        Question, on_delete=models.CASCADE, related_name="answers", verbose_name=_("question")
    )
    # Text, the number of an option, a list of such numbers, or true/false.
    value = models.JSONField(_("answer"))

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
    def shown(self) -> str:
        """The answer in words of the current language."""
        if isinstance(self.value, bool):
            return str(_("yes") if self.value else _("no"))
        if self.question.kind in (Question.Kind.CHOICE, Question.Kind.CHOICES):
            options = dict(self.question.choices)
            chosen = self.value if isinstance(self.value, list) else [self.value]
            return listed(options.get(str(number), str(number)) for number in chosen)
        return str(self.value)
