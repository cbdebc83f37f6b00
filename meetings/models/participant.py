"""Who takes part in the meetings of an event, when they are away, and who shall not meet."""

import zoneinfo
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models import Event, Expert
from events.models.scope import OfEvent, scoped
from projects.models import Project
from registrations.models import Registration
from summit.lib.database.accounts import account_field
from summit.lib.database.states import Stateful
from summit.lib.i18n.languages import listed, spoken_names, validate_spoken
from summit.lib.i18n.times import validate_zone

LONGEST_TOPICS = 500


@scoped(OfEvent("event"))
class Delegation(models.Model):
    """People who come together, such as those of one company: for a meeting any of them will do."""

    shown_on_public_pages = False

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="delegations", verbose_name=_("event")
    )
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "name"],
                name="delegation_is_named_once",
                violation_error_message=_("There is a delegation of this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def admitted(self) -> Self:
        return self.filter(status=Participant.Status.ADMITTED)

    def listed(self) -> Self:
        """Those whom other participants may see: admitted, and agreed to be listed."""
        return self.admitted().filter(listed_at__isnull=False)

    def with_person(self) -> Self:
        """Bring the registration along, which has the name."""
        return self.select_related("registration", "delegation")


@scoped(OfEvent("event"))
class Participant(Stateful):
    """Somebody with a registration who takes part in the meetings of its event.

    Name, organization and contact are those of the registration. ``__str__`` names nobody.
    """

    shown_on_public_pages = False

    class Status(models.TextChoices):
        APPLIED = "applied", pgettext_lazy("meetings", "applied")
        ADMITTED = "admitted", pgettext_lazy("meetings", "admitted")
        REFUSED = "refused", pgettext_lazy("meetings", "not admitted")
        LEFT = "left", pgettext_lazy("meetings", "no longer takes part")

    MOVES = {
        Status.APPLIED: (Status.ADMITTED, Status.REFUSED, Status.LEFT),
        Status.ADMITTED: (Status.REFUSED, Status.LEFT),
        Status.REFUSED: (Status.ADMITTED,),
        Status.LEFT: (Status.APPLIED, Status.ADMITTED),
    }

    class Side(models.TextChoices):
        COMPANY = "company", _("company")
        OWNER = "owner", _("expert or project owner")

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="participants", verbose_name=_("event")
    )
    registration = models.OneToOneField(
        Registration,
        on_delete=models.CASCADE,
        related_name="participant",
        verbose_name=_("registration"),
    )
    # Whose appearances in the programme make this person away.
    expert = models.ForeignKey(
        Expert,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="participants",
        verbose_name=_("expert"),
    )
    projects = models.ManyToManyField(
        Project,
        blank=True,
        related_name="participants",
        verbose_name=_("projects"),
        help_text=_("What this person presents."),
    )
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.APPLIED, editable=False
    )
    side = models.CharField(
        pgettext_lazy("meetings", "side"),
        max_length=10,
        choices=Side.choices,
        default=Side.COMPANY,
    )
    delegation = models.ForeignKey(
        Delegation,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("delegation"),
    )
    languages = models.JSONField(
        _("languages"), default=list, blank=True, validators=[validate_spoken]
    )
    topics = models.TextField(
        _("topics"),
        max_length=LONGEST_TOPICS,
        blank=True,
        help_text=_("What you would like to talk about, in a sentence or two."),
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=50,
        blank=True,
        validators=[validate_zone],
        help_text=_("Of who joins online. Empty: that of the event."),
    )
    # Since when the person agrees to be seen by other participants; never the contact.
    listed_at = models.DateTimeField(_("listed since"), null=True, blank=True, editable=False)
    applied_at = models.DateTimeField(_("applied at"), default=timezone.now, editable=False)
    admitted_at = models.DateTimeField(_("admitted at"), null=True, blank=True, editable=False)
    admitted_by = account_field(_("admitted by"), editable=False)
    staff_note = models.TextField(_("note"), max_length=1000, blank=True)
    # Every write adds to it, by which two windows and two people find each other out.
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("meetings", "participant")
        verbose_name_plural = pgettext_lazy("meetings", "participants")
        ordering = ["registration__sort_name", "pk"]
        indexes = [models.Index(fields=["event", "status"], name="participant_of_event")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["applied", "admitted", "refused", "left"]),
                name="participant_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(side__in=["company", "owner"]), name="participant_side_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk or ''}".strip()

    @property
    def languages_in_words(self) -> list[str]:
        return spoken_names(self.languages)

    @property
    def languages_listed(self) -> str:
        return listed(self.languages_in_words)

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """Where the person is during the event. Queries where the event did not come along."""
        return zoneinfo.ZoneInfo(self.time_zone) if self.time_zone else self.event.zone


@scoped(OfEvent("participant__event"))
class Absence(models.Model):
    """A time at which a participant cannot meet anybody."""

    shown_on_public_pages = False

    participant = models.ForeignKey(
        Participant,
        on_delete=models.CASCADE,
        related_name="absences",
        verbose_name=pgettext_lazy("meetings", "participant"),
    )
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))

    class Meta:
        verbose_name = _("time away")
        verbose_name_plural = _("times away")
        ordering = ["starts_at", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="absence_ends_after_start",
                violation_error_message=_("The end must be after the start."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}Z"


@scoped(OfEvent("participant__event"))
class RatherNot(models.Model):
    """That a participant would rather not meet another one, or an organizer keeps them apart.

    The other one never learns of it, and no schedule brings them together.
    """

    shown_on_public_pages = False

    participant = models.ForeignKey(
        Participant, on_delete=models.CASCADE, related_name="rather_nots"
    )
    other = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="+")
    # Who entered it, where it was not the person.
    entered_by = account_field(_("entered by"), editable=False)

    class Meta:
        verbose_name = _("pair kept apart")
        verbose_name_plural = _("pairs kept apart")
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "other"], name="rather_not_is_said_once"
            ),
            models.CheckConstraint(
                condition=~Q(participant=F("other")), name="rather_not_is_of_two_people"
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk or ''}".strip()


class ProfileView(models.Model):
    """That a participant opened what another one shows of themselves, on which day."""

    shown_on_public_pages = False

    viewer = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="profile_views")
    viewed = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="seen_by")
    viewed_on = models.DateField()

    class Meta:
        verbose_name = _("opened profile")
        verbose_name_plural = _("opened profiles")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["viewer", "viewed", "viewed_on"], name="profile_view_counts_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk or ''}".strip()
