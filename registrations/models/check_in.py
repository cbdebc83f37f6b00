from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models.session import Session
from registrations.models.registration import Registration
from summit.lib.database.accounts import account_field


class CheckInQuerySet(models.QuerySet["CheckIn"]):
    def standing(self) -> Self:
        """Those that were not undone."""
        return self.filter(undone_at=None)

    def at_the_door(self) -> Self:
        """Arrivals at the event itself, not at one of its sessions."""
        return self.filter(session=None)


class CheckIn(models.Model):
    """That a person came: to the event on one of its days, or to one of its sessions.

    One that was undone stays as a record of both; of a day and of a session at most one stands.
    """

    shown_on_public_pages = False

    registration = models.ForeignKey(
        Registration,
        on_delete=models.PROTECT,
        related_name="check_ins",
        verbose_name=_("registration"),
    )
    session = models.ForeignKey(
        Session,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="check_ins",
        verbose_name=_("session"),
    )
    # The day of the event, in its zone, whose arrival this is. Empty for a moment only, where the
    # release before made it: ``domain/event_days.fill_days``.
    day = models.DateField(_("day"), null=True, blank=True)
    checked_in_at = models.DateTimeField(_("checked in at"), default=timezone.now)
    checked_in_by = account_field(_("checked in by"))
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone_by = account_field(_("undone by"))

    objects = CheckInQuerySet.as_manager()

    class Meta:
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        ordering = ["-checked_in_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "day"],
                condition=Q(session=None, undone_at=None),
                name="person_arrives_once_a_day",
                violation_error_message=_("This person is checked in already."),
            ),
            models.UniqueConstraint(
                fields=["registration", "session"],
                condition=Q(undone_at=None),
                name="person_attends_a_session_once",
                violation_error_message=_("This person is checked in to this session already."),
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None) | Q(undone_at__gte=F("checked_in_at")),
                name="check_in_is_undone_after_it_was_made",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.registration.ticket}"
