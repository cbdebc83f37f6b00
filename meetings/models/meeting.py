"""A meeting that is agreed: who comes, how it went on the day, and what came of it."""

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models import Event
from events.models.scope import OfEvent, scoped
from meetings.models.participant import Participant
from meetings.models.request import MeetingRequest, Priority
from projects.models import CooperationIntention, Project
from summit.lib.database.accounts import account_field
from summit.lib.database.states import Stateful
from summit.lib.web.signed_links import new_code


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def to_be_held(self) -> Self:
        """Those that are neither over nor called off: a schedule places them."""
        return self.filter(status__in=[Meeting.Status.AGREED, Meeting.Status.RUNNING])

    def counted(self) -> Self:
        """All that were not called off."""
        return self.exclude(status=Meeting.Status.CANCELLED)

    def with_people(self) -> Self:
        """Bring along who comes, each with the registration."""
        people = MeetingPerson.objects.select_related("participant__registration")
        return self.prefetch_related(models.Prefetch("people", people.order_by("side", "pk")))


@scoped(OfEvent("event"))
class Meeting(Stateful):
    """An agreed meeting of two sides. When and where is said by a version of the schedule."""

    shown_on_public_pages = False

    class Status(models.TextChoices):
        AGREED = "agreed", pgettext_lazy("meeting", "agreed")
        RUNNING = "running", pgettext_lazy("meeting", "under way")
        HELD = "held", pgettext_lazy("meeting", "held")
        NO_SHOW = "no_show", pgettext_lazy("meeting", "somebody did not come")
        CANCELLED = "cancelled", pgettext_lazy("meeting", "called off")

    MOVES = {
        Status.AGREED: (Status.RUNNING, Status.HELD, Status.NO_SHOW, Status.CANCELLED),
        Status.RUNNING: (Status.AGREED, Status.HELD, Status.NO_SHOW, Status.CANCELLED),
        # A tap at the desk is taken back.
        Status.HELD: (Status.RUNNING, Status.AGREED),
        Status.NO_SHOW: (Status.AGREED, Status.RUNNING, Status.HELD),
        Status.CANCELLED: (Status.AGREED,),
    }

    class Origin(models.TextChoices):
        REQUEST = "request", pgettext_lazy("meeting from", "request")
        ORGANIZER = "organizer", pgettext_lazy("meeting from", "organizer")
        WALK_UP = "walk_up", pgettext_lazy("meeting from", "walk-up on the day")
        QUEUE = "queue", pgettext_lazy("meeting from", "queue")

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="meetings", verbose_name=_("event")
    )
    request = models.OneToOneField(
        MeetingRequest,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="meeting",
        verbose_name=_("meeting request"),
    )
    origin = models.CharField(
        pgettext_lazy("meeting", "from"),
        max_length=10,
        choices=Origin.choices,
        default=Origin.REQUEST,
        editable=False,
    )
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.AGREED, editable=False
    )
    projects = models.ManyToManyField(
        Project, blank=True, related_name="meetings", verbose_name=_("about the projects")
    )
    priority = models.SmallIntegerField(
        _("priority"), choices=Priority.choices, default=Priority.NORMAL
    )
    # How many people of each side come at least, those who must among them.
    least_1 = models.PositiveSmallIntegerField(_("people of the first side at least"), default=1)
    least_2 = models.PositiveSmallIntegerField(_("people of the second side at least"), default=1)
    # The part of the event to which it is tied, such as the first morning.
    within_start = models.DateTimeField(_("not before"), null=True, blank=True)
    within_end = models.DateTimeField(_("not after"), null=True, blank=True)
    # Whose place it took on the day, who did not come.
    stands_in_for = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="stand_ins",
        verbose_name=_("stands in for"),
    )
    agreed_at = models.DateTimeField(_("agreed at"), default=timezone.now, editable=False)
    begun_at = models.DateTimeField(_("begun at"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True, editable=False)
    # What who called it off said, which the others read.
    off_reason = models.CharField(
        _("why it was called off"),
        max_length=300,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    # By how much the desk has prolonged it.
    extra_minutes = models.PositiveSmallIntegerField(
        _("prolonged by minutes"), default=0, editable=False, validators=[MaxValueValidator(240)]
    )
    # The UID of its entry in calendars, and the address of its page at the table.
    code = models.CharField(max_length=40, default=new_code, unique=True, editable=False)
    # Every write adds to it, by which two windows and two people find each other out.
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["pk"]
        indexes = [models.Index(fields=["event", "status"], name="meeting_of_event")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["agreed", "running", "held", "no_show", "cancelled"]),
                name="meeting_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(within_start=None, within_end=None)
                | Q(
                    within_start__isnull=False,
                    within_end__isnull=False,
                    within_end__gt=F("within_start"),
                ),
                name="meeting_is_within_a_span",
                violation_error_message=_("Enter both ends, the later one second, or neither."),
            ),
            models.CheckConstraint(
                condition=Q(least_1__gte=1, least_2__gte=1),
                name="meeting_has_somebody_of_each_side",
                violation_error_message=_("At least one person of each side comes."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk or ''}".strip()


@scoped(OfEvent("meeting__event"))
class MeetingPerson(models.Model):
    """That a participant has to come to a meeting, or may, on one of its sides."""

    shown_on_public_pages = False

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="people")
    participant = models.ForeignKey(
        Participant,
        on_delete=models.CASCADE,
        related_name="meeting_places",
        verbose_name=pgettext_lazy("meetings", "participant"),
    )
    # The first side is that of who asked.
    side = models.PositiveSmallIntegerField(
        _("side"), validators=[MinValueValidator(1), MaxValueValidator(2)]
    )
    must = models.BooleanField(_("has to come"), default=True)
    arrived_at = models.DateTimeField(_("arrived at"), null=True, blank=True, editable=False)
    did_not_come = models.BooleanField(_("did not come"), default=False, editable=False)
    # The SEQUENCE of the calendar entry that the person has, 0 before the first.
    sequence = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("person of a meeting")
        verbose_name_plural = _("people of meetings")
        ordering = ["side", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "participant"],
                name="meeting_has_a_person_once",
                violation_error_message=_("This person is in this meeting already."),
            ),
            models.CheckConstraint(
                condition=Q(side__in=[1, 2]), name="meeting_person_is_of_a_side"
            ),
            models.CheckConstraint(
                condition=Q(arrived_at=None) | Q(did_not_come=False),
                name="who_arrived_did_come",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk or ''}".strip()


@scoped(OfEvent("meeting__event"))
class MeetingOutcome(models.Model):
    """What a meeting ended with, and what is to be done next."""

    shown_on_public_pages = False

    class Kind(models.TextChoices):
        INTENTION = "intention", pgettext_lazy("outcome", "intention to be signed")
        FIRST_CONTACT = "first_contact", pgettext_lazy("outcome", "first contact")
        KEEP_TALKING = "keep_talking", pgettext_lazy("outcome", "keep talking")
        NONE = "none", pgettext_lazy("outcome", "no interest")

    meeting = models.OneToOneField(Meeting, on_delete=models.CASCADE, related_name="outcome")
    kind = models.CharField(_("outcome"), max_length=15, choices=Kind.choices)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    next_step = models.CharField(_("next step"), max_length=300, blank=True)
    next_step_by = models.CharField(_("by whom"), max_length=100, blank=True)
    due_on = models.DateField(pgettext_lazy("next step", "until"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    intention = models.ForeignKey(
        CooperationIntention,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="meeting_outcomes",
        verbose_name=_("cooperation intention"),
    )
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False)
    recorded_by = account_field(_("recorded by"), editable=False)
    # Every write adds to it, by which two windows and two people find each other out.
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("outcome of a meeting")
        verbose_name_plural = _("outcomes of meetings")
        ordering = ["-recorded_at", "-pk"]
        indexes = [models.Index(fields=["due_on"], name="meeting_outcome_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["intention", "first_contact", "keep_talking", "none"]),
                name="meeting_outcome_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.meeting_id}"


@scoped(OfEvent("meeting__event"))
class MeetingFeedback(models.Model):
    """What a participant says of a meeting. Confidential: only organizers read it."""

    shown_on_public_pages = False

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="feedback")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="feedback")
    # From 1, a waste of time, to 5, very useful.
    rating = models.PositiveSmallIntegerField(
        _("how useful"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    other_came = models.BooleanField(_("the other side came"), default=True)
    note = models.TextField(_("note"), max_length=1000, blank=True)
    given_at = models.DateTimeField(_("given at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("feedback on a meeting")
        verbose_name_plural = _("feedback on meetings")
        ordering = ["-given_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "participant"], name="meeting_feedback_is_given_once"
            ),
            models.CheckConstraint(
                condition=Q(rating__gte=1, rating__lte=5),
                name="meeting_feedback_is_from_1_to_5",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk or ''}".strip()
