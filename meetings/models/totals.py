"""What is known of the meetings of an event that was not held with this site."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from events.models import Event
from events.models.scope import OfEvent, scoped


@scoped(OfEvent("event"))
class MeetingTotals(models.Model):
    """Totals of an event's meetings that somebody typed in, with their source.

    Of Jiangsu: 329 pairs met, of which 131 ended with an intention and 174 keep talking; of the
    other 24 nothing is told, which is what ``not_told`` says.
    """

    shown_on_public_pages = False

    event = models.OneToOneField(
        Event, on_delete=models.CASCADE, related_name="meeting_totals", verbose_name=_("event")
    )
    requested = models.PositiveIntegerField(_("meetings requested"), null=True, blank=True)
    held = models.PositiveIntegerField(_("meetings held"))
    intention = models.PositiveIntegerField(_("ended with an intention"), default=0)
    first_contact = models.PositiveIntegerField(_("ended as a first contact"), default=0)
    keep_talking = models.PositiveIntegerField(_("keep talking"), default=0)
    no_interest = models.PositiveIntegerField(_("ended without interest"), default=0)
    source = models.CharField(_("source of the numbers"), max_length=200)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("totals of meetings, entered by hand")
        verbose_name_plural = _("totals of meetings, entered by hand")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    held__gte=F("intention")
                    + F("first_contact")
                    + F("keep_talking")
                    + F("no_interest")
                ),
                name="outcomes_are_at_most_the_meetings_held",
                violation_error_message=_("The outcomes add up to more than the meetings held."),
            ),
            models.CheckConstraint(
                condition=Q(requested=None) | Q(requested__gte=F("held")),
                name="held_meetings_are_at_most_the_requested",
                violation_error_message=_("More meetings were held than requested."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.event_id}"

    @property
    def not_told(self) -> int:
        """Of how many meetings held no outcome is told."""
        told = self.intention + self.first_contact + self.keep_talking + self.no_interest
        return self.held - told
