from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from events.models.event import Event
from events.models.series import EventSeries


class OrganizerScope(models.Model):
    """A series or an event that an organizer is limited to.

    Who has none is not limited. Who has one or more edits the events named and those of
    the series named, and no other. What limits somebody cannot be deleted: they would run all.
    """

    shown_on_public_pages = False

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="organizer_scopes",
        verbose_name=_("organizer"),
    )
    series = models.ForeignKey(
        EventSeries,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="organizer_scopes",
        verbose_name=_("event series"),
    )
    event = models.ForeignKey(
        Event,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="organizer_scopes",
        verbose_name=_("event"),
    )

    class Meta:
        verbose_name = _("limit of an organizer")
        verbose_name_plural = _("limited to")
        ordering = ["user__username", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(series__isnull=False, event=None) | Q(series=None, event__isnull=False),
                name="organizer_is_limited_to_a_series_or_an_event",
                violation_error_message=_("Choose a series or an event, not both."),
            ),
            models.UniqueConstraint(
                fields=["user", "series"],
                condition=Q(series__isnull=False),
                name="organizer_is_limited_to_a_series_once",
                violation_error_message=_("This series is named already."),
            ),
            models.UniqueConstraint(
                fields=["user", "event"],
                condition=Q(event__isnull=False),
                name="organizer_is_limited_to_an_event_once",
                violation_error_message=_("This event is named already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.series or self.event}"


def within_limits_of(user: str, event: str) -> Q:
    """Select rows whose person is not limited to other events than theirs.

    ``user`` and ``event`` are the paths from a row to both. The same rule as ``of_events_run_by``,
    for rows of many people at once.
    """
    scopes = OrganizerScope.objects.filter(user=OuterRef(user))
    theirs = Q(event=OuterRef(event)) | Q(series=OuterRef(f"{event}__series"))
    return Q(**{f"{user}__is_superuser": True}) | ~Exists(scopes) | Exists(scopes.filter(theirs))
