import datetime as dt
import re
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import connections, models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy, pgettext_lazy

from events.models.event import Event
from events.models.scope import OfEvent, scoped
from registrations.models.option import Option, lines_of, match_options, numbered, rows_of
from summit.lib.i18n.bilingual import Bilingual, BilingualQuerySet, bilingual, in_both
from summit.lib.i18n.languages import CONTENT_LANGUAGES, column

# How questions for the number of a document are worded.
_SENSITIVE = re.compile(
    r"身份证|护照|通行证|证件号|证件类型|passport|\bid\W{0,2}(?:card|number|no\b)|identity",
    re.IGNORECASE,
)


class RegistrationSettingsQuerySet(models.QuerySet["RegistrationSettings"]):
    def locked(self) -> Self:
        """Take the lock on seats of each event until the transaction ends; its event comes along.

        On SQLite the transaction holds the one write lock already. On PostgreSQL it is a row
        lock, and a query more.
        """
        if not connections[self.db].features.has_select_for_update:
            return self.select_related("event")
        # The event is read after the lock: in one query somebody who waits for who cancels the
        # event gets it as it was before.
        return self.select_for_update(no_key=True).prefetch_related("event")


@scoped(OfEvent("event"))
class RegistrationSettings(models.Model):
    """How one event takes registrations, and how it keeps its list of attendees.

    The row is also the lock under which seats are given, and says for how long data is kept.
    So every event with attendees has one: for an event whose attendees organizers put on the
    list themselves, it is made with the first of them and ``takes_registrations`` is false.
    That is simpler than a list without settings: seats, check-in, badges, mails, exports and
    erasure work as for every other event, and the public pages alone ask whether a visitor
    can register. An event without a row has no attendees yet, and takes no registrations.
    """

    class Ask(models.TextChoices):
        NO = "no", _("not asked")
        OPTIONAL = "optional", _("asked")
        REQUIRED = "required", _("required")

    class Contact(models.TextChoices):
        EITHER = "either", _("a mobile number or an e-mail address")
        PHONE = "phone", _("a mobile number")
        EMAIL = "email", _("an e-mail address")

    event = models.OneToOneField(
        Event,
        on_delete=models.CASCADE,
        related_name="registration_settings",
        verbose_name=_("event"),
    )
    takes_registrations = models.BooleanField(
        _("visitors can register on the website"),
        default=True,
        db_default=True,
        help_text=_(
            "Untick for an event whose attendees organizers put on the list themselves: public "
            "pages offer no registration, and the desk works all the same."
        ),
    )
    opens_at = models.DateTimeField(
        _("registration opens"), null=True, blank=True, help_text=_("Empty: when published.")
    )
    closes_at = models.DateTimeField(
        _("registration closes"), null=True, blank=True, help_text=_("Empty: when it starts.")
    )
    # Kept by clean(): that ``closes_at`` was after the start of the event when it was set.
    closes_after_start = models.BooleanField(default=False, db_default=False, editable=False)
    capacity = models.PositiveIntegerField(
        _("seats"), null=True, blank=True, help_text=_("Empty: unlimited.")
    )
    online_capacity = models.PositiveIntegerField(
        _("seats online"),
        null=True,
        blank=True,
        help_text=_(
            "Only for events in person and online, where online seats are counted separately. "
            "Empty: unlimited."
        ),
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
    hold_hours = models.PositiveSmallIntegerField(
        _("hours a seat is held until the contact is verified"),
        null=True,
        blank=True,
        # No default in the database: events of a release that knows no held seats hold none.
        default=24,
        help_text=_(
            "Until the person opens the link in the e-mail or enters the code of a text message, "
            "or staff confirm the contact; at the latest until the start. Empty: seats are given "
            "without verification."
        ),
    )
    hold_percent = models.PositiveSmallIntegerField(
        _("seats held at most, in percent"),
        default=30,
        db_default=30,
        validators=[MaxValueValidator(100)],
        help_text=_("Further people with an unverified contact join the waiting list."),
    )
    contact = models.CharField(
        _("each person gives"),
        max_length=10,
        choices=Contact.choices,
        default=Contact.EITHER,
        # Of a release that knows no other way, while it still serves.
        db_default=Contact.EMAIL,
    )
    ask_phone = models.CharField(
        _("phone"),
        max_length=10,
        choices=Ask.choices,
        default=Ask.OPTIONAL,
        help_text=_("Where each person gives an e-mail address."),
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
        _("send reminder (hours before start)"), null=True, blank=True, default=48
    )
    sends_texts = models.BooleanField(
        _("text messages to people without an e-mail address"),
        default=False,
        db_default=False,
        help_text=_(
            "People with a verified number get a text message when their registration is "
            "confirmed or cancelled. Each message costs money and counts towards the daily budget."
        ),
    )
    retention_days = models.PositiveSmallIntegerField(
        _("days kept after the event"),
        default=180,
        help_text=_("Then names, addresses and answers are erased and the counts are kept."),
    )
    takes_session_attendance = models.BooleanField(
        _("attendance is taken in each session too"),
        default=False,
        help_text=_("The desk can then check people in to a session beside the door."),
    )
    # What attendees were last told, and how often: the calendar entry's SEQUENCE.
    told = models.JSONField(null=True, blank=True, editable=False)
    calendar_sequence = models.PositiveIntegerField(default=0, editable=False)

    objects = RegistrationSettingsQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration settings")
        verbose_name_plural = _("registration settings")
        constraints = [
            models.CheckConstraint(
                condition=Q(contact__in=["either", "phone", "email"]),
                name="registration_contact_is_known",
            ),
            models.CheckConstraint(
                condition=Q(hold_percent__lte=100), name="held_seats_are_a_share_of_all"
            ),
            models.CheckConstraint(
                condition=Q(opens_at=None)
                | Q(closes_at=None)
                | Q(closes_at__gt=models.F("opens_at")),
                name="registration_closes_after_it_opens",
                violation_error_message=_("Registration must close after it opens."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.event)

    def clean(self) -> None:
        super().clean()
        stored = RegistrationSettings.objects.filter(pk=self.pk).values_list("closes_at", flat=True)
        if self.pk is None or list(stored) != [self.closes_at]:
            start = self.event.starts_at if self.event_id else None
            self.closes_after_start = bool(self.closes_at and start and self.closes_at > start)

    @property
    def ways(self) -> tuple[bool, ...]:
        """The lists of seats that there are, by whether their people take part online.

        A hybrid event has two, each with a capacity and a waiting list. Every other event has
        one, which is called ``False`` whether its people come or take part online.
        """
        return (False, True) if self.event.is_hybrid else (False,)

    def capacity_for(self, *, online: bool) -> int | None:
        """Return the seats on the list of those who take part so, ``None`` for no limit."""
        return self.online_capacity if online and self.event.is_hybrid else self.capacity

    def holds_seats_for(self, *, online: bool) -> bool:
        """Whether a seat on that list is held only, until the contact of the person is proven."""
        return self.hold_hours is not None and self.capacity_for(online=online) is not None

    @property
    def holds_seats(self) -> bool:
        """Whether seats of anybody are held only, until the contact is proven."""
        return any(self.holds_seats_for(online=way) for way in self.ways)

    @property
    def phone_asked(self) -> str:
        """Whether a form asks for the number: always where it may be the contact."""
        how = {self.Contact.PHONE: self.Ask.REQUIRED, self.Contact.EITHER: self.Ask.OPTIONAL}
        return how.get(self.Contact(self.contact), self.Ask(self.ask_phone))

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
            # None, so that who was told before events could be postponed was told this as well.
            "postponed": event.is_postponed or None,
        }

    @property
    def is_open(self) -> bool:
        now = timezone.now()
        return (
            self.takes_registrations
            and self.event.status == Event.Status.PUBLISHED
            and (self.opens_at is None or self.opens_at <= now)
            and now < self.closes_from
        )

    @property
    def is_not_open_yet(self) -> bool:
        return self.opens_at is not None and timezone.now() < self.opens_at

    @property
    def kept_until(self) -> dt.datetime:
        """The moment from which attendees are erased, unless the event is postponed."""
        return self.event.ends_at + dt.timedelta(days=self.retention_days)

    @property
    def closes_from(self) -> dt.datetime:
        """The moment from which nobody can register any more.

        That is the start at the latest, also where the event was moved to before
        ``closes_at``, unless whoever set ``closes_at`` chose a moment after the start.
        """
        last = self.event.ends_at if self.closes_after_start else self.event.starts_at
        return min(self.closes_at or self.event.starts_at, last)


class Question(Bilingual):
    """One of up to ten questions that an event asks beside the usual ones."""

    shown_on_public_pages = False

    class Kind(models.TextChoices):
        SHORT_TEXT = "short_text", _("short text")
        CHOICE = "choice", _("single choice")
        CHOICES = "choices", _("multiple choice")
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
    # Every option that was ever offered, with its key: registrations/models/option.py. Nothing
    # for a question that was written before there were keys.
    known_options = models.JSONField(null=True, blank=True, editable=False)
    is_required = models.BooleanField(_("required"), default=False)
    is_sensitive = models.BooleanField(
        _("sensitive"),
        default=False,
        db_default=False,
        help_text=_(
            "Such as the number of an identity card or a passport. The form asks for a consent of "
            "its own, the answer is shown masked, and a list holds it only where it is chosen and "
            "the purpose is entered."
        ),
    )
    kept_days = models.PositiveSmallIntegerField(
        _("days its answers are kept after the event"),
        null=True,
        blank=True,
        help_text=_("Required where it is sensitive. Then its answers are erased."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = BilingualQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_sensitive=False) | Q(kept_days__isnull=False),
                name="sensitive_question_says_how_long_answers_are_kept",
                violation_error_message=_("Enter for how many days the answers are kept."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.text)

    def save(self, **kwargs: Any) -> None:
        # Here and not in clean(): whoever writes the lines, what people chose keeps its meaning.
        self.keep_options()
        fields = kwargs.get("update_fields")
        if fields is not None:
            kwargs["update_fields"] = {*fields, "known_options"}
        super().save(**kwargs)

    def clean(self) -> None:
        super().clean()
        if self.pk:
            self._check_kind()
            self._check_protection()
        if not self.has_options:
            return
        counts = {len(self.options_in(code)) for code in CONTENT_LANGUAGES} - {0}
        if not counts or max(counts) < 2:
            raise ValidationError(
                {"options_en": _("Enter at least two options, one on each line.")}
            )
        if len(counts) > 1:
            raise ValidationError(
                {"options_zh_hans": _("Enter as many options as in the other language.")}
            )

    def _check_kind(self) -> None:
        """Refuse another kind where people have answered: their answers would mean nothing."""
        was = Question.objects.filter(pk=self.pk).values_list("kind", flat=True).first()
        if was is None or was == self.kind:
            return
        number = self.answers.count()
        if number:
            raise ValidationError(
                {
                    "kind": ValidationError(
                        ngettext_lazy(
                            "%(count)d person has answered this question as “%(kind)s”, so its "
                            "kind stays. Add a new question for the other kind.",
                            "%(count)d people have answered this question as “%(kind)s”, so its "
                            "kind stays. Add a new question for the other kind.",
                            "count",
                        ),
                        code="answered",
                        params={"count": number, "kind": self.Kind(was).label},
                    )
                }
            )

    def _check_protection(self) -> None:
        """Refuse less protection than people agreed to when they answered."""
        was = Question.objects.filter(pk=self.pk, is_sensitive=True).first()
        if was is None or not self.answers.exclude(consented_at=None).exists():
            return
        if not self.is_sensitive:
            raise ValidationError(
                {
                    "is_sensitive": _(
                        "People agreed to give these answers as sensitive ones, so the question "
                        "stays sensitive. Add a new question that is not."
                    )
                },
                code="agreed",
            )
        if self.kept_days is not None and self.kept_days > (was.kept_days or 0):
            said = _(
                "People agreed to fewer days (%(days)d), so their answers are not kept longer. Add "
                "a new question to keep answers longer."
            )
            raise ValidationError(
                {"kept_days": ValidationError(said, code="agreed", params={"days": was.kept_days})}
            )

    @property
    def consent(self) -> str:
        """What somebody agrees to who answers a sensitive question, in the current language."""
        return ngettext(
            "I agree that my answer to “%(question)s” is used for this event. It is erased "
            "%(days)d day after the event.",
            "I agree that my answer to “%(question)s” is used for this event. It is erased "
            "%(days)d days after the event.",
            self.kept_days or 0,
        ) % {"question": self.text, "days": self.kept_days or 0}

    @property
    def looks_sensitive(self) -> bool:
        """Whether it seems to ask for the number of an identity card or a passport."""
        return any(_SENSITIVE.search(each) for each in in_both(self, "text").values())

    @property
    def has_options(self) -> bool:
        return self.kind in (self.Kind.CHOICE, self.Kind.CHOICES)

    def options_in(self, language: str) -> list[str]:
        return lines_of(getattr(self, column("options", language)))

    @property
    def rows(self) -> list[dict[str, str]]:
        """The options as they are typed now, each in all languages."""
        return rows_of({code: self.options_in(code) for code in CONTENT_LANGUAGES})

    @property
    def all_options(self) -> list[Option]:
        """The options in their order, and after them those that were removed."""
        known = [Option.of(stored) for stored in self.known_options or []]
        return match_options(known, self.rows)

    def keep_options(self, renamed: dict[str, dict[str, str]] | None = None) -> None:
        """Note which option each line is; ``renamed`` gives new texts of options by key.

        Saves nothing. One query for a question that was written before there were keys.
        """
        known = [Option.of(stored) for stored in self.known_options or []]
        if self.known_options is None and self.pk:
            before = Question.objects.filter(pk=self.pk).first()
            known = numbered(before.rows) if before else []
        options = match_options(known, self.rows, renamed)
        self.known_options = [option.stored for option in options]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Pairs of a key and the option in the current language or the other one."""
        return [(option.key, option.text) for option in self.all_options if option.is_offered]

    @property
    def words(self) -> dict[str, str]:
        """The words of every option that was ever offered, by key."""
        gone = str(_("an option that was removed"))
        return {option.key: option.text or gone for option in self.all_options}
