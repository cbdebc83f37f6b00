import datetime as dt
from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries.fields import CountryField

from events.models import Event, Expert
from events.models.scope import OfEvent, scoped
from registrations.models.answer import masked
from summit.lib.database.accounts import account_field

# How long after the end of an event what is here of its visits is kept. People are told so.
KEPT_DAYS = 30
_NUMBER = RegexValidator(
    r"^[A-Z0-9]{5,20}$", _("Enter the number of the passport: 5 to 20 letters and digits.")
)


class ExpertVisitQuerySet(models.QuerySet["ExpertVisit"]):
    def expired(self) -> Self:
        """Those whose event was cancelled, or ended ``KEPT_DAYS`` ago or earlier.

        Of a postponed event without new days the former ones count: people agreed to no more.
        """
        over = Q(event__ends_at__lte=timezone.now() - dt.timedelta(days=KEPT_DAYS))
        return self.filter(over | Q(event__status=Event.Status.CANCELLED))

    def kept(self) -> Self:
        return self.exclude(pk__in=ExpertVisit.objects.expired().values("pk"))

    def with_all(self) -> Self:
        """Bring the expert, the event and the passport data along."""
        return self.select_related("expert", "event", "passport")


@scoped(OfEvent("event"))
class ExpertVisit(models.Model):
    """What an organizer asks an expert about a visit to an event, and when the expert travels.

    Nothing of it is on a public page. It is erased ``KEPT_DAYS`` after the event, or with it.
    """

    shown_on_public_pages = False

    expert = models.ForeignKey(
        Expert, on_delete=models.CASCADE, related_name="visits", verbose_name=_("expert")
    )
    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="expert_visits", verbose_name=_("event")
    )
    asks_travel = models.BooleanField(_("ask for arrival and departure"), default=False)
    asks_passport = models.BooleanField(
        _("ask for passport data for the invitation letter"), default=False
    )
    arrives_at = models.DateTimeField(pgettext_lazy("of a visit", "arrival"), null=True, blank=True)
    arrival_by = models.CharField(
        _("arrival: flight or train"),
        max_length=200,
        blank=True,
        help_text=_("Such as: CA 938 from London, Terminal 3."),
    )
    departs_at = models.DateTimeField(
        pgettext_lazy("of a visit", "departure"), null=True, blank=True
    )
    departure_by = models.CharField(
        _("departure: flight or train"), max_length=200, blank=True, help_text=_("As above.")
    )
    # Every write adds to it, by which two windows and two people find each other out.
    version = models.PositiveIntegerField(default=1, editable=False)
    asked_at = models.DateTimeField(_("asked on"), default=timezone.now, editable=False)
    asked_by = account_field(_("asked by"), editable=False)
    saved_at = models.DateTimeField(_("saved at"), null=True, blank=True, editable=False)

    objects = ExpertVisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit of an expert")
        verbose_name_plural = _("visits of experts")
        default_permissions = ("view", "change")
        ordering = ["event__starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["expert", "event"],
                name="expert_visits_an_event_once",
                violation_error_message=_("This expert has a visit to this event already."),
            ),
            models.CheckConstraint(
                condition=Q(arrives_at=None)
                | Q(departs_at=None)
                | Q(departs_at__gt=models.F("arrives_at")),
                name="visit_ends_after_it_begins",
                violation_error_message=_("The departure must be after the arrival."),
            ),
        ]

    def __str__(self) -> str:
        """Name nobody: logs and messages keep it."""
        return f"{self._meta.verbose_name} {self.pk or 0}"

    @property
    def passport_data(self) -> "PassportData | None":
        """What was entered of the passport. Free with ``with_all``, else a query."""
        return getattr(self, "passport", None)

    @property
    def has_travel(self) -> bool:
        return bool(self.arrives_at or self.departs_at or self.arrival_by or self.departure_by)

    @property
    def kept_until(self) -> dt.datetime:
        """When it is erased. It follows the event where that is moved."""
        return self.event.ends_at + dt.timedelta(days=KEPT_DAYS)


@scoped(OfEvent("visit__event"))
class PassportData(models.Model):
    """What the letter of invitation of an expert must say of the passport, and the consent to it.

    Entered by the expert alone, shown masked, and whole only for an invitation: see
    ``submissions/domain/passport.py``. It has no history.
    """

    shown_on_public_pages = False

    class Sex(models.TextChoices):
        FEMALE = "F", pgettext_lazy("sex in a passport", "female")
        MALE = "M", pgettext_lazy("sex in a passport", "male")
        OTHER = "X", pgettext_lazy("sex in a passport", "X")

    visit = models.OneToOneField(ExpertVisit, on_delete=models.CASCADE, related_name="passport")
    name = models.CharField(
        _("name as in the passport"),
        max_length=100,
        help_text=_("Letter by letter, the surname first."),
    )
    sex = models.CharField(_("sex"), max_length=1, choices=Sex.choices)
    born_on = models.DateField(_("date of birth"))
    nationality = CountryField(_("nationality"))
    number = models.CharField(_("passport number"), max_length=20, validators=[_NUMBER])
    issued_on = models.DateField(_("issued on"))
    expires_on = models.DateField(_("valid until"))
    contact = models.CharField(
        _("phone or address"),
        max_length=200,
        blank=True,
        help_text=_("How the embassy or the sponsor can reach you."),
    )
    visa_city = models.CharField(
        _("city where you apply for the visa"),
        max_length=100,
        blank=True,
        help_text=_("Leave it empty if you need no visa."),
    )
    consent_text = models.TextField(_("consent"), editable=False)
    consent_language = models.CharField(max_length=10, editable=False)
    consented_at = models.DateTimeField(_("consented on"), editable=False)
    entered_at = models.DateTimeField(_("entered on"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("passport data")
        verbose_name_plural = _("passport data")
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(sex__in=["F", "M", "X"]), name="passport_sex_is_known"
            ),
            models.CheckConstraint(
                condition=Q(born_on__lt=models.F("issued_on"))
                & Q(issued_on__lt=models.F("expires_on")),
                name="passport_days_are_in_order",
                violation_error_message=_(
                    "The days are not in order: born, then issued, then valid until."
                ),
            ),
        ]

    def __str__(self) -> str:
        """Name nobody: logs and messages keep it."""
        return f"{self._meta.verbose_name} {self.pk or 0}"

    @property
    def masked_number(self) -> str:
        return masked(self.number)
