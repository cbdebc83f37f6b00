from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from events.models.event import Event
from events.models.organization import Organization
from events.models.scope import OfEvent, scoped


@scoped(OfEvent("event"))
class EventRole(models.Model):
    """What an organization is in an event: sponsor 主办, organizer 承办, …"""

    class Role(models.TextChoices):
        SPONSOR = "sponsor", _("sponsor")
        ORGANIZER = "organizer", _("organizer")
        CO_ORGANIZER = "co_organizer", _("co-organizer")
        SUPPORTER = "supporter", _("supporter")
        MEDIA = "media", _("media partner")

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="roles", verbose_name=_("event")
    )
    organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        related_name="roles",
        verbose_name=_("organization"),
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.SPONSOR)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("role of an organization")
        verbose_name_plural = _("roles of organizations")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "organization", "role"],
                name="organization_has_a_role_once",
                violation_error_message=_("This organization has this role already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} · {self.organization} · {self.get_role_display()}"
