from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from events.models.event import Event


class DeskAssignment(models.Model):
    """An event at whose door somebody of the group Desk works: the only ones that person sees."""

    shown_on_public_pages = False

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="desk_assignments", verbose_name=_("event")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="desk_assignments",
        verbose_name=_("desk staff"),
    )

    class Meta:
        verbose_name = _("desk assignment")
        verbose_name_plural = _("desk staff")
        ordering = ["user__username"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "user"],
                name="person_is_assigned_to_an_event_once",
                violation_error_message=_("This person is assigned to the event already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} · {self.user}"
